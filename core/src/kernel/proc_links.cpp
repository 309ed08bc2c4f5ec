// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_links.hpp"

#include "kernel/files.hpp"
#include "kernel/proc_net_codec.hpp"
#include "kernel/sysfs_link.hpp"
#include "kernel/text.hpp"

#include <net/if.h>

#include <algorithm>

#include <fcntl.h>

namespace sockledger {

namespace {

/// A hundred thousand interfaces, or a router's table; more is not read.
constexpr std::size_t most_text = 16 << 20;

} // namespace

ProcLinks::ProcLinks(UniqueFd proc_net, UniqueFd class_net, Resolve resolve)
    : proc_net_(std::move(proc_net)), class_net_(std::move(class_net)), resolve_(std::move(resolve)) {}

Result<std::unique_ptr<LinkReader>> ProcLinks::open() {
    auto proc_net = open_directory(AT_FDCWD, "/proc/thread-self/net");
    if (!proc_net) {
        return proc_net.error();
    }
    auto class_net = open_directory(AT_FDCWD, "/sys/class/net");
    return std::unique_ptr<LinkReader>(
        std::make_unique<ProcLinks>(std::move(*proc_net), class_net ? std::move(*class_net) : UniqueFd(),
                                    [](const std::string& name) { return ::if_nametoindex(name.c_str()); }));
}

Result<LinkReport> ProcLinks::read(std::vector<LinkInfo>& links) {
    const auto text = read_file(proc_net_.get(), "dev", most_text);
    if (!text) {
        return Error{"/proc/net/" + text.error().message, text.error().code};
    }
    const ProcNetDev table = decode_proc_net_dev(*text);
    LinkReport report;
    report.detail = "interface counters by /proc/net/dev, without addresses";
    report.lost = table.bad_lines;
    const auto routes = default_routes();
    links.clear();
    for (const ProcNetDev::Row& row : table.rows) {
        LinkInfo link = describe(row.name);
        if (link.record.ifindex == 0) {
            ++report.lost; // gone or renamed since, or not to be identified here
            continue;
        }
        link.record.stats = row.stats;
        link.record.default_route = std::find(routes.begin(), routes.end(), row.name) != routes.end();
        links.push_back(std::move(link));
    }
    std::sort(links.begin(), links.end(),
              [](const LinkInfo& a, const LinkInfo& b) { return a.record.ifindex < b.record.ifindex; });
    return report;
}

LinkInfo ProcLinks::describe(const std::string& name) const {
    const std::uint32_t ifindex = resolve_(name);
    auto link = class_net_ ? read_sysfs_link(class_net_.get(), name) : std::nullopt;
    // sysfs shows the namespace that it was mounted in; a device of the same name may be another's.
    if (link && (ifindex == 0 || ifindex == link->record.ifindex)) {
        return std::move(*link);
    }
    LinkInfo bare;
    bare.record.ifindex = ifindex;
    bare.record.name = printable(name);
    bare.record.kind = "virtual";
    return bare;
}

std::vector<std::string> ProcLinks::default_routes() const {
    std::vector<std::string> names;
    if (const auto text = read_file(proc_net_.get(), "route", most_text)) {
        names = decode_proc_net_route(*text);
    }
    if (const auto text = read_file(proc_net_.get(), "ipv6_route", most_text)) {
        const auto ipv6 = decode_proc_net_ipv6_route(*text);
        names.insert(names.end(), ipv6.begin(), ipv6.end());
    }
    return names;
}

} // namespace sockledger
