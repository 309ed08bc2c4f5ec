// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"
#include "live_sockets.hpp"
#include "support/daemon_process.hpp"
#include "support/require.hpp"

#include <sockledger/engine.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <grp.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <map>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/syscall.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t port = 4000;
constexpr std::uint64_t segment = 1460; ///< the most payload that a packet of this link carries

/// What a client asks of the server in its first bytes.
struct Order {
    std::uint64_t up = 0;   ///< bytes that the client sends after this
    std::uint64_t down = 1; ///< bytes that the server answers when it has them all
};

void move_bytes(int fd, std::uint64_t size, ssize_t (*call)(int, char*, std::size_t)) {
    static std::array<char, 64 << 10> buffer;
    while (size > 0) {
        const ssize_t moved = checked(call(fd, buffer.data(), std::min(size, buffer.size())), "transfer");
        if (moved == 0)
            throw std::runtime_error("the connection ended early");
        size -= static_cast<std::uint64_t>(moved);
    }
}
void send_bytes(int fd, std::uint64_t size) {
    move_bytes(fd, size, [](int to, char* data, std::size_t count) { return send(to, data, count, 0); });
}
void receive_bytes(int fd, std::uint64_t size) {
    move_bytes(fd, size, [](int from, char* data, std::size_t count) { return recv(from, data, count, 0); });
}
void wait_for_end(int fd) {
    char byte = 0;
    checked(recv(fd, &byte, 1, 0), "recv");
}

/// Serves one client after the other, each until it ends.
[[noreturn]] void serve(const UniqueFd& listener) {
    while (true) {
        const UniqueFd client(checked(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
        Order order;
        while (recv(client.get(), &order, sizeof order, MSG_WAITALL) == sizeof order) {
            receive_bytes(client.get(), order.up);
            send_bytes(client.get(), order.down);
        }
    }
}

/// A client that keeps count of its payload.
class Client {
public:
    explicit Client(const std::string& server) : fd_(open_socket(AF_INET, SOCK_STREAM)) {
        connect_to(fd_, {server.c_str(), port});
    }
    /// The answer acknowledges all that was sent.
    void transfer(std::uint64_t up, std::uint64_t down) const {
        const Order order{up, down};
        checked(send(fd_.get(), &order, sizeof order, 0), "send");
        send_bytes(fd_.get(), up);
        receive_bytes(fd_.get(), down);
    }
    void close() {
        checked(shutdown(fd_.get(), SHUT_WR), "shutdown");
        wait_for_end(fd_.get());
        fd_ = UniqueFd();
    }
    static std::uint64_t sent(std::uint64_t up) { return sizeof(Order) + up; }

private:
    UniqueFd fd_;
};

/// From now on this process cannot open sockets for sock_diag, as under a strict security module.
void deny_sock_diag() {
    constexpr auto call_at = offsetof(seccomp_data, nr);
    constexpr auto family_at = offsetof(seccomp_data, args); // the low halves, on little-endian machines
    constexpr auto protocol_at = offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t);
    std::array<sock_filter, 8> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, call_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, family_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, protocol_at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NETLINK_SOCK_DIAG, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    checked(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "seccomp");
}

/// The kernel tells of destroyed sockets in its own time. Ends when it could not tell one.
void wait_for_drops() {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline) {
        std::ifstream table("/proc/thread-self/net/netlink");
        std::string line;
        std::getline(table, line); // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
        while (std::getline(table, line)) {
            std::istringstream words(line);
            std::array<std::string, 9> word;
            for (std::string& each : word)
                words >> each;
            if (word[1] == std::to_string(NETLINK_SOCK_DIAG) && word[8] != "0")
                return;
        }
        poll(nullptr, 0, 10); // leaves it the processor
    }
    throw std::runtime_error("nothing was dropped");
}

void become_nobody() {
    checked(setgroups(0, nullptr), "setgroups");
    checked(setresgid(65534, 65534, 65534), "setresgid");
    checked(setresuid(65534, 65534, 65534), "setresuid");
    checked(prctl(PR_SET_DUMPABLE, 1), "dumpable"); // else its own /proc/self/fd is closed to it
}

