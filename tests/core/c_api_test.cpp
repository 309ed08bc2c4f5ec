// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/sized.hpp"
#include "core/c_api_handles.hpp"
#include "core/served.hpp"

#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// A struct of the second version.
struct Grown {
    std::size_t size;
    std::uint64_t old;
    std::uint64_t added;
};

} // namespace

template<>
inline constexpr std::size_t sockledger::c_api::first_size<Grown> = offsetof(Grown, added);

namespace {

constexpr char recording[] = SOCKLEDGER_FIXTURES "/recordings/version1.jsonl";

} // namespace

/// The rules that all calls of the C ABI keep.
class CApiTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();

private slots:
    void aReplayGivesEachSnapshotAndEnds() {
        const FeedHandle feed = opened(feed_options(SOCKLEDGER_REPLAY, recording));
        QVERIFY(feed);
        QVERIFY(!sockledger_feed_latest(feed.get()));
        QCOMPARE(sockledger_feed_wake_fd(feed.get()), -1);
        for (std::uint64_t number : {1u, 2u}) {
            const SnapshotHandle snapshot = sampled(feed);
            QCOMPARE(sequence(snapshot.get()), number);
            QCOMPARE(sockledger_feed_error(feed.get()), "");
            QCOMPARE(SnapshotHandle(sockledger_feed_latest(feed.get())), snapshot);
        }
        sockledger_snapshot* none = nullptr;
        QCOMPARE(sockledger_feed_sample(feed.get(), &none), -ENODATA);
        QVERIFY(!none);
        QCOMPARE(sockledger_feed_error(feed.get()),
                 (std::string(recording) + ": the recording has ended").c_str());
        QCOMPARE(sequence(SnapshotHandle(sockledger_feed_latest(feed.get())).get()), 2u);
    }

    void aSnapshotLivesAsLongAsItIsHeld() {
        FeedHandle feed = opened(feed_options(SOCKLEDGER_REPLAY, recording));
        sampled(feed);
        SnapshotHandle snapshot = sampled(feed);
        auto app = empty<sockledger_app>();
        QCOMPARE(sockledger_snapshot_find_app(snapshot.get(), "unit:sshd.service", &app), 0);
        const SnapshotHandle again(sockledger_snapshot_hold(snapshot.get()));
        feed.reset();
        snapshot.reset();
        QCOMPARE(app.id, "unit:sshd.service");
        QCOMPARE(app.traffic.rx_bytes, 15140u);
        QVERIFY(!sockledger_snapshot_hold(nullptr));
    }

    void anOptionThatIsNotKnownIsRefused() {
        sockledger_feed* feed = nullptr;
        std::array<char, 100> error{};
        const auto refused = [&](const sockledger_feed_options& options) {
            error[0] = '\0';
            const int code = sockledger_feed_open(&options, &feed, error.data(), error.size());
            return error[0] == '\0' || feed ? 0 : code;
        };
        auto options = feed_options(SOCKLEDGER_REPLAY, recording);
        options.size = sizeof options - 1;
        QCOMPARE(refused(options), -EINVAL);
        options.size = 1 << 20; // never set
        QCOMPARE(refused(options), -E2BIG);
        QCOMPARE(refused(feed_options(4, recording)), -EINVAL);
        QCOMPARE(refused(feed_options(SOCKLEDGER_REPLAY, nullptr)), -EINVAL);
        options = feed_options(SOCKLEDGER_REPLAY, recording);
        options.flags = SOCKLEDGER_FEED_LASTING;
        QCOMPARE(refused(options), -EINVAL);
        options.flags = 1u << 31;
        QCOMPARE(refused(options), -EINVAL);
        options.flags = 0;
        options.sections = 1u << 31;
        QCOMPARE(refused(options), -EINVAL);
        QCOMPARE(sockledger_feed_open(nullptr, nullptr, nullptr, 0), -EINVAL);

        Later<sockledger_feed_options> later{feed_options(SOCKLEDGER_REPLAY, recording), 1};
        later.now.size = sizeof later;
        QCOMPARE(refused(later.now), -E2BIG);
        later.more = 0;
        QCOMPARE(sockledger_feed_open(&later.now, &feed, nullptr, 0), 0);
        sockledger_feed_close(feed);
    }

    void whyItFailedIsOneLineThatFits() {
        const std::string path = dir_.filePath("gr\u00f6\u00dfe").toStdString();
        const auto options = feed_options(SOCKLEDGER_REPLAY, path.c_str());
        sockledger_feed* feed = nullptr;
        std::array<char, 500> whole{};
        QCOMPARE(sockledger_feed_open(&options, &feed, whole.data(), whole.size()), -ENOENT);
        QCOMPARE(whole.data(), (path + ": No such file or directory").c_str());
        for (std::size_t size = 0; size < 100; ++size) {
            std::array<char, 101> part{};
            part.fill('x');
            QCOMPARE(sockledger_feed_open(&options, &feed, part.data(), size), -ENOENT);
            QCOMPARE(part[size], 'x');
            if (size == 0)
                continue;
            const auto length = std::strlen(part.data());
            QVERIFY(length < size && length + 2 >= std::min(size, std::strlen(whole.data()) + 1));
            QVERIFY(std::string_view(whole.data()).starts_with(part.data()));
            QVERIFY(!QString::fromUtf8(part.data()).contains(QChar::ReplacementCharacter));
        }
    }

    void nobodyThereIsAnErrno() {
        std::array<char, 200> error{};
        sockledger_feed* feed = nullptr;
        auto options = feed_options(SOCKLEDGER_DAEMON, path_.c_str());
        QCOMPARE(sockledger_feed_open(&options, &feed, error.data(), error.size()), -ENOENT);
        QVERIFY(std::string_view(error.data()).starts_with(path_));
        sockledger_daemon* daemon = nullptr;
        error.fill('\0');
        QCOMPARE(sockledger_daemon_open(path_.c_str(), &daemon, error.data(), error.size()), -ENOENT);
        QVERIFY(std::string_view(error.data()).starts_with(path_));

        options.flags = SOCKLEDGER_FEED_LASTING; // which waits for it
        const FeedHandle lasting = opened(options);
        QVERIFY(lasting);
        sockledger_snapshot* snapshot = nullptr;
        QCOMPARE(sockledger_feed_sample(lasting.get(), &snapshot), -ENOENT);
        QVERIFY(std::string_view(sockledger_feed_error(lasting.get())).starts_with(path_));
    }

    // These numbers are the first version of the ABI. They stay when a struct grows.
    void programsOfTheFirstAndOfLaterVersionsAreServed() {
        static_assert(sizeof(sockledger_traffic) == 56 && sizeof(sockledger_counts) == 68 &&
                      sizeof(sockledger_endpoint) == 24);
        const FeedHandle feed = opened(feed_options(SOCKLEDGER_REPLAY, recording));
        sampled(feed);
        const SnapshotHandle holder = sampled(feed);
        const sockledger_snapshot* const s = holder.get();
        check_sizes<sockledger_snapshot_info>(
            168, [&](auto* row) { return sockledger_snapshot_describe(s, row); });
        check_sizes<sockledger_interface>(
            352, [&](auto* row) { return sockledger_snapshot_interface(s, 0, row); });
        check_sizes<sockledger_app>(224, [&](auto* row) { return sockledger_snapshot_app(s, 0, row); });
        check_sizes<sockledger_process>(248,
                                        [&](auto* row) { return sockledger_snapshot_process(s, 0, row); });
        check_sizes<sockledger_connection>(
            184, [&](auto* row) { return sockledger_snapshot_connection(s, 0, row); });
        check_sizes<sockledger_source_status>(
            56, [&](auto* row) { return sockledger_snapshot_source(s, 0, row); });
        check_sizes<sockledger_app_interface>(
            72, [&](auto* row) { return sockledger_snapshot_app_interface(s, 0, 0, row); });

        const Served served(path_);
        const FeedHandle daemon = opened(feed_options(SOCKLEDGER_DAEMON, path_.c_str()));
        const SnapshotHandle taken = sampled(daemon);
        check_sizes<sockledger_address>(
            24, [&](auto* row) { return sockledger_snapshot_address(taken.get(), 0, 0, row); });
        sockledger_shown* shown = nullptr;
        QCOMPARE(sockledger_shown_open(nullptr, &shown), 0);
        QCOMPARE(sockledger_shown_update(shown, taken.get()), 0);
        check_sizes<sockledger_shown_app>(120, [&](auto* row) { return sockledger_shown_other(shown, row); });
        sockledger_shown_close(shown);
    }

    void aStructThatHasGrownServesTheFirstVersion() {
        Grown row{offsetof(Grown, added), 0, 42};
        QCOMPARE(c_api::give(&row, {0, 1, 2}), 0);
        QCOMPARE(row.size, offsetof(Grown, added));
        QCOMPARE(row.old, 1u);
        QCOMPARE(row.added, 42u); // is none of the library's business
        Grown taken{};
        QCOMPARE(c_api::take(&row, taken), 0);
        QCOMPARE(taken.old, 1u);
        QCOMPARE(taken.added, 0u);
        --row.size;
        QCOMPARE(c_api::give(&row, {}), -EINVAL);
        QCOMPARE(c_api::take(&row, taken), -EINVAL);
    }

    void whatIsNotThereIsSaid() {
        const FeedHandle feed = opened(feed_options(SOCKLEDGER_REPLAY, recording));
        const SnapshotHandle holder = sampled(feed);
        const sockledger_snapshot* const s = holder.get();
        auto info = empty<sockledger_snapshot_info>();
        auto interface = empty<sockledger_interface>();
        auto address = empty<sockledger_address>();
        auto app = empty<sockledger_app>();
        auto part = empty<sockledger_app_interface>();
        auto process = empty<sockledger_process>();
        auto connection = empty<sockledger_connection>();
        auto source = empty<sockledger_source_status>();
        QCOMPARE(sockledger_snapshot_describe(nullptr, &info), -EINVAL);
        for (const auto& [snapshot, code] : {std::pair(s, -ENOENT), {nullptr, -EINVAL}}) {
            QCOMPARE(sockledger_snapshot_interface(snapshot, 99, &interface), code);
            QCOMPARE(sockledger_snapshot_find_interface(snapshot, "eth99", &interface), code);
            QCOMPARE(sockledger_snapshot_address(snapshot, 0, 99, &address), code);
            QCOMPARE(sockledger_snapshot_address(snapshot, 99, 0, &address), code);
            QCOMPARE(sockledger_snapshot_app(snapshot, SIZE_MAX, &app), code);
            QCOMPARE(sockledger_snapshot_find_app(snapshot, "exe:/none", &app), code);
            QCOMPARE(sockledger_snapshot_app_interface(snapshot, 0, 99, &part), code);
            QCOMPARE(sockledger_snapshot_app_interface(snapshot, 99, 0, &part), code);
            QCOMPARE(sockledger_snapshot_process(snapshot, 99, &process), code);
            QCOMPARE(sockledger_snapshot_find_process(snapshot, 99, &process), code);
            QCOMPARE(sockledger_snapshot_connection(snapshot, 99, &connection), code);
            QCOMPARE(sockledger_snapshot_source(snapshot, 99, &source), code);
        }
        QCOMPARE(sockledger_snapshot_find_interface(s, nullptr, &interface), -EINVAL);
        QCOMPARE(sockledger_snapshot_find_app(s, nullptr, &app), -EINVAL);
    }

    void nullIsNoHandle() {
        sockledger_feed_close(nullptr);
        sockledger_snapshot_release(nullptr);
        sockledger_shown_close(nullptr);
        sockledger_daemon_close(nullptr);
        sockledger_usage_release(nullptr);
        auto shown = empty<sockledger_shown_app>();
        auto usage = empty<sockledger_usage_row>();
        auto alert = empty<sockledger_alert>();
        QCOMPARE(sockledger_feed_sample(nullptr, nullptr), -EINVAL);
        QVERIFY(!sockledger_feed_latest(nullptr));
        QCOMPARE(sockledger_feed_wake_fd(nullptr), -1);
        QCOMPARE(sockledger_feed_error(nullptr), "");
        QCOMPARE(sockledger_shown_open(nullptr, nullptr), -EINVAL);
        QCOMPARE(sockledger_shown_update(nullptr, nullptr), -EINVAL);
        QCOMPARE(sockledger_shown_count(nullptr), 0u);
        QCOMPARE(sockledger_shown_get(nullptr, 0, &shown), -EINVAL);
        QCOMPARE(sockledger_shown_other(nullptr, &shown), -EINVAL);
        QCOMPARE(sockledger_daemon_open(nullptr, nullptr, nullptr, 0), -EINVAL);
        QCOMPARE(sockledger_daemon_error(nullptr), "");
        QCOMPARE(sockledger_daemon_usage(nullptr, nullptr, nullptr), -EINVAL);
        QCOMPARE(sockledger_usage_count(nullptr), 0u);
        QCOMPARE(sockledger_usage_get(nullptr, 0, &usage), -EINVAL);
        QCOMPARE(sockledger_daemon_subscribe_alerts(nullptr), -EINVAL);
        QCOMPARE(sockledger_daemon_alerts_fd(nullptr), -1);
        QCOMPARE(sockledger_daemon_next_alert(nullptr, &alert), -EINVAL);
    }

    void numbersHaveNames() {
        QCOMPARE(sockledger_accuracy_name(SOCKLEDGER_UNAVAILABLE), "unavailable");
        QCOMPARE(sockledger_accuracy_name(SOCKLEDGER_UNAVAILABLE + 1), "?");
        QCOMPARE(sockledger_state_name(SOCKLEDGER_NEW_SYN_RECV), "NEW_SYN_RECV");
        QCOMPARE(sockledger_state_name(SOCKLEDGER_STATES), "?");
        QCOMPARE(sockledger_protocol_name(SOCKLEDGER_TCP), "tcp");
        QCOMPARE(sockledger_protocol_name(UINT32_MAX), "?");
        QCOMPARE(sockledger_scope_name(SOCKLEDGER_SCOPE_LAN), "lan");
        QCOMPARE(sockledger_scope_name(SOCKLEDGER_SCOPE_INTERNET + 1), "?");
        QVERIFY(QByteArray(sockledger_version()).count('.') == 2);
    }
};

QTEST_GUILESS_MAIN(CApiTest)
#include "c_api_test.moc"
