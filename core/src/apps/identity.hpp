// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

namespace sockledger {

/// The application that a process belongs to, by the first of these that fits:
///   a container's cgroup                 "container:0123456789ab"
///   an application scope of the desktop  "desktop:org.mozilla.firefox"
///   a unit of systemd, system or user    "unit:sshd.service"
///   the program                          "exe:/usr/bin/curl"
///   a thread of the kernel               "kernel"
///   only a name is known                 "comm:curl", "unknown" without one
/// Login sessions are no application: what runs in them goes by its program. Threads: any.
AppIdentity identify(const ProcessRecord& process);

/// Sockets and packets of the kernel itself.
AppIdentity kernel_app();
/// A process that was gone before anything of it could be read.
AppIdentity unknown_app();

} // namespace sockledger
