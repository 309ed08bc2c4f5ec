// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/rules.hpp>

#include <QObject>
#include <QPointer>
#include <QString>

#include <vector>

class AlertWorker;

/**
 * The alerts of the daemon: all active ones whenever the connection to it is made, then each one when it is
 * raised and when it is cleared.
 * Threads: that of the application; what waits does so on the FeedThread.
 */
class AlertStream : public QObject
{
    Q_OBJECT
public:
    explicit AlertStream(const QString &socket, QObject *parent = nullptr);
    ~AlertStream() override;

Q_SIGNALS:
    void began(const std::vector<sockledger::Alert> &active);
    /** An active one may be told a second time. */
    void alerted(const sockledger::Alert &alert);

private:
    QPointer<AlertWorker> m_worker; // lives on the FeedThread, and may end with it
};
