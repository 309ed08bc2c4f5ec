// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "core/netlink_builder.hpp"

#include <fstream>
#include <stdexcept>

/// Recorded datagrams: each with its size before it, as 32 bits of this machine's order.
namespace sockledger::test {

inline void write_datagrams(const std::string& path, const std::vector<Buffer>& datagrams) {
    std::ofstream file(path, std::ios::binary);
    for (const Buffer& datagram : datagrams) {
        const auto size = static_cast<std::uint32_t>(datagram.size());
        file.write(reinterpret_cast<const char*>(&size), sizeof size);
        file.write(reinterpret_cast<const char*>(datagram.data()), static_cast<std::streamsize>(size));
    }
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path);
    }
}

inline std::vector<Buffer> read_datagrams(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<Buffer> datagrams;
    std::uint32_t size = 0;
    while (file.read(reinterpret_cast<char*>(&size), sizeof size)) {
        Buffer& datagram = datagrams.emplace_back(size);
        if (!file.read(reinterpret_cast<char*>(datagram.data()), static_cast<std::streamsize>(size))) {
            throw std::runtime_error(path + " is cut off");
        }
    }
    if (datagrams.empty()) {
        throw std::runtime_error("nothing in " + path);
    }
    return datagrams;
}

} // namespace sockledger::test
