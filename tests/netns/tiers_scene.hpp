// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "child.hpp"
#include "live_sockets.hpp"

#include <sockledger/engine.hpp>

#include <QTest>

#include <array>
#include <chrono>
#include <fstream>
#include <grp.h>
#include <linux/netlink.h>
#include <map>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>

/// A transfer of known size, and an ordinary user who watches it.
namespace sockledger::test {

using namespace std::chrono_literals;

inline constexpr std::uint16_t port = 4000;
inline constexpr std::uint64_t segment = 1460; ///< the most payload that a packet of this link carries

/// What a client asks of the server in its first bytes.
struct Order {
    std::uint64_t up = 0;   ///< bytes that the client sends after this
    std::uint64_t down = 1; ///< bytes that the server answers when it has them all
};

inline void move_bytes(int fd, std::uint64_t size, ssize_t (*call)(int, char*, std::size_t)) {
    static std::array<char, 64 << 10> buffer;
    while (size > 0) {
        const ssize_t moved = checked(call(fd, buffer.data(), std::min(size, buffer.size())), "transfer");
        if (moved == 0)
            throw std::runtime_error("the connection ended early");
        size -= static_cast<std::uint64_t>(moved);
    }
}
inline void send_bytes(int fd, std::uint64_t size) {
    move_bytes(fd, size, [](int to, char* data, std::size_t count) { return send(to, data, count, 0); });
}
inline void receive_bytes(int fd, std::uint64_t size) {
    move_bytes(fd, size, [](int from, char* data, std::size_t count) { return recv(from, data, count, 0); });
}
inline void wait_for_end(int fd) {
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

/// The kernel tells of destroyed sockets in its own time. Ends when it could not tell one.
inline void wait_for_drops() {
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

inline void become_nobody() {
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

inline void say_traffic(const Child::Say& say, const std::string& name, const Traffic& traffic) {
    say(name + ".rx " + std::to_string(traffic.rx_bytes) + "\n" + name + ".tx " +
        std::to_string(traffic.tx_bytes) + "\n" + name + ".accuracy " +
        std::string(to_string(traffic.accuracy)) + "\n");
}

inline std::unique_ptr<Feed> local_engine(std::chrono::milliseconds socket_interval = {}) {
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

} // namespace sockledger::test
