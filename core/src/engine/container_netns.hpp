// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

namespace sockledger {

/// Gives a namespace without a name that of the one container whose programs have moved bytes in it; two,
/// as in a pod, give none. Threads: any.
void name_after_containers(Snapshot& snapshot);

} // namespace sockledger
