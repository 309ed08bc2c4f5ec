// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <string>
#include <string_view>

namespace sockledger::netdata {

/// The whole file, at most `most` bytes of it; an Error with the errno. Threads: any.
Result<std::string> read_file(const std::string& path, std::size_t most);

/// Puts a file with this content in the place of the one that is there, or leaves that as it is.
Result<void> replace_file(const std::string& path, std::string_view content);

/// Writes all of it, however many calls that takes; an Error with the errno.
Result<void> write_all(int fd, std::string_view text);

} // namespace sockledger::netdata
