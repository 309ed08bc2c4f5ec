// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <string>
#include <string_view>

/// What a Snapshot implies without saying it: sums, names and look-ups that every host needs.
/// Threads: any.
namespace sockledger {

/// Sum of two disjoint parts; a part that is not measurable and empty adds nothing.
Traffic sum(const Traffic&, const Traffic&);

/// How well bytes are known per application in this snapshot: the worst of its apps that have traffic.
Accuracy app_accuracy(const Snapshot&);

/// The interface of this name in the snapshot's own namespace.
const Interface* find_interface(const Snapshot&, std::string_view name);
/// The name that people know: comm, unless the kernel cut it off at 15 bytes and exe has the whole of it.
std::string process_name(const Process&);
/// The display name of an app; the id itself when the snapshot does not know it.
std::string_view app_name(const Snapshot&, const AppId&);
/// Why the traffic of applications is not exact here, one sentence for a person; empty when it is exact.
std::string what_is_missing(const Snapshot&);
/// The address alone, RFC 5952: "192.0.2.1", "2001:db8::1".
std::string address_text(const Endpoint&);

} // namespace sockledger
