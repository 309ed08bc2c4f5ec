// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/daemon.hpp>

#include <QObject>
#include <QVariantList>

#include <qqmlregistration.h>

/**
 * The daemon's rules, for a page of settings. What the daemon refuses is in `problem`: to change rules takes
 * root or the group sockledger.
 */
class RuleSet : public QObject
{
    Q_OBJECT
    QML_ELEMENT

    /**
     * One object each: id, text, amount (the end of text), subject ("total", "app", "interface"), target,
     * fixed (stands in the daemon's configuration).
     */
    Q_PROPERTY(QVariantList rules MEMBER m_rules NOTIFY changed)
    Q_PROPERTY(QString problem MEMBER m_problem NOTIFY changed)
    Q_PROPERTY(QString socket MEMBER m_socket NOTIFY changed)

public:
    enum Period { Hour, Day, Month, Cycle };
    Q_ENUM(Period)

    explicit RuleSet(QObject *parent = nullptr);

    Q_INVOKABLE void refresh();
    /** Tells when an application, by name or id, has moved `bytes` in a period; empty: the machine. */
    Q_INVOKABLE void add(const QString &app, double bytes, Period period, int cycleDay = 1);
    Q_INVOKABLE void remove(const QString &id);

Q_SIGNALS:
    void changed();

private:
    void take(const sockledger::Result<std::vector<sockledger::Rule>> &answer);
    template<typename Call>
    void ask(Call call);

    QVariantList m_rules;
    QString m_problem;
    QString m_socket = QString::fromLatin1(sockledger::default_socket);
};
