// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "functions.hpp"
#include "settings.hpp"

#include <sockledger/feed.hpp>

#include <functional>
#include <map>
#include <string>

namespace sockledger::netdata {

/// Answers the functions with tables of now.
class Inspector {
public:
    using Latest = std::function<SnapshotPtr()>;

    /// `latest` gives the newest snapshot of the charts. `settings` has to live longer.
    Inspector(const Settings& settings, Latest latest);

    /// The lines that offer the functions to Netdata.
    std::string offers() const;
    std::map<std::string, Functions::Handler> handlers() const;

private:
    struct Picture {
        SnapshotPtr snapshot;
        std::string note; ///< what somebody who looks at it should know
    };
    Result<Picture> everything() const;
    FunctionAnswer applications(const Request& request) const;
    FunctionAnswer connections(const Request& request) const;

    const Settings& settings_;
    const Latest latest_;
};

} // namespace sockledger::netdata
