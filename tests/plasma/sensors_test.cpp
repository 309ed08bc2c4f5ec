// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "fake_feed.h"
#include "sensors.h"
#include "support/machine.hpp"

#include <QSignalSpy>
#include <QTest>

using namespace sockledger;
using namespace sockledger::testing;
using namespace Qt::StringLiterals;

/// What ksystemstats is offered, and when it is read.
class SensorsTest : public QObject {
    Q_OBJECT

    static constexpr char curl[] = "exe:/usr/bin/curl";

    Machine machine_;
    std::unique_ptr<FakeFeed> feed_;
    std::unique_ptr<Sensors> sensors_;

    KSysGuard::SensorContainer* container(const QString& id) const {
        const auto all = sensors_->containers();
        const auto found = std::ranges::find(all, id, &KSysGuard::SensorContainer::id);
        return found == all.end() ? nullptr : *found;
    }
    KSysGuard::SensorObject* object(const QString& from, const QString& id) const {
        return container(from)->object(id);
    }
    KSysGuard::SensorProperty* sensor(const QString& from, const QString& id, const QString& name) const {
        KSysGuard::SensorObject* const found = object(from, id);
        return found ? found->sensor(name) : nullptr;
    }

private slots:
    void init() {
        machine_ = {};
        Interface eth;
        eth.id = {machine_.now().netns, 2};
        eth.name = "eth0";
        eth.total.accuracy = Accuracy::Exact;
        eth.total.rx_rate = 1000;
        eth.apps.rx_rate = 700;
        eth.unattributed.rx_rate = 300;
        machine_.now().interfaces = {eth};
        machine_.app("unit:sshd.service", "sshd").connections.total = 1;
        feed_ = std::make_unique<FakeFeed>(machine_.tick());
        sensors_ = std::make_unique<Sensors>(nullptr, feed_->key());
        QTRY_VERIFY(object(u"sockledger"_s, u"unit:sshd.service"_s));
    }
    void cleanup() {
        sensors_.reset();
        QTRY_VERIFY(!feed_->open());
        feed_.reset();
    }

    void whatThereIsIsListedAndThenNothingIsRead() {
        QVERIFY(object(u"sockledger-interfaces"_s, u"eth0"_s));
        QVERIFY(object(u"sockledger-interfaces"_s, u"all"_s));
        QTRY_VERIFY(!feed_->open());
    }

    void whoSubscribesGetsNumbers() {
        machine_.app("unit:sshd.service").traffic.rx_rate = 2000;
        machine_.app("unit:sshd.service").connections.tcp = 5;
        feed_->set(machine_.tick());
        auto* const download = sensor(u"sockledger"_s, u"unit:sshd.service"_s, u"download"_s);
        auto* const tcp = sensor(u"sockledger"_s, u"unit:sshd.service"_s, u"tcp"_s);
        download->subscribe();
        tcp->subscribe();
        QTRY_COMPARE(download->value().toDouble(), 2000.0);
        QCOMPARE(tcp->value().toUInt(), 5u);
        QCOMPARE(download->info().unit, KSysGuard::UnitByteRate);
        auto* const accuracy = sensor(u"sockledger"_s, u"unit:sshd.service"_s, u"accuracy"_s);
        accuracy->subscribe();
        QTRY_COMPARE(accuracy->value().toString(), u"exact"_s);
        accuracy->unsubscribe();
        QVERIFY(feed_->open());
        download->unsubscribe();
        tcp->unsubscribe();
        QTRY_VERIFY(!feed_->open());
    }

    void theBooksOfAnInterfaceAreSensors() {
        for (const auto& [name, value] :
             {std::pair(u"download"_s, 1000.0), std::pair(u"downloadApplications"_s, 700.0),
              std::pair(u"downloadUnattributed"_s, 300.0)}) {
            auto* const found = sensor(u"sockledger-interfaces"_s, u"eth0"_s, name);
            QVERIFY(found);
            found->subscribe();
            QTRY_COMPARE(found->value().toDouble(), value);
        }
        auto* const kernel = sensor(u"sockledger-interfaces"_s, u"eth0"_s, u"downloadKernel"_s);
        kernel->subscribe();
        QVERIFY(!kernel->value().isValid()); // not known, which is not zero
    }

    void anApplicationThatComesIsOfferedWhileSomebodyIsSubscribed() {
        sensor(u"sockledger-interfaces"_s, u"all"_s, u"download"_s)->subscribe();
        QSignalSpy added(container(u"sockledger"_s), &KSysGuard::SensorContainer::objectAdded);
        machine_.moves(curl, 5000);
        feed_->set(machine_.tick());
        QTRY_COMPARE_WITH_TIMEOUT(added.count(), 1, 20'000);
        auto* const made =
            object(u"sockledger"_s, u"exe:%2Fusr%2Fbin%2Fcurl"_s); // a path has its own slashes
        QVERIFY(made);
        QCOMPARE(made->name(), u"curl"_s);
    }

    void whoIsSubscribedToKeepsItsPlace() {
        auto* const download = sensor(u"sockledger-interfaces"_s, u"eth0"_s, u"download"_s);
        download->subscribe();
        QTRY_COMPARE(download->value().toDouble(), 1000.0);
        machine_.now().interfaces.clear(); // unplugged
        feed_->set(machine_.tick());
        QTRY_VERIFY_WITH_TIMEOUT(!download->value().isValid(), 20'000);
        QVERIFY(object(u"sockledger-interfaces"_s, u"eth0"_s));
    }
};

QTEST_GUILESS_MAIN(SensorsTest)
#include "sensors_test.moc"
