// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "soak/faults.hpp"
#include "soak/memory_limit.hpp"
#include "soak/watch.hpp"
#include "support/checked.hpp"
#include "support/require.hpp"

#include <QScopeGuard>

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <sched.h>
#include <sys/mount.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

using Clock = std::chrono::steady_clock;

#ifdef __SANITIZE_ADDRESS__
constexpr bool memory_is_ours = false; // the sanitizer keeps what was given back; it looks for leaks itself
#else
constexpr bool memory_is_ours = true;
#endif
/// What the seconds of the last hour, which are in memory, may take.
constexpr double most_growth_mib = 6;
constexpr std::int64_t most_of_nobody = 2000;

std::chrono::seconds duration = 1h;

std::string tail(const std::string& log) {
    return "; the daemon's last words:\n" + log.substr(log.size() - std::min<std::size_t>(log.size(), 1000));
}

/// The books of one Snapshot, as a client gets it.
void check_books(const Snapshot& snapshot, const std::string& device) {
    const auto found = std::ranges::find_if(snapshot.interfaces, [&](const Interface& interface) {
        return interface.name == device && interface.id.netns == snapshot.netns;
    });
    expect(found != snapshot.interfaces.end(), "the link is not in the snapshot");
    const auto sum = [](std::initializer_list<const Traffic*> parts) {
        Amount amount;
        for (const Traffic* part : parts)
            amount += {std::int64_t(part->rx_bytes), std::int64_t(part->tx_bytes)};
        return amount;
    };
    QCOMPARE(sum({&found->apps, &found->kernel, &found->unattributed}), sum({&found->total}));
    Amount apps;
    for (const App& app : snapshot.apps) {
        if (const auto traffic = app.by_interface.find(found->id); traffic != app.by_interface.end())
            apps += sum({&traffic->second});
    }
    QCOMPARE(apps, sum({&found->apps, &found->kernel}));
}

} // namespace

/// The real daemon with traffic that never ends, and everything that may happen to it meanwhile.
class SoakTest : public QObject {
    Q_OBJECT

    std::mt19937 random_{1};

    /// Every fault once, in another order each time, as long as there is time.
    void round(SoakScene& scene, bool with_ends, Clock::time_point end = Clock::time_point::max()) {
        std::vector<Fault> faults;
        std::ranges::copy_if(all_faults(), std::back_inserter(faults),
                             [&](const Fault& fault) { return with_ends || !fault.ends_the_daemon; });
        std::ranges::shuffle(faults, random_);
        for (const Fault& fault : faults) {
            if (Clock::now() > end)
                return;
            const auto begin = Clock::now();
            try {
                fault.happen(scene);
                (void)value(scene.daemon().client().status());
            } catch (const std::exception& error) {
                throw std::runtime_error(std::string(fault.name) + ": " + error.what() +
                                         tail(scene.daemon().said()));
            }
            const std::chrono::duration<double> took = Clock::now() - begin;
            qInfo("%5.1f s  %s", took.count(), fault.name);
        }
    }

    void check_end(SoakScene& scene, const Amount& before) {
        DaemonClient& client = scene.daemon().client();
        QVERIFY(scene.link.wait_until_quiet());
        auto booked = all_usage(client, scene.device());
        QCOMPARE(booked[""], scene.moved());
        // Of one life of the daemon this is nobody's: the last acknowledgement of a connection that is no
        // more, here and there.
        const Amount rest = booked[std::string(unattributed_app)];
        qInfo("moved %s; unattributed %s, at the beginning of this life %s", text(booked[""]).c_str(),
              text(rest).c_str(), text(before).c_str());
        QVERIFY(rest.rx - before.rx < most_of_nobody && rest.tx - before.tx < most_of_nobody);
        for (const SourceStatus& source : value(client.status()).sources) {
            qInfo("%s: lost %lu bytes, %lu events; %s", source.name.c_str(), source.lost_bytes,
                  source.lost_events, source.detail.c_str());
            QVERIFY2(source.lost_bytes == 0 || source.accuracy == Accuracy::Partial, source.name.c_str());
        }
        FeedOptions options;
        options.source = FeedOptions::Source::Daemon;
        options.socket = scene.daemon().socket();
        check_books(*value(value(open_feed(options))->sample()), scene.device());
    }

