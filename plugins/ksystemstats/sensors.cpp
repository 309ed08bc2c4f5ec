// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sensors.h"

#include "naming.h"
#include "values.h"

#include <sockledger/derived.hpp>

#include <KLocalizedString>

#include <algorithm>
#include <chrono>

using namespace sockledger;
using namespace KSysGuard;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{
constexpr std::size_t mostApps = 100;
constexpr auto interval = 1s;

const auto download = kli18nc("@title sensor", "Download Rate");
const auto downloadShort = kli18nc("@title sensor, short for Download Rate", "Download");
const auto upload = kli18nc("@title sensor", "Upload Rate");
const auto uploadShort = kli18nc("@title sensor, short for Upload Rate", "Upload");
const auto downloaded = kli18nc("@title sensor", "Total Downloaded");
const auto downloadedShort = kli18nc("@title sensor, short for Total Downloaded", "Downloaded");
const auto uploaded = kli18nc("@title sensor", "Total Uploaded");
const auto uploadedShort = kli18nc("@title sensor, short for Total Uploaded", "Uploaded");

/** Both rates and both totals of a Traffic. */
template<typename Row>
std::vector<Quantity<Row>> trafficOf(const Traffic Row::*traffic)
{
    return {
        {"download", download, downloadShort, UnitByteRate, QVariant::Double,
         [=](const Row &row) { return Values::rate((row.*traffic).rx_rate); }},
        {"upload", upload, uploadShort, UnitByteRate, QVariant::Double,
         [=](const Row &row) { return Values::rate((row.*traffic).tx_rate); }},
        {"totalDownload", downloaded, downloadedShort, UnitByte, QVariant::ULongLong,
         [=](const Row &row) { return Values::bytes(row.*traffic, (row.*traffic).rx_bytes); }},
        {"totalUpload", uploaded, uploadedShort, UnitByte, QVariant::ULongLong,
         [=](const Row &row) { return Values::bytes(row.*traffic, (row.*traffic).tx_bytes); }},
    };
}

template<typename Row>
Quantity<Row> accuracyOf(Accuracy (*of)(const Row &))
{
    const auto name = kli18nc("@title sensor, how well the traffic of applications is known", "Accuracy");
    return {"accuracy", name, name, UnitNone, QVariant::String, [=](const Row &row) {
                return Values::accuracy(of(row));
            }};
}

Quantity<App> countOf(const char *id, const KLazyLocalizedString &name,
                      const std::uint32_t ConnectionCounts::*count)
{
    return {id,       name,           name,
            UnitNone, QVariant::UInt, [=](const App &app) { return QVariant(app.connections.*count); }};
}

const std::vector<Quantity<App>> &ofApps()
{
    static const auto quantities = [] {
        auto made = trafficOf<App>(&App::traffic);
        made.push_back(accuracyOf<App>([](const App &app) { return app.traffic.accuracy; }));
        made.push_back(
            countOf("connections", kli18nc("@title sensor", "Connections"), &ConnectionCounts::total));
        made.push_back(countOf("tcp", kli18nc("@title sensor", "TCP Connections"), &ConnectionCounts::tcp));
        made.push_back(countOf("udp", kli18nc("@title sensor", "UDP Sockets"), &ConnectionCounts::udp));
        made.push_back(countOf("established", kli18nc("@title sensor", "Established Connections"),
                               &ConnectionCounts::established));
        made.push_back(
            countOf("listen", kli18nc("@title sensor", "Listening Sockets"), &ConnectionCounts::listen));
        const auto processes = kli18nc("@title sensor", "Processes");
        made.push_back({"processes", processes, processes, UnitNone, QVariant::UInt,
                        [](const App &app) { return QVariant(uint(app.processes.size())); }});
        return made;
    }();
    return quantities;
}

const std::vector<Quantity<Interface>> &ofInterfaces()
{
    static const auto quantities = [] {
        auto made = trafficOf<Interface>(&Interface::total);
        made.push_back(accuracyOf<Interface>([](const Interface &row) { return row.apps.accuracy; }));
        const auto add = [&](const char *id, const KLazyLocalizedString &name, const Traffic Interface::*part,
                             std::optional<double> Traffic::*rate) {
            made.push_back({id, name, name, UnitByteRate, QVariant::Double,
                            [=](const Interface &row) { return Values::rate(row.*part.*rate); }});
        };
        add("downloadApplications", kli18nc("@title sensor", "Download of Applications"), &Interface::apps,
            &Traffic::rx_rate);
        add("downloadKernel", kli18nc("@title sensor", "Download of the Kernel"), &Interface::kernel,
            &Traffic::rx_rate);
        add("downloadUnattributed", kli18nc("@title sensor", "Unattributed Download"),
            &Interface::unattributed, &Traffic::rx_rate);
        add("uploadApplications", kli18nc("@title sensor", "Upload of Applications"), &Interface::apps,
            &Traffic::tx_rate);
        add("uploadKernel", kli18nc("@title sensor", "Upload of the Kernel"), &Interface::kernel,
            &Traffic::tx_rate);
        add("uploadUnattributed", kli18nc("@title sensor", "Unattributed Upload"), &Interface::unattributed,
            &Traffic::tx_rate);
        return made;
    }();
    return quantities;
}

const std::vector<Quantity<Snapshot>> &ofMachine()
{
    static const auto quantities = [] {
        auto made = trafficOf<Snapshot>(&Snapshot::total);
        made.push_back(accuracyOf<Snapshot>([](const Snapshot &snapshot) { return app_accuracy(snapshot); }));
        return made;
    }();
    return quantities;
}

/** An id is a part of a path. */
QString objectId(const std::string &id)
{
    return QString::fromStdString(id).replace(u'%', "%25"_L1).replace(u'/', "%2F"_L1);
}
}

