// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/interface_books.hpp"

#include "engine/address_text.hpp"
#include "engine/rates.hpp"
#include "engine/total_of.hpp"

#include <algorithm>

namespace sockledger {

namespace {

constexpr std::chrono::minutes remember_gone{5};
constexpr std::uint32_t loopback_ifindex = 1; // LOOPBACK_IFINDEX of the kernel

struct DirectionStep {
    Flow flow;
    bool reset = false;
};

// When bytes and packets fall together the device began anew: two counters do not run over at once.
DirectionStep direction_step(const Flow& before, const Flow& now) {
    if (now.bytes < before.bytes && now.packets < before.packets) {
        return {{}, true};
    }
    const CounterStep bytes = counter_step(before.bytes, now.bytes);
    const CounterStep packets = counter_step(before.packets, now.packets);
    return {{bytes.delta, packets.delta}, bytes.reset || packets.reset};
}

Flow rx_of(const LinkStats& stats) {
    return {stats.rx_bytes, stats.rx_packets};
}

Flow rest(const Flow& total, const Flow& part) {
    return {total.bytes - std::min(total.bytes, part.bytes),
            total.packets - std::min(total.packets, part.packets)};
}

Flow tx_of(const LinkStats& stats) {
    return {stats.tx_bytes, stats.tx_packets};
}

void describe(Interface& interface, const InterfaceId& id, const LinkRecord& link) {
    const auto other = [&](std::uint32_t ifindex) {
        return ifindex == 0 ? std::nullopt : std::optional<InterfaceId>({id.netns, ifindex});
    };
    constexpr std::uint32_t running = 0x40; // IFF_RUNNING
    constexpr std::uint8_t oper_unknown = 0;
    constexpr std::uint8_t oper_up = 6;
    interface.id = id;
    interface.name = link.name;
    interface.kind = interface_kind(link);
    interface.up =
        link.operstate == oper_up || (link.operstate == oper_unknown && (link.flags & running) != 0);
    interface.loopback = interface.kind == InterfaceKind::Loopback;
    interface.default_route = link.default_route;
    interface.lower = other(link.lower);
    interface.master = other(link.master);
    interface.addresses = link.addresses;
    interface.rx_errors = link.stats.rx_errors;
    interface.tx_errors = link.stats.tx_errors;
    interface.rx_dropped = link.stats.rx_dropped;
    interface.tx_dropped = link.stats.tx_dropped;
    interface.device_rx_bytes = link.stats.rx_bytes;
    interface.device_tx_bytes = link.stats.tx_bytes;
}

} // namespace

void InterfaceBooks::begin(Book& book, const LinkRecord& link, bool made_since) {
    if (made_since && book.interface.kind != InterfaceKind::Physical) {
        book.rx.count_device(rx_of(link.stats));
        book.tx.count_device(tx_of(link.stats));
    } else {
        book.begins = true;
    }
}

void InterfaceBooks::advance(Book& book, const LinkRecord& link, InterfaceKind kind_before) {
    DirectionStep rx = direction_step(rx_of(book.stats), rx_of(link.stats));
    DirectionStep tx = direction_step(tx_of(book.stats), tx_of(link.stats));
    const bool other_device =
        link.born != book.born && (rx.reset || tx.reset || kind_before != book.interface.kind);
    book.reset = rx.reset || tx.reset || other_device;
    if (other_device) {
        const bool whole = book.interface.kind != InterfaceKind::Physical;
        rx.flow = whole ? rx_of(link.stats) : Flow{};
        tx.flow = whole ? tx_of(link.stats) : Flow{};
    }
    book.rx.count_device(rx.flow);
    book.tx.count_device(tx.flow);
}

void InterfaceBooks::read_link(const InterfaceId& id, const std::string& netns_name, const LinkRecord& link,
                               std::chrono::nanoseconds now) {
    const auto [entry, is_new] = books_.try_emplace(id);
    Book& book = entry->second;
    const InterfaceKind kind_before = book.interface.kind;
    describe(book.interface, id, link);
    book.interface.netns_name = netns_name;
    book.headers = link_headers(link);
    if (is_new) {
        const bool made_since = read_number_ > 1;
        begin(book, link, made_since);
    } else {
        advance(book, link, kind_before);
    }
    book.read_number = read_number_;
    book.stats = link.stats;
    book.born = link.born;
    book.seen = now;
}

void InterfaceBooks::read(const LinksReading& reading, std::chrono::nanoseconds now) {
    ++read_number_;
    netns_ = reading.netns;
    for (const LinkRecord& link : reading.links) {
        read_link({reading.netns, link.ifindex}, {}, link, now);
    }
    for (const NamespaceLinks& other : reading.others) {
        for (const LinkRecord& link : other.links) {
            read_link({other.netns, link.ifindex}, other.name, link, now);
        }
    }
    std::erase_if(books_, [&](const auto& entry) { return now - entry.second.seen > remember_gone; });
    index_addresses();
}

void InterfaceBooks::index_addresses() {
    addresses_.clear();
    for (const auto& [id, book] : books_) {
        if (book.read_number != read_number_) {
            continue;
        }
        for (const InterfaceAddress& text : book.interface.addresses) {
            const auto address = parse_address(text.address);
            if (!address) {
                continue;
            }
            const auto [entry, is_new] =
                addresses_.try_emplace({id.netns, address->ipv6, address->address}, id);
            if (!is_new && entry->second != id) {
                entry->second.reset();
            }
        }
    }
}

std::optional<InterfaceId> InterfaceBooks::with_address(std::uint32_t netns, const Endpoint& endpoint) const {
    const auto entry = addresses_.find({netns, endpoint.ipv6, endpoint.address});
    return entry == addresses_.end() ? std::nullopt : entry->second;
}

InterfaceBooks::Link InterfaceBooks::link(const InterfaceId& id) const {
    const auto entry = books_.find(id);
    if (entry == books_.end()) {
        return {{}, id.ifindex == loopback_ifindex};
    }
    return {entry->second.headers, entry->second.interface.loopback};
}

void InterfaceBooks::count_row(const InterfaceId& id, bool kernel, const Amount& wire,
                               const Amount& segments) {
    const auto entry = books_.find(id);
    if (entry == books_.end()) {
        return;
    }
    Book& book = entry->second;
    (kernel ? book.kernel : book.apps).add(wire);
    book.rx.count_row(wire.rx, segments.rx);
    book.tx.count_row(wire.tx, segments.tx);
}

void InterfaceBooks::count_apps(const InterfaceId& id, const Amount& amount, Accuracy how) {
    const auto entry = books_.find(id);
    if (entry == books_.end()) {
        return;
    }
    Book& book = entry->second;
    book.apps.add(amount, how);
    book.rx.count_row(amount.rx, {});
    book.tx.count_row(amount.tx, {});
}

std::vector<InterfaceId> InterfaceBooks::default_routes(std::uint32_t netns) const {
    std::vector<InterfaceId> routes;
    for (const auto& [id, book] : books_) {
        if (id.netns == netns && book.interface.default_route && book.read_number == read_number_) {
            routes.push_back(id);
        }
    }
    return routes;
}

Amount InterfaceBooks::step(const InterfaceId& id) const {
    const auto entry = books_.find(id);
    return entry == books_.end() ? Amount{} : entry->second.step;
}

void InterfaceBooks::begin_counting() {
    for (auto& [id, book] : books_) {
        const Amount apps = book.apps.totals();
        book.past_total = book.total.totals();
        book.past_unattributed = {rest(book.past_total.rx, apps.rx), rest(book.past_total.tx, apps.tx)};
        book.unattributed.raise_to(book.past_unattributed);
        book.rx = book.tx = {};
    }
}

void InterfaceBooks::close_total_of(Book& book, std::chrono::nanoseconds interval) {
    for (DirectionBook* direction : {&book.rx, &book.tx}) {
        if (book.begins) {
            direction->begin();
        } else if (book.reset) {
            direction->begin_anew();
        }
    }
    const bool rx_corrected = book.rx.close_total();
    const bool tx_corrected = book.tx.close_total();
    const Amount before = book.total.totals();
    book.total.raise_to(book.past_total + Amount{book.rx.total(), book.tx.total()});
    const Amount now = book.total.totals();
    book.step = {{now.rx.bytes - before.rx.bytes, now.rx.packets - before.rx.packets},
                 {now.tx.bytes - before.tx.bytes, now.tx.packets - before.tx.packets}};
    book.reset = book.reset || rx_corrected || tx_corrected;
    book.total.close(book.reset ? std::chrono::nanoseconds{0} : interval);
    book.begins = false;
}

void InterfaceBooks::close_totals(std::chrono::nanoseconds interval, bool links_read) {
    links_read_ = links_read;
    for (auto& [id, book] : books_) {
        if (is_present(book)) {
            close_total_of(book, interval);
        } else {
            book.step = {};
            book.total.skip();
        }
    }
    close_total(interval);
    for (auto& [id, book] : books_) {
        book.reset = false;
    }
}

void InterfaceBooks::close_parts(DirectionBook::Rows rows, std::chrono::nanoseconds interval) {
    using Rows = DirectionBook::Rows;
    if (rows == Rows::Old) {
        return;
    }
    for (auto& [id, book] : books_) {
        if (is_present(book)) {
            book.rx.close_rest(rows);
            book.tx.close_rest(rows);
            book.unattributed.raise_to(book.past_unattributed +
                                       Amount{book.rx.unattributed(), book.tx.unattributed()});
        }
        const bool read = rows != Rows::Unread;
        read&& is_present(book) ? book.unattributed.close(interval) : book.unattributed.skip();
        for (Meter* meter : {&book.apps, &book.kernel}) {
            read ? meter->close(interval) : meter->skip();
        }
    }
}

// Adding up steps instead of totals keeps the sum from falling or leaping when a default route moves
// from one interface to another.
void InterfaceBooks::close_total(std::chrono::nanoseconds interval) {
    std::vector<const Interface*> present;
    for (const auto& [id, book] : books_) {
        if (is_present(book) && id.netns == netns_) {
            present.push_back(&book.interface);
        }
    }
    total_of_ = select_total_of(present);
    if (!links_read_) {
        total_.skip();
        return;
    }
    bool reset = false;
    for (const InterfaceId& id : total_of_) {
        const Book& book = books_.at(id);
        total_.add(book.step);
        reset = reset || book.reset;
    }
    total_.close(reset ? std::chrono::nanoseconds{0} : interval);
}

void InterfaceBooks::fill(Snapshot& snapshot, Accuracy links, Accuracy apps, Accuracy kernel) const {
    std::size_t count = 0;
    for (const auto& [id, book] : books_) {
        if (!is_present(book)) {
            continue;
        }
        if (count == snapshot.interfaces.size()) {
            snapshot.interfaces.emplace_back();
        }
        Interface& interface = snapshot.interfaces[count++];
        interface = book.interface;
        interface.total = book.total.traffic(links);
        interface.apps = book.apps.traffic(apps);
        interface.kernel = book.kernel.traffic(kernel);
        interface.unattributed = book.unattributed.traffic(worst(links, interface.apps.accuracy));
    }
    snapshot.interfaces.resize(count);
    snapshot.total = total_.traffic(links);
    snapshot.total_of = total_of_;
}

} // namespace sockledger
