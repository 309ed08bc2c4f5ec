// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sensors.h"
#include "support/sample_snapshot.hpp"

#include <systemstats/SensorContainer.h>
#include <systemstats/SensorObject.h>
#include <systemstats/SensorProperty.h>

#include <QSignalSpy>
#include <QTest>

#include <mutex>

using namespace sockledger;
using namespace KSysGuard;
using namespace Qt::StringLiterals;

namespace {

std::mutex mutex;
Snapshot next;

/// Gives what the test has put there.
class NextFeed : public Feed {
public:
    Result<SnapshotPtr> sample() override {
        const std::lock_guard lock(mutex);
        return SnapshotPtr(std::make_shared<const Snapshot>(next));
    }
    SnapshotPtr latest() const override { return {}; }
    int wake_fd() const override { return -1; }
};

void put(const Snapshot& snapshot) {
    const std::lock_guard lock(mutex);
    next = snapshot;
}

} // namespace

/// What ksystemstats gets: objects that come and go, values with units.
class SensorsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<SockledgerSensors> sensors_;

    SensorObject* object(const char* container, const char* id) const {
        return sensors_->container(QString::fromLatin1(container))->object(QString::fromLatin1(id));
    }
    QVariant value(const char* container, const char* id, const char* property) const {
        SensorObject* const found = object(container, id);
        return found ? found->sensor(QString::fromLatin1(property))->value() : QVariant();
    }

private slots:
    void init() {
        SharedFeed::setOpen([](const FeedKey&) -> Result<std::unique_ptr<Feed>> {
            return std::unique_ptr<Feed>(std::make_unique<NextFeed>());
        });
        put(sample::snapshot());
        sensors_ = std::make_unique<SockledgerSensors>(nullptr, QVariantList());
        QTRY_VERIFY_WITH_TIMEOUT(object("sockledger", "kernel"), 20'000);
    }
    void cleanup() { sensors_.reset(); }

    void applicationsHaveRatesAndTotals() {
        const char* const firefox = "desktop%3Aorg.mozilla.firefox";
        QCOMPARE(value("sockledger", firefox, "download").toDouble(), 12'000'000.0);
        QCOMPARE(value("sockledger", firefox, "upload").toDouble(), 300'000.0);
        QCOMPARE(value("sockledger", firefox, "totalDownload").toDouble(), 1'000'000'000.0);
        QCOMPARE(object("sockledger", firefox)->name(), u"Firefox"_s);
        QCOMPARE(object("sockledger", firefox)->sensor(u"download"_s)->info().unit, UnitByteRate);
    }

    void theMachineIsTheSumOfItsInterfaces() {
        QCOMPARE(value("sockledger", "all", "download").toDouble(), 12'400'000.0);
    }

    void interfacesAreThoseOfTheDevices() {
        QCOMPARE(value("sockledger-interfaces", "eth0", "upload").toDouble(), 310'000.0);
    }

    void aRateThatIsNotKnownIsNoZero() {
        QVERIFY(!value("sockledger-interfaces", "wg0", "download").isValid());
    }

    void whoHasMovedNothingIsNotListed() { QVERIFY(!object("sockledger", "unit%3Aidle.service")); }

    void applicationsComeAndGo() {
        QSignalSpy removed(sensors_->container(u"sockledger"_s), &SensorContainer::objectRemoved);
        Snapshot changed = sample::snapshot();
        std::erase_if(changed.apps, [](const App& app) { return app.id == "exe:/usr/bin/curl"; });
        changed.apps.back().traffic.rx_bytes = 1;
        put(changed);
        QTRY_COMPARE_WITH_TIMEOUT(removed.count(), 1, 20'000); // the second sample follows soon
        QVERIFY(!object("sockledger", "exe%3A%2Fusr%2Fbin%2Fcurl"));
    }

    void whatIsWatchedStays() {
        SensorObject* const curl = object("sockledger", "exe%3A%2Fusr%2Fbin%2Fcurl");
        curl->sensor(u"download"_s)->subscribe();
        QVERIFY(curl->isSubscribed());
        Snapshot changed = sample::snapshot();
        changed.apps.clear();
        QSignalSpy removed(sensors_->container(u"sockledger"_s), &SensorContainer::objectRemoved);
        put(changed);
        QTRY_VERIFY_WITH_TIMEOUT(removed.count() > 2, 20'000);
        QCOMPARE(object("sockledger", "exe%3A%2Fusr%2Fbin%2Fcurl"), curl);
    }

    void itIsReadOftenOnlyWhileSomebodyWatches() {
        sensors_->update(); // nobody: once a minute from now on
        object("sockledger", "kernel")->sensor(u"download"_s)->subscribe();
        Snapshot changed = sample::snapshot();
        changed.total.rx_rate = 5;
        QTRY_COMPARE_WITH_TIMEOUT(value("sockledger", "all", "download").toDouble(), 12'400'000.0, 20'000);
        put(changed);
        sensors_->update();
        QTRY_COMPARE_WITH_TIMEOUT(value("sockledger", "all", "download").toDouble(), 5.0, 20'000);
    }
};

QTEST_GUILESS_MAIN(SensorsTest)
#include "sensors_test.moc"
