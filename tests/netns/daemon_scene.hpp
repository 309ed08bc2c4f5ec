// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/capture.hpp"
#include "support/daemon_process.hpp"
#include "support/peer.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

/// A daemon between two namespaces, and its history beside what the devices counted.
namespace sockledger::test {

using namespace std::chrono_literals;

struct Amount {
    std::int64_t rx = 0;
    std::int64_t tx = 0;
    bool operator==(const Amount&) const = default;
    Amount& operator+=(const Amount& other) {
        rx += other.rx;
        tx += other.tx;
        return *this;
    }
};

inline std::string text(const Amount& amount) {
    return std::to_string(amount.rx) + " in, " + std::to_string(amount.tx) + " out";
}

inline char* toString(const Amount& amount) {
    return qstrdup(text(amount).c_str());
}

inline Amount amount(const DeviceCounters& counters) {
    return {std::int64_t(counters.rx_bytes), std::int64_t(counters.tx_bytes)};
}

/// The packets that close a connection meet a socket or not, as it falls out: a TIME_WAIT has none.
inline Amount closing_packets(const PacketTally& tally) {
    Amount sum;
    for (const PacketClass kind : {PacketClass::TcpFin2, PacketClass::TcpFinAck})
        sum += {std::int64_t(tally.of(Direction::Rx, kind).bytes),
                std::int64_t(tally.of(Direction::Tx, kind).bytes)};
    return sum;
}

/// What a program has moved, as far as its sockets were there.
inline bool is_all_of(const Amount& booked, const Amount& moved, const Amount& closing) {
    const auto within = [](std::int64_t part, std::int64_t all, std::int64_t rest) {
        return part <= all && part >= all - rest;
    };
    return within(booked.rx, moved.rx, closing.rx) && within(booked.tx, moved.tx, closing.tx);
}

template<typename T>
T value(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().message);
    return *std::move(result);
}

inline void done(Result<void> result) {
    if (!result)
        throw std::runtime_error(result.error().message);
}

inline UsageQuery everything(UsageGroup group, UsageBucket::Unit bucket = UsageBucket::Unit::Whole) {
    UsageQuery query;
    const auto now =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    query.window = {now - 24h, now + 1min};
    query.group = group;
    query.bucket.unit = bucket;
    return query;
}

/// By app of one interface; "" is the sum.
inline std::map<std::string, Amount> by_app(DaemonClient& client, const std::string& interface,
                                            UsageBucket::Unit bucket = UsageBucket::Unit::Whole) {
    UsageQuery query = everything(UsageGroup::App, bucket);
    query.interface = interface;
    std::map<std::string, Amount> amounts;
    const Usage usage = value(client.usage(query));
    for (const UsageRow& row : usage.rows) {
        const Amount amount{row.rx_bytes, row.tx_bytes};
        amounts[row.app] += amount;
        amounts[""] += amount;
    }
    if (amounts[""] != Amount{usage.rx_bytes, usage.tx_bytes})
        throw std::runtime_error("the rows are not the sum");
    return amounts;
}

/// Two machines with a link; the daemon runs on the left one.
struct Scene {
    QTemporaryDir directory;
    Namespace left, right;
    VethPair link{left, right};
    DeviceCounters before;

    Scene() {
        link.set_offloads(Offloads::Off);
        before = link.left().counters();
    }
    std::string path(const char* name = "") const { return directory.filePath(name).toStdString(); }
    void configure(const char* text) const { std::ofstream(path("sockledgerd.toml")) << text; }
    std::unique_ptr<DaemonProcess> daemon(std::vector<std::string> arguments = {}) const {
        return std::make_unique<DaemonProcess>(left, directory.path().toStdString(), std::move(arguments));
    }
    const std::string& device() const { return link.left().device; }
    Amount moved() const { return amount(link.left().counters() - before); }

    /// `bytes` of TCP payload from left to right, sent by the program `name`.
    void send(const char* name, std::uint64_t bytes) const {
        const std::string program = path(name);
        if (!QFile::exists(QString::fromStdString(program)))
            copy_traffic_peer(program);
        const std::string size = "bytes=" + std::to_string(bytes);
        Peer server(right, {"tcp-bulk", "server", "local=" + link.right().ipv4, size});
        server.ready();
        Peer client(left, program, {"tcp-bulk", "client", "peer=" + link.right().ipv4, size});
        client.ready();
        exchange(client, server);
        leave_together({&client, &server});
        if (!link.wait_until_quiet())
            throw std::runtime_error("the link does not come to rest");
    }
    /// What history calls the program of this name.
    std::string app(const char* name) const { return "exe:" + path(name); }
};

} // namespace sockledger::test
