// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/scenario.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace sockledger::test {
namespace {

using Arguments = std::vector<std::string>;
using Delivery = Scenario::Delivery;

Arguments words(const std::string& text) {
    std::istringstream in(text);
    Arguments result;
    for (std::string word; in >> word;)
        result.push_back(word);
    return result;
}

Arguments for_role(const Arguments& mode, const char* role, const std::string& own, const std::string& peer,
                   const VethEnd& end) {
    Arguments result{mode.front(), role, "local=" + own, "peer=" + peer, "device=" + end.device};
    result.insert(result.end(), mode.begin() + 1, mode.end());
    return result;
}

class List {
public:
    /// Over IPv4 and IPv6; `client` and `server` are "MODE NAME=VALUE...".
    void add(const std::string& name, const std::string& client, const std::string& server,
             const Scenario& traits = {}) {
        for (const int family : {4, 6}) {
            Scenario scenario = traits;
            scenario.name = name + " over IPv" + std::to_string(family);
            scenario.family = family;
            scenario.client = words(client);
            scenario.server = words(server);
            scenarios_.push_back(scenario);
        }
    }
    /// Both ends of one mode with the same arguments.
    void both(const std::string& name, const std::string& mode, const Scenario& traits = {}) {
        add(name, mode, mode, traits);
    }
    std::vector<Scenario> take() { return std::move(scenarios_); }

private:
    std::vector<Scenario> scenarios_;
};

Scenario needing(const std::string& capability) {
    Scenario traits;
    traits.needs = capability;
    return traits;
}

void add_kinds_of_io(List& list) {
    Scenario server_waits;
    server_waits.server_waits = true;
    Scenario early;
    early.early = true;
    list.both("tcp bulk", "tcp-bulk bytes=3000000");
    list.both("tcp ping-pong", "tcp-ping-pong count=500 size=50");
    list.both("tcp in one recv", "tcp-one-recv bytes=1048576");
    list.both("tcp peek and truncate", "tcp-peek bytes=300000");
    list.both("tcp fast open", "tcp-fast-open bytes=100000");
    list.both("tcp refused writes", "tcp-refused bytes=2000000", server_waits);
    list.both("tcp from a process that is gone", "tcp-leave bytes=1000000", server_waits);
    list.both("tcp of an old connection", "tcp-bulk bytes=500000", early);
    list.both("sendfile", "tcp-sendfile bytes=1000000");
    list.both("splice", "tcp-splice bytes=1000000");
    list.both("MSG_ZEROCOPY", "tcp-zerocopy bytes=1000000");
    list.both("io_uring", "tcp-io-uring bytes=1000000", needing("io_uring"));
    list.both("io_uring by a kernel thread", "tcp-io-uring bytes=500000 sqpoll=1", needing("io_uring"));
    list.both("mptcp", "tcp-bulk bytes=1000000 protocol=mptcp", needing("mptcp"));
    list.both("sctp", "tcp-bulk bytes=1000000 protocol=sctp", needing("sctp"));
    list.both("sctp one to many", "sctp-many count=200 size=100", needing("sctp"));
    list.both("sctp peeled off", "sctp-peel count=200 size=100", needing("sctp"));
    list.both("udp connected", "udp-connected count=1000 size=700");
    list.both("udp of an old socket", "udp-connected count=100 size=10", early);
    list.both("udp unconnected", "udp-echo count=300 size=10");
    list.both("udp in fragments", "udp-echo count=50 size=5000");
    list.both("sendmmsg and recvmmsg", "udp-batch count=2000 size=100");
    list.both("UDP_SEGMENT and UDP_GRO", "udp-segment count=2000 size=1000");
    list.both("udp peek, truncate and empty", "udp-odd count=400 size=100");
    list.both("raw", "raw count=200 size=100", needing("raw"));
    Scenario answered = needing("raw");
    answered.delivery = Delivery::FromTheHost;
    list.add("ping by a raw socket", "ping-raw count=50 size=56", "", answered);
    list.add("ping by a ping socket", "ping-socket count=50 size=56", "", answered);
}

void add_multicast(List& list) {
    Scenario traits;
    traits.delivery = Delivery::ToEach;
    list.both("multicast", "multicast port=7300 count=100 size=200 workers=2", traits);
    list.both("multicast with loop", "multicast port=7300 count=100 size=200 workers=2 loop=1", traits);
}

void add_ownership(List& list) {
    list.add("an inherited connection", "inherit bytes=1000000", "inherit bytes=1000000");
    list.add("parent and child send in turns", "inherit turns=1 count=20 size=5000", "tcp-bulk bytes=200000");
    list.add("parent and child receive in turns", "tcp-bulk bytes=100000",
             "inherit turns=1 count=100 size=500");
    list.both("a connection handed over", "hand-over bytes=1000000");
    list.both("a listener of several processes", "prefork count=40 size=3000 workers=4");
    list.both("a listener each", "reuseport count=40 size=3000 workers=4");
    list.both("eight threads", "threads bytes=1000000 workers=8");
    list.both("eight threads on udp", "udp-threads count=2000 size=100 workers=8");
    list.both("udp workers in turns", "udp-shared count=200 size=50 workers=3");
    list.both("udp workers as it comes", "udp-shared count=200 size=50 workers=3 compete=1");
    list.both("many connections", "many count=500 size=100 ports=2");
    list.both("brief processes with udp", "brief count=50 size=100");
    list.both("brief processes with tcp", "brief count=50 size=100 protocol=tcp");
}

} // namespace

