// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alertstream.h"

#include "feedthread.h"

#include <sockledger/daemon.hpp>

#include <QSocketNotifier>
#include <QTimer>

#include <chrono>
#include <memory>

using namespace sockledger;
using namespace std::chrono_literals;

/** Keeps the connection. Everything but the constructor runs on the FeedThread. */
class AlertWorker : public QObject
{
    Q_OBJECT
public:
    explicit AlertWorker(const QString &socket)
        : m_socket(socket.toStdString())
        , m_retry(this)
    {
        m_retry.setSingleShot(true);
        connect(&m_retry, &QTimer::timeout, this, &AlertWorker::listen);
    }

    void listen()
    {
        auto client = DaemonClient::connect(m_socket);
        if (!client || !(*client)->subscribe_alerts()) {
            m_retry.start(10s);
            return;
        }
        // The stream does not say where the active ones end, so they are asked for too
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        if (const auto active = (*client)->alerts(std::chrono::floor<std::chrono::seconds>(now))) {
            Q_EMIT began(*active);
        }
        m_client = std::move(*client);
        m_notifier = std::make_unique<QSocketNotifier>(m_client->alerts_fd(), QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &AlertWorker::drain);
        drain();
    }

Q_SIGNALS:
    void began(const std::vector<sockledger::Alert> &active);
    void alerted(const sockledger::Alert &alert);

private:
    void drain()
    {
        while (true) {
            const auto alert = m_client->next_alert();
            if (!alert) {
                // Not within its own signal
                m_notifier->setEnabled(false);
                m_notifier.release()->deleteLater();
                m_client.reset();
                m_retry.start(1s);
                return;
            }
            if (!*alert) {
                return;
            }
            Q_EMIT alerted(**alert);
        }
    }

    const std::string m_socket;
    QTimer m_retry;
    std::unique_ptr<DaemonClient> m_client;
    std::unique_ptr<QSocketNotifier> m_notifier; // before the client that its descriptor is of
};

AlertStream::AlertStream(const QString &socket, QObject *parent)
    : QObject(parent)
    , m_worker(new AlertWorker(socket))
{
    FeedThread::adopt(m_worker);
    connect(m_worker, &AlertWorker::began, this, &AlertStream::began);
    connect(m_worker, &AlertWorker::alerted, this, &AlertStream::alerted);
    QMetaObject::invokeMethod(m_worker, &AlertWorker::listen);
}

AlertStream::~AlertStream()
{
    if (m_worker) {
        m_worker->deleteLater();
    }
}

#include "alertstream.moc"

#include "moc_alertstream.cpp"
