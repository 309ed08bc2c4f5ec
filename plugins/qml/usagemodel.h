// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "keyedmodel.h"

#include <sockledger/history.hpp>

#include <QTimer>

#include <tuple>

/** A row of history. */
struct UsageEntry {
    std::tuple<qint64, std::string, std::string> id; ///< begin (0: the whole window), application, interface
    sockledger::UsageRow row;
    bool operator==(const UsageEntry &) const = default;
};

/**
 * What was moved in a window of time that ends now, as the daemon has recorded it. Asked again while it is
 * active; the answer is waited for elsewhere.
 */
class UsageModel : public KeyedModel<UsageEntry>
{
    Q_OBJECT
    QML_ELEMENT

    Q_PROPERTY(bool active MEMBER m_active WRITE setActive NOTIFY asked)
    /** Seconds back from now. */
    Q_PROPERTY(int span MEMBER m_span WRITE setSpan NOTIFY asked)
    /** Seconds of a row; 0: one row for the window. A day is one of local time. */
    Q_PROPERTY(int bucket MEMBER m_bucket WRITE setBucket NOTIFY asked)
    /** The window begins with the local day, and `span` does not matter. */
    Q_PROPERTY(bool today MEMBER m_today WRITE setToday NOTIFY asked)
    /** The window begins with the billing cycle that begins on this day of a month; 0: it does not. */
    Q_PROPERTY(int cycleDay MEMBER m_cycleDay WRITE setCycleDay NOTIFY asked)
    Q_PROPERTY(Group group MEMBER m_group WRITE setGroup NOTIFY asked)
    /** Only of this application, only of this interface; empty: all. */
    Q_PROPERTY(QString app MEMBER m_app WRITE setApp NOTIFY asked)
    Q_PROPERTY(QString interfaceName MEMBER m_interface WRITE setInterface NOTIFY asked)

    Q_PROPERTY(double rxBytes READ rxBytes NOTIFY answered)
    Q_PROPERTY(double txBytes READ txBytes NOTIFY answered)
    Q_PROPERTY(Ledger::Accuracy accuracy READ accuracy NOTIFY answered)
    /** Why there is no answer; empty when there is one. */
    Q_PROPERTY(QString problem MEMBER m_problem NOTIFY answered)

public:
    enum Group { Total, App, Interface };
    Q_ENUM(Group)

    explicit UsageModel(QObject *parent = nullptr);

    void setActive(bool active);
    void setSpan(int seconds);
    void setBucket(int seconds);
    void setToday(bool today);
    void setCycleDay(int day);
    void setGroup(Group group);
    void setApp(const QString &app);
    void setInterface(const QString &interface);
    double rxBytes() const { return m_answer ? double(m_answer->usage.rx_bytes) : 0; }
    double txBytes() const { return m_answer ? double(m_answer->usage.tx_bytes) : 0; }
    /** Of both, as the worst of what they are the sum of. */
    Ledger::Accuracy accuracy() const;
    /** Of an application in the window; nullptr when it has none or there is no answer. Until the next one.
     */
    const sockledger::UsageRow *rowOf(std::string_view app) const;

Q_SIGNALS:
    void asked();
    void answered();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    /** Asks again. */
    void refresh() override;

private:
    struct Answer {
        sockledger::Usage usage;
        std::vector<UsageEntry> entries;
    };
    template<typename T>
    void change(T &member, const T &value);
    void ask();
    void take(const sockledger::UsageQuery &query, const sockledger::Result<sockledger::Usage> &result);
    sockledger::UsageQuery query() const;

    bool m_active = true;
    int m_span = 3600;
    int m_bucket = 60;
    bool m_today = false;
    int m_cycleDay = 0;
    Group m_group = Total;
    QString m_app;
    QString m_interface;
    QString m_problem;
    std::shared_ptr<const Answer> m_answer;
    int m_number = 0; ///< of the newest question: answers to others are too late
    QTimer m_timer;
};
