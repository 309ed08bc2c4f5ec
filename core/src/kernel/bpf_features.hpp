// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <cstdarg>
#include <memory>
#include <string>

struct btf;
struct kernel_features;

namespace sockledger {

/// The type information of the running kernel.
class KernelBtf {
public:
    static Result<KernelBtf> open();
    /// Whether a function or a tracepoint ("btf_trace_NAME") of this name is in it.
    bool has(const char* name) const;

private:
    struct Deleter {
        void operator()(btf* types) const;
    };
    explicit KernelBtf(btf* types) : types_(types) {}
    std::unique_ptr<btf, Deleter> types_;
};

/// What the programs may use, found out by asking the kernel.
kernel_features probe_kernel_features();

/// One sentence that names the capabilities which exact counting needs and this process lacks.
std::string missing_capabilities();

/// Collects what libbpf has to say on this thread while it lives, instead of printing it.
class LibbpfLog {
public:
    LibbpfLog();
    ~LibbpfLog();
    LibbpfLog(const LibbpfLog&) = delete;
    LibbpfLog& operator=(const LibbpfLog&) = delete;
    /// The last warning, without its line end.
    const std::string& last_line() const { return last_line_; }

    static void append(const char* format, va_list arguments);

private:
    std::string last_line_;
};

} // namespace sockledger
