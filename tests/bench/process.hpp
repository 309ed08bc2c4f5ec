// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <sys/types.h>

/// What another process costs. Failures are exceptions.
namespace sockledger::bench {

/// CPU time of all its threads until now, to the nanosecond.
double cpu_seconds(pid_t pid);

/// A line of /proc/PID/status, in MiB: "VmRSS", "VmHWM".
double memory_mib(pid_t pid, const std::string& name);

/// A directory that goes with everything in it.
struct Directory {
    std::string path = "/tmp/sockledger-bench-XXXXXX";
    Directory();
    ~Directory();
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
};

} // namespace sockledger::bench
