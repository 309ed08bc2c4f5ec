// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/c_api_handles.hpp"
#include "core/served.hpp"

#include <sockledger/shown_apps.hpp>

#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>

using namespace sockledger;
using namespace sockledger::test;

/// What the C ABI makes of a daemon.
class CApiDaemonTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();

    DaemonHandle connected() const {
        sockledger_daemon* daemon = nullptr;
        sockledger_daemon_open(path_.c_str(), &daemon, nullptr, 0);
        return DaemonHandle(daemon);
    }

private slots:
    void theBusiestAreShownByName() {
        Served served(path_);
        const FeedHandle feed = opened(feed_options(SOCKLEDGER_DAEMON, path_.c_str()));
        std::vector<std::string> asked;
        auto options = empty<sockledger_shown_options>();
        options.user = &asked;
        options.wanted = [](const char* id, const char* name, void* user) {
            static_cast<std::vector<std::string>*>(user)->push_back(name);
            return id != std::string_view("unit:sshd.service") ? 1 : 0;
        };
        sockledger_shown* opened_shown = nullptr;
        QCOMPARE(sockledger_shown_open(&options, &opened_shown), 0);
        const ShownHandle shown(opened_shown);
        ShownApps expected({.wanted = [](const App& app) { return app.id != "unit:sshd.service"; }});
        for (int sample = 0; sample < 3; ++sample) {
            served.run([&](Service& service) {
                service.backend.advance();
                expected.update(*service.backend.current);
            });
            QCOMPARE(sockledger_shown_update(shown.get(), sampled(feed).get()), 0);
        }
        QCOMPARE(std::ranges::count(asked, "sshd"), 1);
        QCOMPARE(sockledger_shown_count(shown.get()), expected.apps().size());
        QVERIFY(expected.apps().size() > 2);
        auto row = empty<sockledger_shown_app>();
        const auto check = [&](const ShownApp& app) {
            QCOMPARE(row.id, app.id.c_str());
            QCOMPARE(row.name, app.name.c_str());
            QCOMPARE(row.accuracy, static_cast<std::uint32_t>(app.accuracy));
            QCOMPARE(row.processes, app.processes);
            QCOMPARE(row.rx_bytes, app.rx_bytes);
            QCOMPARE(row.tx_bytes, app.tx_bytes);
            QCOMPARE(row.connections.total, app.connections.total);
        };
        for (std::size_t i = 0; i < expected.apps().size(); ++i) {
            QCOMPARE(sockledger_shown_get(shown.get(), i, &row), 0);
            check(expected.apps()[i]);
        }
        QCOMPARE(sockledger_shown_get(shown.get(), expected.apps().size(), &row), -ENOENT);
        QCOMPARE(sockledger_shown_other(shown.get(), &row), 0);
        check(expected.other());
        QVERIFY(row.rx_bytes > 0); // that one
    }

    void historyIsAsked() {
        Served served(path_);
        UsageRow known;
        known.window = {std::chrono::seconds(100), std::chrono::seconds(200)};
        known.app = "exe:/usr/bin/curl";
        known.name = "curl";
        known.interface = "eth0";
        known.rx_bytes = -5;
        known.tx_bytes = 7;
        known.accuracy = Accuracy::Partial;
        const UsageGap gap{{std::chrono::seconds(120), std::chrono::seconds(130)}, "eth0", 11, 12};
        const Usage known_usage{known.window, std::chrono::seconds(60), {known}, 900, 800, {gap}};
        served.run([&](Service& service) { service.backend.usage_answer = known_usage; });
        const DaemonHandle daemon = connected();
        QVERIFY(daemon);
        auto query = empty<sockledger_usage_query>();
        query.from = 100;
        query.to = 200;
        query.bucket = SOCKLEDGER_SECONDS;
        query.bucket_seconds = 10;
        query.group = SOCKLEDGER_BY_APP;
        query.app = "exe:/usr/bin/curl";
        query.interface = "eth0";
        sockledger_usage* usage = nullptr;
        QCOMPARE(sockledger_daemon_usage(daemon.get(), &query, &usage), 0);
        const UsageQuery expected{known.window,
                                  {UsageBucket::Unit::Seconds, std::chrono::seconds(10)},
                                  UsageGroup::App,
                                  known.app,
                                  known.interface};
        served.run([&](Service& service) { QVERIFY(service.backend.asked == expected); });
        QCOMPARE(sockledger_usage_count(usage), 1u);
        check_sizes<sockledger_usage_row>(72, [&](auto* row) { return sockledger_usage_get(usage, 0, row); });
        auto row = empty<sockledger_usage_row>();
        QCOMPARE(sockledger_usage_get(usage, 0, &row), 0);
        QCOMPARE(row.from, 100);
        QCOMPARE(row.to, 200);
        QCOMPARE(row.app, "exe:/usr/bin/curl");
        QCOMPARE(row.name, "curl");
        QCOMPARE(row.interface, "eth0");
        QCOMPARE(row.rx_bytes, -5);
        QCOMPARE(row.tx_bytes, 7);
        QCOMPARE(row.accuracy, static_cast<std::uint32_t>(SOCKLEDGER_PARTIAL));
        QCOMPARE(sockledger_usage_get(usage, 1, &row), -ENOENT);
        check_sizes<sockledger_usage_summary>(
            48, [&](auto* summary) { return sockledger_usage_get_summary(usage, summary); });
        auto summary = empty<sockledger_usage_summary>();
        QCOMPARE(sockledger_usage_get_summary(usage, &summary), 0);
        QCOMPARE(summary.from, 100);
        QCOMPARE(summary.to, 200);
        QCOMPARE(summary.step_seconds, 60);
        QCOMPARE(summary.rx_bytes, 900);
        QCOMPARE(summary.tx_bytes, 800);
        QCOMPARE(sockledger_usage_gap_count(usage), 1u);
        check_sizes<sockledger_usage_gap>(48,
                                          [&](auto* to) { return sockledger_usage_get_gap(usage, 0, to); });
        auto without = empty<sockledger_usage_gap>();
        QCOMPARE(sockledger_usage_get_gap(usage, 0, &without), 0);
        QCOMPARE(without.from, 120);
        QCOMPARE(without.to, 130);
        QCOMPARE(without.interface, "eth0");
        QCOMPARE(without.rx_bytes, 11);
        QCOMPARE(without.tx_bytes, 12);
        QCOMPARE(sockledger_usage_get_gap(usage, 1, &without), -ENOENT);
        sockledger_usage_release(std::exchange(usage, nullptr));

        served.run([](Service& service) { service.backend.fails = Error{"the disk is full"}; });
        QCOMPARE(sockledger_daemon_usage(daemon.get(), &query, &usage), -EIO);
        QVERIFY(!usage);
        QCOMPARE(sockledger_daemon_error(daemon.get()), "the disk is full");
        query.bucket = SOCKLEDGER_MONTH + 1;
        QCOMPARE(sockledger_daemon_usage(daemon.get(), &query, &usage), -EINVAL);
        QCOMPARE(sockledger_daemon_usage(daemon.get(), nullptr, &usage), -EINVAL);
    }

    void alertsArrive() {
        auto served = std::make_unique<Served>(path_);
        Alert raised;
        raised.number = 5;
        raised.rule = "much";
        raised.text = "more than 1 MB/s";
        raised.kind = Rule::Subject::Interface;
        raised.subject = raised.name = "eth0";
        raised.raised = std::chrono::seconds(7);
        raised.value = 2'000'000;
        raised.threshold = 1'000'000;
        Alert over = raised;
        over.active = false;
        over.cleared = std::chrono::seconds(9);
        served->run([&](Service& service) { service.backend.alert_list = {raised, over}; });
        const DaemonHandle daemon = connected();
        auto alert = empty<sockledger_alert>();
        QCOMPARE(sockledger_daemon_alerts_fd(daemon.get()), -1);
        QCOMPARE(sockledger_daemon_next_alert(daemon.get(), &alert), -ENOTCONN);
        QCOMPARE(sockledger_daemon_subscribe_alerts(daemon.get()), 0);
        pollfd ready{sockledger_daemon_alerts_fd(daemon.get()), POLLIN, 0};
        QCOMPARE(poll(&ready, 1, 10'000), 1);
        alert.size = 8; // takes nothing from the stream
        QCOMPARE(sockledger_daemon_next_alert(daemon.get(), &alert), -EINVAL);
        alert.size = sizeof alert;
        QCOMPARE(sockledger_daemon_next_alert(daemon.get(), &alert), 0);
        QCOMPARE(alert.size, sizeof alert);
        QCOMPARE(alert.number, 5u);
        QCOMPARE(alert.rule, "much");
        QCOMPARE(alert.text, "more than 1 MB/s");
        QCOMPARE(alert.subject, "eth0");
        QCOMPARE(alert.name, "eth0");
        QCOMPARE(alert.active, 1u);
        QCOMPARE(alert.kind, std::uint32_t(SOCKLEDGER_SUBJECT_INTERFACE));
        QCOMPARE(alert.raised, 7);
        QCOMPARE(alert.value, 2'000'000u);
        QCOMPARE(alert.threshold, 1'000'000u);
        QCOMPARE(alert.cleared, 0);
        int code = 0;
        while ((code = sockledger_daemon_next_alert(daemon.get(), &alert)) == -EAGAIN)
            QCOMPARE(poll(&ready, 1, 10'000), 1);
        QCOMPARE(code, 0);
        QCOMPARE(alert.active, 0u);
        QCOMPARE(alert.cleared, 9);
        QCOMPARE(sockledger_daemon_next_alert(daemon.get(), &alert), -EAGAIN);
        served.reset();
        QVERIFY(sockledger_daemon_next_alert(daemon.get(), &alert) < 0);
        QCOMPARE(sockledger_daemon_next_alert(daemon.get(), &alert), -ENOTCONN);
    }

    void anyThreadReadsTheLatest() {
        const Served served(path_);
        const FeedHandle feed = opened(feed_options(SOCKLEDGER_DAEMON, path_.c_str()));
        std::atomic<bool> ended = false;
        std::atomic<int> wrong = 0;
        std::vector<std::thread> readers;
        for (int i = 0; i < 4; ++i)
            readers.emplace_back([&] {
                std::uint64_t last = 0;
                while (!ended) {
                    const SnapshotHandle latest(sockledger_feed_latest(feed.get()));
                    const SnapshotHandle again(sockledger_snapshot_hold(latest.get()));
                    const std::uint64_t now = latest ? sequence(again.get()) : 0;
                    auto process = empty<sockledger_process>();
                    if (now < last || (now && sockledger_snapshot_process(latest.get(), 0, &process) != 0))
                        ++wrong;
                    last = now;
                }
            });
        for (int i = 0; i < 100; ++i)
            wrong += sampled(feed) == nullptr;
        ended = true;
        for (std::thread& reader : readers)
            reader.join();
        QCOMPARE(wrong, 0);
        QCOMPARE(sequence(SnapshotHandle(sockledger_feed_latest(feed.get())).get()), 100u);
    }
};

QTEST_GUILESS_MAIN(CApiDaemonTest)
#include "c_api_daemon_test.moc"
