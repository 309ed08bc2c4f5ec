// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "interfacemodel.h"

#include <KLocalizedString>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
enum {
    NameColumn,
    StateColumn,
    RxColumn,
    TxColumn,
    AppsColumn,
    KernelColumn,
    UnattributedColumn,
    AddressesColumn
};

QString name(const Snapshot &snapshot, const Interface &interface)
{
    const QString name = QString::fromStdString(interface.name);
    if (!interface.netns_name.empty()) {
        return i18nc("@item interface in a container or namespace", "%1 in %2", name,
                     QString::fromStdString(interface.netns_name));
    }
    return interface.id.netns == snapshot.netns
        ? name
        : i18nc("@item interface in a network namespace without a name", "%1 (elsewhere)", name);
}

QString addresses(const Interface &interface)
{
    QStringList all;
    for (const InterfaceAddress &address : interface.addresses) {
        all << QString::fromStdString(address.address);
    }
    return all.join(", "_L1);
}

QString icon(const Interface &interface)
{
    switch (interface.kind) {
    case InterfaceKind::Wireguard:
    case InterfaceKind::Tun:
    case InterfaceKind::Tunnel:
        return u"network-vpn"_s;
    default:
        return u"network-wired"_s;
    }
}
}

QString InterfaceModel::key(const InterfaceId &id) { return u"%1:%2"_s.arg(id.netns).arg(id.ifindex); }

const std::vector<Interface> &InterfaceModel::list(const Snapshot &snapshot) const
{
    return snapshot.interfaces;
}

const QList<LedgerModel::Column> &InterfaceModel::columns() const
{
    static const QList<Column> columns {
        {u"name"_s, i18nc("@title:column", "Interface"), Column::Text},
        {u"state"_s, i18nc("@title:column", "State"), Column::Text},
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
        {u"apps"_s, i18nc("@title:column", "Applications"), Column::Rate},
        {u"kernel"_s, i18nc("@title:column", "Kernel"), Column::Rate},
        {u"unattributed"_s, i18nc("@title:column", "Unattributed"), Column::Rate},
        {u"addresses"_s, i18nc("@title:column", "Addresses"), Column::Text},
    };
    return columns;
}

LedgerModel::Cell InterfaceModel::cell(int row, int column) const
{
    const Interface &shown = item(row);
    switch (column) {
    case NameColumn:
        return {name(snapshot(), shown)};
    case StateColumn:
        return {shown.up ? i18nc("@item interface", "up") : i18nc("@item interface", "down")};
    case RxColumn:
        return rxRate(shown.total);
    case TxColumn:
        return txRate(shown.total);
    case AppsColumn:
        return bothRates(shown.apps);
    case KernelColumn:
        return bothRates(shown.kernel);
    case UnattributedColumn:
        return bothRates(shown.unattributed);
    case AddressesColumn:
        return {addresses(shown)};
    }
    return {};
}

QVariant InterfaceModel::ofRow(int row, int role) const
{
    const Interface &shown = item(row);
    switch (role) {
    case KeyRole:
        return key(shown.id);
    case IconNameRole:
        return icon(shown);
    }
    return {};
}

#include "moc_interfacemodel.cpp"
