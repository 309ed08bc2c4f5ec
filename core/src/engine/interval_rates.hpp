// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/feed.hpp>

namespace sockledger {

/// `now` with the rates and the interval since `before`, a Snapshot of the same engine, for somebody who
/// did not see those in between. It is `now` itself without a `before`, when nothing was in between, and
/// when it is the same Snapshot again.
///
/// A rate is absent when what was before is not known: a total fell or is known in another way, or the
/// row is new. Only an app or a process that is new had moved nothing before: its rate is known.
/// Threads: any.
SnapshotPtr with_rates_since(const SnapshotPtr& now, const SnapshotPtr& before);

} // namespace sockledger
