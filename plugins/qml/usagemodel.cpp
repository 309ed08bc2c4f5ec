// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "usagemodel.h"

#include "daemoncalls.h"
#include "naming.h"

#include <KLocalizedString>

#include <QDateTime>
#include <QLocale>

#include <algorithm>

using namespace sockledger;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{
enum { NameColumn, TimeColumn, RxColumn, TxColumn, TotalColumn };
constexpr int day = 24 * 60 * 60;

/** A chart has a place for each bucket; history has no row for nothing. */
void fillGaps(std::vector<UsageEntry> &entries, const UsageQuery &query, const TimeWindow &covered)
{
    std::vector<UsageEntry> filled;
    auto next = entries.begin();
    const auto width
        = query.bucket.unit == UsageBucket::Unit::Day ? std::chrono::seconds(day) : query.bucket.width;
    for (auto begin = covered.from - covered.from % width; begin < covered.to; begin += width) {
        UsageEntry entry {{begin.count(), {}, {}}, {}};
        entry.row.window = {begin, begin + width};
        while (next != entries.end() && next->row.window.from < begin + width) {
            entry.row.rx_bytes += next->row.rx_bytes;
            entry.row.tx_bytes += next->row.tx_bytes;
            entry.row.accuracy = worst(entry.row.accuracy, next->row.accuracy);
            ++next;
        }
        filled.push_back(std::move(entry));
    }
    entries = std::move(filled);
}
}

UsageModel::UsageModel(QObject *parent)
    : KeyedModel(parent)
{
    // Several properties are set at once, and one question is enough
    m_timer.setSingleShot(true);
    m_timer.setInterval(0ms);
    connect(&m_timer, &QTimer::timeout, this, &UsageModel::ask);
    m_timer.start();
}

template<typename T>
void UsageModel::change(T &member, const T &value)
{
    if (member == value) {
        return;
    }
    member = value;
    m_timer.start(0ms);
    Q_EMIT asked();
}

void UsageModel::setActive(bool active) { change(m_active, active); }

void UsageModel::setSpan(int seconds) { change(m_span, std::max(seconds, 1)); }

void UsageModel::setBucket(int seconds) { change(m_bucket, std::max(seconds, 0)); }

void UsageModel::setToday(bool today) { change(m_today, today); }

void UsageModel::setCycleDay(int day) { change(m_cycleDay, std::clamp(day, 0, 31)); }

void UsageModel::setGroup(Group group) { change(m_group, group); }

void UsageModel::setApp(const QString &app) { change(m_app, app); }

void UsageModel::setInterface(const QString &interface) { change(m_interface, interface); }

void UsageModel::refresh()
{
    // The Ledger is not asked: its samples only say that time passes
    if (m_active && !m_timer.isActive()) {
        m_timer.start(0ms);
    }
}

UsageQuery UsageModel::query() const
{
    const std::chrono::seconds now(QDateTime::currentSecsSinceEpoch());
    UsageQuery query;
    query.window = m_today ? today(now)
        : m_cycleDay > 0   ? this_cycle(m_cycleDay, now)
                           : last(std::chrono::seconds(m_span), now);
    // Nothing was moved yet in what remains of a day or a cycle
    query.window.to = std::clamp(now, query.window.from + 1s, query.window.to);
    if (m_bucket >= day) {
        query.bucket.unit = UsageBucket::Unit::Day;
    } else if (m_bucket > 0) {
        query.bucket = {UsageBucket::Unit::Seconds, std::chrono::seconds(m_bucket)};
    }
    query.group = m_group == App ? UsageGroup::App
        : m_group == Interface   ? UsageGroup::Interface
                                 : UsageGroup::Total;
    if (!m_app.isEmpty()) {
        query.app = m_app.toStdString();
    }
    if (!m_interface.isEmpty()) {
        query.interface = m_interface.toStdString();
    }
    return query;
}

