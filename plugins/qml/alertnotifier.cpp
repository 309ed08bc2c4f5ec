// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alertnotifier.h"

#include "naming.h"

#include <sockledger/standing_alerts.hpp>

#include <KFormat>
#include <KLocalizedString>

#include <QHash>
#include <QPointer>

using namespace sockledger;
using namespace Qt::StringLiterals;

/** The notifications of one daemon. */
class AlertNotifier::Shown : public QObject
{
    Q_OBJECT
public:
    explicit Shown(const QString &socket)
        : m_stream(socket)
    {
        connect(&m_stream, &AlertStream::began, this, &Shown::begin);
        connect(&m_stream, &AlertStream::alerted, this, &Shown::take);
    }

    static std::shared_ptr<Shown> of(const QString &socket)
    {
        static QHash<QString, std::weak_ptr<Shown>> s_shown;
        auto shown = s_shown.value(socket).lock();
        if (!shown) {
            shown = std::make_shared<Shown>(socket);
            s_shown.insert(socket, shown);
        }
        return shown;
    }

Q_SIGNALS:
    void detailsWanted();

private:
    void begin(const std::vector<Alert> &active)
    {
        m_standing.begin_stream();
        for (const Alert &alert : active) {
            take(alert);
        }
        for (const auto &over : m_standing.end_of_active()) {
            close(over);
        }
    }

    void take(const Alert &alert)
    {
        if (!alert.active) {
            close(m_standing.cleared(alert.rule, alert.subject).value_or(nullptr));
        } else if (const auto news = m_standing.raised(alert.rule, alert.subject)) {
            *news = show(alert);
        }
    }

    static void close(const QPointer<KNotification> &notification)
    {
        if (notification) {
            notification->close();
        }
    }

    KNotification *show(const Alert &alert)
    {
        auto notification = new KNotification(u"alert"_s); // deletes itself
        notification->setComponentName(u"sockledger"_s);
        notification->setIconName(u"network-wired"_s);
        notification->setTitle(title(alert));
        notification->setText(QString::fromStdString(alert.text).toHtmlEscaped());
        const auto details
            = notification->addAction(i18ndc("sockledger", "@action:button", "Show Applications"));
        connect(details, &KNotificationAction::activated, this, &Shown::detailsWanted);
        notification->sendEvent();
        return notification;
    }

    static QString title(const Alert &alert)
    {
        const QString subject = QString::fromStdString(alert.subject);
        switch (alert.kind) {
        case Rule::Subject::App:
            return Naming::name(subject, QString::fromStdString(alert.name)).toHtmlEscaped();
        case Rule::Subject::Interface:
            return subject.toHtmlEscaped();
        case Rule::Subject::Total:
            break;
        }
        return i18ndc("sockledger", "@title of a notification", "Network traffic");
    }

    AlertStream m_stream;
    StandingAlerts<QPointer<KNotification>> m_standing; // null once the person has closed it
};

AlertNotifier::AlertNotifier(QObject *parent)
    : QObject(parent)
{
}

AlertNotifier::~AlertNotifier() = default;

void AlertNotifier::setActive(bool active)
{
    if (m_active != active) {
        m_active = active;
        follow();
    }
}

void AlertNotifier::setSocket(const QString &socket)
{
    if (m_socket != socket) {
        m_socket = socket;
        follow();
    }
}

void AlertNotifier::follow()
{
    if (m_shown) {
        disconnect(m_shown.get(), nullptr, this, nullptr);
    }
    m_shown = m_active ? Shown::of(m_socket) : nullptr;
    if (m_shown) {
        connect(m_shown.get(), &Shown::detailsWanted, this, &AlertNotifier::detailsWanted);
    }
    Q_EMIT activeChanged();
}

#include "alertnotifier.moc"

#include "moc_alertnotifier.cpp"
