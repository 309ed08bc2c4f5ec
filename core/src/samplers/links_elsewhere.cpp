// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links_elsewhere.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace sockledger {

namespace {

constexpr std::uint32_t loopback_ifindex = 1; // LOOPBACK_IFINDEX of the kernel, in every namespace
constexpr std::size_t most_not_found = 4096;  // then they are looked for anew

bool is_up(const LinkInfo& link) {
    constexpr std::uint32_t up = 1; // IFF_UP
    return link.record.ifindex != loopback_ifindex && (link.record.flags & up) != 0;
}

} // namespace

LinksElsewhere::LinksElsewhere(std::unique_ptr<NetnsReader> reader, std::uint32_t own_netns)
    : reader_(std::move(reader)), own_netns_(own_netns) {}

std::size_t LinksElsewhere::count(State state) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(known_, [&](const auto& entry) { return entry.second.state == state; }));
}

LinksElsewhere::Namespaces::iterator LinksElsewhere::add(const NetnsHandle& handle) {
    const bool room = count(State::Quiet) + count(State::Busy) < most_namespaces;
    const auto entry = known_.try_emplace(handle.netns).first;
    entry->second.id = handle.id;
    if (!handle.id) {
        entry->second.state = State::Closed;
    } else if (!room) {
        entry->second.state = State::TooMany;
    }
    return read_one(entry);
}

// Gives back the end when the namespace is gone.
LinksElsewhere::Namespaces::iterator LinksElsewhere::read_one(Namespaces::iterator entry) {
    Known& known = entry->second;
    if (known.state != State::Quiet && known.state != State::Busy) {
        return entry;
    }
    if (const auto done = reader_->read(*known.id, known.links); done) {
        known.generations.assign(known.links, {});
        if (std::ranges::any_of(known.links, is_up)) {
            known.state = State::Busy;
        }
    } else if (done.error().code == EACCES || done.error().code == EPERM) {
        known.state = State::Closed;
    } else {
        known_.erase(entry);
        return known_.end();
    }
    return entry;
}

void LinksElsewhere::forget_gone() {
    const NetnsReader::Gone gone = reader_->take_gone();
    if (!gone.complete) {
        known_.clear();
        listed_ = false;
    }
    std::erase_if(known_, [&](const auto& entry) {
        return entry.second.id && std::ranges::find(gone.ids, *entry.second.id) != gone.ids.end();
    });
}

void LinksElsewhere::read(std::vector<NamespaceLinks>& others) {
    forget_gone();
    for (auto entry = known_.begin(); entry != known_.end();) {
        const auto next = std::next(entry);
        if (entry->second.state == State::Busy) {
            read_one(entry);
        }
        entry = next;
    }
    if (!std::exchange(listed_, true)) {
        for (const NetnsHandle& handle : reader_->list()) {
            add(handle);
        }
    }
    forget_gone(); // an id of one that ended in the meantime may have told of another
    for (const auto& [netns, known] : known_) {
        publish(netns, known, others);
    }
}

void LinksElsewhere::publish(std::uint32_t netns, const Known& known, std::vector<NamespaceLinks>& others) {
    if (known.state != State::Busy) {
        return;
    }
    NamespaceLinks links{netns, reader_->name_of(netns), {}};
    for (const LinkInfo& link : known.links) {
        links.links.push_back(link.record);
    }
    others.insert(std::ranges::upper_bound(others, netns, {}, &NamespaceLinks::netns), std::move(links));
}

void LinksElsewhere::meet(std::uint32_t netns, const ProcessId& process,
                          std::vector<NamespaceLinks>& others) {
    auto entry = known_.find(netns);
    if (entry != known_.end()) {
        entry = entry->second.state == State::Quiet ? read_one(entry) : known_.end();
    } else if (!not_found_.contains({netns, process.pid})) {
        const auto handle = reader_->find(netns, process.pid);
        if (handle) {
            entry = add(*handle);
        } else {
            not_found_.emplace(netns, process.pid);
        }
    }
    if (entry != known_.end()) {
        publish(netns, entry->second, others);
    }
}

void LinksElsewhere::complete(Readings& readings) {
    if (not_found_.size() > most_not_found) {
        not_found_.clear();
    }
    const auto elsewhere = [&](std::uint32_t netns) { return netns != 0 && netns != own_netns_; };
    for (const TrafficRow& row : readings.traffic.rows) {
        if (elsewhere(row.interface.netns) && row.interface.ifindex != loopback_ifindex) {
            meet(row.interface.netns, row.process, readings.links.others);
        }
    }
    for (const SocketRecord& socket : readings.sockets.sockets) {
        if (elsewhere(socket.netns) && !known_.contains(socket.netns)) {
            meet(socket.netns, socket.process, readings.links.others);
        }
    }
}

std::string LinksElsewhere::missing() const {
    const auto of = [](std::size_t namespaces) {
        return "; the links of " + std::to_string(namespaces) + " other network namespace" +
               (namespaces == 1 ? "" : "s");
    };
    std::string text;
    if (const std::size_t closed = count(State::Closed); closed > 0) {
        text += of(closed) + " need CAP_NET_ADMIN and CAP_SYS_PTRACE";
    }
    if (const std::size_t too_many = count(State::TooMany); too_many > 0) {
        text += of(too_many) + " are not read: there are too many";
    }
    return text;
}

} // namespace sockledger
