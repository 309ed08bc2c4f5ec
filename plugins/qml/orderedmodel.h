// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledgermodel.h"

#include <QSortFilterProxyModel>

/**
 * The rows of a LedgerModel in order, those that match. Rows that belong to another one stay below it, which
 * is what the proxies of Qt and KItemModels cannot do in a table. Ordered once after each sample and not at
 * each row that changes.
 */
class OrderedModel : public QSortFilterProxyModel
{
    Q_OBJECT
    QML_ELEMENT
    /** A column of the source, by id. */
    Q_PROPERTY(QString sortBy MEMBER m_sortBy WRITE setSortBy NOTIFY orderChanged)
    Q_PROPERTY(bool descending MEMBER m_descending WRITE setDescending NOTIFY orderChanged)
    /** Text that is in a row, or in the one that it belongs to; empty: all. */
    Q_PROPERTY(QString filter MEMBER m_filter WRITE setFilter NOTIFY filterChanged)
    /** Rows stay where they are, whatever they show; new ones may come. */
    Q_PROPERTY(bool still MEMBER m_still WRITE setStill NOTIFY stillChanged)

public:
    explicit OrderedModel(QObject *parent = nullptr);

    void setSourceModel(QAbstractItemModel *source) override;
    void setSortBy(const QString &column);
    void setDescending(bool descending);
    void setFilter(const QString &filter);
    void setStill(bool still);

Q_SIGNALS:
    void orderChanged();
    void filterChanged();
    void stillChanged();

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    void update();
    void order();
    bool isOrdered() const;

    QPointer<LedgerModel> m_source;
    QString m_sortBy;
    bool m_descending = true;
    QString m_filter;
    bool m_still = false;
};
