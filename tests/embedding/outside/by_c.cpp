// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: CC0-1.0

// by_c RECORDING: the C ABI in C++11.

#include <sockledger/sockledger.h>

#include <iostream>

int main(int, char** argv) {
    sockledger_feed_options options{};
    options.size = sizeof options;
    options.source = SOCKLEDGER_REPLAY;
    options.path = argv[1];
    sockledger_feed* feed = nullptr;
    if (sockledger_feed_open(&options, &feed, nullptr, 0) != 0)
        return 1;
    sockledger_snapshot* snapshot = nullptr;
    while (sockledger_feed_sample(feed, &snapshot) == 0)
        sockledger_snapshot_release(snapshot);
    snapshot = sockledger_feed_latest(feed);
    sockledger_feed_close(feed);

    sockledger_app app{};
    app.size = sizeof app;
    for (std::size_t i = 0; sockledger_snapshot_app(snapshot, i, &app) == 0; ++i)
        std::cout << app.id << ' ' << app.traffic.rx_bytes << ' ' << app.traffic.tx_bytes << '\n';
    sockledger_snapshot_release(snapshot);
}
