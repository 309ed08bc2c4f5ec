// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

struct process_identity;

namespace sockledger {

/// (start time, thread group id) of one word of bpf/records.h; pid 0 for the kernel and for nobody.
ProcessId decode_owner(std::uint64_t owner);

/// The path of the program: "/usr/bin/curl"; empty when it was not kept whole.
std::string decode_exe(const process_identity& identity);

/// Appends the whole rows in `bytes` (struct socket_row of bpf/records.h) to `sockets` and returns
/// how many bytes they took: what is left is the beginning of a row that is still to come.
std::size_t decode_socket_rows(std::span<const std::byte> bytes, std::vector<SocketRecord>& sockets);

} // namespace sockledger
