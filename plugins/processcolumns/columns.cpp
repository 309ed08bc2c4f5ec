// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "columns.h"

#include "values.h"

#include <KLocalizedString>

#include <processcore/process.h>
#include <processcore/processes.h>

#include <QHash>

#include <chrono>

using namespace sockledger;
using namespace KSysGuard;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace
{
constexpr auto interval = 2s; // as often as System Monitor reads its processes
}

Columns::Columns(QObject *parent, const QVariantList &)
    : Columns(parent, FeedKey {.recording = {}, .detailed = true})
{
}

Columns::Columns(QObject *parent, const FeedKey &key)
    : ProcessDataProvider(parent, {})
    , m_feed(SharedFeed::of(key))
{
    connect(m_feed.get(), &SharedFeed::sampled, this, [this](const SnapshotPtr &snapshot) {
        m_snapshot = snapshot;
        update();
    });
    connect(m_feed.get(), &SharedFeed::failed, this, [this] {
        m_snapshot = {};
        update();
    });

    // KDE's own, which they stand beside, are called Download and Upload
    const QString download = i18nc("@title:column", "Download (Sockledger)");
    const QString upload = i18nc("@title:column", "Upload (Sockledger)");
    add(u"sockledgerDownload"_s, download, download, UnitByteRate,
        [](const sockledger::Process &process) { return Values::rate(process.traffic.rx_rate); });
    add(u"sockledgerUpload"_s, upload, upload, UnitByteRate,
        [](const sockledger::Process &process) { return Values::rate(process.traffic.tx_rate); });
    add(u"sockledgerDownloaded"_s, i18nc("@title:column", "Total Downloaded"),
        i18nc("@title:column short", "Downloaded"), UnitByte, [](const sockledger::Process &process) {
            return Values::bytes(process.traffic, process.traffic.rx_bytes);
        });
    add(u"sockledgerUploaded"_s, i18nc("@title:column", "Total Uploaded"),
        i18nc("@title:column short", "Uploaded"), UnitByte, [](const sockledger::Process &process) {
            return Values::bytes(process.traffic, process.traffic.tx_bytes);
        });
    add(u"sockledgerAccuracy"_s, i18nc("@title:column how well its traffic is known", "Traffic Accuracy"),
        i18nc("@title:column short", "Accuracy"), UnitNone,
        [](const sockledger::Process &process) { return Values::accuracy(process.traffic.accuracy); });
    add(u"sockledgerConnections"_s, i18nc("@title:column", "Network Connections"),
        i18nc("@title:column short", "Connections"), UnitNone,
        [](const sockledger::Process &process) { return QVariant(process.connections.total); });
    add(u"sockledgerTcp"_s, i18nc("@title:column", "TCP Connections"), i18nc("@title:column short", "TCP"),
        UnitNone, [](const sockledger::Process &process) { return QVariant(process.connections.tcp); });
    add(u"sockledgerUdp"_s, i18nc("@title:column", "UDP Sockets"), i18nc("@title:column short", "UDP"),
        UnitNone, [](const sockledger::Process &process) { return QVariant(process.connections.udp); });
}

Columns::~Columns() { m_feed->unsubscribe(this); }

void Columns::add(const QString &id, const QString &name, const QString &shortName, Unit unit,
                  const Value &value)
{
    auto attribute = new ProcessAttribute(id, name, this);
    attribute->setShortName(shortName);
    attribute->setUnit(unit);
    addProcessAttribute(attribute);
    m_columns.push_back({attribute, value});
}

void Columns::handleEnabledChanged(bool enabled)
{
    if (enabled) {
        m_feed->subscribe(this, interval);
    } else {
        m_feed->unsubscribe(this);
        m_snapshot = {}; // too old when somebody looks again
    }
}

void Columns::update()
{
    if (!enabled()) {
        return;
    }
    QHash<qlonglong, const sockledger::Process *> known;
    if (m_snapshot) {
        for (const auto &process : m_snapshot->processes) {
            if (process.alive) {
                known.insert(process.id.pid, &process);
            }
        }
    }
    const QList<KSysGuard::Process *> all = processes()->getAllProcesses();
    for (KSysGuard::Process *const process : all) {
        const sockledger::Process *const found = known.value(process->pid());
        for (const Column &column : m_columns) {
            column.attribute->setData(process, found ? column.value(*found) : QVariant());
        }
    }
}

#include "moc_columns.cpp"
