// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/rules.hpp>

#include <QObject>
#include <QPointer>
#include <QString>

class AlertWorker;

/**
 * The alerts of the daemon: the active ones first, then each one when it is raised and when it is cleared.
 * When the daemon comes back after it was away, the active ones are told again.
 * Threads: that of the application; what waits does so on the FeedThread.
 */
class AlertStream : public QObject
{
    Q_OBJECT
public:
    explicit AlertStream(const QString &socket, QObject *parent = nullptr);
    ~AlertStream() override;

Q_SIGNALS:
    void alerted(const sockledger::Alert &alert);

private:
    QPointer<AlertWorker> m_worker; // lives on the FeedThread, and may end with it
};
