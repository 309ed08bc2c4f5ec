// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "environment.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace sockledger::netdata {

namespace {

LogLevel level_of(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, LogLevel>, 8> names{
        {{"emergency", LogLevel::Error},
         {"alert", LogLevel::Error},
         {"critical", LogLevel::Error},
         {"error", LogLevel::Error},
         {"warning", LogLevel::Warning},
         {"notice", LogLevel::Notice},
         {"info", LogLevel::Info},
         {"debug", LogLevel::Debug}}};
    const auto* const found = std::ranges::find(names, name, &std::pair<std::string_view, LogLevel>::first);
    return found == names.end() ? LogLevel::Info : found->second;
}

} // namespace

Environment read_environment(const std::function<const char*(const char*)>& lookup) {
    const auto text = [&](const char* name) {
        const char* const value = lookup(name);
        return std::string(value ? value : "");
    };
    const auto number = [&](const char* name, unsigned otherwise) {
        const std::string value = text(name);
        unsigned read = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
        return error == std::errc() && end == value.data() + value.size() ? read : otherwise;
    };
    Environment made;
    made.user_config_dir = text("NETDATA_USER_CONFIG_DIR");
    made.stock_config_dir = text("NETDATA_STOCK_CONFIG_DIR");
    made.lib_dir = text("NETDATA_LIB_DIR");
    made.host_prefix = text("NETDATA_HOST_PREFIX");
    made.update_every = std::clamp(number("NETDATA_UPDATE_EVERY", 1), 1U, 3600U);
    made.logfmt = !text("NETDATA_LOG_METHOD").empty();
    made.log_level = level_of(text("NETDATA_LOG_LEVEL"));
    made.log_lines = number("NETDATA_ERRORS_PER_PERIOD", 200);
    made.log_period = std::chrono::seconds(number("NETDATA_ERRORS_THROTTLE_PERIOD", 1200));
    return made;
}

} // namespace sockledger::netdata
