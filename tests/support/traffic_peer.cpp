// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/control.hpp"
#include "support/traffic/options.hpp"

#include <stdexcept>
#include <string>
#include <unistd.h>

/// One end of a scenario with exactly known payload; traffic/options.hpp and traffic/control.hpp say
/// how it is started and what it says. Client and server may be of different modes.

using namespace sockledger::traffic;

namespace {

Role find_role(const Options& o) {
    for (const auto modes : {tcp_modes(), connection_modes(), bypass_modes(), udp_modes(), multicast_modes(),
                             raw_modes(), sctp_modes(), ownership_modes()}) {
        for (const Mode& mode : modes) {
            if (o.mode == mode.name && (o.server ? mode.server : mode.client))
                return o.server ? mode.server : mode.client;
        }
    }
    throw std::runtime_error("no such mode: " + o.mode);
}

} // namespace

int main(int argc, char** argv) {
    alarm(120); // nothing outlives a test that hangs
    try {
        const Options options = parse_options({argv, static_cast<std::size_t>(argc)});
        find_role(options)(options);
    } catch (const std::exception& problem) {
        say(std::string("FAIL ") + problem.what());
        return 1;
    }
    return 0;
}
