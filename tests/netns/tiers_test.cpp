// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/daemon_process.hpp"
#include "support/require.hpp"
#include "support/sock_diag_denied.hpp"
#include "tiers_scene.hpp"

#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

/// What people without privilege see of traffic of a known size, and what it is called.
class TiersTest : public QObject {
    Q_OBJECT

    std::optional<Namespace> left_, right_;
    std::optional<VethPair> link_;
    std::optional<Child> server_;

    /// Lets an ordinary user in the left namespace do something, and gives back what he says.
    Told as_nobody(const std::function<void(Child::Say)>& body) const {
        const auto [status, said] = left_->run([&] {
            return Child::ask([&](Child::Say say) {
                become_nobody();
                body(say);
            });
        });
        if (status != 0)
            throw std::runtime_error("the watcher failed: " + said);
        return Told(said);
    }

private slots:
    void initTestCase() { SOCKLEDGER_NEEDS("netns", "users"); }

    // Each test has a network of its own: what the kernel tells late of the one before is not heard there.
    void init() {
        left_.emplace();
        right_.emplace();
        link_.emplace(*left_, *right_);
        link_->set_offloads(Offloads::Off); // so that the device counts what is on the wire
        right_->run([&] {
            const auto listener = open_bound({link_->right().ipv4.c_str(), port}, SOCK_STREAM);
            checked(listen(listener.get(), 100), "listen");
            server_.emplace([&] { serve(listener); });
        });
    }

    void cleanup() {
        server_.reset();
        link_.reset();
        left_.reset();
        right_.reset();
    }

    void aTransferIsReportedWithinOneSegmentOfItsPayload_data() {
        QTest::addColumn<quint64>("up");
        QTest::addColumn<quint64>("down");
        QTest::newRow("sent") << quint64{5'000'000} << quint64{1};
        QTest::newRow("received") << quint64{0} << quint64{5'000'000};
        QTest::newRow("both") << quint64{3'000'000} << quint64{2'000'000};
        QTest::newRow("hardly anything") << quint64{0} << quint64{1};
    }
    void aTransferIsReportedWithinOneSegmentOfItsPayload() {
        QFETCH(quint64, up);
        QFETCH(quint64, down);
        const Told told = as_nobody([&, up, down](const Child::Say& say) {
            Watch watch(local_engine(), link_->left());
            const Client client(link_->right().ipv4);
            client.transfer(up, down);
            watch.sample();
            say_traffic(say, "app", watch.app());
            say_traffic(say, "apps", watch.apps());
            say_traffic(say, "books", watch.interface()->apps);
            watch.sample_until([&] { return watch.books_close(); });
            say("close " + std::to_string(watch.books_close()) + "\n");
            say("cause " + std::string(to_string(watch.interface()->unattributed_cause)) + "\n");
            say("detail " + watch.detail("sockets") + "\n");
        });
        for (const std::string who : {"app", "apps", "books"}) {
            QCOMPARE(told.text(who + ".accuracy"), "partial");
            COMPARE_WITHIN_A_SEGMENT(told.number(who + ".tx"), Client::sent(up));
            COMPARE_WITHIN_A_SEGMENT(told.number(who + ".rx"), down);
        }
        QCOMPARE(told.number("close"), 1u);
        QCOMPARE(told.text("cause"), "not_counted");
        QVERIFY(told.text("detail").contains("only TCP payload: UDP and headers are not seen"));
    }

