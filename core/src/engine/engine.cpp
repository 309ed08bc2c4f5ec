// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/local_engine.hpp"
#include "kernel/clock.hpp"

#include <exception>

namespace sockledger {

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options) {
    try {
        return std::unique_ptr<Engine>(std::make_unique<LocalEngine>(default_sources(options), now));
    } catch (const std::exception& error) {
        return Error{std::string("cannot open the engine: ") + error.what()};
    }
}

} // namespace sockledger
