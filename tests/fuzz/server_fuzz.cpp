// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service_fixture.hpp"

using namespace sockledger;
using namespace sockledger::test;

// What any client may send: an unprivileged one, then the same bytes from root.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const Peer& peer : {Peer{1000, 1000, {}}, root}) {
        Service service;
        Client client = service.connect(peer);
        Client other = service.connect(root);
        client.send(bytes);
        shutdown(client.socket.get(), SHUT_WR);
        service.settle();
        client.receive();
        while (const auto message = client.answers.next()) {
            if (!varlink::parse_answer(*message)) {
                __builtin_trap(); // we have sent what is no answer
            }
        }
        if (peer.uid != 0 && (!service.backend.monitored.empty() || !service.backend.rule_list.empty())) {
            __builtin_trap();
        }
        other.call("io.sockledger.ListRules");
        service.settle();
        other.receive();
        if (!other.answers.has_message()) {
            __builtin_trap(); // somebody else pays for it
        }
    }
    return 0;
}
