// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "soak/soak_scene.hpp"

#include <span>

namespace sockledger::test {

/// Something that happens to a daemon. It throws when that does not go on as if nothing had been.
struct Fault {
    const char* name;
    void (*happen)(SoakScene& scene);
    bool ends_the_daemon = false;
};
std::span<const Fault> all_faults();

} // namespace sockledger::test
