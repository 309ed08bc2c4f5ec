// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "ledger.h"

#include "format.h"
#include "naming.h"

#include <KLocalizedString>

#include <algorithm>
#include <limits>

using namespace sockledger;
using namespace Qt::StringLiterals;

namespace
{
/** NaN is what QML has for a number that is not known. */
double known(const std::optional<double> &rate)
{
    return rate.value_or(std::numeric_limits<double>::quiet_NaN());
}

void add(std::optional<double> &sum, const std::optional<double> &rate)
{
    if (rate) {
        sum = sum.value_or(0) + *rate;
    }
}

double bothRates(const Traffic &traffic) { return traffic.rx_rate.value_or(0) + traffic.tx_rate.value_or(0); }
}

Ledger::Ledger(QObject *parent)
    : QObject(parent)
{
    // Not at once: what is wanted is not set yet
    QMetaObject::invokeMethod(this, &Ledger::follow, Qt::QueuedConnection);
}

Ledger::~Ledger()
{
    if (m_feed) {
        m_feed->unsubscribe(this);
    }
}

void Ledger::componentComplete()
{
    m_complete = true;
    follow();
}

template<typename T>
void Ledger::change(T &member, const T &value)
{
    if (member == value) {
        return;
    }
    member = value;
    follow();
    Q_EMIT wishesChanged();
}

void Ledger::setActive(bool active) { change(m_active, active); }

void Ledger::setPaused(bool paused) { change(m_paused, paused); }

void Ledger::setDetailed(bool detailed) { change(m_detailed, detailed); }

void Ledger::setInterval(int milliseconds) { change(m_interval, std::max(milliseconds, 500)); }

void Ledger::setInterfaces(const QStringList &interfaces)
{
    change(m_interfaces, interfaces);
    Q_EMIT sampled();
}

void Ledger::setRecording(const QString &path) { change(m_recording, path); }

void Ledger::setSocket(const QString &path) { change(m_socket, path); }

void Ledger::follow()
{
    if (!m_complete) {
        return;
    }
    const FeedKey key {m_recording, m_socket, m_detailed};
    if (m_feed && key != m_key) {
        m_feed->unsubscribe(this);
        m_feed->disconnect(this);
        m_feed.reset();
    }
    if (m_active && !m_paused) {
        if (!m_feed) {
            m_feed = SharedFeed::of(key);
            m_key = key;
            connect(m_feed.get(), &SharedFeed::sampled, this, &Ledger::take);
            connect(m_feed.get(), &SharedFeed::failed, this, [this](const QString &why) {
                m_state = Failed;
                m_problem = why;
                Q_EMIT sampled();
            });
        }
        m_feed->subscribe(this, std::chrono::milliseconds(m_interval));
    } else if (m_feed) {
        m_feed->unsubscribe(this);
    }
}

void Ledger::take(const SnapshotPtr &snapshot)
{
    // What was on its way when the user pressed pause stays away
    if (m_paused || !m_active) {
        return;
    }
    m_snapshot = snapshot;
    m_state = Live;
    m_problem.clear();
    Q_EMIT sampled();
}

Ledger::Accuracy Ledger::accuracy() const
{
    const SourceStatus *traffic = m_snapshot ? m_snapshot->source("traffic") : nullptr;
    if (!traffic) {
        return Unavailable;
    }
    if (traffic->accuracy == sockledger::Accuracy::Exact) {
        return Exact;
    }
    // Without the packet counter the label of the applications themselves says how well they are known
    auto worstOfApps = sockledger::Accuracy::Partial;
    for (const App &app : m_snapshot->apps) {
        if (bothRates(app.traffic) > 0) {
            worstOfApps = worst(worstOfApps, app.traffic.accuracy);
        }
    }
    return static_cast<Accuracy>(worstOfApps);
}

QString Ledger::missing() const
{
    if (m_state == Failed) {
        return m_problem;
    }
    if (!m_snapshot || accuracy() == Exact) {
        return {};
    }
    const SourceStatus *traffic = m_snapshot->source("traffic");
    return traffic ? QString::fromStdString(traffic->detail) : QString();
}

bool Ledger::daemonAway() const
{
    const SourceStatus *daemon = m_snapshot ? m_snapshot->source("daemon") : nullptr;
    return daemon && daemon->accuracy == sockledger::Accuracy::Unavailable;
}

Traffic Ledger::total() const
{
    if (!m_snapshot) {
        return {};
    }
    if (m_interfaces.isEmpty()) {
        return m_snapshot->total;
    }
    Traffic sum;
    for (const Interface &interface : m_snapshot->interfaces) {
        if (interface.id.netns == m_snapshot->netns
            && m_interfaces.contains(QString::fromStdString(interface.name))) {
            sum.rx_bytes += interface.total.rx_bytes;
            sum.tx_bytes += interface.total.tx_bytes;
            add(sum.rx_rate, interface.total.rx_rate);
            add(sum.tx_rate, interface.total.tx_rate);
        }
    }
    return sum;
}

double Ledger::rxRate() const { return known(total().rx_rate); }

double Ledger::txRate() const { return known(total().tx_rate); }

double Ledger::rxBytes() const { return double(total().rx_bytes); }

double Ledger::txBytes() const { return double(total().tx_bytes); }

QDateTime Ledger::time() const
{
    using namespace std::chrono;
    return m_snapshot ? QDateTime::fromMSecsSinceEpoch(floor<milliseconds>(m_snapshot->time.realtime).count())
                      : QDateTime();
}

QStringList Ledger::knownInterfaces() const
{
    QStringList names;
    if (m_snapshot) {
        for (const Interface &interface : m_snapshot->interfaces) {
            if (interface.id.netns == m_snapshot->netns) {
                names << QString::fromStdString(interface.name);
            }
        }
    }
    names.sort();
    return names;
}

QStringList Ledger::busiest(int most, bool bits) const
{
    std::vector<const App *> apps;
    if (m_snapshot) {
        for (const App &app : m_snapshot->apps) {
            if (bothRates(app.traffic) > 0) {
                apps.push_back(&app);
            }
        }
    }
    std::ranges::sort(apps, std::greater(), [](const App *app) { return bothRates(app->traffic); });
    QStringList lines;
    for (const App *app : apps) {
        if (lines.size() >= most) {
            break;
        }
        lines << i18nc("@info:tooltip application, download and upload rate", "%1: ↓ %2 ↑ %3",
                       Naming::name(*app),
                       Format::rate(known(app->traffic.rx_rate), bits, app->traffic.accuracy),
                       Format::rate(known(app->traffic.tx_rate), bits, app->traffic.accuracy));
    }
    return lines;
}

#include "moc_ledger.cpp"
