// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "appmodel.h"
#include "connectionmodel.h"
#include "format.h"
#include "interfacemodel.h"
#include "plasma/ledger_fixture.hpp"
#include "processmodel.h"

#include <QAbstractItemModelTester>

#include <atomic>
#include <cmath>
#include <random>

#include <unistd.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

namespace {

/// Knows one name, once a test says so.
class FakeHosts : public HostNames {
public:
    FakeHosts() {
        if (pipe(pipe_) != 0)
            qFatal("pipe");
    }
    ~FakeHosts() override {
        close(pipe_[0]);
        close(pipe_[1]);
    }
    FakeHosts(const FakeHosts&) = delete;
    FakeHosts& operator=(const FakeHosts&) = delete;

    void answer(const std::string& name) {
        arriving_ = name;
        if (write(pipe_[1], "x", 1) != 1)
            qFatal("write");
    }
    std::string name(const Endpoint&) override {
        ++asked;
        return known_;
    }
    void process() override {
        char byte;
        if (read(pipe_[0], &byte, 1) == 1)
            known_ = arriving_;
    }
    int wake_fd() const override { return pipe_[0]; }
    std::size_t in_flight() const override { return 0; }

    int asked = 0;

private:
    int pipe_[2];
    std::string arriving_;
    std::string known_;
};

} // namespace

/// The tables of the QML module: rows that stay, and what is in them.
class ModelsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<LedgerFixture> fixture_;
    Ledger* ledger_ = nullptr;

    void show(const Snapshot& snapshot) { fixture_->show(snapshot); }

