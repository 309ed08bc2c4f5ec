// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <string>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

namespace sockledger::test {

/// Descriptors of ours that a program gets as its standard ones.
struct StandardDescriptors {
    int input = STDIN_FILENO;
    int output = STDOUT_FILENO;
    int error = STDERR_FILENO;
};

/// Starts a program by its path in a network namespace; throws std::system_error when it cannot.
pid_t spawn(const Namespace& space, std::vector<std::string> arguments, StandardDescriptors descriptors = {});

} // namespace sockledger::test