void UsageModel::ask()
{
    if (!m_active) {
        return;
    }
    const UsageQuery asking = query();
    const QString socket = ledger() ? ledger()->socket() : QString::fromLatin1(default_socket);
    DaemonCalls::usage(socket, asking)
        .then(this, [this, asking, number = ++m_number](const DaemonCalls::Given<Usage> &result) {
            if (number == m_number) {
                take(asking, *result);
            }
        });
    m_timer.start(std::clamp(std::chrono::seconds(m_bucket / 4), 3s, 60s));
}

void UsageModel::take(const UsageQuery &query, const Result<Usage> &result)
{
    m_problem = result ? QString() : QString::fromStdString(result.error().message);
    if (!result && m_active) {
        m_timer.start(3s); // the daemon may be back
    }
    if (result) {
        auto answer = std::make_shared<Answer>();
        answer->usage = *result;
        for (const UsageRow &row : result->rows) {
            // A row for the whole window is the same one when the window has moved on
            const bool whole = query.bucket.unit == UsageBucket::Unit::Whole;
            answer->entries.push_back({{whole ? 0 : row.window.from.count(), row.app, row.interface}, row});
        }
        if (m_group == Total && query.bucket.unit != UsageBucket::Unit::Whole) {
            fillGaps(answer->entries, query, result->window);
        }
        std::ranges::sort(answer->entries, {}, &UsageEntry::id);
        std::vector<const UsageEntry *> rows;
        for (const UsageEntry &entry : answer->entries) {
            rows.push_back(&entry);
        }
        m_answer = answer;
        show(rows, answer);
    }
    Q_EMIT answered();
}

Ledger::Accuracy UsageModel::accuracy() const
{
    Accuracy all = Accuracy::Exact;
    if (m_answer) {
        for (const UsageRow &row : m_answer->usage.rows) {
            all = worst(all, row.accuracy);
        }
    }
    return static_cast<Ledger::Accuracy>(all);
}

const UsageRow *UsageModel::rowOf(std::string_view app) const
{
    if (!m_answer || !m_problem.isEmpty()) {
        return nullptr;
    }
    const auto found = std::ranges::find(m_answer->usage.rows, app, &UsageRow::app);
    return found == m_answer->usage.rows.end() ? nullptr : &*found;
}

const QList<LedgerModel::Column> &UsageModel::columns() const
{
    static const QList<Column> columns {
        {u"name"_s, i18nc("@title:column application or interface", "Name"), Column::Text},
        {u"time"_s, i18nc("@title:column when it was moved", "Time"), Column::Text},
        {u"rx"_s, i18nc("@title:column", "Received"), Column::Bytes},
        {u"tx"_s, i18nc("@title:column", "Sent"), Column::Bytes},
        {u"total"_s, i18nc("@title:column", "Total"), Column::Bytes},
    };
    return columns;
}

LedgerModel::Cell UsageModel::cell(int row, int column) const
{
    const UsageRow &shown = item(row).row;
    switch (column) {
    case NameColumn:
        return !shown.app.empty()
            ? Cell {Naming::name(QString::fromStdString(shown.app), QString::fromStdString(shown.name))}
            : text(shown.interface);
    case TimeColumn: {
        const auto begin = QDateTime::fromSecsSinceEpoch(shown.window.from.count());
        return {QLocale().toString(begin, QLocale::ShortFormat)};
    }
    case RxColumn:
        return {double(shown.rx_bytes), shown.accuracy};
    case TxColumn:
        return {double(shown.tx_bytes), shown.accuracy};
    case TotalColumn:
        return bothBytes(shown);
    }
    return {};
}

QVariant UsageModel::ofRow(int row, int role) const
{
    const UsageRow &shown = item(row).row;
    const QString app = QString::fromStdString(shown.app);
    switch (role) {
    case KeyRole:
        return QString(QString::number(std::get<0>(item(row).id)) + u':' + app + u':'
                       + QString::fromStdString(shown.interface));
    case AppRole:
        return app;
    case InterfaceRole:
        return QString::fromStdString(shown.interface);
    case IconNameRole:
        return app.isEmpty() ? u"network-wired"_s : Naming::icon(app, QString::fromStdString(shown.icon));
    case RxRole:
        return double(shown.rx_bytes);
    case TxRole:
        return double(shown.tx_bytes);
    }
    return {};
}

#include "moc_usagemodel.cpp"
