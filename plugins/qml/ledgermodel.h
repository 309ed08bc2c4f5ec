// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledger.h"

#include <sockledger/history.hpp>

#include <QAbstractTableModel>
#include <QPointer>

/**
 * What the tables of this module have in common. A row stays the same row for as long as what it shows
 * exists; new ones come at the end; there are no resets. Sorting and filtering is for an OrderedModel.
 */
class LedgerModel : public QAbstractTableModel
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("This is what the models have in common")

    Q_PROPERTY(Ledger *ledger READ ledger WRITE setLedger NOTIFY ledgerChanged)
    /** Rates in bits per second. */
    Q_PROPERTY(bool bits MEMBER m_bits WRITE setBits NOTIFY bitsChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /** There are rows that belong to others; `app` says to which. */
    Q_PROPERTY(bool grouped READ grouped CONSTANT)

public:
    enum Role {
        SortRole = Qt::UserRole + 1, ///< `sortValue`: a number or text in the order of the column
        KeyRole, ///< `key`: text that is the row's as long as it exists
        IconNameRole, ///< `iconName`: of a freedesktop icon; only in the first column
        AccuracyRole, ///< `accuracy`: a Ledger.Accuracy
        NumericRole, ///< `numeric`: belongs at the right
        PidRole, ///< `pid`: of a process or of a connection's owner; 0: none
        AppRole, ///< `app`: id of an application
        InterfaceRole, ///< `interface`: name of one, in history
        RxRole, ///< `rx`, `tx`: of a row of history, for charts
        TxRole,
        SearchRole, ///< `searchText`: what the row is found by
        LevelRole, ///< `level`: 1 for a row that belongs to another one and stands below it
        ExpandableRole, ///< `expandable`, `expanded`: has rows that belong to it; they are shown
        ExpandedRole,
        RxShareRole, ///< `rxShare`, `txShare`: parts of what the busiest moves, 0 to 1
        TxShareRole,
        ShareRole, ///< `share`: the column is one of shares, for bars
        GroupSortRole, ///< as SortRole, of the row that this one belongs to, or else its own
    };
    Q_ENUM(Role)

    explicit LedgerModel(QObject *parent = nullptr);

    Ledger *ledger() const { return m_ledger; }
    void setLedger(Ledger *ledger);
    void setBits(bool bits);
    int count() const { return rowCount(); }
    /** The column of this id, "rx" say; -1 when there is none. */
    Q_INVOKABLE int column(const QString &id) const;
    Q_INVOKABLE QString columnId(int column) const;
    virtual bool grouped() const { return false; }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void ledgerChanged();
    void bitsChanged();
    void countChanged();
    /** The rows are those of the newest snapshot or answer. */
    void refreshed();

protected:
    struct Column {
        enum Kind { Text, Count, Rate, Bytes, Share };
        QString id;
        QString title;
        Kind kind;
    };
    /** What is in a place: text, or a number that is NaN while not known. */
    struct Cell {
        QVariant value;
        sockledger::Accuracy accuracy = sockledger::Accuracy::Exact;
    };
    static Cell rxRate(const sockledger::Traffic &traffic);
    static Cell txRate(const sockledger::Traffic &traffic);
    static Cell bothRates(const sockledger::Traffic &traffic);
    static Cell bothBytes(const sockledger::Traffic &traffic);
    static Cell rxBytes(const sockledger::Traffic &traffic);
    static Cell txBytes(const sockledger::Traffic &traffic);
    static Cell bothBytes(const sockledger::UsageRow &row);
    static Cell text(const std::string &text);
    static Cell number(double value);
    static Cell unknown();

    virtual const QList<Column> &columns() const = 0;
    virtual Cell cell(int row, int column) const = 0;
    /** Of the row that this one belongs to. */
    virtual Cell groupCell(int row, int column) const { return cell(row, column); }
    /** KeyRole, IconNameRole and what else a model has. */
    virtual QVariant ofRow(int row, int role) const = 0;
    /** Brings the rows up to the Ledger's snapshot. */
    virtual void refresh() = 0;

private:
    QString display(const Column &column, const Cell &cell) const;
    QString searchText(int row) const;
    static QVariant sortValue(const Column &column, const Cell &cell);

    QPointer<Ledger> m_ledger;
    bool m_bits = false;
};
