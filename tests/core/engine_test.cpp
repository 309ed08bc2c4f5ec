// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/local_engine.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <functional>
#include <new>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

class FakeSource : public Source {
public:
    using Read = std::function<SourceStatus(Readings&)>;
    explicit FakeSource(Read read, int wake_fd = -1) : read_(std::move(read)), wake_fd_(wake_fd) {}
    SourceStatus read(Readings& readings) override { return read_(readings); }
    int wake_fd() const override { return wake_fd_; }

private:
    Read read_;
    int wake_fd_;
};

SourceStatus works(const char* name) {
    SourceStatus status;
    status.name = name;
    status.accuracy = Accuracy::Exact;
    return status;
}

class ManualClock {
public:
    Instant operator()() const { return {*time_, *time_ + 1000h}; }
    void advance(std::chrono::nanoseconds by) { *time_ += by; }

private:
    std::shared_ptr<std::chrono::nanoseconds> time_ = std::make_shared<std::chrono::nanoseconds>(100s);
};

std::unique_ptr<Source> source(FakeSource::Read read, int wake_fd = -1) {
    return std::make_unique<FakeSource>(std::move(read), wake_fd);
}

template<typename... Sources>
LocalEngine engine_of(const ManualClock& clock, Sources... sources) {
    std::vector<std::unique_ptr<Source>> list;
    (list.push_back(std::move(sources)), ...);
    return LocalEngine(std::move(list), clock);
}

bool polls_readable(int fd) {
    pollfd poll_fd{fd, POLLIN, 0};
    return poll(&poll_fd, 1, 0) == 1;
}

SourceStatus read_one_link(Readings& readings) {
    LinkRecord link;
    link.ifindex = 2;
    link.name = "eth0";
    link.type = 1;
    link.operstate = 6;
    link.stats.rx_bytes = static_cast<std::uint64_t>(readings.time.boottime / 1s) * 1000;
    readings.links = {7, {link}};
    return works("links");
}

} // namespace

class EngineTest : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;

