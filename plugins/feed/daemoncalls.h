// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/daemon.hpp>

#include <QFuture>
#include <QString>

#include <functional>

/** Questions to the daemon, asked on the FeedThread. Threads: that of the application. */
namespace DaemonCalls
{
template<typename T>
using Given = std::shared_ptr<const sockledger::Result<T>>;
template<typename T>
using Answer = QFuture<Given<T>>;

Answer<sockledger::Usage> usage(const QString &socket, const sockledger::UsageQuery &query);
Answer<std::vector<sockledger::KnownInterface>> interfaces(const QString &socket);
/** Makes a change, and answers with the rules as they are then. */
Answer<std::vector<sockledger::Rule>>
rules(const QString &socket, std::function<sockledger::Result<void>(sockledger::DaemonClient &)> change);
}
