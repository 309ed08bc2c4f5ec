// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "frame.hpp"

#include <vector>

/// Which source works, how exact, what is missing and how to get it.
namespace sockledger::cli {

std::vector<Line> doctor_lines(const Snapshot& snapshot, int width, const Format& format);
/// 0 as long as one source gives something, else 1.
int doctor_exit_code(const Snapshot& snapshot);

} // namespace sockledger::cli
