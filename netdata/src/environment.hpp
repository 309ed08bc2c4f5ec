// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace sockledger::netdata {

/// syslog(3) severities, as NETDATA_LOG_LEVEL names them.
enum class LogLevel { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

/// What Netdata tells its plugins through the environment. Netdata 1.37 and 2.x; what one of them does not
/// set keeps its default. Passive data.
struct Environment {
    std::string user_config_dir;  ///< NETDATA_USER_CONFIG_DIR
    std::string stock_config_dir; ///< NETDATA_STOCK_CONFIG_DIR
    std::string lib_dir;          ///< NETDATA_LIB_DIR: what survives a restart of the machine
    std::string host_prefix;      ///< NETDATA_HOST_PREFIX: where the host's / is, in a container
    unsigned update_every = 1;    ///< NETDATA_UPDATE_EVERY, seconds
    bool logfmt = false;          ///< 2.x: NETDATA_LOG_METHOD is set
    LogLevel log_level = LogLevel::Info;
    std::size_t log_lines = 200;           ///< NETDATA_ERRORS_PER_PERIOD
    std::chrono::seconds log_period{1200}; ///< NETDATA_ERRORS_THROTTLE_PERIOD
};

/// `lookup` is getenv(). A number that is none keeps the default. Threads: any.
Environment read_environment(const std::function<const char*(const char*)>& lookup);

} // namespace sockledger::netdata
