// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/address_text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace sockledger {

std::string address_text(const Endpoint& endpoint) {
    if (endpoint.ipv6)
        return boost::asio::ip::address_v6(endpoint.address).to_string();
    // Not by inet_ntop(), which is most of the time that a table of connections takes to write.
    char text[16];
    char* end = text;
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0)
            *end++ = '.';
        end = std::to_chars(end, text + sizeof text, endpoint.address[i]).ptr;
    }
    return {text, end};
}

std::optional<Endpoint> parse_address(std::string_view text) {
    boost::system::error_code error;
    Endpoint endpoint;
    endpoint.ipv6 = text.find(':') != std::string_view::npos;
    if (endpoint.ipv6)
        std::ranges::copy(boost::asio::ip::make_address_v6(text, error).to_bytes(), endpoint.address.begin());
    else
        std::ranges::copy(boost::asio::ip::make_address_v4(text, error).to_bytes(), endpoint.address.begin());
    return error ? std::nullopt : std::optional(endpoint);
}

} // namespace sockledger
