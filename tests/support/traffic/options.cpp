// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/options.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace sockledger::traffic {
namespace {

template<typename Number>
bool assign(Number& target, std::string_view value) {
    const char* end = value.data() + value.size();
    const auto [stopped, error] = std::from_chars(value.data(), end, target);
    return error == std::errc() && stopped == end;
}

bool assign(std::string& target, std::string_view value) {
    target = value;
    return true;
}

bool assign(bool& target, std::string_view value) {
    target = value == "1";
    return value == "1" || value == "0";
}

template<typename... Fields>
bool assign_one(std::string_view name, std::string_view value, std::tuple<const char*, Fields&>... fields) {
    return ((name == std::get<0>(fields) && assign(std::get<1>(fields), value)) || ...);
}

template<typename Field>
std::tuple<const char*, Field&> field(const char* name, Field& target) {
    return {name, target};
}

} // namespace

Options parse_options(std::span<char* const> arguments) {
    if (arguments.size() < 3)
        throw std::runtime_error("usage: traffic_peer MODE client|server NAME=VALUE...");
    Options o;
    o.mode = arguments[1];
    const std::string_view role = arguments[2];
    if (role != "client" && role != "server")
        throw std::runtime_error("neither client nor server: " + std::string(role));
    o.server = role == "server";
    for (const std::string_view argument : arguments.subspan(3)) {
        const std::size_t equals = argument.find('=');
        if (equals == argument.npos ||
            !assign_one(argument.substr(0, equals), argument.substr(equals + 1), field("peer", o.peer),
                        field("local", o.local), field("group", o.group), field("device", o.device),
                        field("protocol", o.protocol), field("port", o.port), field("bytes", o.bytes),
                        field("count", o.count), field("size", o.size), field("workers", o.workers),
                        field("rate", o.rate), field("ports", o.ports), field("turns", o.turns),
                        field("early", o.early), field("loop", o.loop), field("compete", o.compete),
                        field("sqpoll", o.sqpoll)))
            throw std::runtime_error("cannot use " + std::string(argument));
    }
    return o;
}

} // namespace sockledger::traffic
