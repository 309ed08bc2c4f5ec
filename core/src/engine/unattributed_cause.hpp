// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <sockledger/snapshot.hpp>

#include <vector>

namespace sockledger {

/// Says of each interface where its unattributed bytes come from, by the first of these that fits:
/// 1. None: nothing remains.
/// 2. NotCounted: the packets are not counted, or not all.
/// 3. Bridged: it is a port of a bridge or bond, or VLANs and the like on it have the bytes.
/// 4. OtherNetns: the near end of a veth pair into another namespace. One that has the default route is
///    an uplink, whatever it is made of.
/// 5. NoSocket: little remains.
/// 6. Encapsulated: the kernel's tunnels that may leave here have moved a good part of as much.
/// 7. Forwarded: this namespace forwards.
/// 8. Encapsulated: there is any such tunnel.
/// 9. Bridged: it is a bridge, which is handed what it does not know where to send.
/// 10. NoSocket: nothing else is known of it.
///
/// One cause is told where several may share the bytes. It cannot know which packets were forwarded: on
/// a network full of broadcasts a router's remainder may be that. Whether another namespace forwards, and
/// IPsec without a device of its own, are not known. `interfaces` sorted by id. Threads: any.
void explain_unattributed(const LinksReading& links, std::vector<Interface>& interfaces);

} // namespace sockledger