private slots:
    void init() {
        fixture_ = std::make_unique<LedgerFixture>();
        ledger_ = fixture_->ledger();
    }
    void cleanup() { fixture_.reset(); }

    void theLedgerSaysWhatTheMachineMoves() {
        show(sample::snapshot());
        QCOMPARE(ledger_->state(), Ledger::Live);
        QCOMPARE(ledger_->rxRate(), 12'400'000.0);
        QCOMPARE(ledger_->txRate(), 310'000.0);
        QCOMPARE(ledger_->accuracy(), Ledger::Exact);
        QCOMPARE(ledger_->missing(), QString());
        QCOMPARE(ledger_->knownInterfaces(), (QStringList{u"eth0"_s, u"lo"_s, u"wg0"_s}));
    }

    void nothingIsReadForALedgerThatNobodyLooksAt() {
        std::atomic<int> opened = 0;
        SharedFeed::setOpen([&](const FeedKey&) -> Result<std::unique_ptr<Feed>> {
            ++opened;
            return std::unique_ptr<Feed>(std::make_unique<ScriptedFeed>());
        });
        Ledger ledger;
        ledger.setActive(false);
        ledger.setRecording(u"of nobody"_s);
        QCoreApplication::processEvents();
        show(sample::snapshot()); // what was asked for before that has had its turn
        QCOMPARE(opened.load(), 1);
    }

    void theTotalIsOfTheChosenInterfaces() {
        show(sample::snapshot());
        ledger_->setInterfaces({u"lo"_s, u"absent0"_s});
        QCOMPARE(ledger_->rxRate(), 2000.0);
        ledger_->setInterfaces({u"absent0"_s});
        QVERIFY(std::isnan(ledger_->rxRate()));
    }

    void withoutPrivilegeItSaysWhatIsMissing() {
        show(sample::unprivileged());
        QCOMPARE(ledger_->accuracy(), Ledger::Partial);
        QVERIFY(ledger_->missing().contains(u"CAP_BPF"_s));
    }

    void aBriefRateHasThreeDigitsAtMost() {
        QCOMPARE(Format::briefRate(0), u"0"_s);
        QCOMPARE(Format::briefRate(999.4), u"999"_s);
        QCOMPARE(Format::briefRate(999.6), u"1.0k"_s);
        QCOMPARE(Format::briefRate(9.96e6), u"10M"_s);
        QCOMPARE(Format::briefRate(888.8e6), u"889M"_s);
        QCOMPARE(Format::briefRate(1'000'000, true), u"8.0M"_s);
        QCOMPARE(Format::briefRate(std::nan("")), u"–"_s);
    }

    void theBusiestComeFirst() {
        show(sample::snapshot());
        const QStringList busiest = ledger_->busiest(2);
        QCOMPARE(busiest.size(), 2);
        QVERIFY2(busiest[0].startsWith(u"Firefox"_s), qPrintable(busiest[0]));
        QVERIFY2(busiest[1].startsWith(u"sshd"_s), qPrintable(busiest[1]));
    }

    void applicationsHaveNamesAndNumbers() {
        AppModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(ledger_);
        show(sample::snapshot());
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"rx"_s), u"12.0 MB/s"_s);
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"connections"_s), u"5"_s);
        QCOMPARE(text(model, u"kernel"_s, u"name"_s), u"Kernel"_s);
        QCOMPARE(text(model, u"unit:idle.service"_s, u"name"_s), u"no such row"_s);
        model.setIdle(true);
        QCOMPARE(text(model, u"unit:idle.service"_s, u"name"_s), u"idle"_s);
        model.setBits(true);
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"rx"_s), u"96.0 Mbit/s"_s);
    }

    void lowerBoundsAreMarked() {
        AppModel model;
        model.setLedger(ledger_);
        show(sample::unprivileged());
        QCOMPARE(text(model, u"desktop:org.mozilla.firefox"_s, u"rx"_s), u"≥ 12.0 MB/s"_s);
    }

    void interfacesShowTheirBooks() {
        InterfaceModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(ledger_);
        show(sample::snapshot());
        QCOMPARE(text(model, u"1000:2"_s, u"apps"_s), u"12.7 MB/s"_s);
        QCOMPARE(text(model, u"1000:2"_s, u"addresses"_s), u"192.0.2.10, 2001:db8::10"_s);
        QCOMPARE(text(model, u"1000:3"_s, u"rx"_s), u"–"_s);
        QCOMPARE(text(model, u"1000:3"_s, u"state"_s), u"down"_s);
    }

    void interfacesOfOthersSayWhereTheyAre() {
        InterfaceModel model;
        model.setLedger(ledger_);
        Snapshot snapshot = sample::snapshot();
        Interface other = snapshot.interfaces[1];
        other.id.netns = 2000;
        snapshot.interfaces.push_back(other);
        other.id.netns = 3000;
        other.netns_name = "web";
        snapshot.interfaces.push_back(other);
        show(snapshot);
        QCOMPARE(text(model, u"1000:2"_s, u"name"_s), u"eth0"_s);
        QCOMPARE(text(model, u"2000:2"_s, u"name"_s), u"eth0 (elsewhere)"_s);
        QCOMPARE(text(model, u"3000:2"_s, u"name"_s), u"eth0 in web"_s);
    }

    void unknownBooksAreNotZero() {
        InterfaceModel model;
        model.setLedger(ledger_);
        show(sample::unprivileged());
        QCOMPARE(text(model, u"1000:2"_s, u"unattributed"_s), u"–"_s);
    }

    void processesAreCounted() {
        ProcessModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(ledger_);
        show(sample::snapshot());
        QCOMPARE(text(model, u"812:900"_s, u"listen"_s), u"1"_s);
        QCOMPARE(text(model, u"2001:5000"_s, u"established"_s), u"1"_s);
        QCOMPARE(text(model, u"3100:9000"_s, u"name"_s), u"no such row"_s); // has ended
        model.setApp(u"unit:sshd.service"_s);
        QCOMPARE(keys(model), QStringList{u"812:900"_s});
    }

    void connectionsAreOfAProcess() {
        ConnectionModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(ledger_);
        show(sample::snapshot());
        QCOMPARE(model.rowCount(), 5);
        QCOMPARE(text(model, u"1000:11"_s, u"process"_s), u"firefox"_s);
        QCOMPARE(text(model, u"1000:11"_s, u"remote"_s), u"198.51.100.7"_s);
        QCOMPARE(text(model, u"1000:11"_s, u"port"_s), u"443"_s);
        QCOMPARE(text(model, u"1000:11"_s, u"service"_s), u"https"_s);
        QCOMPARE(text(model, u"1000:13"_s, u"port"_s), u"22"_s);
        model.setPid(812);
        QCOMPARE(keys(model), (QStringList{u"1000:13"_s, u"1000:14"_s}));
    }

    void connectionsAreOfAnInterface() {
        ConnectionModel model;
        model.setLedger(ledger_);
        show(sample::snapshot());
        model.setInterface(u"1000:2"_s);
        QCOMPARE(keys(model), (QStringList{u"1000:11"_s, u"1000:12"_s, u"1000:15"_s}));
        model.setApp(u"desktop:org.mozilla.firefox"_s);
        QCOMPARE(keys(model), (QStringList{u"1000:11"_s, u"1000:12"_s}));
    }

    void remotesHaveTheirNamesWhenTheyAreWanted() {
        auto made = std::make_unique<FakeHosts>();
        FakeHosts& hosts = *made;
        ConnectionModel model;
        const QAbstractItemModelTester tester(&model);
        model.setHosts(std::move(made));
        model.setLedger(ledger_);
        show(sample::snapshot());
        QCOMPARE(text(model, u"1000:11"_s, u"remote"_s), u"198.51.100.7"_s);
        QCOMPARE(hosts.asked, 0);
        model.setNames(true);
        QCOMPARE(text(model, u"1000:11"_s, u"remote"_s), u"198.51.100.7"_s); // not known yet
        QVERIFY(hosts.asked > 0);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        hosts.answer("www.example.org");
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(text(model, u"1000:11"_s, u"remote"_s), u"www.example.org"_s);
        QCOMPARE(text(model, u"1000:12"_s, u"remote"_s), u"*"_s);
        model.setNames(false);
        QCOMPARE(text(model, u"1000:11"_s, u"remote"_s), u"198.51.100.7"_s);
    }

    void aRowStaysWhereItIs() {
        ConnectionModel model;
        const QAbstractItemModelTester tester(&model);
        model.setLedger(ledger_);
        Snapshot first = sample::snapshot();
        std::erase_if(first.connections, [](const Connection& c) { return c.id.cookie == 12; });
        show(first);
        const QPersistentModelIndex row = model.index(1, 0);
        QCOMPARE(row.data(LedgerModel::KeyRole).toString(), u"1000:13"_s);

        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        Snapshot second = sample::snapshot();
        second.connections.erase(second.connections.begin());
        second.connections[1].traffic.rx_rate = 77;
        show(second);
        QCOMPARE(keys(model), (QStringList{u"1000:13"_s, u"1000:14"_s, u"1000:15"_s, u"1000:12"_s}));
        QVERIFY(row.isValid());
        QCOMPARE(row.data(LedgerModel::KeyRole).toString(), u"1000:13"_s);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 0);
        QCOMPARE(changed[0][1].toModelIndex().row(), 0);
    }

    void anyChangeOfTheMachineKeepsTheModelsInOrder() {
        AppModel apps;
        ProcessModel processes;
        ConnectionModel connections;
        InterfaceModel interfaces;
        std::vector<std::unique_ptr<QAbstractItemModelTester>> testers;
        for (LedgerModel* model :
             {static_cast<LedgerModel*>(&apps), static_cast<LedgerModel*>(&processes),
              static_cast<LedgerModel*>(&connections), static_cast<LedgerModel*>(&interfaces)}) {
            testers.push_back(std::make_unique<QAbstractItemModelTester>(model));
            model->setLedger(ledger_);
        }
        apps.setIdle(true);
        std::mt19937 random(1);
        for (int round = 0; round < 100; ++round) {
            Snapshot next = sample::snapshot();
            const auto dropped = [&](auto&) { return random() % 3 == 0; };
            std::erase_if(next.connections, dropped);
            std::erase_if(next.apps, dropped);
            std::erase_if(next.processes, dropped);
            std::erase_if(next.interfaces, dropped);
            show(next);
            QCOMPARE(apps.rowCount(), int(next.apps.size()));
            QCOMPARE(connections.rowCount(), int(next.connections.size()));
            QCOMPARE(interfaces.rowCount(), int(next.interfaces.size()));
        }
    }

    void thousandsOfConnectionsAreTakenOverInPlace() {
        Snapshot crowd = sample::snapshot();
        const Connection one = crowd.connections[0];
        crowd.connections.clear();
        for (std::uint64_t cookie = 0; cookie < 5000; ++cookie) {
            crowd.connections.push_back(one);
            crowd.connections.back().id.cookie = cookie;
        }
        ConnectionModel model;
        model.setLedger(ledger_);
        show(crowd);
        QCOMPARE(model.rowCount(), 5000);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        // Every second one moves, ten come, ten go
        for (std::size_t row = 0; row < 5000; row += 2)
            crowd.connections[row].traffic.rx_rate = 99;
        crowd.connections.erase(crowd.connections.begin(), crowd.connections.begin() + 10);
        for (std::uint64_t cookie = 5000; cookie < 5010; ++cookie) {
            crowd.connections.push_back(one);
            crowd.connections.back().id.cookie = cookie;
        }
        show(crowd);
        QCOMPARE(model.rowCount(), 5000);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(changed.count(), 2495);
    }

    void pausedNothingMoves() {
        show(sample::snapshot());
        ledger_->setPaused(true);
        ledger_->setActive(true);
        {
            const std::lock_guard lock(ScriptedFeed::mutex);
            ScriptedFeed::script = {sample::unprivileged()};
        }
        Ledger other; // of the same feed
        QSignalSpy sampled(&other, &Ledger::sampled);
        other.setRecording(fixture_->recording());
        QTRY_VERIFY(other.accuracy() == Ledger::Partial);
        QCOMPARE(ledger_->accuracy(), Ledger::Exact);
    }
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "models_test.moc"
