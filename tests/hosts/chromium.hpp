// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <sys/types.h>

namespace sockledger::test {

/// One page in a Chromium without a screen, in a network namespace, told what to do over a pipe (the
/// DevTools protocol). Failures are exceptions.
class Chromium {
public:
    /// `directory` is made for its profile.
    Chromium(const Namespace& space, const QString& directory, int width, int height);
    Chromium(const Chromium&) = delete;
    Chromium& operator=(const Chromium&) = delete;

    void open(const QString& address);
    /// What a JavaScript expression in the page is.
    QJsonValue evaluate(const QString& expression);
    /// What the page shows, as PNG.
    QByteArray picture();

private:
    /// Ends with this object, also when the constructor does not get to its end.
    struct Process {
        pid_t pid = -1;
        ~Process();
    };

    QJsonObject call(const QString& method, const QJsonObject& parameters);
    QByteArray next_message();

    UniqueFd to_, from_;
    QByteArray unread_;
    QString session_;
    int calls_ = 0;
    Process process_;
};

} // namespace sockledger::test
