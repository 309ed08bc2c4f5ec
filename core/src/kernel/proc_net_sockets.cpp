// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_net_sockets.hpp"

#include "kernel/inet_values.hpp"

#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>

namespace sockledger {

namespace {

template<typename T>
std::optional<T> whole_number(std::string_view text, int base) {
    T value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// "0100007F:0035": the address as one word of the machine's own byte order, or four of them.
std::optional<Endpoint> parse_endpoint(std::string_view text, Protocol protocol) {
    constexpr std::size_t word_digits = 8;
    const auto colon = text.find(':');
    if (colon != word_digits && colon != 4 * word_digits) {
        return std::nullopt;
    }
    const auto port = whole_number<std::uint16_t>(text.substr(colon + 1), 16);
    std::array<std::uint32_t, 4> words{};
    for (std::size_t i = 0; i * word_digits < colon; ++i) {
        const auto word = whole_number<std::uint32_t>(text.substr(i * word_digits, word_digits), 16);
        if (!word) {
            return std::nullopt;
        }
        words[i] = *word;
    }
    if (!port) {
        return std::nullopt;
    }
    std::array<std::uint8_t, sizeof words> address{};
    std::memcpy(address.data(), words.data(), sizeof words);
    // What stands in place of a raw socket's port is its protocol number.
    return endpoint_of(colon == word_digits ? AF_INET : AF_INET6, address.data(),
                       protocol == Protocol::Raw ? std::uint16_t{0} : *port);
}

std::optional<SocketRecord> parse_line(const std::string& line, Protocol protocol) {
    std::istringstream words(line);
    std::string slot, local, remote, state, queues, timer, timeouts, uid, timeout, inode;
    words >> slot >> local >> remote >> state >> queues >> timer >> timeouts >> uid >> timeout >> inode;
    const auto from = parse_endpoint(local, protocol);
    const auto to = parse_endpoint(remote, protocol);
    const auto state_number = whole_number<std::uint8_t>(state, 16);
    const auto uid_number = whole_number<std::uint32_t>(uid, 10);
    const auto inode_number = whole_number<std::uint64_t>(inode, 10);
    if (!from || !to || !state_number || !uid_number || !inode_number) {
        return std::nullopt;
    }
    SocketRecord record;
    record.protocol = protocol;
    record.state = socket_state_of(*state_number);
    record.local = *from;
    record.remote = *to;
    record.uid = *uid_number;
    record.inode = *inode_number;
    return record;
}

} // namespace

std::uint64_t parse_proc_net_sockets(std::string_view text, Protocol protocol,
                                     std::vector<SocketRecord>& sockets) {
    std::uint64_t bad_lines = 0;
    std::istringstream lines{std::string(text)};
    std::string line;
    std::getline(lines, line); // the names of the columns
    while (std::getline(lines, line)) {
        if (auto socket = parse_line(line, protocol)) {
            sockets.push_back(*socket);
        } else {
            ++bad_lines;
        }
    }
    return bad_lines;
}

} // namespace sockledger