    /// After all that: each program has its bytes.
    void check_programs(SoakScene& scene) {
        auto expected = all_usage(scene.daemon().client(), scene.device());
        std::map<std::string, Amount> closing;
        for (std::size_t turn = 0; turn < 4; ++turn) {
            Capture capture(scene.link.left());
            const Amount before = scene.moved();
            const std::string app = SteadyTraffic::play(scene, turn);
            QVERIFY(scene.link.wait_until_quiet());
            const Amount after = scene.moved();
            expected[app] += {after.rx - before.rx, after.tx - before.tx};
            closing[app] += closing_packets(capture.tally());
        }
        auto booked = all_usage(scene.daemon().client(), scene.device());
        for (const auto& [app, amount] : expected) {
            if (app.starts_with("exe:"))
                QVERIFY2(is_all_of(booked[app], amount, closing[app]),
                         (app + ": " + text(booked[app]) + " of " + text(amount)).c_str());
        }
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf");
        checked(unshare(CLONE_NEWNS), "unshare");
        checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private mounts");
        if (!MemoryLimit::possible())
            qWarning("no memory controller: memory is never short");
    }

    void theBooksCloseAndMemoryIsFlat() {
        SoakScene scene;
        scene.start_daemon();
        restart(scene); // so that history has begun: nothing is known of what was before that
        TotalsWatch watch(scene.daemon().socket());
        SteadyTraffic traffic(scene);
        const auto begin = Clock::now();
        do
            round(scene, true);
        while (Clock::now() - begin < duration * 0.4);

        // one life of the daemon, to see what it keeps
        restart(scene);
        round(scene, false);
        const Figures before = figures(scene);
        const Amount unattributed =
            all_usage(scene.daemon().client(), scene.device())[std::string(unattributed_app)];
        do
            round(scene, false, begin + duration);
        while (Clock::now() - begin < duration);
        const Figures after = figures(scene);

        qInfo("%zu turns of traffic", traffic.stop());
        const auto confess = qScopeGuard([&] {
            if (QTest::currentTestFailed())
                qInfo("the daemon said:\n%s", scene.daemon().said().c_str());
        });
        check_end(scene, unattributed);
        check_programs(scene);
        const std::string fallen = watch.stop();
        QVERIFY2(fallen.empty(), fallen.c_str());
        QVERIFY(watch.snapshots() > 10);
        QVERIFY(!memory_is_ours || after.rss_mib - before.rss_mib < most_growth_mib);
        QCOMPARE(after.descriptors, before.descriptors);
        QCOMPARE(after.threads, before.threads);
        QCOMPARE(after.zombies, std::size_t(0));

        // a sanitizer speaks when the daemon ends; the next one has the same history
        restart(scene);
        auto booked = all_usage(scene.daemon().client(), scene.device());
        QCOMPARE(booked[""], scene.moved());
        QCOMPARE(scene.daemon().stop(), 0);
    }

private:
    static void restart(SoakScene& scene) {
        expect(scene.daemon().stop() == 0, "the daemon ends badly:\n" + scene.daemon().said());
        scene.start_daemon();
    }
    static Figures figures(SoakScene& scene) {
        scene.end_clients();
        const Figures figures = figures_of(scene.daemon().pid());
        qInfo("the daemon: %s", to_string(figures).c_str());
        return figures;
    }
};

/// soak_test [--minutes N] [what Qt Test takes]
int main(int argc, char** argv) {
    std::vector<char*> arguments(argv, argv + argc);
    const auto option = std::ranges::find(arguments, std::string_view("--minutes"));
    if (option != arguments.end()) {
        if (arguments.end() - option < 2)
            return 2;
        duration = std::chrono::seconds(std::lround(std::stod(option[1]) * 60));
        arguments.erase(option, option + 2);
    }
    qputenv("QTEST_FUNCTION_TIMEOUT", QByteArray::number(2000 * duration.count() + 600'000));
    SoakTest test;
    return QTest::qExec(&test, static_cast<int>(arguments.size()), arguments.data());
}

#include "soak_test.moc"
