// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>

#include <QString>

#include <map>

/** The ports that processes use, as text to be found by; put together once for each snapshot that is asked
 * about. */
class PortIndex
{
public:
    QString ports(const sockledger::SnapshotPtr &snapshot, const sockledger::ProcessId &process);

private:
    sockledger::SnapshotPtr m_snapshot;
    std::map<sockledger::ProcessId, QString> m_ports;
};
