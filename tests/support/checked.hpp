// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sockledger::test {

/// Gives back the result of a system call; throws std::system_error when it is negative.
template<typename T>
T checked(T result, const char* what) {
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;
};

/// A pipe whose ends close on exec.
inline Pipe make_pipe() {
    int ends[2];
    checked(pipe2(ends, O_CLOEXEC), "pipe2");
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

} // namespace sockledger::test
