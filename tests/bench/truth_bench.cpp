// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "support/capture.hpp"
#include "support/peer.hpp"
#include "support/sock_diag_denied.hpp"

#include <sockledger/engine.hpp>

#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <thread>

using namespace sockledger;
using sockledger::bench::judge;
using namespace sockledger::test;

/// What each tier says of an application, against a capture of the link that knows the ports.
namespace {

enum class Tier { Exact, Partial, Estimated };

/// A program on this side of the link and what it does.
struct Party {
    const char* program;
    std::vector<std::string> arguments;
    bool sends = true; ///< else it is the server, and receives
    std::uint16_t port = 7000;
};

struct Workload {
    const char* name;
    std::vector<Party> parties;
};

std::vector<Workload> all_workloads() {
    const auto tcp = [](const char* program, bool sends, std::uint16_t port) {
        return Party{program, {"tcp-bulk", "bytes=20000000", "early=1"}, sends, port};
    };
    return {
        {"TCP upload, 20 MB", {tcp("upload", true, 7000)}},
        {"TCP download, 20 MB", {tcp("download", false, 7000)}},
        {"TCP, 2,000 questions and answers of 50 bytes",
         {{"ask", {"tcp-ping-pong", "count=2000", "size=50", "early=1"}}}},
        {"500 TCP connections of 100 bytes", {{"connect", {"many", "count=500", "size=100"}}}},
        {"200 programs that live some milliseconds, TCP",
         {{"brief", {"brief", "count=200", "size=1000", "protocol=tcp"}}}},
        {"UDP, 2,000 datagrams of 700 bytes",
         {{"datagrams", {"udp-connected", "count=2000", "size=700", "early=1"}}}},
        {"two programs at once: TCP upload, 20 MB",
         {tcp("upload", true, 7000),
          {"datagrams", {"udp-connected", "count=20000", "size=100", "early=1"}, true, 7100}}},
        {"two programs at once: UDP, 20,000 datagrams of 100 bytes",
         {{"datagrams", {"udp-connected", "count=20000", "size=100", "early=1"}, true, 7100},
          tcp("upload", true, 7000)}},
    };
}

/// Samples ten times a second, as this tier, until it is told to stop.
class Observer {
public:
    Observer(const Namespace& space, Tier tier)
        : thread_([this, &space, tier] { space.run([&] { observe(tier); }); }) {
        ready_.wait(false);
    }
    ~Observer() {
        if (thread_.joinable())
            stop();
    }
    /// Waits for a sample that begins now or later.
    void wait() {
        const unsigned before = samples_;
        for (unsigned seen = before; seen < before + 2; seen = samples_)
            samples_.wait(seen);
    }
    SnapshotPtr stop() {
        done_ = true;
        thread_.join();
        return last_;
    }

private:
    void observe(Tier tier) {
        if (tier == Tier::Estimated)
            deny_sock_diag();
        EngineOptions options;
        options.exact_traffic = tier == Tier::Exact;
        auto engine = Engine::open(options);
        const auto sample = [&] {
            if (auto snapshot = engine ? (*engine)->sample() : engine.error())
                last_ = *snapshot;
            ++samples_;
            samples_.notify_all();
        };
        sample();
        ready_ = true;
        ready_.notify_all();
        while (!done_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            sample();
        }
        sample(); // what is on its way is booked when it was seen twice
        sample();
    }

