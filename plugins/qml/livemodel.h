// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledgermodel.h"

#include <QHash>

#include <deque>

/**
 * The rates of the last minutes, for a chart: a row for each sample, the newest first. It keeps those of all
 * applications and interfaces that moved something, so that any of them can be shown from now back.
 */
class LiveModel : public LedgerModel
{
    Q_OBJECT
    QML_ELEMENT
    /** Seconds back from now. */
    Q_PROPERTY(int span MEMBER m_span NOTIFY limitChanged)
    /** Samples that the span has room for. */
    Q_PROPERTY(int limit READ limit NOTIFY limitChanged)
    /** Of this application, by id; else of this interface, by `key`; else of the Ledger's total. */
    Q_PROPERTY(QString app MEMBER m_app WRITE setApp NOTIFY chosen)
    Q_PROPERTY(QString interfaceKey MEMBER m_interface WRITE setInterface NOTIFY chosen)
    /** Keeps what is shown as it is. */
    Q_PROPERTY(bool paused MEMBER m_paused WRITE setPaused NOTIFY pausedChanged)
    /** Of the newest sample that is shown, NaN when there is none. */
    Q_PROPERTY(double rxRate READ rxRate NOTIFY refreshed)
    Q_PROPERTY(double txRate READ txRate NOTIFY refreshed)
    Q_PROPERTY(Ledger::Accuracy accuracy READ accuracy NOTIFY refreshed)

public:
    explicit LiveModel(QObject *parent = nullptr);

    int limit() const;
    void setApp(const QString &app);
    void setInterface(const QString &interface);
    void setPaused(bool paused);
    double rxRate() const;
    double txRate() const;
    Ledger::Accuracy accuracy() const;
    int rowCount(const QModelIndex &parent = {}) const override;

Q_SIGNALS:
    void limitChanged();
    void chosen();
    void pausedChanged();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    /** Takes a sample. */
    void refresh() override;

private:
    struct Rates {
        double rx = 0;
        double tx = 0;
        sockledger::Accuracy accuracy = sockledger::Accuracy::Exact;
    };
    struct Sample {
        Rates total;
        Rates idle; ///< of an application that moved nothing
        QHash<QString, Rates> apps;
        QHash<QString, Rates> interfaces;
    };
    Sample sample() const;
    Rates rates(int row) const;
    void trim();
    void choose(QString &member, const QString &value);

    int m_span = 300;
    QString m_app;
    QString m_interface;
    bool m_paused = false;
    std::deque<Sample> m_samples; ///< the newest first
    int m_hidden = 0; ///< of the newest, taken during a pause
    sockledger::SnapshotPtr m_taken;
};
