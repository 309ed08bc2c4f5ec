// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

/// Small files of the kernel's file systems, below a directory descriptor so that a test can put its
/// own tree there. Error::code is the errno; a process or device that is gone gives ENOENT or ESRCH.
/// Threads: any.
namespace sockledger {

Result<UniqueFd> open_directory(int directory, const char* path);

/// The first `limit` bytes of a file.
Result<std::string> read_file(int directory, const char* path, std::size_t limit = 64 << 10);

/// A whole file that somebody else wrote: anything but a regular file (a pipe that nobody fills, a
/// device that acts when it is opened) and anything longer than `limit` is refused without opening it.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit);

/// The target of a symbolic link.
Result<std::string> read_link(int directory, const char* path);

/// Calls `visit` with the name of each entry but "." and "..". `directory` is read from its start.
Result<void> for_each_entry(int directory, const std::function<void(const char* name)>& visit);

} // namespace sockledger
