// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"
#include "support/peer.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace sockledger::bench {

/// Open TCP sockets of ten processes in a namespace: both ends of connections over its loopback.
class HeldSockets {
public:
    /// `sockets` is a multiple of 10.
    HeldSockets(const test::Namespace& space, std::size_t sockets) {
        std::vector<std::string> options{"peer=127.0.0.1", "count=" + std::to_string(sockets / (2 * pairs))};
        for (std::size_t pair = 0; pair < pairs; ++pair) {
            options.push_back("port=" + std::to_string(7000 + pair));
            for (const char* role : {"server", "client"}) {
                std::vector<std::string> arguments{"hold", role};
                arguments.insert(arguments.end(), options.begin(), options.end());
                processes_.push_back(std::make_unique<test::Peer>(space, arguments));
                processes_.back()->ready();
            }
            options.pop_back();
        }
        for (const auto& process : processes_)
            process->go();
        for (const auto& process : processes_)
            process->finished();
    }

private:
    static constexpr std::size_t pairs = 5;
    std::vector<std::unique_ptr<test::Peer>> processes_;
};

} // namespace sockledger::bench