private slots:
    void samplesArePublished() {
        ManualClock clock;
        LocalEngine engine = engine_of(clock, source(read_one_link));
        QCOMPARE(engine.latest(), nullptr);
        const auto first = engine.sample();
        QVERIFY(first);
        QCOMPARE((*first)->time.boottime, 100s);
        QCOMPARE((*first)->time.realtime, 100s + 1000h);
        clock.advance(2s);
        const auto second = engine.sample();
        QVERIFY(second);
        QCOMPARE((*second)->sequence, 2u);
        QCOMPARE((*second)->interval, 2s);
        QCOMPARE((*second)->interface({7, 2})->total.rx_rate, 1000.0);
        QCOMPARE(engine.latest(), *second);
        QCOMPARE((*first)->sequence, 1u); // a Snapshot never changes
    }

    void eachSourceIsTimed() {
        ManualClock clock;
        LocalEngine engine = engine_of(clock, source([&](Readings&) {
                                           clock.advance(3ms);
                                           return works("links");
                                       }),
                                       source([&](Readings&) {
                                           clock.advance(5ms);
                                           return works("traffic");
                                       }));
        const auto snapshot = engine.sample();
        QCOMPARE((*snapshot)->source("links")->took, 3ms);
        QCOMPARE((*snapshot)->source("traffic")->took, 5ms);
    }

    void aSourceThatThrowsIsUnavailableAndTheRestRuns() {
        ManualClock clock;
        bool broken = false;
        LocalEngine engine = engine_of(clock, source(read_one_link), source([&](Readings& readings) {
                                           readings.sockets.fresh = true;
                                           readings.sockets.sockets.resize(3);
                                           if (broken) {
                                               throw std::bad_alloc();
                                           }
                                           return works("sockets");
                                       }));
        QVERIFY(engine.sample());
        broken = true;
        const auto snapshot = engine.sample();
        QVERIFY(snapshot);
        QCOMPARE((*snapshot)->source("sockets")->accuracy, Accuracy::Unavailable);
        QCOMPARE((*snapshot)->source("sockets")->detail, "reading failed: std::bad_alloc");
        QVERIFY((*snapshot)->connections.empty());
        QCOMPARE((*snapshot)->interfaces.size(), 1u);
    }

    void withoutSourcesThereIsAnEmptySnapshot() {
        LocalEngine engine = engine_of(ManualClock());
        const auto snapshot = engine.sample();
        QVERIFY(snapshot);
        QVERIFY((*snapshot)->interfaces.empty());
        QCOMPARE((*snapshot)->total.accuracy, Accuracy::Unavailable);
        QCOMPARE(engine.wake_fd(), -1);
    }

    void anySourceWakesTheOneDescriptor() {
        const int first = eventfd(0, EFD_NONBLOCK);
        const int second = eventfd(0, EFD_NONBLOCK);
        std::uint64_t drained = 0;
        {
            LocalEngine engine =
                engine_of(ManualClock(), source([](Readings&) { return works("links"); }, first),
                          source([](Readings&) { return works("traffic"); }),
                          source(
                              [&](Readings&) {
                                  [[maybe_unused]] const auto size = read(second, &drained, sizeof drained);
                                  return works("sockets");
                              },
                              second));
            QVERIFY(engine.wake_fd() >= 0);
            QVERIFY(!polls_readable(engine.wake_fd()));
            const std::uint64_t one = 1;
            QCOMPARE(write(second, &one, sizeof one), ssize_t(sizeof one));
            QVERIFY(polls_readable(engine.wake_fd()));
            QVERIFY(engine.sample());
            QCOMPARE(drained, 1u);
            QVERIFY(!polls_readable(engine.wake_fd()));
        }
        close(first);
        close(second);
    }

    void anyThreadMayReadTheLatestSnapshot() {
        ManualClock clock;
        LocalEngine engine = engine_of(clock, source(read_one_link));
        QVERIFY(engine.sample());
        std::atomic<bool> stop = false;
        std::atomic<int> torn = 0;
        std::thread reader([&] {
            while (!stop) {
                const SnapshotPtr snapshot = engine.latest();
                // an old Snapshot's memory is used again only when nobody looks at it any more
                if (snapshot->interfaces.size() != 1 || snapshot->interfaces[0].name != "eth0" ||
                    snapshot->sequence == 0) {
                    ++torn;
                }
            }
        });
        for (int i = 0; i < 2000; ++i) {
            clock.advance(1s);
            QVERIFY(engine.sample());
        }
        stop = true;
        reader.join();
        QCOMPARE(torn.load(), 0);
    }

    void aSnapshotOutlivesItsEngine() {
        SnapshotPtr snapshot;
        {
            LocalEngine engine = engine_of(ManualClock(), source(read_one_link));
            snapshot = *engine.sample();
        }
        QCOMPARE(snapshot->interfaces[0].name, "eth0");
    }

    void aRecordingOfTheEngineReplaysToTheSameSnapshots() {
        const std::string path = directory_.filePath("recording").toStdString();
        std::vector<SnapshotPtr> live;
        {
            ManualClock clock;
            LocalEngine engine = engine_of(clock, source(read_one_link));
            QVERIFY(engine.record_to(path));
            for (int i = 0; i < 5; ++i) {
                live.push_back(*engine.sample());
                clock.advance(1500ms);
            }
        }
        auto replay = open_replay(path);
        QVERIFY(replay);
        for (const SnapshotPtr& expected : live) {
            QCOMPARE(**(*replay)->sample(), *expected);
        }
        QVERIFY(!(*replay)->sample());
    }

    void aRecordingThatBeginsLateKnowsTheProcesses() {
        const std::string path = directory_.filePath("late").toStdString();
        {
            ManualClock clock;
            bool described = false;
            LocalEngine engine = engine_of(clock, source([&](Readings& readings) {
                                               if (!std::exchange(described, true)) {
                                                   ProcessRecord process;
                                                   process.process = {100, 5};
                                                   process.exe = "/usr/bin/curl";
                                                   readings.processes.described = {process};
                                               }
                                               return works("processes");
                                           }));
            QVERIFY(engine.sample());
            QVERIFY(engine.record_to(path));
            clock.advance(1s);
            QVERIFY(engine.sample());
            clock.advance(1s);
            QVERIFY(engine.sample());
        }
        auto replay = open_replay(path);
        QVERIFY(replay);
        QCOMPARE((*(*replay)->sample())->process({100, 5})->app, "exe:/usr/bin/curl");
        QCOMPARE((*(*replay)->sample())->process({100, 5})->app, "exe:/usr/bin/curl");
    }

    void aRecordingThatCannotBeMadeIsAnError() {
        LocalEngine engine = engine_of(ManualClock());
        const auto recording = engine.record_to(directory_.filePath("no/folder").toStdString());
        QVERIFY(!recording);
        QVERIFY(engine.sample());
    }

    void aFullDiskIsReportedAndSamplingGoesOn() {
        LocalEngine engine = engine_of(ManualClock(), source(read_one_link));
        QVERIFY(engine.record_to(directory_.filePath("full").toStdString()));
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{100, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto snapshot = engine.sample();
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, handler);

        QVERIFY(snapshot);
        const SourceStatus* status = (*snapshot)->source("recording");
        QVERIFY(status);
        QCOMPARE(status->accuracy, Accuracy::Unavailable);
        QVERIFY(status->detail.ends_with("/full: File too large"));
        QCOMPARE((*snapshot)->interfaces.size(), 1u);
        QVERIFY((*engine.sample())->source("recording")); // and stays said
    }
};

QTEST_GUILESS_MAIN(EngineTest)
#include "engine_test.moc"
