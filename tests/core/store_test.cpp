// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/store_scene.hpp"
#include "core/time_zone.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

constexpr seconds noon = noon_of_june_1;

} // namespace

class StoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> directory_;
    StoreOptions options_;
    const TimeZone zone_{"UTC"};

private slots:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        options_ = {};
        options_.path = directory_->filePath("history.db").toStdString();
    }

    void whatWasAppendedIsAnsweredBeforeAndAfterTheFlush() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("exe:/usr/bin/curl", 100, 20), part("kernel", 7, 0)}));
        const auto expected = [&] {
            const Usage usage = ask(*store, question(noon - 1h, noon + 1h, UsageGroup::App));
            QCOMPARE(usage.rows.size(), 2u);
            QCOMPARE(usage.rows[0].app, "exe:/usr/bin/curl");
            QCOMPARE(usage.rows[0].name, "Name of exe:/usr/bin/curl");
            QCOMPARE(usage.rows[0].icon, "icon-exe:/usr/bin/curl");
            QVERIFY(usage.rows[0].interface.empty());
            QCOMPARE(usage.rows[0].rx_bytes, 100);
            QCOMPARE(usage.rows[0].tx_bytes, 20);
            QCOMPARE(usage.rows[1].app, "kernel");
            QCOMPARE(usage.rx_bytes, 107);
            QCOMPARE(usage.tx_bytes, 20);
            QVERIFY((usage.window == TimeWindow{noon - 1h, noon + 1h}));
            QVERIFY((usage.rows[0].window == usage.window));
            QCOMPARE(usage.step, 0s);
        };
        expected();
        QVERIFY(store->flush(noon));
        expected();
        store = nullptr;
        store = open_store(options_);
        expected();
    }

    void waitingAndWrittenAmountsAddUp() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 1, 2)}));
        QVERIFY(store->flush(noon));
        store->append(increment(noon + 1s, {part("a", 10, 20), part("b", -1, 0)}));
        const Usage usage = ask(*store, question(noon, noon + 1h, UsageGroup::App));
        QCOMPARE(usage.rows.size(), 2u);
        QCOMPARE(usage.rows[0].rx_bytes, 11);
        QCOMPARE(usage.rows[0].tx_bytes, 22);
        QCOMPARE(usage.rows[1].rx_bytes, -1);
        QCOMPARE(usage.rx_bytes, 10);
    }

    void theTimeBeforeTheClockWasSetIsBookedWhenItIs() {
        auto store = open_store(options_);
        Increment boot = increment(5s, {part("a", 3, 4)});
        boot.checkpoints = {checkpoint(3, 4, 5s)};
        boot.gaps = {{{2s, 5s}, "eth0", 1, 1}};
        store->append(boot);
        QVERIFY(store->flush(6s));
        QCOMPARE(ask(*store, question(0s, noon + 1h)).rx_bytes, 0);
        Increment set = increment(noon, {part("a", 10, 0)});
        set.checkpoints = {checkpoint(13, 4)};
        store->append(set);
        QVERIFY(store->flush(noon));
        const Usage usage = ask(*store, question(noon, noon + 1s));
        QCOMPARE(usage.rx_bytes, 13);
        QCOMPARE(usage.tx_bytes, 4);
        QCOMPARE(ask(*store, question(noon - 1h, noon + 1s)).gaps.size(), 1u);
        store = nullptr;
        store = open_store(options_);
        QCOMPARE(store->checkpoints().size(), 1u);
        QCOMPARE(ask(*store, question(noon, noon + 1min)).rx_bytes, 13);
    }

    void checkpointsAreThoseOfTheLastFlush() {
        auto store = open_store(options_);
        QVERIFY(store->checkpoints().empty());
        Increment made = increment(noon, {part("a", 5, 5)});
        Checkpoint other = checkpoint(std::uint64_t(INT64_MAX) + 7, 9);
        other.interface = "wlan0";
        other.rx_unbooked = -4;
        other.tx_unbooked = 5;
        made.checkpoints = {checkpoint(5, 5), other};
        store->append(made);
        QVERIFY(store->flush(noon));
        store = nullptr;
        store = open_store(options_);
        QVERIFY((store->checkpoints() == std::vector<Checkpoint>{checkpoint(5, 5), other}));
        // an interface that went takes its checkpoint along
        made = increment(noon + 1s, {});
        made.checkpoints = {checkpoint(6, 6)};
        store->append(made);
        QVERIFY(store->flush(noon + 1s));
        store = nullptr;
        QVERIFY((open_store(options_)->checkpoints() == std::vector<Checkpoint>{checkpoint(6, 6)}));
    }

    void nothingNewIsNotWritten() {
        auto store = open_store(options_);
        Increment made = increment(noon, {part("a", 5, 5)});
        made.checkpoints = {checkpoint(5, 5)};
        store->append(made);
        QVERIFY(store->flush(noon));
        const auto wal = [&] { return QFileInfo(QString::fromStdString(options_.path + "-wal")).size(); };
        const qint64 size = wal();
        QVERIFY(size > 0);
        for (int second = 1; second < 30; ++second) {
            made = increment(noon + seconds(second), {part("a", 0, 0)});
            made.checkpoints = {checkpoint(5, 5, noon + seconds(second))};
            store->append(made);
            QVERIFY(store->flush(noon + seconds(second)));
        }
        QCOMPARE(wal(), size);
        made.checkpoints = {checkpoint(6, 5, noon + 31s)};
        store->append(made);
        QVERIFY(store->flush(noon + 31s));
        QVERIFY(wal() > size);
    }

    void gapsAreTold() {
        auto store = open_store(options_);
        Increment made = increment(
            noon, {part("unattributed", 5, 5), part("unattributed", 1, 2), part("unattributed", 7, 7)});
        made.parts[1].interface = {"wlan0", true};
        made.parts[2].interface = {"eth1", false};
        made.gaps = {{{noon - 2h, noon}, "eth0", 5, 5},
                     {{noon - 1h, noon}, "wlan0", 1, 2},
                     {{noon - 1h, noon}, "eth1", 7, 7}};
        std::vector<UsageGap> told(made.gaps.begin(), made.gaps.begin() + 2);
        store->append(made);
        for (const bool flushed : {false, true}) {
            const Usage usage = ask(*store, question(noon - 1h, noon + 1h));
            QCOMPARE(usage.gaps.size(), 2u);
            QVERIFY(usage.gaps == told);
            UsageQuery one = question(noon - 1h, noon + 1h);
            one.interface = "wlan0";
            QCOMPARE(ask(*store, one).gaps.size(), 1u);
            // A port of a bridge has the bytes of the bridge: without being asked for, it is not told
            one.interface = "eth1";
            QCOMPARE(ask(*store, one).gaps.size(), 1u);
            QVERIFY(ask(*store, question(noon - 3h, noon - 1h)).gaps.empty());
            if (!flushed)
                QVERIFY(store->flush(noon));
        }
    }

    void renamedAppsHaveTheirNewName() {
        auto store = open_store(options_);
        store->append(increment(noon, {part("a", 5, 5)}));
        QVERIFY(store->flush(noon));
        UsagePart renamed = part("a", 1, 1);
        renamed.name = "Füchslein \xF0\x9F\xA6\x8A'; DROP TABLE app; --";
        renamed.icon = "";
        store->append(increment(noon + 1s, {renamed}));
        QVERIFY(store->flush(noon + 1s));
        store = nullptr;
        store = open_store(options_);
        const Usage usage = ask(*store, question(noon, noon + 1h, UsageGroup::App));
        QCOMPARE(usage.rows[0].name, renamed.name);
        QCOMPARE(usage.rows[0].icon, "icon-a"); // what is not known now was known before
    }

    void settingsRulesAndAlertsSurvive() {
        auto store = open_store(options_);
        QVERIFY(!store->setting("interfaces"));
        QVERIFY(store->set_setting("interfaces", "eth0\nwl*"));
        Rule rule;
        rule.id = "month";
        rule.text = "much";
        rule.subject = Rule::Subject::Interface;
        rule.target = "eth0";
        rule.direction = Rule::Direction::Tx;
        rule.measure = Rule::Measure::Cycle;
        rule.threshold = UINT64_MAX;
        rule.cycle_day = 17;
        rule.enabled = false;
        QVERIFY(store->set_rule(rule));
        Rule other = rule;
        other.id = "a rate";
        other.measure = Rule::Measure::Rate;
        QVERIFY(store->set_rule(other));
        Alert alert;
        alert.number = 3;
        alert.rule = "month";
        alert.kind = Rule::Subject::App;
        alert.subject = "exe:/x";
        alert.raised = noon;
        alert.value = 12;
        QVERIFY(store->put_alert(alert));
        Alert old = alert;
        old.number = 2;
        old.raised = noon - 1h;
        old.active = false;
        old.cleared = noon - 30min;
        QVERIFY(store->put_alert(old));
        store = nullptr;
        store = open_store(options_);
        QVERIFY(store->setting("interfaces") == "eth0\nwl*");
        QVERIFY((*store->rules() == std::vector<Rule>{other, rule}));
        QVERIFY(store->remove_rule("a rate"));
        QCOMPARE(store->remove_rule("a rate").error().code, ENOENT);
        QVERIFY((*store->alerts(noon - 2h) == std::vector<Alert>{old, alert}));
        QVERIFY((*store->alerts(noon + 2h) == std::vector<Alert>{alert}));
        alert.active = false;
        alert.cleared = noon + 1s;
        QVERIFY(store->put_alert(alert));
        QVERIFY(store->alerts(noon + 2h)->empty());
    }

    void theStatusSaysWhereAndSinceWhen() {
        auto store = open_store(options_);
        QVERIFY(store->status().recording);
        QVERIFY(!store->status().oldest);
        store->append(increment(noon + 61s, {part("a", 1, 1)}));
        QVERIFY(store->flush(noon + 61s));
        const HistoryStatus status = store->status();
        QVERIFY(status.oldest == noon + 1min);
        QCOMPARE(status.path, options_.path);
        QVERIFY(status.size_bytes > 4096);
        QCOMPARE(status.waiting, 0u);
    }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
