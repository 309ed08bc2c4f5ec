// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "ledgermodel.h"

#include "format.h"

#include <KLocalizedString>

#include <cmath>
#include <limits>

using namespace sockledger;
using namespace Qt::StringLiterals;

LedgerModel::LedgerModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    connect(this, &QAbstractItemModel::rowsInserted, this, &LedgerModel::countChanged);
    connect(this, &QAbstractItemModel::rowsRemoved, this, &LedgerModel::countChanged);
}

void LedgerModel::setLedger(Ledger *ledger)
{
    if (m_ledger == ledger) {
        return;
    }
    if (m_ledger) {
        m_ledger->disconnect(this);
    }
    m_ledger = ledger;
    if (m_ledger) {
        connect(m_ledger, &Ledger::sampled, this, &LedgerModel::refresh);
    }
    refresh();
    Q_EMIT ledgerChanged();
}

void LedgerModel::setBits(bool bits)
{
    if (m_bits == bits) {
        return;
    }
    m_bits = bits;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DisplayRole});
    }
    Q_EMIT bitsChanged();
}

int LedgerModel::column(const QString &id) const
{
    const auto &all = columns();
    const auto found = std::ranges::find(all, id, &Column::id);
    return found == all.end() ? -1 : int(found - all.begin());
}

QString LedgerModel::columnId(int column) const { return columns().value(column).id; }

int LedgerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(columns().size());
}

QString LedgerModel::display(const Column &column, const Cell &cell) const
{
    switch (column.kind) {
    case Column::Text:
        return cell.value.toString();
    case Column::Count:
        return std::isnan(cell.value.toDouble()) ? QString() : cell.value.toString();
    case Column::Rate:
        return Format::rate(cell.value.toDouble(), m_bits, cell.accuracy);
    case Column::Bytes:
        return Format::bytes(cell.value.toDouble(), cell.accuracy);
    case Column::Share:
        return Format::share(cell.value.toDouble(), cell.accuracy);
    }
    return {};
}

/** NaN compares with nothing, and a sort needs an order. */
QVariant LedgerModel::sortValue(const Column &column, const Cell &cell)
{
    return column.kind != Column::Text && std::isnan(cell.value.toDouble()) ? QVariant(-1.0) : cell.value;
}

QString LedgerModel::searchText(int row) const
{
    const QVariant own = ofRow(row, SearchRole);
    if (own.isValid()) {
        return own.toString();
    }
    QStringList texts;
    for (int column = 0; column < columnCount(); ++column) {
        texts << display(columns().at(column), cell(row, column));
    }
    return texts.join(u'\n');
}

QVariant LedgerModel::data(const QModelIndex &index, int role) const
{
    if (!hasIndex(index.row(), index.column(), index.parent())) {
        return {};
    }
    const Column &column = columns().at(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return display(column, cell(index.row(), index.column()));
    case SortRole:
        return sortValue(column, cell(index.row(), index.column()));
    case GroupSortRole:
        return sortValue(column, groupCell(index.row(), index.column()));
    case SearchRole:
        return searchText(index.row());
    case AccuracyRole:
        return int(cell(index.row(), index.column()).accuracy);
    case NumericRole:
        return column.kind != Column::Text;
    case ShareRole:
        return column.kind == Column::Share;
    case Qt::DecorationRole:
    case IconNameRole:
        return index.column() == 0 ? ofRow(index.row(), IconNameRole) : QString();
    case Qt::ToolTipRole:
        return index.column() == 0 ? ofRow(index.row(), role) : QVariant();
    default:
        return role >= SortRole ? ofRow(index.row(), role) : QVariant();
    }
}

QVariant LedgerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columns().size()) {
        return {};
    }
    return role == Qt::DisplayRole ? columns().at(section).title
        : role == NumericRole      ? QVariant(columns().at(section).kind != Column::Text)
        : role == ShareRole        ? QVariant(columns().at(section).kind == Column::Share)
                                   : QVariant();
}

QHash<int, QByteArray> LedgerModel::roleNames() const
{
    auto names = QAbstractTableModel::roleNames();
    names.insert({{SortRole, "sortValue"},
                  {KeyRole, "key"},
                  {IconNameRole, "iconName"},
                  {AccuracyRole, "accuracy"},
                  {NumericRole, "numeric"},
                  {PidRole, "pid"},
                  {AppRole, "app"},
                  {InterfaceRole, "interface"},
                  {RxRole, "rx"},
                  {TxRole, "tx"},
                  {SearchRole, "searchText"},
                  {LevelRole, "level"},
                  {ExpandableRole, "expandable"},
                  {ExpandedRole, "expanded"},
                  {ShareRole, "share"},
                  {RxShareRole, "rxShare"},
                  {TxShareRole, "txShare"}});
    return names;
}

LedgerModel::Cell LedgerModel::text(const std::string &text) { return {QString::fromStdString(text)}; }

LedgerModel::Cell LedgerModel::number(double value) { return {value}; }

namespace
{
constexpr double notKnown = std::numeric_limits<double>::quiet_NaN();

double sum(const std::optional<double> &a, const std::optional<double> &b)
{
    return a && b ? *a + *b : notKnown;
}
}

LedgerModel::Cell LedgerModel::rxRate(const Traffic &traffic)
{
    return {traffic.rx_rate.value_or(notKnown), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::txRate(const Traffic &traffic)
{
    return {traffic.tx_rate.value_or(notKnown), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::bothRates(const Traffic &traffic)
{
    return {sum(traffic.rx_rate, traffic.tx_rate), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::bothBytes(const Traffic &traffic)
{
    return {double(traffic.rx_bytes + traffic.tx_bytes), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::rxBytes(const Traffic &traffic)
{
    return {double(traffic.rx_bytes), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::txBytes(const Traffic &traffic)
{
    return {double(traffic.tx_bytes), traffic.accuracy};
}

LedgerModel::Cell LedgerModel::bothBytes(const UsageRow &row)
{
    return {double(row.rx_bytes + row.tx_bytes), row.accuracy};
}

LedgerModel::Cell LedgerModel::unknown() { return {notKnown}; }

#include "moc_ledgermodel.cpp"
