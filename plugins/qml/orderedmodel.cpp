// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "orderedmodel.h"

namespace
{
/** As strcmp(). */
int compare(const QModelIndex &left, const QModelIndex &right, int role)
{
    const QVariant a = left.data(role);
    const QVariant b = right.data(role);
    if (a.typeId() == QMetaType::QString) {
        return QString::localeAwareCompare(a.toString().toCaseFolded(), b.toString().toCaseFolded());
    }
    const double difference = a.toDouble() - b.toDouble();
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}
}

OrderedModel::OrderedModel(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setDynamicSortFilter(false);
}

void OrderedModel::setSourceModel(QAbstractItemModel *source)
{
    if (m_source) {
        m_source->disconnect(this);
    }
    m_source = qobject_cast<LedgerModel *>(source);
    QSortFilterProxyModel::setSourceModel(source);
    if (m_source) {
        connect(m_source, &LedgerModel::refreshed, this, &OrderedModel::update);
    }
    order();
}

void OrderedModel::setSortBy(const QString &column)
{
    if (m_sortBy != column) {
        m_sortBy = column;
        order();
        Q_EMIT orderChanged();
    }
}

void OrderedModel::setDescending(bool descending)
{
    if (m_descending != descending) {
        m_descending = descending;
        order();
        Q_EMIT orderChanged();
    }
}

void OrderedModel::setFilter(const QString &filter)
{
    if (m_filter != filter) {
        m_filter = filter;
        invalidateFilter();
        order();
        Q_EMIT filterChanged();
    }
}

void OrderedModel::setStill(bool still)
{
    if (m_still != still) {
        m_still = still;
        update();
        Q_EMIT stillChanged();
    }
}

void OrderedModel::update()
{
    if (!m_filter.isEmpty()) {
        invalidateFilter(); // rows may say something else now
    }
    if (!m_still) {
        order();
    }
}

void OrderedModel::order()
{
    const int column = m_source ? m_source->column(m_sortBy) : -1;
    const auto direction = m_descending ? Qt::DescendingOrder : Qt::AscendingOrder;
    // A view makes all its rows anew when it hears of another order
    if (column >= 0 && (column != sortColumn() || direction != sortOrder() || !isOrdered())) {
        sort(column, direction);
    }
}

bool OrderedModel::isOrdered() const
{
    for (int row = 1; row < rowCount(); ++row) {
        const QModelIndex before = mapToSource(index(row - 1, sortColumn()));
        const QModelIndex after = mapToSource(index(row, sortColumn()));
        if (m_descending ? lessThan(before, after) : lessThan(after, before)) {
            return false;
        }
    }
    return true;
}

bool OrderedModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    if (!m_source || !m_source->grouped()) {
        return compare(left, right, LedgerModel::SortRole) < 0;
    }
    if (const int groups = compare(left, right, LedgerModel::GroupSortRole)) {
        return groups < 0;
    }
    if (const int apps = compare(left, right, LedgerModel::AppRole)) {
        return apps < 0;
    }
    const int levels = left.data(LedgerModel::LevelRole).toInt() - right.data(LedgerModel::LevelRole).toInt();
    if (levels != 0) {
        return (levels < 0) != m_descending;
    }
    return compare(left, right, LedgerModel::SortRole) < 0;
}

bool OrderedModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_filter.isEmpty() || !m_source) {
        return true;
    }
    const QModelIndex index = m_source->index(row, 0, parent);
    return index.data(LedgerModel::SearchRole).toString().contains(m_filter, Qt::CaseInsensitive);
}

#include "moc_orderedmodel.cpp"
