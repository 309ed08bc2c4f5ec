// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/carried_totals.hpp"
#include "service/lasting_feed.hpp"

#include <QTest>

#include <algorithm>
#include <optional>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

/// A source of the test: what its next sample shows.
struct Counting {
    std::optional<Snapshot> next;

    explicit Counting(std::chrono::nanoseconds since) {
        next.emplace();
        next->since = since;
    }
    App& app(const std::string& id) {
        for (App& known : next->apps) {
            if (known.id == id)
                return known;
        }
        App& made = next->apps.emplace_back();
        made.id = id;
        made.traffic.accuracy = made.loopback.accuracy = Accuracy::Exact;
        return made;
    }
};

class CountingFeed : public Feed {
public:
    explicit CountingFeed(Counting*& source) : source_(source) {}
    Result<SnapshotPtr> sample() override {
        if (!source_)
            return Error{"nobody answers", 111};
        return SnapshotPtr(std::make_shared<Snapshot>(*source_->next));
    }
    SnapshotPtr latest() const override { return {}; }
    int wake_fd() const override { return -1; }

private:
    Counting*& source_;
};

} // namespace

class LastingFeedTest : public QObject {
    Q_OBJECT

    Counting* daemon_ = nullptr;
    Counting* local_ = nullptr;
    std::chrono::steady_clock::time_point now_{};

    static LastingFeed::Open opener(Counting*& source) {
        return [&source]() -> Result<std::unique_ptr<Feed>> {
            if (!source)
                return Error{"nobody answers", 111};
            return std::unique_ptr<Feed>(std::make_unique<CountingFeed>(source));
        };
    }
    LastingFeed feed() {
        return LastingFeed(opener(daemon_), opener(local_), [this] { return now_; });
    }
    static std::uint64_t received(const Result<SnapshotPtr>& snapshot, const char* app) {
        return (*snapshot)->app(app)->traffic.rx_bytes;
    }

private slots:
    void init() { daemon_ = local_ = nullptr; }

    void totalsAreThoseOfTheFirstSource() {
        Counting daemon(1s);
        daemon_ = &daemon;
        daemon.app("curl").traffic.rx_bytes = 1000;
        LastingFeed lasting = feed();
        QCOMPARE(received(lasting.sample(), "curl"), 1000u);
        daemon.app("curl").traffic.rx_bytes = 1500;
        QCOMPARE(received(lasting.sample(), "curl"), 1500u);
    }

    void aDaemonThatRestartsGoesOnFromThere() {
        Counting before(1s), after(60s);
        daemon_ = &before;
        before.app("curl").traffic.rx_bytes = 1000;
        LastingFeed lasting = feed();
        QVERIFY(lasting.sample());
        daemon_ = &after;
        after.app("curl").traffic.rx_bytes = 7;
        QCOMPARE(received(lasting.sample(), "curl"), 1000u);
        after.app("curl").traffic.rx_bytes = 17;
        QCOMPARE(received(lasting.sample(), "curl"), 1010u);
    }

    void anApplicationThatItsEngineHadForgottenGoesOnFromThere() {
        Counting daemon(1s);
        daemon_ = &daemon;
        daemon.app("curl").traffic.rx_bytes = 1000;
        LastingFeed lasting = feed();
        QCOMPARE(received(lasting.sample(), "curl"), 1000u);
        daemon.next->apps.clear();
        QVERIFY(lasting.sample());
        daemon.app("curl").traffic.rx_bytes = 7;
        QCOMPARE(received(lasting.sample(), "curl"), 1007u);
        daemon.app("curl").traffic.rx_bytes = 17;
        QCOMPARE(received(lasting.sample(), "curl"), 1017u);
    }

