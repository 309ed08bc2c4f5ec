// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "config.hpp"
#include "rules/rule.hpp"

#include <algorithm>
#include <cstdint>

using namespace sockledger;

// The configuration of the daemon, with anything in it: it is refused with a reason, or every value is in
// range.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (std::ranges::any_of(text, [](char byte) { return static_cast<unsigned char>(byte) > 0x7f; }))
        return 0;
    const auto loaded = daemon::parse_config(text, "sockledgerd.toml");
    if (!loaded) {
        if (loaded.error().message.empty())
            __builtin_trap();
        return 0;
    }
    const daemon::Config& config = loaded->config;
    if (config.interval < std::chrono::seconds(1) || config.interval > std::chrono::seconds(10) ||
        config.history.flush < std::chrono::seconds(1) || config.history.flush > std::chrono::seconds(10) ||
        config.socket_mode > 0777)
        __builtin_trap();
    for (const daemon::ConfiguredRule& configured : config.rules) {
        if (!validate(configured.rule) || !configured.rule.from_configuration)
            __builtin_trap();
    }
    return 0;
}
