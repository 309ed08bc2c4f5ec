// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "netns/links_scene.hpp"

#include "samplers/links.hpp"
#include "support/command.hpp"

#include <QTemporaryFile>

#include <algorithm>
#include <array>

namespace sockledger::test {

namespace {

constexpr std::uint32_t is_up = 1; // IFF_UP

/// One link of the scene. `addresses` in the order of the kernel.
struct Expected {
    std::string name;
    std::string kind;
    InterfaceKind interface_kind;
    std::uint16_t type = 1;
    bool up = false;
    std::uint32_t mtu = 1500;
    std::string lower;
    std::string master;
    bool default_route = false;
    std::vector<InterfaceAddress> addresses;
};

/// Without addresses, kinds that sysfs does not tell, all next hops but the first, and the data of VXLAN.
Expected as_in_proc(Expected link) {
    if (link.kind == "veth" || link.kind == "macvlan") {
        link.kind = "virtual";
        link.interface_kind = InterfaceKind::Other;
    }
    link.default_route &= link.name != "br0";
    link.lower = link.kind == "vxlan" ? "" : link.lower;
    link.addresses.clear();
    return link;
}

const std::vector<Expected>& expected_links() {
    using enum InterfaceKind;
    static const std::vector<Expected> links{
        {"lo", "", Loopback, 772, true, 65536, "", "", false, {{"127.0.0.1", 8}, {"::1", 128}}},
        {"left0", "veth", Veth, 1, true, 1400, "", "", true, {{"192.0.2.1", 24}, {"2001:db8::1", 64}}},
        {"right0", "veth", Veth, 1, true, 1500, "", "br0", false, {}},
        {"away0", "veth", Veth, 1, false, 1500, "", "", false, {{"198.51.100.1", 32}}},
        {"br0", "bridge", Bridge, 1, true, 1500, "", "", true, {{"203.0.113.1", 24}}},
        {"mac0", "macvlan", Macvlan, 1, false, 1400, "left0", "", false, {}},
        {"tun0", "tun", Tun, 65534, false, 1500, "", "", false, {}},
        {"tap0", "tun", Tun, 1, false, 1500, "", "", false, {}},
        {"vx0", "vxlan", Tunnel, 1, false, 1350, "left0", "", false, {}},
        {"b\\xffd\\0", "veth", Veth, 1, false, 1500, "", "", false, {}},
    };
    return links;
}

std::string texts_of(const std::vector<InterfaceAddress>& addresses) {
    std::string text;
    for (const InterfaceAddress& address : addresses) {
        text += address.address + "/" + std::to_string(address.prefix_length) + " ";
    }
    return text;
}

} // namespace

std::vector<std::string> links_scene(const std::string& elsewhere) {
    return {
        "link set lo up",
        "link add left0 mtu 1400 type veth peer name right0",
        "link add away0 type veth peer name there0",
        "link set there0 netns " + elsewhere,
        "link add b\xff"
        "d\\0 type veth peer name gone0",
        "link set gone0 netns " + elsewhere,
        "link add br0 type bridge",
        "link set right0 master br0",
        "link set left0 addrgenmode none",
        "link set left0 up",
        "link set right0 addrgenmode none",
        "link set right0 up",
        "link set br0 addrgenmode none",
        "link set br0 up",
        "address add 192.0.2.1/24 dev left0",
        "address add 2001:db8::1/64 dev left0 nodad",
        "address add 198.51.100.1 peer 198.51.100.2/32 dev away0",
        "address add 203.0.113.1/24 dev br0",
        "link add link left0 name mac0 type macvlan",
        "tuntap add tun0 mode tun",
        "tuntap add tap0 mode tap",
        "link add vx0 type vxlan id 42 dstport 4789 local 192.0.2.1 dev left0",
        "route add default metric 10 nexthop via 192.0.2.254 dev left0 nexthop via 203.0.113.254 dev br0",
        "route add 233.252.0.0/24 dev br0",
        "route add default dev right0 table 42",
        "route add unreachable default metric 4000",
        "route add ::/0 via 2001:db8::fe dev left0",
        "route add 2001:db8:1::/48 dev left0",
    };
}

LinkRecord link_named(const std::vector<LinkRecord>& links, const std::string& name) {
    const auto found =
        std::find_if(links.begin(), links.end(), [&](const LinkRecord& link) { return link.name == name; });
    return found == links.end() ? LinkRecord{} : *found;
}

std::string scene_faults(const std::vector<LinkRecord>& links, SceneView view) {
    std::string faults;
    const auto expect = [&](bool ok, const Expected& link, const char* what) {
        faults += ok ? "" : link.name + ": " + what + "\n";
    };
    const auto index_of = [&](const std::string& name) { return link_named(links, name).ifindex; };
    for (const Expected& link : expected_links()) {
        const Expected expected = view == SceneView::Proc ? as_in_proc(link) : link;
        const LinkRecord record = link_named(links, expected.name);
        expect(record.ifindex != 0, expected, "is missing");
        expect(record.kind == expected.kind, expected, "kind");
        expect(interface_kind(record) == expected.interface_kind, expected, "interface kind");
        expect(record.type == expected.type, expected, "type");
        expect((record.flags & is_up) == (expected.up ? is_up : 0), expected, "flags");
        expect(record.mtu == expected.mtu, expected, "mtu");
        expect(record.lower == index_of(expected.lower), expected, "lower");
        expect(record.master == index_of(expected.master), expected, "master");
        expect(record.default_route == expected.default_route, expected, "default route");
        expect(texts_of(record.addresses) == texts_of(expected.addresses), expected,
               ("addresses " + texts_of(record.addresses)).c_str());
    }
    const auto sorted =
        std::is_sorted(links.begin(), links.end(),
                       [](const LinkRecord& a, const LinkRecord& b) { return a.ifindex < b.ifindex; });
    return faults + (sorted ? "" : "links are not sorted\n");
}

void run_ip(const std::vector<std::string>& lines) {
    QTemporaryFile batch;
    if (!batch.open()) {
        throw std::runtime_error("no temporary file");
    }
    for (const std::string& line : lines) {
        batch.write(line.c_str());
        batch.write("\n");
    }
    batch.close();
    run_command({"ip", "-batch", batch.fileName().toStdString()});
}

} // namespace sockledger::test