    std::atomic<bool> ready_ = false;
    std::atomic<bool> done_ = false;
    std::atomic<unsigned> samples_ = 0;
    SnapshotPtr last_;
    std::thread thread_;
};

/// One party, both ends of it.
struct Conversation {
    std::unique_ptr<Peer> server;
    std::unique_ptr<Peer> client;
};

Conversation start(const Party& party, const VethPair& link, const std::string& directory) {
    const VethEnd& here = link.left();
    const VethEnd& there = link.right();
    const VethEnd& server_end = party.sends ? there : here;
    const VethEnd& client_end = party.sends ? here : there;
    const auto as = [&](const char* role, const VethEnd& local, const VethEnd& peer) {
        std::vector<std::string> all = party.arguments;
        all.insert(all.begin() + 1, role);
        all.insert(all.end(),
                   {"local=" + local.ipv4, "peer=" + peer.ipv4, "port=" + std::to_string(party.port)});
        return all;
    };
    const std::string program = directory + "/" + party.program;
    if (!std::filesystem::exists(program))
        copy_traffic_peer(program);
    const auto server = as("server", server_end, client_end);
    const auto client = as("client", client_end, server_end);
    Conversation conversation;
    conversation.server = party.sends ? std::make_unique<Peer>(*there.space, server)
                                      : std::make_unique<Peer>(*here.space, program, server);
    const bool early = std::ranges::count(party.arguments, "early=1") > 0;
    conversation.server->expect(early ? "LISTENING" : "READY");
    conversation.client = party.sends ? std::make_unique<Peer>(*here.space, program, client)
                                      : std::make_unique<Peer>(*there.space, client);
    conversation.client->ready();
    if (early)
        conversation.server->ready();
    return conversation;
}

/// The bytes of a party on the wire. The last packets of a connection meet a socket or not, as the
/// closing of the two ends falls out, so the nearest of what may be is the truth.
double truth(const PacketTally& tally, const Party& party, double reported) {
    double certain = 0;
    double possible = 0;
    for (Direction direction : {Direction::Rx, Direction::Tx}) {
        for (int kind = 0; kind <= static_cast<int>(PacketClass::Other); ++kind) {
            const auto type = static_cast<PacketClass>(kind);
            const auto bytes = static_cast<double>(tally.of(direction, type, party.port).bytes);
            const bool late = type == PacketClass::TcpFin2 || type == PacketClass::TcpFinAck;
            (late ? possible : certain) += bytes;
        }
    }
    return std::clamp(reported, certain, certain + possible);
}

std::string error_of(const Snapshot& snapshot, const Party& party, const PacketTally& tally,
                     const std::string& directory) {
    const App* const app = snapshot.app("exe:" + directory + "/" + party.program);
    if (!app || app->traffic.accuracy == Accuracy::Unavailable ||
        app->traffic.rx_bytes + app->traffic.tx_bytes == 0)
        return "not seen";
    const auto reported = static_cast<double>(app->traffic.rx_bytes + app->traffic.tx_bytes);
    const double wire = truth(tally, party, reported);
    if (reported == wire)
        return "0";
    const double percent = 100 * (reported - wire) / wire;
    if (std::abs(percent) < 0.05)
        return "less than 0.1 %";
    char text[32];
    std::snprintf(text, sizeof text, "%+.1f %%", percent);
    return text;
}

std::string measure(const Workload& workload, Tier tier) {
    const QTemporaryDir directory;
    const std::string path = directory.path().toStdString();
    const Namespace left, right;
    const VethPair link(left, right);
    link.set_offloads(Offloads::Off);
    Capture capture(link.left());
    Observer observer(left, tier);
    std::vector<Conversation> conversations;
    for (const Party& party : workload.parties)
        conversations.push_back(start(party, link, path));
    observer.wait(); // a transfer takes longer than the time between two samples, as most do
    for (Conversation& conversation : conversations) {
        conversation.server->go();
        conversation.client->go();
    }
    for (Conversation& conversation : conversations) {
        conversation.client->finished();
        conversation.server->finished();
    }
    observer.wait();
    for (Conversation& conversation : conversations)
        leave_together({conversation.client.get(), conversation.server.get()});
    link.wait_until_quiet();
    const SnapshotPtr snapshot = observer.stop();
    return error_of(*snapshot, workload.parties.front(), capture.tally(), path);
}

} // namespace

int main() {
    int inexact = 0;
    std::printf("| traffic of one application | exact | partial | estimated |\n|---|---|---|---|\n");
    for (const Workload& workload : all_workloads()) {
        std::printf("| %s |", workload.name);
        for (Tier tier : {Tier::Exact, Tier::Partial, Tier::Estimated}) {
            const std::string error = measure(workload, tier);
            inexact += tier == Tier::Exact && error != "0";
            std::printf(" %s |", error.c_str());
            std::fflush(stdout);
        }
        std::printf("\n");
    }
    std::printf("rows where the exact tier errs: %s\n",
                judge({"workloads in which an exact figure errs", 1, ""}, inexact).c_str());
}
