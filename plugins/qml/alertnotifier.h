// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "alertstream.h"

#include <sockledger/daemon.hpp>

#include <KNotification>

#include <QObject>

#include <memory>
#include <qqmlregistration.h>

/**
 * Shows the daemon's alerts as notifications of the desktop, each one once, and takes them away when they
 * are cleared. One of them in a process does the work, however many widgets there are.
 */
class AlertNotifier : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged)
    Q_PROPERTY(QString socket MEMBER m_socket WRITE setSocket NOTIFY activeChanged)

public:
    explicit AlertNotifier(QObject *parent = nullptr);
    ~AlertNotifier() override;

    bool isActive() const { return m_active; }
    void setActive(bool active);
    void setSocket(const QString &socket);

Q_SIGNALS:
    void activeChanged();
    /** The person wants to see what happens. */
    void detailsWanted();

private:
    class Shown;
    void follow();

    bool m_active = false;
    QString m_socket = QString::fromLatin1(sockledger::default_socket);
    std::shared_ptr<Shown> m_shown;
};
