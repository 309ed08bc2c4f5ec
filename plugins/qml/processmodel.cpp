// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "processmodel.h"

#include "naming.h"

#include <sockledger/derived.hpp>

#include <KLocalizedString>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
enum {
    NameColumn,
    PidColumn,
    TotalColumn,
    TcpColumn,
    UdpColumn,
    EstablishedColumn,
    ListenColumn,
    RxColumn,
    TxColumn,
    UserColumn
};

QString icon(const Snapshot &snapshot, const Process &process)
{
    const App *app = snapshot.app(process.app);
    return app ? Naming::icon(*app) : QString();
}
}

const std::vector<Process> &ProcessModel::list(const Snapshot &snapshot) const { return snapshot.processes; }

const QList<LedgerModel::Column> &ProcessModel::columns() const
{
    static const QList<Column> columns {
        {u"name"_s, i18nc("@title:column", "Process"), Column::Text},
        {u"pid"_s, i18nc("@title:column", "PID"), Column::Count},
        {u"total"_s, i18nc("@title:column", "Connections"), Column::Count},
        {u"tcp"_s, i18nc("@title:column", "TCP"), Column::Count},
        {u"udp"_s, i18nc("@title:column", "UDP"), Column::Count},
        {u"established"_s, i18nc("@title:column", "ESTABLISHED"), Column::Count},
        {u"listen"_s, i18nc("@title:column", "LISTEN"), Column::Count},
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
        {u"user"_s, i18nc("@title:column", "User"), Column::Text},
    };
    return columns;
}

LedgerModel::Cell ProcessModel::cell(int row, int column) const
{
    const Process &shown = item(row);
    switch (column) {
    case NameColumn:
        return text(process_name(shown));
    case PidColumn:
        return number(shown.id.pid);
    case TotalColumn:
        return number(shown.connections.total);
    case TcpColumn:
        return number(shown.connections.tcp);
    case UdpColumn:
        return number(shown.connections.udp);
    case EstablishedColumn:
        return number(shown.connections.established);
    case ListenColumn:
        return number(shown.connections.listen);
    case RxColumn:
        return rxRate(shown.traffic);
    case TxColumn:
        return txRate(shown.traffic);
    case UserColumn:
        return text(shown.user);
    }
    return {};
}

QVariant ProcessModel::ofRow(int row, int role) const
{
    const Process &shown = item(row);
    switch (role) {
    case KeyRole:
        return key(shown);
    case PidRole:
        return shown.id.pid;
    case AppRole:
        return QString::fromStdString(shown.app);
    case IconNameRole:
        return icon(snapshot(), shown);
    case SearchRole:
        return searchText(shown);
    }
    return {};
}

QString ProcessModel::searchText(const Process &process) const
{
    return QStringList {QString::fromStdString(process_name(process)), QString::number(process.id.pid),
                        QString::fromStdString(process.user), m_ports.ports(snapshotPtr(), process.id)}
        .join(u'\n');
}

QString ProcessModel::key(const Process &process)
{
    return u"%1:%2"_s.arg(process.id.pid).arg(process.id.start_ticks);
}

bool ProcessModel::usesNetwork(const Process &process)
{
    return process.alive
        && (process.connections.total > 0 || process.traffic.rx_bytes + process.traffic.tx_bytes > 0);
}

bool ProcessModel::shows(const Snapshot &, const Process &process) const
{
    return usesNetwork(process) && (m_app.isEmpty() || m_app == QLatin1StringView(process.app));
}

void ProcessModel::setApp(const QString &app)
{
    if (m_app == app) {
        return;
    }
    m_app = app;
    refresh();
    Q_EMIT appChanged();
}

#include "moc_processmodel.cpp"
