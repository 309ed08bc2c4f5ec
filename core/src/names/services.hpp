// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace sockledger {

/// Names of ports: services(5).
class Services {
public:
    /// Of the text of such a file. A line that says nothing is left out; of two names for one port the
    /// first counts.
    explicit Services(std::string_view text);

    /// Empty when there is none.
    std::string_view name(Protocol protocol, std::uint16_t port) const;

private:
    std::map<std::pair<Protocol, std::uint16_t>, std::string> names_;
};

} // namespace sockledger
