// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sockledger::test {

/// Runs a program (found in PATH, no shell) in the calling thread's namespaces and waits for it.
/// Returns nothing when it succeeded, else one line with the command and what it said.
std::optional<std::string> try_command(const std::vector<std::string>& arguments);

/// The same; throws std::runtime_error when the command fails.
void run_command(const std::vector<std::string>& arguments);

} // namespace sockledger::test
