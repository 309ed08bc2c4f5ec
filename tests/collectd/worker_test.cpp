// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "turns.hpp"
#include "worker.hpp"

#include <QTest>

#include <csignal>
#include <future>
#include <pthread.h>
#include <stdexcept>

using namespace sockledger::collectd;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s; ///< never used up by a test that passes
constexpr auto interval = 1h;

std::vector<Value> values(std::int64_t number) {
    return {{"sockledger", "eth0", "derive", "", {number}, 1}};
}

/// Work that gives 1, 2, 3, ...
Worker::Begin counting() {
    return [] {
        return Worker::Work{[count = std::int64_t(0)]() mutable { return values(++count); }, [] {}};
    };
}

} // namespace

class CollectdWorkerTest : public QObject {
    Q_OBJECT

private slots:
    void aSampleIsTakenOnce() {
        Worker worker(counting(), interval);
        worker.wait_for_first(patience);
        QCOMPARE(worker.take().size(), std::size_t(1));
        QVERIFY(worker.take().empty());
        QVERIFY(worker.stop(patience));
        QVERIFY(worker.stop(patience));
    }

    void aSampleThatDoesNotEndHoldsUpNeitherReadNorShutdown() {
        auto release = std::make_shared<std::promise<void>>();
        auto entered = std::make_shared<std::promise<void>>();
        auto left = std::make_shared<std::promise<void>>();
        {
            Worker worker(
                [=] {
                    auto end = std::shared_ptr<void>(nullptr, [left](void*) { left->set_value(); });
                    return Worker::Work{[=] {
                                            entered->set_value();
                                            release->get_future().wait();
                                            return values(1);
                                        },
                                        [end] {}};
                },
                interval);
            entered->get_future().wait();
            QVERIFY(worker.take().empty());
            QVERIFY(!worker.stop(1ms));
        }
        release->set_value();
        // What it worked with goes on its own thread, once it is free again
        QCOMPARE(left->get_future().wait_for(patience), std::future_status::ready);
    }

    void whatIsThrownCostsOneTurn() {
        auto again = std::make_shared<std::promise<void>>();
        Worker worker(
            [=] {
                return Worker::Work{[again, turn = 0]() mutable -> std::vector<Value> {
                                        if (++turn == 2)
                                            again->set_value();
                                        throw std::runtime_error("out of something");
                                    },
                                    [] { throw std::runtime_error("and again"); }};
            },
            1ns);
        QCOMPARE(again->get_future().wait_for(patience), std::future_status::ready);
        QVERIFY(worker.stop(patience));
    }

    void aWorkThatCannotBeginEnds() {
        Worker worker([]() -> Worker::Work { throw std::runtime_error("no"); }, interval);
        QVERIFY(worker.stop(patience));
    }

    void itsThreadLeavesSignalsToOthers() {
        auto blocked = std::make_shared<std::promise<bool>>();
        Worker worker(
            [=] {
                sigset_t mask;
                pthread_sigmask(SIG_SETMASK, nullptr, &mask);
                blocked->set_value(sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGUSR1) == 1);
                return Worker::Work{[] { return values(1); }, [] {}};
            },
            interval);
        QVERIFY(blocked->get_future().get());
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        QCOMPARE(sigismember(&mask, SIGTERM), 0);
        QVERIFY(worker.stop(patience));
    }

    void aTurnComesShortlyBeforeTheNextRead() {
        const Turns::Time start{};
        Turns turns(10s, start);
        QCOMPARE((turns.due() - start).count(), (0ns).count());
        turns.sample(start);
        turns.read(start + 2s);
        QCOMPARE((turns.due() - start).count(), (11s - 0ns).count());
        turns.sample(start + 11s);
        QCOMPARE((turns.due() - start).count(), (21s - 0ns).count()); // nobody reads
        Turns quick(1s, start);
        quick.read(start);
        QCOMPARE((quick.due() - start).count(), (750ms - 0ns).count());
    }
};

QTEST_GUILESS_MAIN(CollectdWorkerTest)
#include "worker_test.moc"
