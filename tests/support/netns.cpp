// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/netns.hpp"

#include "support/checked.hpp"
#include "support/command.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sstream>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace sockledger::test {
namespace {

void write_setting(const std::string& name, const std::string& value) {
    std::ofstream file("/proc/sys/" + name);
    file << value << std::flush;
    if (!file)
        throw std::runtime_error("cannot set " + name + " to " + value);
}

/// Set before any device exists, so that "default" is what each device starts with.
constexpr std::array<std::pair<const char*, const char*>, 12> quiet_settings{{
    {"net/ipv6/conf/default/accept_dad", "0"},
    {"net/ipv6/conf/default/accept_ra", "0"},
    {"net/ipv6/conf/default/autoconf", "0"},
    {"net/ipv6/conf/default/router_solicitations", "0"},
    {"net/ipv6/conf/default/addr_gen_mode", "1"}, // no link-local address
    {"net/ipv6/conf/default/mldv1_unsolicited_report_interval", "1"},
    {"net/ipv6/conf/default/mldv2_unsolicited_report_interval", "1"},
    {"net/ipv4/conf/default/igmpv2_unsolicited_report_interval", "1"},
    {"net/ipv4/conf/default/igmpv3_unsolicited_report_interval", "1"},
    {"net/ipv4/igmp_qrv", "1"},
    {"net/ipv4/conf/default/accept_local", "1"},
    {"net/ipv4/ping_group_range", "0 2147483647"},
}};

VethEnd make_end(const Namespace& space, unsigned index, unsigned host) {
    constexpr std::array<const char*, 3> networks{"192.0.2.", "198.51.100.", "203.0.113."};
    VethEnd end;
    end.space = &space;
    end.device = "veth" + std::to_string(index);
    end.ifindex = 100 * host + index;
    end.mac = "02:00:00:00:0" + std::to_string(index) + ":0" + std::to_string(host);
    end.ipv4 = networks.at(index) + std::to_string(host);
    end.ipv6 = "2001:db8:" + std::to_string(index) + "::" + std::to_string(host);
    return end;
}

void configure(VethEnd& end, const VethEnd& other) {
    const Namespace& space = *end.space;
    space.ip({"address", "add", end.ipv4 + "/24", "dev", end.device});
    space.ip({"address", "add", end.ipv6 + "/64", "dev", end.device, "nodad"});
    space.ip({"link", "set", end.device, "up"});
    for (const std::string& address : {other.ipv4, other.ipv6})
        space.ip(
            {"neighbour", "replace", address, "lladdr", other.mac, "dev", end.device, "nud", "permanent"});
}

bool is_running(const VethEnd& end) {
    return end.space->run([&] {
        const UniqueFd socket(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        ifreq request{};
        end.device.copy(request.ifr_name, IFNAMSIZ - 1);
        checked(ioctl(socket.get(), SIOCGIFFLAGS, &request), "SIOCGIFFLAGS");
        return (request.ifr_flags & IFF_RUNNING) != 0;
    });
}

} // namespace

Namespace::Namespace() {
    std::exception_ptr problem;
    std::thread([&] {
        try {
            checked(unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
            fd_ = UniqueFd(checked(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "ns/net"));
            for (const auto& [name, value] : quiet_settings)
                write_setting(name, value);
        } catch (...) {
            problem = std::current_exception();
        }
    }).join();
    if (problem)
        std::rethrow_exception(problem);
    struct stat status {};
    checked(fstat(fd_.get(), &status), "fstat(ns/net)");
    inum_ = static_cast<std::uint32_t>(status.st_ino);
    ip({"link", "set", "lo", "up"});
}

void Namespace::enter() const {
    checked(setns(fd_.get(), CLONE_NEWNET), "setns");
}

void Namespace::ip(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{"ip"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    run([&] { run_command(command); });
}

void Namespace::sysctl(const std::string& name, const std::string& value) const {
    run([&] { write_setting(name, value); });
}

std::string Namespace::path() const {
    return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(fd_.get());
}

DeviceCounters operator-(const DeviceCounters& later, const DeviceCounters& earlier) {
    return {later.rx_bytes - earlier.rx_bytes,     later.rx_packets - earlier.rx_packets,
            later.rx_dropped - earlier.rx_dropped, later.tx_bytes - earlier.tx_bytes,
            later.tx_packets - earlier.tx_packets, later.tx_dropped - earlier.tx_dropped};
}

DeviceCounters read_counters(const Namespace& space, const std::string& device) {
    return space.run([&] {
        std::ifstream file("/proc/thread-self/net/dev");
        std::string line;
        while (std::getline(file, line)) {
            const std::size_t colon = line.find(':');
            if (colon == std::string::npos)
                continue;
            std::string name;
            std::istringstream(line.substr(0, colon)) >> name;
            if (name != device)
                continue;
            // bytes packets errs drop fifo frame compressed multicast, then the same of tx
            std::array<std::uint64_t, 12> fields{};
            std::istringstream numbers(line.substr(colon + 1));
            for (std::uint64_t& field : fields)
                numbers >> field;
            return DeviceCounters{fields[0], fields[1], fields[3], fields[8], fields[9], fields[11]};
        }
        throw std::runtime_error("no device " + device);
    });
}

VethPair::VethPair(const Namespace& left, const Namespace& right, unsigned index)
    : left_(make_end(left, index, 1)), right_(make_end(right, index, 2)) {
    // The kernel puts off by up to a second the events of a device that seems to be its own peer, as it
    // does when both have the same index in their namespaces.
    left.ip({"link", "add", "name", left_.device, "index", std::to_string(left_.ifindex), "address",
             left_.mac, "type", "veth", "peer", "name", right_.device, "index",
             std::to_string(right_.ifindex), "address", right_.mac, "netns", right.path()});
    configure(left_, right_);
    configure(right_, left_);
    if (!wait_until_quiet(std::chrono::milliseconds(100)))
        throw std::runtime_error("the link " + left_.device + " does not come to rest");
}

void VethPair::set_offloads(Offloads offloads) const {
    for (const VethEnd* end : {&left_, &right_})
        test::set_offloads(*end->space, end->device, offloads);
}

void VethPair::set_mtu(unsigned mtu) const {
    for (const VethEnd* end : {&left_, &right_})
        end->space->ip({"link", "set", end->device, "mtu", std::to_string(mtu)});
}

bool VethPair::wait_until_quiet(std::chrono::milliseconds still, std::chrono::milliseconds deadline) const {
    using Clock = std::chrono::steady_clock;
    // The only place of the tests that polls: silence has no event to wait for. A link that is not
    // running yet has its group reports still to come.
    constexpr auto step = std::chrono::milliseconds(5);
    const auto end = Clock::now() + deadline;
    auto left = left_.counters();
    auto right = right_.counters();
    auto changed = Clock::now();
    while (Clock::now() - changed < still) {
        if (Clock::now() > end)
            return false;
        std::this_thread::sleep_for(step);
        const auto new_left = left_.counters();
        const auto new_right = right_.counters();
        if (new_left != left || new_right != right || !is_running(left_) || !is_running(right_))
            changed = Clock::now();
        left = new_left;
        right = new_right;
    }
    return true;
}

} // namespace sockledger::test
