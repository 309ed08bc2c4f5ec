// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/checked.hpp"
#include "support/netns.hpp"

#include <cstring>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace sockledger::test {
namespace {

/// The ethtool requests end in arrays whose length the kernel tells.
template<typename Header, typename Element>
class Request {
public:
    explicit Request(std::uint32_t elements)
        : memory_((sizeof(Header) + elements * sizeof(Element) + 7) / 8) {}
    Header* header() { return reinterpret_cast<Header*>(memory_.data()); }
    Element* elements() {
        return reinterpret_cast<Element*>(reinterpret_cast<char*>(memory_.data()) + sizeof(Header));
    }

private:
    std::vector<std::uint64_t> memory_;
};

class Ethtool {
public:
    explicit Ethtool(const std::string& device)
        : socket_(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")) {
        device.copy(request_.ifr_name, IFNAMSIZ - 1);
    }

    void call(void* data, const char* what) {
        request_.ifr_data = static_cast<char*>(data);
        checked(ioctl(socket_.get(), SIOCETHTOOL, &request_), what);
    }

    std::vector<std::string> feature_names() {
        Request<ethtool_sset_info, std::uint32_t> count(1);
        count.header()->cmd = ETHTOOL_GSSET_INFO;
        count.header()->sset_mask = 1ULL << ETH_SS_FEATURES;
        call(count.header(), "ETHTOOL_GSSET_INFO");

        using Name = char[ETH_GSTRING_LEN];
        const std::uint32_t length = *count.elements();
        Request<ethtool_gstrings, Name> strings(length);
        strings.header()->cmd = ETHTOOL_GSTRINGS;
        strings.header()->string_set = ETH_SS_FEATURES;
        strings.header()->len = length;
        call(strings.header(), "ETHTOOL_GSTRINGS");
        std::vector<std::string> names;
        for (std::uint32_t i = 0; i < length; ++i)
            names.emplace_back(strings.elements()[i], strnlen(strings.elements()[i], ETH_GSTRING_LEN));
        return names;
    }

private:
    UniqueFd socket_;
    ifreq request_{};
};

/// Features that decide what one packet is; the two that only serve forwarding stay as they are.
bool shapes_packets(std::string_view name) {
    if (name == "rx-gro-list" || name == "rx-udp-gro-forwarding")
        return false;
    return name == "rx-gro" || name == "rx-gro-hw" || name == "rx-lro" || name == "rx-checksum" ||
           name.starts_with("tx-checksum-") || name.starts_with("tx-scatter-gather") ||
           name.starts_with("tx-gso-") || name.ends_with("-segmentation");
}

void set_features(const std::string& device, bool on) {
    Ethtool ethtool(device);
    const std::vector<std::string> names = ethtool.feature_names();
    const auto blocks = static_cast<std::uint32_t>((names.size() + 31) / 32);

    Request<ethtool_gfeatures, ethtool_get_features_block> now(blocks);
    now.header()->cmd = ETHTOOL_GFEATURES;
    now.header()->size = blocks;
    ethtool.call(now.header(), "ETHTOOL_GFEATURES");

    Request<ethtool_sfeatures, ethtool_set_features_block> wanted(blocks);
    wanted.header()->cmd = ETHTOOL_SFEATURES;
    wanted.header()->size = blocks;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::uint32_t bit = 1U << (i % 32);
        const ethtool_get_features_block& have = now.elements()[i / 32];
        if (!shapes_packets(names[i]) || !(have.available & bit) || (have.never_changed & bit))
            continue;
        wanted.elements()[i / 32].valid |= bit;
        if (on)
            wanted.elements()[i / 32].requested |= bit;
    }
    ethtool.call(wanted.header(), "ETHTOOL_SFEATURES");
}

} // namespace

void set_offloads(const Namespace& space, const std::string& device, Offloads offloads) {
    space.run([&] { set_features(device, offloads == Offloads::On); });
}

} // namespace sockledger::test