    void interfacesThatAreGoneDoNotPileUp() {
        CarriedTotals totals;
        std::size_t most = 0;
        Snapshot snapshot;
        App& app = snapshot.apps.emplace_back();
        app.id = "curl";
        app.traffic.accuracy = Accuracy::Exact;
        for (std::uint32_t ifindex = 2; ifindex < 12'000; ++ifindex) {
            Interface interface;
            interface.id = {1, ifindex};
            interface.total = interface.apps = interface.kernel = interface.unattributed = app.traffic;
            snapshot.interfaces = {interface};
            app.by_interface = {{interface.id, app.traffic}};
            app.traffic.rx_bytes += 10;
            totals.carry(snapshot);
            most = std::max(most, totals.size());
        }
        QVERIFY(most > 10'000); // they may come back
        QVERIFY(most <= 20'000);
    }

    void theLocalEngineTakesOverAtOnceAndGivesBack() {
        Counting daemon(1s), local(50s);
        daemon_ = &daemon;
        local_ = &local;
        daemon.app("curl").traffic.rx_bytes = 1'000'000;
        LastingFeed lasting = feed();
        QVERIFY(lasting.sample());

        daemon_ = nullptr;
        local.app("curl").traffic.rx_bytes = 0;
        auto snapshot = lasting.sample();
        QCOMPARE(received(snapshot, "curl"), 1'000'000u);
        QCOMPARE((*snapshot)->sources.front().name, "daemon");
        QCOMPARE((*snapshot)->sources.front().detail, "nobody answers");
        local.app("curl").traffic.rx_bytes = 500;
        QCOMPARE(received(lasting.sample(), "curl"), 1'000'500u);

        daemon_ = &daemon; // it has counted those 500 too, and more of which we know nothing
        daemon.app("curl").traffic.rx_bytes = 1'002'000;
        QCOMPARE(received(lasting.sample(), "curl"), 1'000'500u); // not looked for yet
        now_ += 5s;
        QCOMPARE(received(lasting.sample(), "curl"), 1'000'500u);
        daemon.app("curl").traffic.rx_bytes = 1'002'100;
        QCOMPARE(received(lasting.sample(), "curl"), 1'000'600u);
    }

    void whoShowsUpLaterBringsAllOfIts() {
        Counting daemon(1s);
        daemon_ = &daemon;
        LastingFeed lasting = feed();
        QVERIFY(lasting.sample());
        daemon.app("wget").traffic.rx_bytes = 300;
        QCOMPARE(received(lasting.sample(), "wget"), 300u);
    }

    void whoIsNewInANewcomersFirstSnapshotBeginsAtZero() {
        Counting local(1s), daemon(0s);
        local_ = &local;
        LastingFeed lasting = feed();
        QVERIFY(lasting.sample());
        daemon_ = &daemon;
        daemon.app("sync").traffic.rx_bytes = 1'000'000'000;
        now_ += 5s;
        QCOMPARE(received(lasting.sample(), "sync"), 0u);
        daemon.app("sync").traffic.rx_bytes += 10;
        QCOMPARE(received(lasting.sample(), "sync"), 10u);
    }

    void aTotalOfTwoTiersHasTheWorstLabel() {
        Counting local(1s), daemon(0s);
        local_ = &local;
        local.app("curl").traffic.accuracy = Accuracy::Partial;
        LastingFeed lasting = feed();
        QVERIFY(lasting.sample());
        daemon_ = &daemon;
        daemon.app("curl").traffic.rx_bytes = 5;
        daemon.app("wget").traffic.rx_bytes = 5;
        now_ += 5s;
        const auto snapshot = lasting.sample();
        QCOMPARE((*snapshot)->app("curl")->traffic.accuracy, Accuracy::Partial);
        QCOMPARE((*snapshot)->app("wget")->traffic.accuracy, Accuracy::Exact);
    }

    void withoutAnySourceItSaysWhy() {
        LastingFeed lasting(opener(daemon_), {}, [this] { return now_; });
        const auto snapshot = lasting.sample();
        QVERIFY(!snapshot);
        QCOMPARE(snapshot.error().message, "nobody answers");
        QCOMPARE(snapshot.error().code, 111);
    }

    void sequencesGoOnOverAChange() {
        Counting daemon(1s), local(9s);
        daemon_ = &daemon;
        local_ = &local;
        LastingFeed lasting = feed();
        QCOMPARE((*lasting.sample())->sequence, 1u);
        daemon_ = nullptr;
        QCOMPARE((*lasting.sample())->sequence, 2u);
        QCOMPARE(lasting.latest()->sequence, 2u);
    }
};

QTEST_GUILESS_MAIN(LastingFeedTest)
#include "lasting_feed_test.moc"
