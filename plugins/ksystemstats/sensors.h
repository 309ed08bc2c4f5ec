// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "sensorobject.h"
#include "sharedfeed.h"

#include <sockledger/shown_apps.hpp>

#include <systemstats/SensorPlugin.h>

#include <map>

/**
 * Applications, interfaces and the machine as sensors for System Monitor and its widgets. All sensors of the
 * desktop share a process and a thread, so nothing here waits; and while nobody is subscribed nothing is
 * read. What there is to subscribe to is asked once at the start, and again while anybody is subscribed.
 */
class Sensors : public KSysGuard::SensorPlugin
{
    Q_OBJECT
public:
    explicit Sensors(QObject *parent, const QVariantList &args = {});
    /** With a feed of its own choice; for tests. */
    Sensors(QObject *parent, const FeedKey &key);
    ~Sensors() override;

    QString providerName() const override;

private:
    using AppSensors = RowSensors<sockledger::App>;
    using InterfaceSensors = RowSensors<sockledger::Interface>;
    using MachineSensors = RowSensors<sockledger::Snapshot>;

    void take(const sockledger::SnapshotPtr &snapshot);
    void takeApps(const sockledger::Snapshot &snapshot);
    void takeInterfaces(const sockledger::Snapshot &snapshot);
    void watch(KSysGuard::SensorObject *object);
    void follow();

    KSysGuard::SensorContainer *const m_appContainer;
    KSysGuard::SensorContainer *const m_interfaceContainer;
    MachineSensors m_machine;
    std::map<sockledger::AppId, AppSensors> m_apps;
    std::map<std::string, InterfaceSensors> m_interfaces;
    sockledger::ShownApps m_shown;
    std::shared_ptr<SharedFeed> m_feed;
    bool m_listed = false;
};
