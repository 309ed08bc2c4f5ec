// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/snapshot.hpp>

#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>

namespace sockledger {

namespace {

// Every vector of a Snapshot is sorted by its id.
template<typename Record, typename Key, typename Id>
const Record* find_by(const std::vector<Record>& records, Key Record::*key, const Id& id) {
    auto it = std::ranges::lower_bound(records, id, std::ranges::less{}, key);
    return it != records.end() && (*it).*key == id ? &*it : nullptr;
}

} // namespace

const Interface* Snapshot::interface(const InterfaceId& id) const {
    return find_by(interfaces, &Interface::id, id);
}

const App* Snapshot::app(std::string_view id) const {
    return find_by(apps, &App::id, id);
}

const Process* Snapshot::process(const ProcessId& id) const {
    return find_by(processes, &Process::id, id);
}

const SourceStatus* Snapshot::source(std::string_view name) const {
    auto it = std::ranges::find(sources, name, &SourceStatus::name);
    return it != sources.end() ? &*it : nullptr;
}

std::string_view to_string(Accuracy accuracy) {
    switch (accuracy) {
    case Accuracy::Exact:
        return "exact";
    case Accuracy::Partial:
        return "partial";
    case Accuracy::Estimated:
        return "estimated";
    case Accuracy::Unavailable:
        return "unavailable";
    }
    return "unavailable";
}

std::string_view to_string(InterfaceKind kind) {
    switch (kind) {
    case InterfaceKind::Physical:
        return "physical";
    case InterfaceKind::Loopback:
        return "loopback";
    case InterfaceKind::Veth:
        return "veth";
    case InterfaceKind::Bridge:
        return "bridge";
    case InterfaceKind::Bond:
        return "bond";
    case InterfaceKind::Vlan:
        return "vlan";
    case InterfaceKind::Macvlan:
        return "macvlan";
    case InterfaceKind::Wireguard:
        return "wireguard";
    case InterfaceKind::Tun:
        return "tun";
    case InterfaceKind::Tunnel:
        return "tunnel";
    case InterfaceKind::Dummy:
        return "dummy";
    case InterfaceKind::Other:
        return "other";
    }
    return "other";
}

std::string_view to_string(UnattributedCause cause) {
    switch (cause) {
    case UnattributedCause::None:
        return "none";
    case UnattributedCause::NoSocket:
        return "no_socket";
    case UnattributedCause::Forwarded:
        return "forwarded";
    case UnattributedCause::Bridged:
        return "bridged";
    case UnattributedCause::OtherNetns:
        return "other_netns";
    case UnattributedCause::Encapsulated:
        return "encapsulated";
    case UnattributedCause::NotCounted:
        return "not_counted";
    }
    return "none";
}

std::string_view to_string(Protocol protocol) {
    switch (protocol) {
    case Protocol::Tcp:
        return "tcp";
    case Protocol::Udp:
        return "udp";
    case Protocol::UdpLite:
        return "udplite";
    case Protocol::Sctp:
        return "sctp";
    case Protocol::Dccp:
        return "dccp";
    case Protocol::Icmp:
        return "icmp";
    case Protocol::Raw:
        return "raw";
    case Protocol::Other:
        return "other";
    }
    return "other";
}

std::string_view to_string(SocketState state) {
    switch (state) {
    case SocketState::Unknown:
        return "UNKNOWN";
    case SocketState::Established:
        return "ESTABLISHED";
    case SocketState::SynSent:
        return "SYN_SENT";
    case SocketState::SynRecv:
        return "SYN_RECV";
    case SocketState::FinWait1:
        return "FIN_WAIT1";
    case SocketState::FinWait2:
        return "FIN_WAIT2";
    case SocketState::TimeWait:
        return "TIME_WAIT";
    case SocketState::Close:
        return "CLOSE";
    case SocketState::CloseWait:
        return "CLOSE_WAIT";
    case SocketState::LastAck:
        return "LAST_ACK";
    case SocketState::Listen:
        return "LISTEN";
    case SocketState::Closing:
        return "CLOSING";
    case SocketState::NewSynRecv:
        return "NEW_SYN_RECV";
    }
    return "UNKNOWN";
}

std::string to_string(const Endpoint& endpoint) {
    const std::string port = endpoint.port == 0 ? "*" : std::to_string(endpoint.port);
    if (std::ranges::all_of(endpoint.address, [](std::uint8_t byte) { return byte == 0; })) {
        return "*:" + port;
    }
    if (endpoint.ipv6) {
        return "[" + boost::asio::ip::address_v6(endpoint.address).to_string() + "]:" + port;
    }
    boost::asio::ip::address_v4::bytes_type ipv4{};
    std::copy_n(endpoint.address.begin(), ipv4.size(), ipv4.begin());
    return boost::asio::ip::address_v4(ipv4).to_string() + ":" + port;
}

} // namespace sockledger
