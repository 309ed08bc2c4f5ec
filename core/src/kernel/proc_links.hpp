// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"
#include "kernel/unique_fd.hpp"

#include <functional>
#include <memory>

namespace sockledger {

/// Reads links where netlink is denied: counters and default routes from /proc/net, the rest from
/// sysfs. IP addresses stay unknown, and a device counts as another one when its index changes.
class ProcLinks : public LinkReader {
public:
    /// The index of a name in our namespace, 0 when not known.
    using Resolve = std::function<std::uint32_t(const std::string& name)>;

    /// `proc_net` is a directory like /proc/net, `class_net` one like /sys/class/net, or nothing.
    ProcLinks(UniqueFd proc_net, UniqueFd class_net, Resolve resolve);

    /// Of the calling thread. Fails without /proc; without sysfs links have a name and an index only.
    static Result<std::unique_ptr<LinkReader>> open();

    Result<LinkReport> read(std::vector<LinkInfo>& links) override;

private:
    LinkInfo describe(const std::string& name) const;
    std::vector<std::string> default_routes() const;

    UniqueFd proc_net_;
    UniqueFd class_net_;
    Resolve resolve_;
};

} // namespace sockledger
