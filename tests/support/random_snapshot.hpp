// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace sockledger::testing {

/// Fills every member with anything that a Snapshot may hold; the same for the same seed.
class RandomSnapshot {
public:
    explicit RandomSnapshot(unsigned seed) : random_(seed) {}

    Snapshot make() {
        Snapshot made;
        made.sequence = number();
        made.time.boottime = std::chrono::nanoseconds(number() >> 2);
        made.time.realtime = std::chrono::nanoseconds(number() >> 2);
        made.interval = std::chrono::nanoseconds(number() >> 2);
        made.netns = narrow<std::uint32_t>();
        made.interfaces = rows<Interface>([&] { return interface(); });
        made.apps = rows<App>([&] { return app(); });
        made.processes = rows<Process>([&] { return process(); });
        made.connections = rows<Connection>([&] { return connection(); });
        made.sources = list<SourceStatus>([&] { return source(); });
        made.total = traffic();
        made.total_of = list<InterfaceId>([&] { return interface_id(); });
        return made;
    }

private:
    bool coin() { return random_() % 2 == 0; }
    template<typename T>
    T narrow() {
        return static_cast<T>(number());
    }
    template<typename Enum>
    Enum any(Enum last) {
        return static_cast<Enum>(random_() % (static_cast<unsigned>(last) + 1));
    }
    std::uint64_t number() {
        const std::uint64_t all = std::uint64_t{random_()} << 32 | random_();
        const unsigned shift = random_() % 64;
        return coin() ? all >> shift : coin() ? std::numeric_limits<std::uint64_t>::max() : 0;
    }
    std::string text() {
        static const std::vector<std::string> parts{
            "a",    "Z9",     " ",          "\"",      "\\",
            "/",    "\n",     "\x01",       "\x7f",    "\xc3\xa9",
            "日本", "\u2028", "\U0001f600", "\\u0000", std::string(1, '\0')};
        std::string made;
        for (auto count = random_() % 6; count > 0; --count)
            made += parts[random_() % parts.size()];
        return made;
    }
    template<typename T, typename Make>
    std::vector<T> list(Make make) {
        std::vector<T> made;
        for (auto count = random_() % 5; count > 0; --count)
            made.push_back(make());
        return made;
    }
    /// Sorted by id, each once.
    template<typename Row, typename Make>
    std::vector<Row> rows(Make make) {
        std::vector<Row> made = list<Row>(make);
        std::ranges::sort(made, {}, &Row::id);
        // std::unique: clang 14 does not compile what std::ranges::unique returns
        const auto same = [](const Row& a, const Row& b) { return a.id == b.id; };
        made.erase(std::unique(made.begin(), made.end(), same), made.end());
        return made;
    }
    std::optional<double> rate() {
        if (coin())
            return std::nullopt;
        return static_cast<double>(number()) / static_cast<double>(1 + random_() % 1000);
    }
    Traffic traffic() {
        Traffic made;
        made.accuracy = any(Accuracy::Unavailable);
        if (made.accuracy == Accuracy::Unavailable)
            return made; // what is not measurable has no numbers
        made.rx_bytes = number();
        made.tx_bytes = number();
        made.rx_packets = number();
        made.tx_packets = number();
        made.rx_rate = rate();
        made.tx_rate = rate();
        return made;
    }
    InterfaceId interface_id() { return {narrow<std::uint32_t>(), narrow<std::uint32_t>()}; }
    ProcessId process_id() { return {narrow<std::uint32_t>(), number()}; }
    Endpoint endpoint() {
        Endpoint made;
        made.ipv6 = coin();
        made.port = narrow<std::uint16_t>();
        const std::size_t length = made.ipv6 ? 16 : 4;
        const bool mapped = made.ipv6 && coin();
        for (std::size_t i = 0; i < length; ++i)
            made.address[i] = mapped && i < 10 ? 0 : mapped && i < 12 ? 0xff : narrow<std::uint8_t>();
        return made;
    }
    ConnectionCounts counts() {
        return {narrow<std::uint32_t>(), narrow<std::uint32_t>(), narrow<std::uint32_t>(),
                narrow<std::uint32_t>(), narrow<std::uint32_t>(), narrow<std::uint32_t>()};
    }
    Interface interface() {
        Interface made;
        made.id = interface_id();
        made.name = text();
        made.kind = any(InterfaceKind::Other);
        made.up = coin();
        made.loopback = coin();
        made.default_route = coin();
        if (coin())
            made.lower = interface_id();
        if (coin())
            made.master = interface_id();
        made.addresses = list<InterfaceAddress>([&] {
            return InterfaceAddress{text(), narrow<std::uint8_t>()};
        });
        for (const auto part :
             {&Interface::total, &Interface::apps, &Interface::kernel, &Interface::unattributed})
            made.*part = traffic();
        for (const auto count :
             {&Interface::rx_errors, &Interface::tx_errors, &Interface::rx_dropped, &Interface::tx_dropped,
              &Interface::device_rx_bytes, &Interface::device_tx_bytes})
            made.*count = number();
        return made;
    }
    App app() {
        App made;
        made.id = text();
        made.name = text();
        made.icon = text();
        made.processes = list<ProcessId>([&] { return process_id(); });
        made.traffic = traffic();
        made.loopback = traffic();
        for (auto count = random_() % 3; count > 0; --count)
            made.by_interface[interface_id()] = traffic();
        made.connections = counts();
        return made;
    }
    Process process() {
        Process made;
        made.id = process_id();
        for (const auto name :
             {&Process::comm, &Process::exe, &Process::user, &Process::cgroup, &Process::app})
            made.*name = text();
        made.command_line = list<std::string>([&] { return text(); });
        made.uid = narrow<std::uint32_t>();
        made.parent_pid = narrow<std::uint32_t>();
        made.alive = coin();
        made.traffic = traffic();
        made.loopback = traffic();
        made.connections = counts();
        return made;
    }
    Connection connection() {
        Connection made;
        made.id = {number(), narrow<std::uint32_t>()};
        made.protocol = any(Protocol::Other);
        made.state = any(SocketState::NewSynRecv);
        made.local = endpoint();
        made.remote = endpoint();
        if (coin())
            made.owner = process_id();
        made.app = text();
        made.uid = narrow<std::uint32_t>();
        made.traffic = traffic();
        if (coin())
            made.rtt_us = narrow<std::uint32_t>();
        if (coin())
            made.retransmits = narrow<std::uint32_t>();
        return made;
    }
    SourceStatus source() {
        return {
            text(), any(Accuracy::Unavailable), number(), number(), std::chrono::nanoseconds(number() >> 2),
            text()};
    }

