// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: CC0-1.0

// by_cpp RECORDING: the C++ API.

#include <sockledger/daemon.hpp>

#include <iostream>

int main(int, char** argv) {
    const auto feed = sockledger::open_replay(argv[1]);
    if (!feed)
        return 1;
    while ((*feed)->sample()) {
    }
    for (const sockledger::App& app : (*feed)->latest()->apps)
        std::cout << app.id << ' ' << app.traffic.rx_bytes << ' ' << app.traffic.tx_bytes << '\n';
}
