// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <atomic>
#include <mutex>
#include <string_view>

namespace sockledger::netdata {

/// Where Netdata reads. Blocks of lines stay together, whoever writes them. Threads: any.
class Output {
public:
    explicit Output(int fd) : fd_(fd) {}

    void write(std::string_view block);
    /// Nobody reads any more.
    bool closed() const { return closed_; }

private:
    const int fd_;
    std::mutex mutex_;
    std::atomic<bool> closed_{false};
};

} // namespace sockledger::netdata
