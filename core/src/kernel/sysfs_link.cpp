// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/sysfs_link.hpp"

#include "kernel/files.hpp"
#include "kernel/text.hpp"

#include <linux/if_arp.h>

#include <array>
#include <charconv>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace sockledger {

namespace {

/// The first line of a small file; empty when it cannot be read.
std::string line_of(int directory, const char* path) {
    auto content = read_file(directory, path, 4096);
    return content ? content->substr(0, content->find('\n')) : std::string();
}

template<typename T>
T number_in(int directory, const char* path) {
    const std::string line = line_of(directory, path);
    std::string_view digits = line;
    const bool hex = digits.starts_with("0x");
    digits.remove_prefix(hex ? 2 : 0);
    T value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    return value;
}

bool has(int directory, const char* path) {
    return ::faccessat(directory, path, F_OK, 0) == 0;
}

/// RFC 2863, in the kernel's words.
std::uint8_t operstate_of(std::string_view word) {
    constexpr std::array<std::string_view, 7> words{"unknown", "notpresent", "down", "lowerlayerdown",
                                                    "testing", "dormant",    "up"};
    for (std::uint8_t state = 0; state < words.size(); ++state) {
        if (words[state] == word) {
            return state;
        }
    }
    return 0;
}

/// "02:fc:00:00:00:01" as bytes.
std::string hardware_address_of(std::string_view text) {
    std::string bytes;
    for (; text.size() >= 2; text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
        unsigned byte = 0;
        std::from_chars(text.data(), text.data() + 2, byte, 16);
        bytes.push_back(static_cast<char>(byte));
    }
    return bytes;
}

std::string devtype_of(int device) {
    constexpr std::string_view key = "DEVTYPE=";
    const auto uevent = read_file(device, "uevent", 4096);
    const std::size_t start = uevent ? uevent->find(key) : std::string::npos;
    if (start == std::string::npos) {
        return {};
    }
    const std::string_view rest = std::string_view(*uevent).substr(start + key.size());
    return printable(rest.substr(0, rest.find('\n')));
}

/// As IFLA_INFO_KIND, as far as sysfs tells.
std::string kind_of(int device, std::uint16_t type) {
    if (type == ARPHRD_LOOPBACK || has(device, "device")) {
        return {}; // hardware may have a DEVTYPE too, such as wlan
    }
    if (auto devtype = devtype_of(device); !devtype.empty()) {
        return devtype;
    }
    if (has(device, "tun_flags")) {
        return "tun";
    }
    switch (type) {
    case ARPHRD_TUNNEL:
        return "ipip";
    case ARPHRD_TUNNEL6:
        return "ip6tnl";
    case ARPHRD_SIT:
        return "sit";
    case ARPHRD_IPGRE:
        return "gre";
    case ARPHRD_IP6GRE:
        return "ip6gre";
    default:
        return "virtual";
    }
}

/// Whether there is an entry lower_NAME, as devices have that are stacked on another one.
bool has_lower_entry(int device) {
    bool found = false;
    const auto read = for_each_entry(
        device, [&](const char* name) { found |= std::string_view(name).starts_with("lower_"); });
    return read && found;
}

} // namespace

std::optional<LinkInfo> read_sysfs_link(int class_net, const std::string& name) {
    const auto directory = open_directory(class_net, name.c_str());
    if (!directory) {
        return std::nullopt;
    }
    const int device = directory->get();
    LinkInfo link;
    LinkRecord& record = link.record;
    record.ifindex = number_in<std::uint32_t>(device, "ifindex");
    if (record.ifindex == 0) {
        return std::nullopt;
    }
    record.name = printable(name);
    record.type = number_in<std::uint16_t>(device, "type");
    record.kind = kind_of(device, record.type);
    record.flags = number_in<std::uint32_t>(device, "flags");
    record.operstate = operstate_of(line_of(device, "operstate"));
    record.mtu = number_in<std::uint32_t>(device, "mtu");
    record.master = number_in<std::uint32_t>(device, "master/ifindex");
    const auto lower = number_in<std::uint32_t>(device, "iflink");
    // Of a veth, iflink is the other end, which may be in another namespace.
    const bool rides = record.kind != "virtual" || has_lower_entry(device);
    record.lower = rides && lower != record.ifindex ? lower : 0;
    link.hardware_address = hardware_address_of(line_of(device, "address"));
    return link;
}

} // namespace sockledger