std::vector<Scenario> all_scenarios() {
    List list;
    add_kinds_of_io(list);
    add_multicast(list);
    add_ownership(list);
    return list.take();
}

ScenarioRun::ScenarioRun(const Scenario& scenario, const VethEnd& client_end, const VethEnd& server_end)
    : scenario_(scenario) {
    const std::string& client_address = client_end.address(scenario.family);
    const std::string& server_address = server_end.address(scenario.family);
    const auto start = [&](const Arguments& mode, const char* role, const std::string& own,
                           const std::string& peer, const VethEnd& end) {
        Arguments arguments = for_role(mode, role, own, peer, end);
        arguments.push_back(scenario.family == 6 ? "group=ff15::5:1" : "group=239.5.0.1");
        arguments.push_back(scenario.early ? "early=1" : "early=0");
        return scenario.program.empty() || role == std::string_view("server")
                   ? std::make_unique<Peer>(*end.space, arguments)
                   : std::make_unique<Peer>(*end.space, scenario.program, arguments);
    };
    if (!scenario.server.empty()) {
        server_ = start(scenario.server, "server", server_address, client_address, server_end);
        server_->expect(scenario.early ? "LISTENING" : "READY");
    }
    client_ = start(scenario.client, "client", client_address, server_address, client_end);
    client_->ready();
    if (server_ && scenario.early)
        server_->ready();
}

void ScenarioRun::play() {
    if (server_ && !scenario_.server_waits)
        server_->go();
    client_->go();
    if (server_ && scenario_.server_waits) {
        client_->expect("BLOCKED");
        server_->go();
    }
    client_report_ = client_->finished();
    if (server_)
        server_report_ = server_->finished();
}

void ScenarioRun::leave() {
    if (server_)
        leave_together({client_.get(), server_.get()});
    else
        leave_together({client_.get()});
}

std::string ScenarioRun::difference() const {
    std::ostringstream out;
    const auto compare = [&](const char* what, std::uint64_t sent, std::uint64_t received) {
        if (sent != received)
            out << what << ": " << sent << " bytes sent, " << received << " received; ";
    };
    if (client_report_.tx == 0)
        out << "nothing was sent; ";
    switch (scenario_.delivery) {
    case Delivery::Mirrored:
        compare("client to server", client_report_.tx, server_report_.rx);
        compare("server to client", server_report_.tx, client_report_.rx);
        break;
    case Delivery::ToEach:
        for (const PeerReport* report : {&client_report_, &server_report_}) {
            for (const PeerBytes& process : report->processes) {
                if (process.rx)
                    compare("to each", client_report_.tx, process.rx);
            }
        }
        if (server_report_.rx == 0)
            out << "nothing was received; ";
        break;
    case Delivery::FromTheHost:
        compare("to the host and back", client_report_.tx, client_report_.rx);
        break;
    }
    return out.str();
}

} // namespace sockledger::test
