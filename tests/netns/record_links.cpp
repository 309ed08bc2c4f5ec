// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/datagram_file.hpp"
#include "core/netlink_builder.hpp"
#include "kernel/rtnetlink_links.hpp"
#include "netns/links_scene.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"

#include <cstdio>
#include <exception>
#include <sched.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// Keeps what the kernel answers.
class RecordingTransport : public NetlinkTransport {
public:
    RecordingTransport(NetlinkSocket socket, std::vector<Buffer>& datagrams)
        : socket_(std::move(socket)), datagrams_(datagrams) {}

    Result<void> send(Bytes message) override { return socket_.send(message); }

    Result<std::size_t> receive(std::vector<std::byte>& buffer) override {
        auto size = socket_.receive(buffer);
        if (size) {
            datagrams_.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*size));
        }
        return size;
    }

private:
    NetlinkSocket socket_;
    std::vector<Buffer>& datagrams_;
};

void record(const std::string& path) {
    checked(unshare(CLONE_NEWNET), "unshare");
    const Namespace elsewhere;
    run_ip(links_scene(elsewhere.path()));
    auto socket = NetlinkSocket::open(NETLINK_ROUTE);
    if (!socket) {
        throw std::runtime_error(socket.error().message);
    }
    std::vector<Buffer> datagrams;
    RtnetlinkLinks reader(std::make_unique<RecordingTransport>(std::move(*socket), datagrams),
                          LinkMonitor(std::make_unique<FakeTransport>()), -1);
    std::vector<LinkInfo> links;
    for (int i = 0; i < 2; ++i) { // everything, then counters
        if (const auto report = reader.read(links); !report) {
            throw std::runtime_error(report.error().message);
        }
    }
    write_datagrams(path, datagrams);
}

} // namespace

/// record_links FILE: writes what this kernel answers about the scene, for link_replay_test.
int main(int argc, char** argv) try {
    if (argc != 2) {
        std::fputs("usage: record_links FILE\n", stderr);
        return 2;
    }
    record(argv[1]);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "record_links: %s\n", error.what());
    return 1;
}
