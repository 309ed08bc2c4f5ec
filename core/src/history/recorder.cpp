// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/recorder.hpp"

#include "history/recovery.hpp"

#include <algorithm>

namespace sockledger {

namespace {

// '*' stands for any text, '?' for one character.
bool matches(std::string_view pattern, std::string_view name) {
    if (pattern.empty())
        return name.empty();
    if (pattern.starts_with("**")) // or every way to share a text between them would be tried
        return matches(pattern.substr(1), name);
    if (pattern.front() == '*')
        return matches(pattern.substr(1), name) || (!name.empty() && matches(pattern, name.substr(1)));
    return !name.empty() && (pattern.front() == '?' || pattern.front() == name.front()) &&
           matches(pattern.substr(1), name.substr(1));
}

// Of several in a row that have the same sign, the one nearest to zero; 0 when they have not.
std::int64_t settled(auto values, auto member) {
    const auto [least, most] = std::ranges::minmax(values, {}, member);
    if (least.*member > 0)
        return least.*member;
    return most.*member < 0 ? most.*member : 0;
}

constexpr std::uint32_t loopback_ifindex = 1; // LOOPBACK_IFINDEX of the kernel, in every namespace

} // namespace

std::string history_name(const Interface& interface, const Snapshot& snapshot) {
    if (interface.id.netns == snapshot.netns)
        return interface.name;
    return interface.netns_name.empty() ? std::string(other_namespaces)
                                        : interface.netns_name + '/' + interface.name;
}

bool MonitoredInterfaces::contains(const Interface& interface, std::string_view name) const {
    if (names.empty() || name == other_namespaces)
        return !interface.loopback;
    return std::ranges::any_of(names, [&](const std::string& pattern) { return matches(pattern, name); });
}

std::vector<InterfaceId> counted_interfaces(const Snapshot& snapshot, const MonitoredInterfaces& monitored) {
    if (monitored.names.empty())
        return snapshot.total_of;
    std::vector<const Interface*> chosen;
    for (const Interface& interface : snapshot.interfaces)
        if (interface.id.netns == snapshot.netns && monitored.contains(interface, interface.name))
            chosen.push_back(&interface);
    const auto is_chosen = [&](const std::optional<InterfaceId>& id) {
        return id && std::ranges::any_of(chosen, [&](const Interface* other) { return other->id == *id; });
    };
    std::vector<InterfaceId> counted;
    for (const Interface* interface : chosen)
        if (!is_chosen(interface->lower) && !is_chosen(interface->master))
            counted.push_back(interface->id);
    return counted;
}

Recorder::Pair& Recorder::Pair::operator+=(const Pair& other) {
    rx += other.rx;
    tx += other.tx;
    return *this;
}

Recorder::Pair& Recorder::Pair::operator-=(const Pair& other) {
    rx -= other.rx;
    tx -= other.tx;
    return *this;
}

bool Recorder::fell(const Pair& before, const Pair& now) {
    return now.rx < before.rx || now.tx < before.tx;
}

Recorder::Pair Recorder::pair_of(const Traffic& traffic) {
    return {static_cast<std::int64_t>(traffic.rx_bytes), static_cast<std::int64_t>(traffic.tx_bytes)};
}

// Totals of a Snapshot never fall, except that an interface which was gone for long begins anew.
Recorder::Pair Recorder::step(Pair& before, const Pair& now) {
    if (fell(before, now))
        before = {};
    return now - std::exchange(before, now);
}

Recorder::Recorder(std::vector<Checkpoint> checkpoints, std::string boot_id)
    : checkpoints_(std::move(checkpoints)), boot_id_(std::move(boot_id)) {}

Increment Recorder::record(const Snapshot& snapshot) {
    Increment increment;
    increment.time = std::chrono::floor<std::chrono::seconds>(snapshot.time.realtime);
    begin_or_end_books(snapshot, increment);
    for (const App& app : snapshot.apps)
        record_app(app, snapshot, increment);
    // An application that the engine has forgotten begins anew if it comes back.
    if (apps_.size() > snapshot.apps.size())
        std::erase_if(apps_, [&](const auto& entry) { return !snapshot.app(entry.first); });
    for (const Interface& interface : snapshot.interfaces)
        record_interface(interface, snapshot, increment);
    begun_ = true;
    return increment;
}

void Recorder::begin_or_end_books(const Snapshot& snapshot, Increment& increment) {
    for (auto& [id, book] : books_)
        book.present = false;
    const std::vector<InterfaceId> counted = counted_interfaces(snapshot, monitored_);
    for (const Interface& interface : snapshot.interfaces) {
        Book& book = books_[interface.id];
        const bool known = !book.interface.name.empty();
        book.present = true;
        book.interface = {history_name(interface, snapshot),
                          std::ranges::find(counted, interface.id) != counted.end()};
        const bool monitored = monitored_.contains(interface, book.interface.name);
        // What passed before we began, or while nobody asked for this interface, is not ours.
        if (!begun_ || (known && monitored && !book.monitored)) {
            book.total = pair_of(interface.total);
            book.unattributed = pair_of(interface.unattributed);
            book.in_flight = {};
            book.samples = 0;
            for (const App& app : snapshot.apps)
                if (const auto on = app.by_interface.find(interface.id); on != app.by_interface.end())
                    apps_[app.id].by_interface[interface.id] = pair_of(on->second);
        }
        book.monitored = monitored;
        if (!begun_ && monitored && interface.id.netns == snapshot.netns)
            recover(interface, book, increment);
    }
    for (auto& [id, book] : books_)
        close_if_gone(book, increment);
    std::erase_if(books_, [](const auto& entry) { return entry.second.absent > remember_gone; });
}

// No packet of a device that has gone is on its way to it.
void Recorder::close_if_gone(Book& book, Increment& increment) {
    book.absent = book.present ? 0 : book.absent + 1;
    if (book.present || book.in_flight == Pair{})
        return;
    if (book.monitored)
        increment.parts.push_back({book.interface,
                                   std::string(unattributed_app),
                                   {},
                                   {},
                                   book.in_flight.rx,
                                   book.in_flight.tx,
                                   Accuracy::Exact});
    book.in_flight = {};
}

void Recorder::recover(const Interface& interface, const Book& book, Increment& increment) const {
    const auto gap = recover_gap(checkpoints_, interface, boot_id_, increment.time);
    if (!gap)
        return;
    increment.gaps.push_back(*gap);
    increment.parts.push_back({book.interface,
                               std::string(unattributed_app),
                               {},
                               {},
                               gap->rx_bytes,
                               gap->tx_bytes,
                               Accuracy::Exact});
}

// It is still in the total of the application, and was booked in its time.
void Recorder::forget_interfaces(const App& app, AppBook& account) {
    std::erase_if(account.by_interface, [&](const auto& entry) {
        const auto& [id, before] = entry;
        const auto now = app.by_interface.find(id);
        const bool forgotten = now == app.by_interface.end() || fell(before, pair_of(now->second));
        if (forgotten && id.ifindex != loopback_ifindex)
            account.forgotten += before;
        return forgotten;
    });
}

void Recorder::record_app(const App& app, const Snapshot& snapshot, Increment& increment) {
    AppBook& account = apps_[app.id];
    const auto add = [&](const HistoryInterface& interface, const Pair& amount, Accuracy accuracy) {
        if (amount != Pair{})
            increment.parts.push_back(
                {interface, app.id, app.name, app.icon, amount.rx, amount.tx, accuracy});
    };
    forget_interfaces(app, account);
    Pair elsewhere = pair_of(app.traffic) - account.forgotten;
    for (const auto& [id, traffic] : app.by_interface) {
        const auto book = books_.find(id);
        const Interface* interface = snapshot.interface(id);
        if (interface ? interface->loopback : id.ifindex == loopback_ifindex) {
            if (book == books_.end() || !book->second.monitored)
                continue;
        } else {
            elsewhere -= pair_of(traffic);
        }
        const Pair now = pair_of(traffic);
        const Pair amount = now - std::exchange(account.by_interface[id], now);
        if (book != books_.end()) {
            if (!book->second.monitored)
                continue;
            add(book->second.interface, amount, traffic.accuracy);
            book->second.in_flight -= amount;
        } else if (begun_) {
            const auto where = id.netns == snapshot.netns ? unknown_interface : other_namespaces;
            add({std::string(where), false}, amount, traffic.accuracy);
        }
    }
    const Pair amount = elsewhere - std::exchange(account.elsewhere, elsewhere);
    if (begun_)
        add({std::string(unknown_interface), false}, amount, app.traffic.accuracy);
}

// What the device has counted longer than any packet is on its way, and no socket has: unattributed.
// What sockets have, and the device does not count: dropped, so it was no traffic.
Recorder::Pair Recorder::take_settled(Book& book) {
    book.before[book.samples++ % samples_in_flight] = book.in_flight;
    if (book.samples < samples_in_flight)
        return {};
    const Pair amount{settled(book.before, &Pair::rx), settled(book.before, &Pair::tx)};
    for (Pair& before : book.before)
        before -= amount;
    return amount;
}

void Recorder::record_interface(const Interface& interface, const Snapshot& snapshot, Increment& increment) {
    Book& book = books_.at(interface.id);
    const Pair total = step(book.total, pair_of(interface.total));
    Pair unattributed = step(book.unattributed, pair_of(interface.unattributed));
    if (book.monitored) {
        book.in_flight += total;
        book.in_flight -= unattributed;
        // Where packets are not counted, none can be on its way from one count to the other.
        const Pair more =
            interface.kernel.accuracy == Accuracy::Unavailable ? book.in_flight : take_settled(book);
        book.in_flight -= more;
        unattributed += more;
        if (unattributed != Pair{})
            increment.parts.push_back({book.interface,
                                       std::string(unattributed_app),
                                       {},
                                       {},
                                       unattributed.rx,
                                       unattributed.tx,
                                       Accuracy::Exact});
    }
    if (interface.id.netns ==
        snapshot.netns) // the next start could not tell another's namespace from a new one
        increment.checkpoints.push_back(checkpoint_of(interface, book, increment.time));
}

Checkpoint Recorder::checkpoint_of(const Interface& interface, const Book& book,
                                   std::chrono::seconds time) const {
    return {interface.name,
            interface.id,
            boot_id_,
            book.interface.counted,
            interface.device_rx_bytes,
            interface.device_tx_bytes,
            book.in_flight.rx,
            book.in_flight.tx,
            time};
}

} // namespace sockledger
