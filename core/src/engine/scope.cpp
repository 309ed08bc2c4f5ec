// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/snapshot.hpp>

#include <algorithm>
#include <initializer_list>
#include <span>

namespace sockledger {

namespace {

struct Net {
    std::initializer_list<std::uint8_t> prefix;
    int length; ///< in bits
    Scope scope;
};

bool contains(const Net& net, std::span<const std::uint8_t> address) {
    int left = net.length;
    for (auto byte = net.prefix.begin(); left > 0; ++byte, left -= 8) {
        const auto mask = static_cast<std::uint8_t>(left >= 8 ? 0xff : 0xff << (8 - left));
        if (((*byte ^ address[static_cast<std::size_t>(byte - net.prefix.begin())]) & mask) != 0)
            return false;
    }
    return true;
}

Scope first_of(std::initializer_list<Net> nets, const Endpoint& endpoint) {
    const auto net = std::ranges::find_if(
        nets, [&](const Net& candidate) { return contains(candidate, endpoint.address); });
    return net == nets.end() ? Scope::Internet : net->scope;
}

} // namespace

// IANA's special-purpose address registries: RFC 6890.
Scope scope_of(const Endpoint& endpoint) {
    if (std::ranges::all_of(endpoint.address, [](std::uint8_t byte) { return byte == 0; }))
        return Scope::Unspecified;
    if (endpoint.ipv6) {
        return first_of({{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Scope::Loopback},
                         {{0xfe, 0x80}, 10, Scope::Link},
                         {{0xfc}, 7, Scope::Lan},
                         {{0xff}, 8, Scope::Multicast}},
                        endpoint);
    }
    return first_of({{{127}, 8, Scope::Loopback},
                     {{169, 254}, 16, Scope::Link},
                     {{10}, 8, Scope::Lan},
                     {{172, 16}, 12, Scope::Lan},
                     {{192, 168}, 16, Scope::Lan},
                     {{100, 64}, 10, Scope::Lan},
                     {{224}, 4, Scope::Multicast},
                     {{255, 255, 255, 255}, 32, Scope::Multicast}},
                    endpoint);
}

std::string_view to_string(Scope scope) {
    switch (scope) {
    case Scope::Unspecified:
        return "unspecified";
    case Scope::Loopback:
        return "loopback";
    case Scope::Link:
        return "link";
    case Scope::Lan:
        return "lan";
    case Scope::Multicast:
        return "multicast";
    case Scope::Internet:
        return "internet";
    }
    return "unspecified";
}

} // namespace sockledger
