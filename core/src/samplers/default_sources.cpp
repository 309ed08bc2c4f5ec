// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/bpf_programs.hpp"
#include "samplers/links.hpp"
#include "samplers/processes.hpp"
#include "samplers/sockets.hpp"
#include "samplers/traffic.hpp"

#include <sockledger/engine.hpp>

namespace sockledger {

namespace {

Result<std::shared_ptr<BpfPrograms>> open_programs(const EngineOptions& options) {
    if (!options.exact_traffic)
        return Error{"exact traffic was switched off"};
    auto programs = BpfPrograms::open();
    if (!programs)
        return std::move(programs).error();
    return std::shared_ptr<BpfPrograms>(*std::move(programs));
}

} // namespace

std::vector<std::unique_ptr<Source>> default_sources(const EngineOptions& options) {
    auto programs = open_programs(options);
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(make_links_source());
    sources.push_back(make_traffic_source(programs));
    if (options.sockets)
        sources.push_back(make_sockets_source(programs ? *programs : nullptr, options.socket_interval));
    sources.push_back(make_processes_source());
    return sources;
}

} // namespace sockledger
