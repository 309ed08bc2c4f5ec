// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "connectionmodel.h"

#include "interfacemodel.h"
#include "naming.h"

#include <sockledger/derived.hpp>
#include <sockledger/names.hpp>

#include <KLocalizedString>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
enum {
    ProcessColumn,
    RemoteColumn,
    PortColumn,
    ServiceColumn,
    ProtocolColumn,
    StateColumn,
    RxColumn,
    TxColumn,
    BytesColumn,
    LocalColumn
};

QString owner(const Snapshot &snapshot, const Connection &connection)
{
    if (const Process *process = connection.owner ? snapshot.process(*connection.owner) : nullptr) {
        return QString::fromStdString(process_name(*process));
    }
    return i18nc("@item no process holds this connection", "none");
}

/** Of the far end, or of ours while nobody is there. */
int servicePort(const Connection &connection)
{
    return connection.remote.port != 0 ? connection.remote.port : connection.local.port;
}

QString service(const Connection &connection)
{
    return QString::fromUtf8(service_name(connection.protocol, std::uint16_t(servicePort(connection))));
}

QString state(const Connection &connection)
{
    // What UDP calls states is no more than whether there is a peer
    return connection.protocol == Protocol::Tcp ? QString::fromUtf8(to_string(connection.state)) : QString();
}

QString icon(const Snapshot &snapshot, const Connection &connection)
{
    const App *app = snapshot.app(connection.app);
    return app ? Naming::icon(*app) : QString();
}
}

const std::vector<Connection> &ConnectionModel::list(const Snapshot &snapshot) const
{
    return snapshot.connections;
}

const QList<LedgerModel::Column> &ConnectionModel::columns() const
{
    static const QList<Column> columns {
        {u"process"_s, i18nc("@title:column", "Process"), Column::Text},
        {u"remote"_s, i18nc("@title:column", "Remote address"), Column::Text},
        {u"port"_s, i18nc("@title:column", "Port"), Column::Count},
        {u"service"_s, i18nc("@title:column", "Service"), Column::Text},
        {u"protocol"_s, i18nc("@title:column", "Protocol"), Column::Text},
        {u"state"_s, i18nc("@title:column", "State"), Column::Text},
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
        {u"bytes"_s, i18nc("@title:column", "Total"), Column::Bytes},
        {u"local"_s, i18nc("@title:column", "Local address"), Column::Text},
    };
    return columns;
}

LedgerModel::Cell ConnectionModel::cell(int row, int column) const
{
    const Connection &shown = item(row);
    switch (column) {
    case ProcessColumn:
        return {owner(snapshot(), shown)};
    case RemoteColumn:
        return {remote(shown)};
    case PortColumn:
        return {servicePort(shown)};
    case ServiceColumn:
        return {service(shown)};
    case ProtocolColumn:
        return {QString::fromUtf8(to_string(shown.protocol)).toUpper()};
    case StateColumn:
        return {state(shown)};
    case RxColumn:
        return rxRate(shown.traffic);
    case TxColumn:
        return txRate(shown.traffic);
    case BytesColumn:
        return bothBytes(shown.traffic);
    case LocalColumn:
        return text(to_string(shown.local));
    }
    return {};
}

QVariant ConnectionModel::ofRow(int row, int role) const
{
    const Connection &shown = item(row);
    switch (role) {
    case KeyRole:
        return u"%1:%2"_s.arg(shown.id.netns).arg(shown.id.cookie);
    case PidRole:
        return shown.owner ? shown.owner->pid : 0;
    case AppRole:
        return QString::fromStdString(shown.app);
    case IconNameRole:
        return icon(snapshot(), shown);
    }
    return {};
}

/** Without the port, which has a column of its own. */
QString ConnectionModel::remote(const Connection &connection) const
{
    if (scope_of(connection.remote) == Scope::Unspecified) {
        return u"*"_s;
    }
    const std::string name = m_names && m_hosts ? m_hosts->name(connection.remote) : std::string();
    return QString::fromStdString(name.empty() ? address_text(connection.remote) : name);
}

void ConnectionModel::announceRemotes()
{
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, RemoteColumn), index(rowCount() - 1, RemoteColumn));
    }
}

void ConnectionModel::setHosts(std::unique_ptr<HostNames> hosts)
{
    m_answers.reset();
    m_hosts = std::move(hosts);
    if (m_hosts) {
        m_answers = std::make_unique<QSocketNotifier>(m_hosts->wake_fd(), QSocketNotifier::Read);
        connect(m_answers.get(), &QSocketNotifier::activated, this, [this] {
            m_hosts->process();
            announceRemotes();
        });
    }
    announceRemotes();
}

void ConnectionModel::setNames(bool names)
{
    if (m_names == names) {
        return;
    }
    m_names = names;
    if (m_names && !m_hosts) {
        auto hosts = HostNames::open();
        setHosts(hosts ? std::move(*hosts) : nullptr); // without it there are addresses
    }
    announceRemotes();
    Q_EMIT namesChanged();
}

bool ConnectionModel::shows(const Snapshot &, const Connection &connection) const
{
    const int pid = connection.owner ? int(connection.owner->pid) : 0;
    return (m_pid == 0 || m_pid == pid) && (m_app.isEmpty() || m_app == QLatin1StringView(connection.app))
        && (m_interface.isEmpty()
            || (connection.interface && m_interface == InterfaceModel::key(*connection.interface)));
}

template<typename T>
void ConnectionModel::choose(T &member, const T &value)
{
    if (member == value) {
        return;
    }
    member = value;
    refresh();
    Q_EMIT chosen();
}

void ConnectionModel::setPid(int pid) { choose(m_pid, pid); }

void ConnectionModel::setApp(const QString &app) { choose(m_app, app); }

void ConnectionModel::setInterface(const QString &interface) { choose(m_interface, interface); }

#include "moc_connectionmodel.cpp"
