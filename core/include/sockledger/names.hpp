// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>
#include <sockledger/snapshot.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What people call ports and addresses, and whom an application talks to.

namespace sockledger {

/// "https" for TCP and 443, of the system's /etc/services as it was at the first call; empty when it has
/// none. Valid for ever. Threads: any.
std::string_view service_name(Protocol, std::uint16_t port);

/// The sockets of one application that talk to the same service of the same address.
struct Remote {
    AppId app;
    Protocol protocol = Protocol::Other;
    Endpoint endpoint;          ///< its port is that of the service; 0 where the peer came to one of ours
    std::uint16_t own_port = 0; ///< of our service that the peer came to; 0 where we went to the peer's
    Scope scope = Scope::Unspecified;
    std::uint32_t connections = 0;
    /// Of the connections that are open now. A rate leaves out those whose rate is not known yet, and is
    /// absent when none is known.
    Traffic traffic;
    bool operator==(const Remote&) const = default;
};

/// The `most` busiest remotes of an application, by rate, then by bytes; of every application when `app`
/// is empty. Loopback and sockets that are not connected are left out. Threads: any.
std::vector<Remote> top_remotes(const Snapshot&, std::string_view app, std::size_t most);

struct HostNamesOptions {
    std::vector<std::string> servers;        ///< "192.0.2.53", "127.0.0.1:5353"; none: those of resolv.conf
    std::chrono::milliseconds timeout{2000}; ///< of one try
    int tries = 2;
    std::size_t at_a_time = 16;  ///< questions in flight
    std::size_t capacity = 4096; ///< addresses that are remembered, with those that have no name
};

/// Names of addresses, asked of the name servers (PTR) and never of a file. Nothing here waits: name()
/// says what is known now, answers are taken in by process(). An answer is kept for as long as it says,
/// from a minute to an hour; that there is no name for five minutes; that nobody answered for one.
/// A name is what the owner of the address says it is: letters, digits, '-', '_' and '.' alone.
/// Threads: one at a time.
class HostNames {
public:
    /// Fails when there is no memory or no descriptor left.
    static Result<std::unique_ptr<HostNames>> open(const HostNamesOptions& options = {});
    virtual ~HostNames() = default;

    /// The name that is known, else nothing, and asks for it if that was not done lately. While too many
    /// questions are in flight it is not asked: call again. Loopback, link-local, multicast and unspecified
    /// addresses have no name. The port does not matter.
    virtual std::string name(const Endpoint& address) = 0;

    /// Takes in what has arrived, and gives up what took too long. Does not wait.
    virtual void process() = 0;
    /// Polls readable when process() has something to do. Owned by this.
    virtual int wake_fd() const = 0;
    /// Questions that were asked and are neither answered nor given up.
    virtual std::size_t in_flight() const = 0;
};

} // namespace sockledger