/// What an ordinary user watches, from his own process.
class Watch {
public:
    Watch(std::unique_ptr<Feed> feed, const VethEnd& end)
        : feed_(std::move(feed)), end_{end.space->inum(), end.ifindex}, own_(this_process()) {
        sample();
        device_before_ = *interface();
    }

    const Snapshot& sample() {
        auto taken = feed_->sample();
        if (!taken)
            throw std::runtime_error(taken.error().message);
        snapshot_ = *taken;
        return *snapshot_;
    }
    /// Samples until it is so, or for ten seconds.
    template<typename Condition>
    void sample_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        do {
            sample();
        } while (!condition() && std::chrono::steady_clock::now() < deadline);
    }

    const Snapshot& snapshot() const { return *snapshot_; }
    const Interface* interface() const { return snapshot_->interface(end_); }
    Traffic app() const {
        const Process* process = snapshot_->process(own_);
        const App* app = process ? snapshot_->app(process->app) : nullptr;
        return app ? app->traffic : Traffic{};
    }
    /// What all applications have moved over the link.
    Traffic apps() const {
        Traffic sum;
        sum.accuracy = Accuracy::Exact;
        for (const App& app : snapshot_->apps) {
            const auto part = app.by_interface.find(end_);
            if (part == app.by_interface.end())
                continue;
            sum.rx_bytes += part->second.rx_bytes;
            sum.tx_bytes += part->second.tx_bytes;
            sum.accuracy = worst(sum.accuracy, part->second.accuracy);
        }
        return sum;
    }
    /// What the device has counted since the first sample.
    Traffic device() const {
        Traffic moved;
        moved.rx_bytes = interface()->device_rx_bytes - device_before_.device_rx_bytes;
        moved.tx_bytes = interface()->device_tx_bytes - device_before_.device_tx_bytes;
        return moved;
    }
    bool books_close() const {
        const Interface& books = *interface();
        return books.apps.rx_bytes + books.kernel.rx_bytes + books.unattributed.rx_bytes ==
                   books.total.rx_bytes &&
               books.apps.tx_bytes + books.kernel.tx_bytes + books.unattributed.tx_bytes ==
                   books.total.tx_bytes;
    }
    std::string detail(const char* source) const {
        const SourceStatus* status = snapshot_->source(source);
        return status ? status->detail : "";
    }

private:
    std::unique_ptr<Feed> feed_;
    InterfaceId end_;
    ProcessId own_;
    SnapshotPtr snapshot_;
    Interface device_before_;
};

/// What the watcher tells the test: names and numbers, and texts.
class Told {
public:
    explicit Told(const std::string& said) {
        std::istringstream lines(said);
        for (std::string line; std::getline(lines, line);) {
            const auto space = line.find(' ');
            values_[line.substr(0, space)] = space == line.npos ? "" : line.substr(space + 1);
        }
    }
    std::uint64_t number(const std::string& name) const { return std::stoull(values_.at(name)); }
    QString text(const std::string& name) const { return QString::fromStdString(values_.at(name)); }

private:
    std::map<std::string, std::string> values_;
};

void say_traffic(const Child::Say& say, const std::string& name, const Traffic& traffic) {
    say(name + ".rx " + std::to_string(traffic.rx_bytes) + "\n" + name + ".tx " +
        std::to_string(traffic.tx_bytes) + "\n" + name + ".accuracy " +
        std::string(to_string(traffic.accuracy)) + "\n");
}

std::unique_ptr<Feed> local_engine(std::chrono::milliseconds socket_interval = {}) {
    EngineOptions options;
    options.socket_interval = socket_interval;
    auto engine = Engine::open(options);
    if (!engine)
        throw std::runtime_error(engine.error().message);
    return *std::move(engine);
}

#define COMPARE_WITHIN_A_SEGMENT(actual, expected)                                                           \
    do {                                                                                                     \
        const std::uint64_t bytes = (actual), payload = (expected);                                          \
        const std::string text = std::to_string(bytes) + " for a payload of " + std::to_string(payload);     \
        QVERIFY2(bytes >= payload && bytes - payload <= segment, text.c_str());                              \
    } while (false)

} // namespace

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
