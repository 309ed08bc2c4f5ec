// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/services.hpp"

#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <sockledger/names.hpp>

#include <charconv>
#include <fcntl.h>
#include <optional>

namespace sockledger {

namespace {

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line.substr(0, line.find('#'));
}

std::string_view take_word(std::string_view& line) {
    constexpr std::string_view blanks = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

std::optional<Protocol> transport_named(std::string_view word) {
    for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp, Protocol::Dccp}) {
        if (to_string(protocol) == word) {
            return protocol;
        }
    }
    return std::nullopt;
}

// A distribution that keeps /etc for the administrator has its own file in /usr/etc.
Services system_services() {
    constexpr std::size_t largest = 4 << 20;
    for (const char* path : {"/etc/services", "/usr/etc/services"}) {
        if (const Result<std::string> text = read_file(AT_FDCWD, path, largest)) {
            return Services(*text);
        }
    }
    return Services({});
}

} // namespace

Services::Services(std::string_view text) {
    while (!text.empty()) {
        std::string_view line = take_line(text);
        const std::string_view name = take_word(line);
        const std::string_view number = take_word(line);
        std::uint16_t port = 0;
        const char* const end = number.data() + number.size();
        const auto [slash, error] = std::from_chars(number.data(), end, port);
        if (error != std::errc() || slash == end || *slash != '/') {
            continue;
        }
        if (const auto protocol = transport_named({slash + 1, end})) {
            names_.try_emplace({*protocol, port}, printable(name));
        }
    }
}

std::string_view Services::name(Protocol protocol, std::uint16_t port) const {
    const auto found = names_.find({protocol == Protocol::UdpLite ? Protocol::Udp : protocol, port});
    return found == names_.end() ? std::string_view() : found->second;
}

std::string_view service_name(Protocol protocol, std::uint16_t port) {
    static const Services services = system_services();
    return services.name(protocol, port);
}

} // namespace sockledger
