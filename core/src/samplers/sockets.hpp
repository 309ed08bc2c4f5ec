// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/source.hpp"

#include <chrono>
#include <memory>

namespace sockledger {

class BpfPrograms;

/// The socket table with owners: from the kernel's iterator when `programs` (may be null) has one,
/// else from sock_diag and /proc. Read at most every `interval`; between, SocketsReading::fresh is false.
std::unique_ptr<Source> make_sockets_source(std::shared_ptr<BpfPrograms> programs,
                                            std::chrono::milliseconds interval);

} // namespace sockledger
