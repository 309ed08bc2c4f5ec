// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "samplers/links.hpp"

#include "kernel/netns.hpp"
#include "kernel/proc_links.hpp"
#include "kernel/rtnetlink_links.hpp"
#include "samplers/links_source.hpp"

#include <exception>

namespace sockledger {

LinksSource::LinksSource(std::vector<Reader> readers, std::uint32_t netns,
                         Result<std::unique_ptr<NetnsReader>> others, Forwarding forwarding)
    : netns_(netns), forwarding_(std::move(forwarding)) {
    if (!others) {
        why_not_elsewhere_ = "; no links of other network namespaces: " + others.error().message;
    } else if (*others) {
        elsewhere_.emplace(*std::move(others), netns);
    }
    for (Reader& reader : readers) {
        ways_.push_back({std::move(reader), {}});
    }
}

SourceStatus LinksSource::read(Readings& readings) try {
    SourceStatus status;
    status.name = "links";
    std::string reasons;
    const auto refuse = [&](const Error& error) { reasons += (reasons.empty() ? "" : "; ") + error.message; };
    readings.links.netns = netns_;
    for (Way& way : ways_) {
        if (!way.reader) {
            refuse(way.reader.error());
            continue;
        }
        const auto report = (*way.reader)->read(way.links);
        if (!report) {
            refuse(report.error());
            continue;
        }
        publish(way, *report, readings);
        readings.links.forwarding = forwarding_.is_on();
        status.accuracy = Accuracy::Exact;
        status.lost_events = lost_ += report->lost;
        status.detail = report->detail + (reasons.empty() ? "" : " (" + reasons + ")");
        if (elsewhere_ || reasons.empty()) { // without netlink the reason has been told
            status.detail += read_others(readings.links);
        }
        return status;
    }
    readings.links.links.clear();
    status.lost_events = lost_;
    status.detail = "no interface can be read: " + reasons;
    return status;
} catch (const std::exception& error) { // out of memory
    readings.links = {};
    SourceStatus status;
    status.name = "links";
    status.detail = error.what();
    return status;
}

std::string LinksSource::read_others(LinksReading& links) {
    if (!elsewhere_) {
        return why_not_elsewhere_;
    }
    elsewhere_->read(links.others);
    return elsewhere_->missing();
}

void LinksSource::complete(Readings& readings) {
    if (elsewhere_ && !readings.links.links.empty()) {
        elsewhere_->complete(readings);
    }
}

void LinksSource::publish(Way& way, const LinkReport& report, Readings& readings) {
    if (last_used_ != &way) {
        generations_.forget_kinds();
        last_used_ = &way;
    }
    generations_.assign(way.links, report);
    // Assigned one by one, the strings of the reading before keep their memory.
    readings.links.links.resize(way.links.size());
    for (std::size_t i = 0; i < way.links.size(); ++i) {
        readings.links.links[i] = way.links[i].record;
    }
}

int LinksSource::wake_fd() const {
    for (const Way& way : ways_) {
        if (way.reader && (*way.reader)->wake_fd() >= 0) {
            return (*way.reader)->wake_fd();
        }
    }
    return -1;
}

std::unique_ptr<Source> make_links_source() {
    std::vector<LinksSource::Reader> readers;
    readers.push_back(RtnetlinkLinks::open());
    readers.push_back(ProcLinks::open());
    return std::make_unique<LinksSource>(std::move(readers), current_netns(), open_netns_reader(),
                                         Forwarding::open());
}

} // namespace sockledger
