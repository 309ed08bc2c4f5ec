// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/bpf_features.hpp"

#include "kernel/bpf/records.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace sockledger {

namespace {

thread_local LibbpfLog* current_log = nullptr;
libbpf_print_fn_t previous_printer = nullptr;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
    // Another user of libbpf in this process keeps what it had.
    if (!current_log)
        return previous_printer ? previous_printer(level, format, arguments) : 0;
    if (level == LIBBPF_WARN)
        LibbpfLog::append(format, arguments);
    return 0;
}

bool has_capability(int capability) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    if (::syscall(SYS_capget, &header, data.data()) != 0)
        return false;
    auto index = static_cast<unsigned>(capability);
    return (data[index / 32].effective >> (index % 32) & 1) != 0;
}

} // namespace

void KernelBtf::Deleter::operator()(btf* types) const {
    btf__free(types);
}

Result<KernelBtf> KernelBtf::open() {
    btf* types = btf__load_vmlinux_btf();
    if (!types)
        return Error{
            "exact traffic needs the kernel's type information: /sys/kernel/btf/vmlinux cannot be read "
            "(CONFIG_DEBUG_INFO_BTF)",
            ENOENT};
    return KernelBtf(types);
}

bool KernelBtf::has(const char* name) const {
    auto kind = std::strncmp(name, "btf_trace_", 10) == 0 ? BTF_KIND_TYPEDEF : BTF_KIND_FUNC;
    return btf__find_by_name_kind(types_.get(), name, static_cast<__u32>(kind)) > 0;
}

kernel_features probe_kernel_features() {
    static const kernel_features features = [] {
        auto has_helper = [](bpf_func_id helper) {
            return libbpf_probe_bpf_helper(BPF_PROG_TYPE_CGROUP_SKB, helper, nullptr) == 1;
        };
        kernel_features found{};
        found.pid_tgid = has_helper(BPF_FUNC_get_current_pid_tgid);
        found.mptcp = has_helper(BPF_FUNC_skc_to_mptcp_sock);
        return found;
    }();
    return features;
}

std::string missing_capabilities() {
    std::string missing;
    bool admin = has_capability(CAP_SYS_ADMIN);
    for (auto [name, present] : {std::pair{"CAP_BPF", admin || has_capability(CAP_BPF)},
                                 std::pair{"CAP_PERFMON", admin || has_capability(CAP_PERFMON)},
                                 std::pair{"CAP_NET_ADMIN", has_capability(CAP_NET_ADMIN)}}) {
        if (!present)
            missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
    if (missing.empty())
        return "exact traffic was refused by the kernel although this process has CAP_BPF, CAP_PERFMON and "
               "CAP_NET_ADMIN (lockdown, seccomp or a security module)";
    return "exact traffic needs " + missing + ": run as root, or give them to the program with setcap";
}

LibbpfLog::LibbpfLog() {
    current_log = this;
    static const bool installed = [] {
        previous_printer = libbpf_set_print(collect);
        return true;
    }();
    static_cast<void>(installed);
}

LibbpfLog::~LibbpfLog() {
    current_log = nullptr;
}

void LibbpfLog::append(const char* format, va_list arguments) {
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    std::string line(text.data());
    while (!line.empty() && line.back() == '\n')
        line.pop_back();
    if (line.rfind('\n') != std::string::npos)
        line.erase(0, line.rfind('\n') + 1);
    current_log->last_line_ = std::move(line);
}

} // namespace sockledger
