// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/connection_table.hpp"

#include "engine/rates.hpp"

#include <algorithm>
#include <tuple>

namespace sockledger {

namespace {

bool is_tcp(const SocketRecord& record) {
    return record.protocol == Protocol::Tcp;
}

void count_one(ConnectionCounts& counts, const SocketRecord& record) {
    const bool udp = record.protocol == Protocol::Udp || record.protocol == Protocol::UdpLite;
    ++counts.total;
    ++(is_tcp(record) ? counts.tcp : udp ? counts.udp : counts.other);
    if (is_tcp(record)) {
        ++counts.tcp_states[static_cast<std::size_t>(record.state)];
    }
    if (is_tcp(record) && record.state == SocketState::Established) {
        ++counts.established;
    }
    if (is_tcp(record) && record.state == SocketState::Listen) {
        ++counts.listen;
    }
}

// What goes from one address of this machine to another takes the loopback interface, whichever has them.
Scope scope_of(const SocketRecord& record, const InterfaceBooks& interfaces) {
    const Scope remote = scope_of(record.remote);
    const bool connected = remote != Scope::Unspecified;
    const bool to_itself = connected && (record.local.address == record.remote.address ||
                                         scope_of(record.local) == Scope::Loopback ||
                                         interfaces.with_address(record.netns, record.remote).has_value());
    return to_itself ? Scope::Loopback : remote;
}

std::uint64_t growth(std::uint64_t before, std::uint64_t now) {
    return now > before ? now - before : 0;
}

// A socket that one process opened may be used by another: who used it last comes first.
std::optional<ProcessId> owner_of(const SocketRecord& record, const ProcessId& holder) {
    const ProcessId owner = record.owner.pid != 0 ? record.owner : holder;
    return owner.pid != 0 ? std::optional(owner) : std::nullopt;
}

// An address of the loopback device itself says nothing about the way that packets take.
Accounts::Place place_of(const SocketRecord& record, const InterfaceBooks& interfaces) {
    if (scope_of(record, interfaces) == Scope::Loopback) {
        constexpr std::uint32_t loopback_ifindex = 1; // LOOPBACK_IFINDEX of the kernel
        return {InterfaceId{record.netns, loopback_ifindex}, true};
    }
    const auto interface = interfaces.with_address(record.netns, record.local);
    return {interface && interfaces.link(*interface).loopback ? std::nullopt : interface, false};
}

void describe(Connection& connection, const SocketRecord& record, const ConnectionId& id,
              const InterfaceBooks& interfaces) {
    const auto if_tcp_info = [&](std::uint32_t value) {
        return record.has_tcp_info ? std::optional(value) : std::nullopt;
    };
    connection.id = id;
    connection.protocol = record.protocol;
    connection.state = record.state;
    connection.local = record.local;
    connection.remote = record.remote;
    connection.uid = record.uid;
    connection.scope = scope_of(record, interfaces);
    connection.interface = connection.scope == Scope::Loopback
                               ? std::nullopt
                               : interfaces.with_address(record.netns, record.local);
    connection.rtt_us = if_tcp_info(record.rtt_us);
    connection.retransmits = if_tcp_info(record.retransmits);
}

} // namespace

// Without a cookie (it was never asked for) the inode names the socket, and without an inode (TIME_WAIT)
// its endpoints do; the upper bit keeps both apart from cookies, which count from 1.
ConnectionId ConnectionTable::id_of(const SocketRecord& record) {
    constexpr std::uint64_t no_cookie = std::uint64_t{1} << 63;
    if (record.cookie != 0) {
        return {record.cookie, record.netns};
    }
    if (record.inode != 0) {
        return {no_cookie | record.inode, record.netns};
    }
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
    const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
    mix(static_cast<std::uint64_t>(record.protocol));
    for (const Endpoint* endpoint : {&record.local, &record.remote}) {
        mix(endpoint->port);
        for (const std::uint8_t byte : endpoint->address) {
            mix(byte);
        }
    }
    return {no_cookie | hash, record.netns};
}

// Cookies are never used again, inodes are.
bool ConnectionTable::is_same_socket(const Entry& entry, const SocketRecord& record) {
    return record.cookie != 0 || (entry.protocol == record.protocol &&
                                  (entry.local_port == 0 || entry.local_port == record.local.port));
}

// A socket counts once for each process that holds it, and once for each of their applications.
void ConnectionTable::count(Records records, Accounts& accounts) {
    std::vector<AppAccount*> counted;
    ProcessId last;
    for (const SocketRecord* record : records) {
        if (record->process.pid == 0 || record->process == last) {
            continue;
        }
        last = record->process;
        ProcessAccount* process = accounts.find(record->process);
        AppAccount* app = process ? process->app : &accounts.app(unknown_app());
        if (process) {
            count_one(process->process.connections, *record);
        }
        if (std::ranges::find(counted, app) == counted.end()) {
            count_one(app->connections, *record);
            counted.push_back(app);
        }
    }
}

// Returns the TCP payload since the last table.
ConnectionTable::Step ConnectionTable::update(Entry& entry, const SocketRecord& record, bool is_new) const {
    Step step;
    // What was there when we began had moved its bytes before; what came later moved all of them since, and
    // may first be seen in TIME_WAIT.
    entry.has_start = entry.has_start || (is_new && begun_);
    if (record.has_tcp_info) {
        if (entry.has_start) {
            step = {growth(entry.tcp_rx_bytes, record.tcp_rx_bytes),
                    growth(entry.tcp_tx_bytes, record.tcp_tx_bytes)};
        }
        entry.tcp_rx_bytes = record.tcp_rx_bytes;
        entry.tcp_tx_bytes = record.tcp_tx_bytes;
        entry.has_start = true;
    }
    if (record.wire_counted) {
        entry.rx_bytes = std::max(entry.rx_bytes, record.wire_rx_bytes);
        entry.tx_bytes = std::max(entry.tx_bytes, record.wire_tx_bytes);
        entry.accuracy = Accuracy::Exact;
    } else if (record.has_tcp_info && entry.accuracy != Accuracy::Exact) {
        entry.rx_bytes += step.rx_bytes;
        entry.tx_bytes += step.tx_bytes;
        entry.accuracy = Accuracy::Partial;
    }
    entry.local_port = record.local.port;
    entry.protocol = record.protocol;
    entry.held = true;
    return step;
}

Traffic ConnectionTable::traffic_of(const Entry& before, const Entry& now,
                                    std::chrono::nanoseconds interval) {
    const bool comparable = before.held && before.accuracy == now.accuracy;
    const auto known = [&](std::uint64_t total) { return comparable ? std::optional(total) : std::nullopt; };
    Traffic traffic;
    traffic.rx_bytes = now.rx_bytes;
    traffic.tx_bytes = now.tx_bytes;
    traffic.rx_rate = rate(known(before.rx_bytes), now.rx_bytes, interval);
    traffic.tx_rate = rate(known(before.tx_bytes), now.tx_bytes, interval);
    traffic.accuracy = now.accuracy;
    return traffic;
}

void ConnectionTable::book(Entry& entry, const Accounts::Place& place, InterfaceBooks& interfaces,
                           Accounts& accounts) {
    const Step step = std::exchange(entry.unbooked, {});
    if (step.rx_bytes == 0 && step.tx_bytes == 0) {
        return;
    }
    const Amount payload{{step.rx_bytes, 0}, {step.tx_bytes, 0}};
    accounts.book(entry.holder, place, payload, Accuracy::Partial);
    if (place.interface) {
        interfaces.count_apps(*place.interface, payload, Accuracy::Partial);
    }
}

void ConnectionTable::read_closed(const std::vector<SocketRecord>& closed, InterfaceBooks& interfaces,
                                  Accounts& accounts) {
    for (const SocketRecord& record : closed) {
        const ConnectionId id = id_of(record);
        const auto known = std::ranges::lower_bound(entries_, id, {}, &Entry::id);
        Entry unknown;
        const bool is_new = known == entries_.end() || known->id != id;
        Entry& entry = is_new ? unknown : *known;
        entry.unbooked += update(entry, record, is_new);
        entry.closed = true;
        book(entry, place_of(record, interfaces), interfaces, accounts);
    }
}

// One table may miss a socket that is there (the dump was disturbed), and the notice of its end may come
// seconds late on a busy machine. Forgetting it at once would count its bytes from zero again.
void ConnectionTable::keep_for_now(Entry& entry, std::chrono::nanoseconds now, bool book_payload) {
    constexpr std::chrono::minutes patience{1};
    const bool awaits_its_end =
        book_payload && entry.protocol == Protocol::Tcp && !entry.closed && now - entry.last_seen < patience;
    if (std::exchange(entry.held, false) || awaits_its_end) {
        next_.push_back(entry);
    }
}

void ConnectionTable::read(const std::vector<SocketRecord>& sockets, const Time& time, bool book_payload,
                           InterfaceBooks& interfaces, Accounts& accounts,
                           std::vector<Connection>& connections) {
    std::vector<std::pair<ConnectionId, const SocketRecord*>> sorted;
    sorted.reserve(sockets.size());
    for (const SocketRecord& socket : sockets) {
        sorted.emplace_back(id_of(socket), &socket);
    }
    // The record itself is only looked at where it decides: it is not in the cache.
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
        return a.first != b.first
                   ? a.first < b.first
                   : std::tie(a.second->process, a.second->fd) < std::tie(b.second->process, b.second->fd);
    });

    accounts.clear_connection_counts();
    next_.clear();
    std::size_t shown = 0;
    std::vector<const SocketRecord*> records;
    auto old = entries_.begin();
    for (auto first = sorted.begin(); first != sorted.end();) {
        const ConnectionId id = first->first;
        records.clear();
        for (; first != sorted.end() && first->first == id; ++first) {
            records.push_back(first->second);
        }
        for (; old != entries_.end() && old->id < id; ++old) {
            keep_for_now(*old, time.now, book_payload);
        }
        const auto counted = std::ranges::find_if(records, &SocketRecord::wire_counted);
        const SocketRecord& record = counted == records.end() ? *records.front() : **counted;
        const auto holder = std::ranges::find_if(records, [](auto* one) { return one->process.pid != 0; });
        const ProcessId held_by = holder == records.end() ? ProcessId{} : (*holder)->process;

        const bool was_there = old != entries_.end() && old->id == id;
        const bool is_new = !was_there || !is_same_socket(*old, record);
        const Entry before = is_new ? Entry{} : *old;
        old += was_there ? 1 : 0;
        Entry now = before;
        now.id = id;
        now.first_seen = is_new ? time.now : before.first_seen;
        now.last_seen = time.now;
        now.holder = held_by.pid != 0 ? held_by : before.holder;
        const Step step = update(now, record, is_new);
        if (book_payload) {
            now.unbooked += step;
            // A new socket may have a holder that is only found by the next table.
            if (!is_new || now.holder.pid != 0) {
                book(now, place_of(record, interfaces), interfaces, accounts);
            }
        }
        count(records, accounts);
        next_.push_back(now);

        if (shown == connections.size()) {
            connections.emplace_back();
        }
        Connection& connection = connections[shown++];
        describe(connection, record, id, interfaces);
        connection.age = time.now - now.first_seen;
        connection.traffic = traffic_of(before, now, time.interval);
        connection.owner = owner_of(record, held_by);
        const ProcessAccount* owner = connection.owner ? accounts.find(*connection.owner) : nullptr;
        if (owner) {
            connection.app = owner->app->identity.id;
        } else {
            connection.app = connection.owner ? unknown_app().id : AppId();
        }
    }
    for (; old != entries_.end(); ++old) {
        keep_for_now(*old, time.now, book_payload);
    }
    connections.resize(shown);
    std::swap(entries_, next_);
    begun_ = true;
}

} // namespace sockledger
