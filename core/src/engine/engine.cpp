// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/apps_source.hpp"
#include "engine/local_engine.hpp"
#include "kernel/clock.hpp"

#include <exception>
#include <utility>

namespace sockledger {

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options) {
    try {
        auto sources = default_sources(options);
        sources.push_back(make_apps_source());
        return std::unique_ptr<Engine>(std::make_unique<LocalEngine>(std::move(sources), now));
    } catch (const std::exception& error) {
        return Error{std::string("cannot open the engine: ") + error.what()};
    }
}

} // namespace sockledger
