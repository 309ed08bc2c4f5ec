// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

namespace sockledger::test {

/// From now on the calling thread, and what it starts, gets EACCES for a NETLINK_SOCK_DIAG socket: what
/// a container's seccomp profile does. Throws std::system_error when it cannot.
void deny_sock_diag();

} // namespace sockledger::test
