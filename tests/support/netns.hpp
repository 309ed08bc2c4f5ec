// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

/// Network namespaces and links for tests of the live kernel. Nothing here stands on the code under
/// test, and nothing is left behind: a namespace lives as long as its Namespace and its processes.
/// Failures are exceptions: Qt Test reports them as failures of the test.
namespace sockledger::test {

/// A network namespace with its loopback up, in which nothing speaks by itself: no router
/// solicitations, no duplicate address detection, reports of multicast groups at once and only once.
class Namespace {
public:
    Namespace();

    /// Calls `function` on a thread inside the namespace and gives back what it returns or throws.
    template<typename Function>
    std::invoke_result_t<Function> run(Function function) const {
        std::packaged_task<std::invoke_result_t<Function>()> task([&] {
            enter();
            return function();
        });
        std::thread(std::ref(task)).join();
        return task.get_future().get();
    }

    /// `ip ARGUMENTS` inside.
    void ip(const std::vector<std::string>& arguments) const;
    /// Writes one setting of /proc/sys inside: sysctl("net/ipv4/tcp_tw_reuse", "1").
    void sysctl(const std::string& name, const std::string& value) const;

    /// The inode number that names it: the same as InterfaceId::netns.
    std::uint32_t inum() const { return inum_; }
    /// A path that other processes can open, while this object lives.
    std::string path() const;

private:
    void enter() const;

    UniqueFd fd_;
    std::uint32_t inum_ = 0;
};

/// What the device itself has counted, by /proc/net/dev of its namespace.
struct DeviceCounters {
    std::uint64_t rx_bytes = 0;
    std::uint64_t rx_packets = 0;
    std::uint64_t rx_dropped = 0;
    std::uint64_t tx_bytes = 0;
    std::uint64_t tx_packets = 0;
    std::uint64_t tx_dropped = 0;
    bool operator==(const DeviceCounters&) const = default;
};

/// What happened between two readings of the same device.
DeviceCounters operator-(const DeviceCounters& later, const DeviceCounters& earlier);

/// Throws std::runtime_error when there is no such device.
DeviceCounters read_counters(const Namespace& space, const std::string& device);

/// Segmentation, checksums and scatter-gather in the device (tso, gso, gro, tx and rx checksum, sg):
/// Off makes every packet a packet of its own, On gives the device all that it can do.
enum class Offloads { Off, On };
void set_offloads(const Namespace& space, const std::string& device, Offloads offloads);

/// One end of a link.
struct VethEnd {
    const Namespace* space = nullptr;
    std::string device;
    std::uint32_t ifindex = 0;
    std::string mac;
    std::string ipv4; ///< "192.0.2.1"
    std::string ipv6; ///< "2001:db8:0::1"

    DeviceCounters counters() const { return read_counters(*space, device); }
    /// The end's own address of a family (4 or 6).
    const std::string& address(int family) const { return family == 6 ? ipv6 : ipv4; }
};

/// A link between two namespaces, with documentation addresses, static neighbours on both sides and
/// no IPv6 link-local address, so that it is silent once it has settled. It is up and quiet when the
/// constructor returns. `index` (0 to 2) tells several links apart: "veth1" has 198.51.100.0/24.
class VethPair {
public:
    VethPair(const Namespace& left, const Namespace& right, unsigned index = 0);

    const VethEnd& left() const { return left_; }
    const VethEnd& right() const { return right_; }

    void set_offloads(Offloads offloads) const;
    void set_mtu(unsigned mtu) const;

    /// Waits until neither device's counters have changed for `still`; gives false after `deadline`.
    bool wait_until_quiet(std::chrono::milliseconds still = std::chrono::milliseconds(50),
                          std::chrono::milliseconds deadline = std::chrono::seconds(10)) const;

private:
    VethEnd left_;
    VethEnd right_;
};

} // namespace sockledger::test
