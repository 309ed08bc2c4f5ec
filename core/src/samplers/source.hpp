// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace sockledger {

struct EngineOptions;

/// Reads one kernel surface. Sources are read in the order of default_sources(): links before
/// traffic, so that what a device has counted is never ahead of the applications for long, and
/// processes last, because they describe whom the others met.
class Source {
public:
    virtual ~Source() = default;

    /// Fills this source's part of `readings` and says how it went. Never throws; a failure is a
    /// status with Accuracy::Unavailable and an empty part. SourceStatus::took is set by the caller.
    virtual SourceStatus read(Readings& readings) = 0;

    /// Called when every source has been read: adds to this source's part what only the others' tell of.
    virtual void complete(Readings&) {}

    /// Do not read again before so much time has passed. Most sources are cheap and ignore it.
    virtual void set_interval(std::chrono::milliseconds) {}

    /// Polls readable when there is something to read before the next regular sample; -1 if never.
    virtual int wake_fd() const { return -1; }
};

/// Every source, in reading order. A source that cannot work here is in the list too: it says why.
std::vector<std::unique_ptr<Source>> default_sources(const EngineOptions& options);

} // namespace sockledger
