// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"

#include "naming.h"

#include <KLocalizedString>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
enum { NameColumn, RxColumn, TxColumn, TotalColumn, ConnectionsColumn, ProcessesColumn };
}

const std::vector<App> &AppModel::list(const Snapshot &snapshot) const { return snapshot.apps; }

const QList<LedgerModel::Column> &AppModel::columns() const
{
    static const QList<Column> columns {
        {u"name"_s, i18nc("@title:column", "Application"), Column::Text},
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
        {u"total"_s, i18nc("@title:column", "Total"), Column::Bytes},
        {u"connections"_s, i18nc("@title:column", "Connections"), Column::Count},
        {u"processes"_s, i18nc("@title:column", "Processes"), Column::Count},
    };
    return columns;
}

LedgerModel::Cell AppModel::cell(int row, int column) const
{
    const App &shown = item(row);
    switch (column) {
    case NameColumn:
        return {Naming::name(shown)};
    case RxColumn:
        return rxRate(shown.traffic);
    case TxColumn:
        return txRate(shown.traffic);
    case TotalColumn:
        return bothBytes(shown.traffic);
    case ConnectionsColumn:
        return number(shown.connections.total);
    case ProcessesColumn:
        return number(double(shown.processes.size()));
    }
    return {};
}

QVariant AppModel::ofRow(int row, int role) const
{
    const App &shown = item(row);
    switch (role) {
    case KeyRole:
        return QString::fromStdString(shown.id);
    case AppRole:
        return QString::fromStdString(shown.id);
    case IconNameRole:
        return Naming::icon(shown);
    }
    return {};
}

bool AppModel::shows(const Snapshot &, const App &app) const
{
    return m_idle || app.traffic.rx_bytes + app.traffic.tx_bytes > 0 || app.connections.total > 0;
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