Sensors::Sensors(QObject *parent, const QVariantList &)
    : Sensors(parent, FeedKey {})
{
}

Sensors::Sensors(QObject *parent, const FeedKey &key)
    : SensorPlugin(parent, {})
    , m_appContainer(
          new SensorContainer(u"sockledger"_s, i18nc("@title", "Applications on the Network"), this))
    , m_interfaceContainer(new SensorContainer(u"sockledger-interfaces"_s,
                                               i18nc("@title", "Network Interfaces and Their Books"), this))
    , m_machine(m_interfaceContainer, u"all"_s, i18nc("@title all interfaces together", "Whole Machine"),
                ofMachine())
    , m_shown({.most = mostApps, .forget_after = 300s, .wanted = {}})
    , m_feed(SharedFeed::of(key))
{
    connect(m_feed.get(), &SharedFeed::sampled, this, &Sensors::take);
    connect(m_feed.get(), &SharedFeed::failed, this, [this] {
        m_listed = true; // there is nothing to list
        follow();
    });
    watch(m_machine.object());
    follow();
}

Sensors::~Sensors() { m_feed->unsubscribe(this); }

QString Sensors::providerName() const { return u"sockledger"_s; }

void Sensors::watch(SensorObject *object)
{
    connect(object, &SensorObject::subscribedChanged, this, &Sensors::follow);
}

void Sensors::follow()
{
    const auto subscribed = [](const auto &entry) { return entry.second.object()->isSubscribed(); };
    if (!m_listed || m_machine.object()->isSubscribed() || std::ranges::any_of(m_apps, subscribed)
        || std::ranges::any_of(m_interfaces, subscribed)) {
        m_feed->subscribe(this, interval);
    } else {
        m_feed->unsubscribe(this);
    }
}

void Sensors::take(const SnapshotPtr &snapshot)
{
    m_machine.update(snapshot.get());
    takeApps(*snapshot);
    takeInterfaces(*snapshot);
    if (!m_listed) {
        m_listed = true;
        follow();
    }
}

void Sensors::takeApps(const Snapshot &snapshot)
{
    m_shown.update(snapshot);
    for (const ShownApp &shown : m_shown.apps()) {
        if (const App *app = snapshot.app(shown.id); app && !m_apps.contains(shown.id)) {
            const auto entry = m_apps.try_emplace(shown.id, m_appContainer, objectId(shown.id),
                                                  Naming::name(*app), ofApps());
            watch(entry.first->second.object());
        }
    }
    std::erase_if(m_apps, [&](auto &entry) {
        auto &[id, sensors] = entry;
        sensors.update(snapshot.app(id));
        SensorObject *const object = sensors.object();
        if (object->isSubscribed() || std::ranges::binary_search(m_shown.apps(), id, {}, &ShownApp::id)) {
            return false;
        }
        m_appContainer->removeObject(object);
        object->deleteLater();
        return true;
    });
}

void Sensors::takeInterfaces(const Snapshot &snapshot)
{
    for (const Interface &interface : snapshot.interfaces) {
        if (interface.id.netns == snapshot.netns && !m_interfaces.contains(interface.name)) {
            const auto entry
                = m_interfaces.try_emplace(interface.name, m_interfaceContainer, objectId(interface.name),
                                           QString::fromStdString(interface.name), ofInterfaces());
            watch(entry.first->second.object());
        }
    }
    std::erase_if(m_interfaces, [&](auto &entry) {
        auto &[name, sensors] = entry;
        const Interface *const interface = find_interface(snapshot, name);
        sensors.update(interface);
        SensorObject *const object = sensors.object();
        if (interface || object->isSubscribed()) {
            return false;
        }
        m_interfaceContainer->removeObject(object);
        object->deleteLater();
        return true;
    });
}

#include "moc_sensors.cpp"
