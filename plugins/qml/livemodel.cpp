// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "livemodel.h"

#include "interfacemodel.h"

#include <KLocalizedString>

#include <cmath>
#include <limits>

using namespace sockledger;
using namespace Qt::StringLiterals;

LiveModel::LiveModel(QObject *parent)
    : LedgerModel(parent)
{
    connect(this, &LedgerModel::ledgerChanged, this, [this] {
        if (ledger()) {
            connect(ledger(), &Ledger::wishesChanged, this, &LiveModel::limitChanged);
        }
        Q_EMIT limitChanged();
    });
}

int LiveModel::limit() const { return std::max(2, m_span * 1000 / (ledger() ? ledger()->interval() : 3000)); }

int LiveModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_samples.size()) - m_hidden;
}

const QList<LedgerModel::Column> &LiveModel::columns() const
{
    static const QList<Column> columns {
        {u"rx"_s, i18nc("@title:column", "Download"), Column::Rate},
        {u"tx"_s, i18nc("@title:column", "Upload"), Column::Rate},
    };
    return columns;
}

LiveModel::Rates LiveModel::rates(int row) const
{
    const Sample &shown = m_samples[std::size_t(m_hidden + row)];
    return !m_app.isEmpty()      ? shown.apps.value(m_app, shown.idle)
        : !m_interface.isEmpty() ? shown.interfaces.value(m_interface)
                                 : shown.total;
}

LedgerModel::Cell LiveModel::cell(int row, int column) const
{
    return {column == 0 ? rates(row).rx : rates(row).tx, rates(row).accuracy};
}

QVariant LiveModel::ofRow(int row, int role) const
{
    switch (role) {
    case RxRole:
        return rates(row).rx;
    case TxRole:
        return rates(row).tx;
    }
    return {};
}

double LiveModel::rxRate() const
{
    return rowCount() > 0 ? rates(0).rx : std::numeric_limits<double>::quiet_NaN();
}

double LiveModel::txRate() const
{
    return rowCount() > 0 ? rates(0).tx : std::numeric_limits<double>::quiet_NaN();
}

Ledger::Accuracy LiveModel::accuracy() const
{
    return rowCount() > 0 ? static_cast<Ledger::Accuracy>(rates(0).accuracy) : Ledger::Exact;
}

LiveModel::Sample LiveModel::sample() const
{
    Sample made {
        {ledger()->rxRate(), ledger()->txRate(), m_taken->total.accuracy},
        {0, 0, static_cast<Accuracy>(ledger()->accuracy())},
        {},
        {},
    };
    const auto keep = [](auto &kept, const QString &key, const Traffic &traffic) {
        const Rates rates {traffic.rx_rate.value_or(0), traffic.tx_rate.value_or(0), traffic.accuracy};
        if (rates.rx > 0 || rates.tx > 0) {
            kept.insert(key, rates);
        }
    };
    for (const App &app : m_taken->apps) {
        keep(made.apps, QString::fromStdString(app.id), app.traffic);
    }
    for (const Interface &interface : m_taken->interfaces) {
        keep(made.interfaces, InterfaceModel::key(interface.id), interface.total);
    }
    return made;
}

void LiveModel::refresh()
{
    // The Ledger tells of other news too
    if (!ledger() || !ledger()->snapshot() || ledger()->snapshot() == m_taken) {
        return;
    }
    m_taken = ledger()->snapshot();
    Sample taken = sample();
    if (std::isnan(taken.total.rx)) {
        return; // nothing to compare with yet
    }
    if (m_paused) {
        m_samples.push_front(std::move(taken));
        if (++m_hidden > limit()) {
            m_samples.erase(m_samples.begin() + --m_hidden);
        }
        return;
    }
    beginInsertRows({}, 0, 0);
    m_samples.push_front(std::move(taken));
    endInsertRows();
    trim();
    Q_EMIT refreshed();
}

void LiveModel::trim()
{
    if (rowCount() > limit()) {
        beginRemoveRows({}, limit(), rowCount() - 1);
        m_samples.resize(std::size_t(m_hidden + limit()));
        endRemoveRows();
    }
}

void LiveModel::setPaused(bool paused)
{
    if (m_paused == paused) {
        return;
    }
    m_paused = paused;
    if (m_hidden > 0) {
        beginInsertRows({}, 0, m_hidden - 1);
        m_hidden = 0;
        endInsertRows();
        trim();
        Q_EMIT refreshed();
    }
    Q_EMIT pausedChanged();
}

void LiveModel::choose(QString &member, const QString &value)
{
    if (member == value) {
        return;
    }
    member = value;
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
    Q_EMIT refreshed();
    Q_EMIT chosen();
}

void LiveModel::setApp(const QString &app) { choose(m_app, app); }

void LiveModel::setInterface(const QString &interface) { choose(m_interface, interface); }

#include "moc_livemodel.cpp"
