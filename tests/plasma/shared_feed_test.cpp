// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sharedfeed.h"
#include "support/sample_snapshot.hpp"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>
#include <cerrno>
#include <mutex>

using namespace sockledger;
using namespace std::chrono_literals;

/// One feed for all, on a thread of its own, and none while nobody looks.
class SharedFeedTest : public QObject {
    Q_OBJECT

    struct Counts {
        std::atomic<int> opened = 0;
        std::atomic<int> open = 0;
        std::atomic<int> samples = 0;
        std::atomic<bool> on_gui_thread = false;
        std::atomic<bool> fails = false;
        std::timed_mutex slow; ///< a sample waits for it
    };

    class CountingFeed : public Feed {
    public:
        explicit CountingFeed(Counts& counts) : counts_(counts) {
            ++counts_.opened;
            ++counts_.open;
        }
        ~CountingFeed() override { --counts_.open; }
        Result<SnapshotPtr> sample() override {
            counts_.on_gui_thread = QThread::currentThread() == QCoreApplication::instance()->thread();
            if (counts_.slow.try_lock_for(20s))
                counts_.slow.unlock();
            ++counts_.samples;
            if (counts_.fails)
                return Error{"the daemon is away", ECONNREFUSED};
            return SnapshotPtr(std::make_shared<const Snapshot>(sample::snapshot()));
        }
        SnapshotPtr latest() const override { return {}; }
        int wake_fd() const override { return -1; }

    private:
        Counts& counts_;
    };

    std::unique_ptr<Counts> counts_;
    int number_ = 0;

    /// A key that no other test has.
    FeedKey key() { return {.recording = QString::number(++number_)}; }

private slots:
    void init() {
        counts_ = std::make_unique<Counts>();
        SharedFeed::setOpen([counts = counts_.get()](const FeedKey&) -> Result<std::unique_ptr<Feed>> {
            return std::unique_ptr<Feed>(std::make_unique<CountingFeed>(*counts));
        });
    }
    void cleanup() { QTRY_COMPARE_WITH_TIMEOUT(counts_->open.load(), 0, 20'000); }

    void equalWishesAreOneFeed() {
        const FeedKey wish = key();
        const auto one = SharedFeed::of(wish);
        const auto two = SharedFeed::of(wish);
        QCOMPARE(one, two);
        QVERIFY(SharedFeed::of(key()) != one);
    }

    void samplesComeFromAnotherThread() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        feed->subscribe(this, 60s);
        QVERIFY(sampled.wait(20'000));
        QVERIFY(!counts_->on_gui_thread);
        QCOMPARE(sampled.first().first().value<SnapshotPtr>()->apps.size(), std::size_t(6));
    }

    void theSecondSampleFollowsSoonBecauseTheFirstHasNoRates() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        feed->subscribe(this, 1h);
        QTRY_COMPARE_WITH_TIMEOUT(sampled.count(), 2, 20'000);
    }

    void theShortestWishCounts() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        feed->subscribe(this, 1h);
        QTRY_COMPARE_WITH_TIMEOUT(sampled.count(), 2, 20'000);
        QObject other;
        feed->subscribe(&other, 1ms);
        QTRY_VERIFY_WITH_TIMEOUT(sampled.count() > 5, 20'000);
    }

    void withoutSubscribersNothingIsOpen() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        QObject other;
        feed->subscribe(this, 1ms);
        feed->subscribe(&other, 1ms);
        QVERIFY(sampled.wait(20'000));
        feed->unsubscribe(this);
        QVERIFY(sampled.wait(20'000));
        feed->unsubscribe(&other);
        QTRY_COMPARE_WITH_TIMEOUT(counts_->open.load(), 0, 20'000);
        feed->subscribe(this, 1ms);
        QTRY_COMPARE_WITH_TIMEOUT(counts_->opened.load(), 2, 20'000);
    }

    void aSlowSourceHoldsNobodyUp() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        QElapsedTimer watch;
        {
            const std::lock_guard lock(counts_->slow);
            watch.start();
            feed->subscribe(this, 1ms);
            feed->subscribe(this, 2ms);
            QCoreApplication::processEvents();
            feed->unsubscribe(this);
            feed->subscribe(this, 1ms);
            QVERIFY2(watch.elapsed() < 5000, "a call waited for the sample");
            QCOMPARE(sampled.count(), 0);
        }
        QTRY_VERIFY_WITH_TIMEOUT(sampled.count() > 0, 20'000);
    }

    void failuresAreToldAndTriedAgain() {
        const auto feed = SharedFeed::of(key());
        QSignalSpy failed(feed.get(), &SharedFeed::failed);
        QSignalSpy sampled(feed.get(), &SharedFeed::sampled);
        counts_->fails = true;
        feed->subscribe(this, 1ms);
        QVERIFY(failed.wait(20'000));
        QCOMPARE(failed.first().first().toString(), QStringLiteral("the daemon is away"));
        counts_->fails = false;
        QVERIFY(sampled.wait(20'000));
    }

    void aFeedThatGoesAwayTakesItsWorkAlong() {
        {
            const auto feed = SharedFeed::of(key());
            feed->subscribe(this, 1ms);
            QTRY_COMPARE_WITH_TIMEOUT(counts_->open.load(), 1, 20'000);
        }
        QTRY_COMPARE_WITH_TIMEOUT(counts_->open.load(), 0, 20'000);
    }
};

QTEST_GUILESS_MAIN(SharedFeedTest)
#include "shared_feed_test.moc"
