// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"

#include "naming.h"
#include "processmodel.h"

#include <sockledger/derived.hpp>

#include <KLocalizedString>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
enum {
    NameColumn,
    ShareColumn,
    RxColumn,
    TxColumn,
    TodayColumn,
    TotalColumn,
    ConnectionsColumn,
    ProcessesColumn
};

double rateSum(const Traffic &traffic) { return traffic.rx_rate.value_or(0) + traffic.tx_rate.value_or(0); }

QString processText(const Process &process)
{
    return i18nc("@item process and its number", "%1 (%2)", QString::fromStdString(process_name(process)),
                 QString::number(process.id.pid));
}
}

/** The rows, and what they point into. */
struct AppModel::Shown {
    SnapshotPtr snapshot;
    std::vector<AppEntry> entries;
};

bool AppEntry::operator==(const AppEntry &other) const
{
    return *app == *other.app && (!process || *process == *other.process) && expandable == other.expandable
        && expanded == other.expanded && rxShare == other.rxShare && txShare == other.txShare
        && shareAccuracy == other.shareAccuracy && today == other.today;
}

const QList<LedgerModel::Column> &AppModel::columns() const
{
    static const QList<Column> columns {
        {u"name"_s, i18nc("@title:column", "Application"), Column::Text},
        {u"share"_s, i18nc("@title:column part of what the busiest one moves", "Share"), Column::Share},
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
        {u"today"_s, i18nc("@title:column what was moved since midnight", "Today"), Column::Bytes},
        {u"total"_s, i18nc("@title:column", "Total"), Column::Bytes},
        {u"connections"_s, i18nc("@title:column", "Connections"), Column::Count},
        {u"processes"_s, i18nc("@title:column", "Processes"), Column::Count},
    };
    return columns;
}

LedgerModel::Cell AppModel::cell(const AppEntry &shown, int column)
{
    switch (column) {
    case NameColumn:
        return {shown.process ? processText(*shown.process) : Naming::name(*shown.app)};
    case ShareColumn:
        return {shown.rxShare + shown.txShare, shown.shareAccuracy};
    case RxColumn:
        return rxRate(shown.traffic());
    case TxColumn:
        return txRate(shown.traffic());
    case TodayColumn:
        return shown.today ? bothBytes(*shown.today) : unknown();
    case TotalColumn:
        return bothBytes(shown.traffic());
    case ConnectionsColumn:
        return number(shown.process ? shown.process->connections.total : shown.app->connections.total);
    case ProcessesColumn:
        return shown.process ? unknown() : number(double(shown.app->processes.size()));
    }
    return {};
}

LedgerModel::Cell AppModel::cell(int row, int column) const { return cell(item(row), column); }

LedgerModel::Cell AppModel::groupCell(int row, int column) const { return cell(*item(row).head, column); }

QVariant AppModel::ofRow(int row, int role) const
{
    const AppEntry &shown = item(row);
    switch (role) {
    case KeyRole:
        return shown.process ? ProcessModel::key(*shown.process) : QString::fromStdString(shown.app->id);
    case AppRole:
        return QString::fromStdString(shown.app->id);
    case PidRole:
        return shown.process ? shown.process->id.pid : 0;
    case IconNameRole:
        return shown.process ? QString() : Naming::icon(*shown.app);
    case Qt::ToolTipRole:
        return shown.process ? QString::fromStdString(shown.process->exe) : QString();
    case LevelRole:
        return shown.process ? 1 : 0;
    case ExpandableRole:
        return shown.expandable;
    case ExpandedRole:
        return shown.expanded;
    case RxShareRole:
        return shown.rxShare;
    case TxShareRole:
        return shown.txShare;
    case SearchRole:
        return searchText(shown);
    }
    return {};
}

/** An application is found by its processes too, whether they are shown or not. */
QString AppModel::searchText(const AppEntry &entry) const
{
    QStringList texts {Naming::name(*entry.app)};
    const auto add = [&](const Process &process) {
        texts << processText(process) << m_ports.ports(m_snapshot, process.id);
    };
    if (entry.process) {
        add(*entry.process);
        return texts.join(u'\n');
    }
    for (const ProcessId &id : entry.app->processes) {
        if (const Process *process = m_snapshot->process(id)) {
            add(*process);
        }
    }
    return texts.join(u'\n');
}

std::shared_ptr<const AppModel::Shown> AppModel::entries() const
{
    const auto shown = std::make_shared<Shown>();
    shown->snapshot = ledger()->snapshot();
    double busiest = 1;
    Accuracy accuracy = Accuracy::Exact;
    for (const App &app : shown->snapshot->apps) {
        if (rateSum(app.traffic) > busiest) {
            busiest = rateSum(app.traffic);
            accuracy = app.traffic.accuracy;
        }
    }
    const auto add = [&](const App &app, const Process *process) {
        AppEntry &entry = shown->entries.emplace_back();
        entry.id = {app.id, process ? process->id : ProcessId()};
        entry.app = &app;
        entry.process = process;
        entry.rxShare = entry.traffic().rx_rate.value_or(0) / busiest;
        entry.txShare = entry.traffic().tx_rate.value_or(0) / busiest;
        entry.shareAccuracy = worst(accuracy, entry.traffic().accuracy);
        return shown->entries.size() - 1;
    };
    for (const App &app : shown->snapshot->apps) {
        if (!m_idle && app.traffic.rx_bytes + app.traffic.tx_bytes == 0 && app.connections.total == 0) {
            continue;
        }
        const std::size_t head = add(app, nullptr);
        const bool expanded = m_expanded.contains(QString::fromStdString(app.id));
        bool expandable = false;
        for (const ProcessId &id : app.processes) {
            const Process *process = shown->snapshot->process(id);
            if (process && ProcessModel::usesNetwork(*process)) {
                expandable = true;
                if (expanded) {
                    add(app, process);
                }
            }
        }
        AppEntry &entry = shown->entries[head];
        entry.expandable = expandable;
        entry.expanded = expandable && expanded;
        if (const UsageRow *today = m_today ? m_today->rowOf(app.id) : nullptr) {
            entry.today = *today;
        }
    }
    std::ranges::sort(shown->entries, {}, &AppEntry::id);
    const AppEntry *head = nullptr;
    for (AppEntry &entry : shown->entries) {
        head = entry.process ? head : &entry;
        entry.head = head;
    }
    return shown;
}

void AppModel::refresh()
{
    std::vector<const AppEntry *> rows;
    std::shared_ptr<const Shown> shown;
    if (ledger() && ledger()->snapshot()) {
        shown = entries();
        for (const AppEntry &entry : shown->entries) {
            rows.push_back(&entry);
        }
        m_snapshot = shown->snapshot;
    }
    show(rows, shown);
}

void AppModel::expand(const QString &app, bool expanded)
{
    if (expanded ? m_expanded.contains(app) : !m_expanded.remove(app)) {
        return;
    }
    if (expanded) {
        m_expanded.insert(app);
    }
    refresh();
}

void AppModel::setToday(UsageModel *today)
{
    if (m_today == today) {
        return;
    }
    if (m_today) {
        m_today->disconnect(this);
    }
    m_today = today;
    if (m_today) {
        connect(m_today, &UsageModel::answered, this, &AppModel::refresh);
    }
    refresh();
    Q_EMIT todayChanged();
}

void AppModel::setIdle(bool idle)
{
    if (m_idle == idle) {
        return;
    }
    m_idle = idle;
    refresh();
    Q_EMIT idleChanged();
}

#include "moc_appmodel.cpp"