    std::mt19937 random_;
};

inline Snapshot random_snapshot(unsigned seed) {
    return RandomSnapshot(seed).make();
}

/// Calls `visit` with the Traffic at every place, in two Snapshots of the same shape.
template<typename Visit>
void for_each_traffic(Snapshot& a, const Snapshot& b, Visit visit) {
    const auto rows = [](auto& left, const auto& right, auto each) {
        for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
            each(left[i], right[i]);
    };
    visit(a.total, b.total);
    rows(a.interfaces, b.interfaces, [&](Interface& left, const Interface& right) {
        visit(left.total, right.total);
        visit(left.apps, right.apps);
        visit(left.kernel, right.kernel);
        visit(left.unattributed, right.unattributed);
    });
    rows(a.apps, b.apps, [&](App& left, const App& right) {
        visit(left.traffic, right.traffic);
        visit(left.loopback, right.loopback);
        for (auto& [id, traffic] : left.by_interface)
            if (const auto found = right.by_interface.find(id); found != right.by_interface.end())
                visit(traffic, found->second);
    });
    rows(a.processes, b.processes, [&](Process& left, const Process& right) {
        visit(left.traffic, right.traffic);
        visit(left.loopback, right.loopback);
    });
    rows(a.connections, b.connections,
         [&](Connection& left, const Connection& right) { visit(left.traffic, right.traffic); });
}

} // namespace sockledger::testing