    void aConnectionThatClosesBetweenTwoTablesKeepsItsLastBytes() {
        const Told told = as_nobody([&](const Child::Say& say) {
            Watch watch(local_engine(), link_->left());
            Client client(link_->right().ipv4);
            client.transfer(100'000, 1000);
            watch.sample();
            client.transfer(1'000'000, 2000);
            client.close();
            constexpr std::uint64_t all = 2 * sizeof(Order) + 1'100'000;
            watch.sample_until([&] { return watch.app().tx_bytes >= all; });
            say_traffic(say, "app", watch.app());
        });
        COMPARE_WITHIN_A_SEGMENT(told.number("app.tx"), 2 * sizeof(Order) + 1'100'000);
        COMPARE_WITHIN_A_SEGMENT(told.number("app.rx"), 3000);
        QCOMPARE(told.text("app.accuracy"), "partial");
    }

    void connectionsThatNoTableSeesAreCountedToo() {
        constexpr std::uint64_t count = 50, up = 10'000, down = 2000;
        constexpr std::uint64_t all_up = count * (sizeof(Order) + up), all_down = count * down;
        const Told told = as_nobody([&](const Child::Say& say) {
            Watch watch(local_engine(), link_->left());
            for (std::uint64_t i = 0; i < count; ++i) {
                Client client(link_->right().ipv4);
                client.transfer(up, down);
                client.close();
            }
            watch.sample_until(
                [&] { return watch.apps().tx_bytes >= all_up && watch.apps().rx_bytes >= all_down; });
            say_traffic(say, "apps", watch.apps());
            say_traffic(say, "unknown", watch.snapshot().app("unknown")->traffic);
        });
        COMPARE_WITHIN_A_SEGMENT(told.number("apps.tx"), all_up);
        COMPARE_WITHIN_A_SEGMENT(told.number("apps.rx"), all_down);
        QVERIFY(told.number("unknown.tx") > 0);
        QCOMPARE(told.text("unknown.accuracy"), "partial");
    }

    void aFloodThatIsNotHeardOfInFullIsToldAndTheTableIsReadAgain() {
        const Told told = as_nobody([&](const Child::Say& say) {
            Watch watch(local_engine(1h), link_->left());
            const UniqueFd listener = open_bound({"127.0.0.1", port}, SOCK_STREAM);
            checked(listen(listener.get(), 1), "listen");
            for (int i = 0; i < 7'000; ++i) { // two notices each, of which some ten thousand find room
                const UniqueFd client = open_socket(AF_INET, SOCK_STREAM);
                connect_to(client, {"127.0.0.1", port});
                const UniqueFd accepted(checked(accept(listener.get(), nullptr, nullptr), "accept"));
                const linger at_once{1, 0}; // leaves no TIME_WAIT behind
                checked(setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "linger");
            }
            wait_for_drops();
            const UniqueFd one_more = open_socket(AF_INET, SOCK_STREAM);
            connect_to(one_more, {"127.0.0.1", port});
            const auto is_shown = [&] {
                return std::ranges::count(watch.snapshot().connections, cookie_of(one_more.get()),
                                          [](const Connection& shown) { return shown.id.cookie; });
            };
            watch.sample();
            say("first " + std::to_string(is_shown()) + "\n");
            watch.sample();
            say("second " + std::to_string(is_shown()) + "\n");
            say("lost " + std::to_string(watch.snapshot().source("sockets")->lost_events) + "\n");
        });
        QCOMPARE(told.number("first"), 0u);
        QCOMPARE(told.number("second"), 1u);
        QVERIFY(told.number("lost") > 0);
    }

    void udpHasNoBytesRatherThanNone() {
        const Told told = as_nobody([&](const Child::Say& say) {
            Watch watch(local_engine(), link_->left());
            const UniqueFd udp = open_socket(AF_INET, SOCK_DGRAM);
            connect_to(udp, {link_->right().ipv4.c_str(), 9});
            send_bytes(udp.get(), 1000);
            watch.sample();
            const std::uint64_t cookie = cookie_of(udp.get());
            for (const Connection& connection : watch.snapshot().connections) {
                if (connection.id.cookie == cookie)
                    say_traffic(say, "udp", connection.traffic);
            }
        });
        QCOMPARE(told.text("udp.accuracy"), "unavailable");
    }

    void withSockDiagDeniedTheAppsAddUpToTheInterface() {
        const Told told = as_nobody([&](const Child::Say& say) {
            deny_sock_diag();
            Watch watch(local_engine(), link_->left());
            const Client client(link_->right().ipv4);
            watch.sample();
            for (int i = 0; i < 10; ++i) {
                client.transfer(100'000, 50'001);
                watch.sample();
                const Traffic sum = watch.apps();
                const Interface& books = *watch.interface();
                if (sum.rx_bytes != books.apps.rx_bytes || sum.tx_bytes != books.apps.tx_bytes ||
                    !watch.books_close())
                    throw std::runtime_error("the books do not close");
            }
            say_traffic(say, "app", watch.app());
            say_traffic(say, "apps", watch.apps());
            say_traffic(say, "device", watch.device());
            say_traffic(say, "unattributed", watch.interface()->unattributed);
            say("detail " + watch.detail("sockets") + "\n");
        });
        QCOMPARE(told.text("app.accuracy"), "estimated");
        QCOMPARE(told.text("apps.accuracy"), "estimated");
        // What passed before the connection was in a table has nobody.
        QCOMPARE(told.number("apps.rx") + told.number("unattributed.rx"), told.number("device.rx"));
        QCOMPARE(told.number("apps.tx") + told.number("unattributed.tx"), told.number("device.tx"));
        QVERIFY(told.number("app.tx") > 1'000'000 && told.number("unattributed.tx") < 1000);
        QVERIFY(told.text("detail").contains("without byte counts"));
        QVERIFY(told.text("detail").contains("Permission denied"));
    }

    void throughTheDaemonTheSameIsExact() {
        SOCKLEDGER_NEEDS("bpf");
        const QTemporaryDir directory;
        checked(chmod(directory.path().toLocal8Bit().constData(), 0755), "chmod");
        const DaemonProcess daemon(*left_, directory.path().toStdString());
        const Told told = as_nobody([&](const Child::Say& say) {
            FeedOptions options;
            options.source = FeedOptions::Source::Daemon;
            options.socket = daemon.socket();
            auto feed = open_feed(options);
            if (!feed)
                throw std::runtime_error(feed.error().message);
            Watch watch(*std::move(feed), link_->left());
            const Traffic before = watch.apps();
            const Client client(link_->right().ipv4);
            client.transfer(1'000'000, 500'000);
            watch.sample_until([&] {
                return watch.apps().tx_bytes - before.tx_bytes == watch.device().tx_bytes &&
                       watch.apps().rx_bytes - before.rx_bytes == watch.device().rx_bytes &&
                       watch.device().tx_bytes > 1'000'000;
            });
            say_traffic(say, "app", watch.app());
            say_traffic(say, "apps", watch.apps());
            say_traffic(say, "device", watch.device());
            say_traffic(say, "before", before);
        });
        QCOMPARE(told.text("app.accuracy"), "exact");
        QCOMPARE(told.text("apps.accuracy"), "exact");
        QVERIFY(told.number("app.tx") > Client::sent(1'000'000));
        QCOMPARE(told.number("apps.tx") - told.number("before.tx"), told.number("device.tx"));
        QCOMPARE(told.number("apps.rx") - told.number("before.rx"), told.number("device.rx"));
    }
};

QTEST_GUILESS_MAIN(TiersTest)
#include "tiers_test.moc"
