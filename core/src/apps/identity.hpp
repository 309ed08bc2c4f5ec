// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/evidence.hpp"

namespace sockledger {

/// The application that a process belongs to: what the first rule says that has evidence of it. The
/// rules are in identity.cpp, the README beside it says what each goes by. The id is at most 300 bytes
/// long and the name 120, whatever the process calls itself. Threads: any, with Surroundings of their own.
AppIdentity identify(const ProcessRecord& process, Surroundings& surroundings);
/// With nothing known but the record.
AppIdentity identify(const ProcessRecord& process);

/// Sockets and packets of the kernel itself.
AppIdentity kernel_app();
/// A process that was gone before anything of it could be read.
AppIdentity unknown_app();

} // namespace sockledger
