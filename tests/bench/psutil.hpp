// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "bench/tool.hpp"

#include <cstddef>
#include <optional>
#include <string>

/// python3-psutil, as a monitor written in Python asks it.
namespace sockledger::bench {

struct PsutilAnswer {
    Cost cost; ///< without the interpreter's start: a monitor that uses psutil runs already
    std::size_t count = 0;
};

/// Runs `count`, Python that leaves a number in `n`; nothing when it did not end in time.
std::optional<PsutilAnswer> psutil(const test::Namespace& space, const std::string& count);

bool has_psutil(const test::Namespace& space);

inline constexpr const char* psutil_process_by_process =
    "for p in psutil.process_iter():\n"
    "    try: n += len(getattr(p, 'net_connections', p.connections)('inet'))\n"
    "    except psutil.Error: pass\n";

} // namespace sockledger::bench
