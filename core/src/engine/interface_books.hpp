// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/direction_book.hpp"
#include "engine/meter.hpp"
#include "samplers/links.hpp"
#include "samplers/reading.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace sockledger {

/// The books of every interface of this network namespace and of those others that are read too. Only
/// this one's are in the sum.
///
/// A book belongs to (namespace, ifindex) and its totals never fall:
/// - A device that was there at the first reading counts from that reading on.
/// - One that shows up later was made after we began, so all that it has counted counts; but hardware
///   that shows up came out of another namespace or a driver with an unknown past: it counts from its
///   first reading.
/// - Another device under the same index (LinkRecord::born changed, and with it the kind, or a counter
///   fell) is the same two cases. One that carries on counting is taken for the same device, as when
///   it was away in another namespace: a wrong guess the other way would book its past a second time.
/// - A device that is gone keeps its book for a while: it may only have been missing from one reading.
class InterfaceBooks {
public:
    /// What is needed to turn network-layer bytes on an interface into wire bytes, as its device counts
    /// them.
    struct Link {
        LinkHeaders headers;
        bool loopback = false;
    };

    void read(const LinksReading& reading, std::chrono::nanoseconds now);
    bool contains(const InterfaceId& id) const { return books_.contains(id); }
    /// Interfaces that were never read (of namespaces that may not be) have an unknown header; nothing is
    /// added for it. Index 1 is loopback in every namespace.
    Link link(const InterfaceId& id) const;
    /// The interface of this namespace that had the address at the last reading; nothing when none or several
    /// had it, as several may have fe80::1.
    std::optional<InterfaceId> with_address(std::uint32_t netns, const Endpoint& endpoint) const;
    /// Those with a default route at the last reading.
    std::vector<InterfaceId> default_routes(std::uint32_t netns) const;

    /// Books what a row moved, `segments` being the part that only segmentation made.
    void count_row(const InterfaceId& id, bool kernel, const Amount& wire, const Amount& segments);
    /// Books what applications moved, where packets are not counted.
    void count_apps(const InterfaceId& id, const Amount& amount, Accuracy how);
    /// From now on packets are counted, and were not before: what nobody was found for until now stays
    /// unattributed.
    void begin_counting();

    /// Ends a sample in three steps: first the totals, `links_read` or not;
    void close_totals(std::chrono::nanoseconds interval, bool links_read);
    /// what each interface moved in the sample can then be shared out and counted;
    Amount step(const InterfaceId& id) const;
    /// at last the applications and what remains. `interval` is the one between the rows.
    void close_parts(DirectionBook::Rows rows, std::chrono::nanoseconds interval);

    /// Writes the interfaces of the last reading and their sum. `apps` and `kernel`: how their packets are
    /// known now.
    void fill(Snapshot& snapshot, Accuracy links, Accuracy apps, Accuracy kernel) const;

private:
    struct Book {
        Interface interface;
        LinkHeaders headers;
        std::uint64_t born = 0;
        LinkStats stats;               // at the last reading
        std::uint64_t read_number = 0; // of the last reading that had it
        std::chrono::nanoseconds seen{};
        bool begins = false; // in this sample
        bool reset = false;  // in this sample: its step is no measure of the interval
        DirectionBook rx;
        DirectionBook tx;
        Amount past_total; // of the time before packets were counted, which rx and tx do not know
        Amount past_unattributed;
        Amount step; // of the total, in this sample
        Meter total;
        Meter apps;
        Meter kernel;
        Meter unattributed;
    };
    void read_link(const InterfaceId& id, const std::string& netns_name, const LinkRecord& link,
                   std::chrono::nanoseconds now);
    static void begin(Book& book, const LinkRecord& link, bool made_since);
    static void advance(Book& book, const LinkRecord& link, InterfaceKind kind_before);
    static void close_total_of(Book& book, std::chrono::nanoseconds interval);
    void close_total(std::chrono::nanoseconds interval);
    void index_addresses();
    bool is_present(const Book& book) const { return links_read_ && book.read_number == read_number_; }

    using Address =
        std::tuple<std::uint32_t, bool, std::array<std::uint8_t, 16>>; // namespace, is IPv6, bytes
    std::map<InterfaceId, Book> books_;
    std::map<Address, std::optional<InterfaceId>> addresses_; // nothing where several have it
    std::uint32_t netns_ = 0;
    std::uint64_t read_number_ = 0;
    bool links_read_ = false;
    Meter total_;
    std::vector<InterfaceId> total_of_;
};

} // namespace sockledger
