// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/bpf_programs.hpp"

#include "kernel/bpf/records.h"
#include "kernel/bpf_features.hpp"
#include "kernel/cgroup2_mount.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <string_view>
#include <unistd.h>
#include <utility>

// The compiled programs, put into the library by bpf_object.S.
extern "C" const unsigned char sockledger_bpf_object[];
extern "C" const unsigned char sockledger_bpf_object_end[];

namespace sockledger {

namespace {

using namespace std::string_view_literals;

enum class Hook { Tracing, Trampoline, Cgroup, Iterator, Counter };

struct ProgramSpec {
    const char* name;
    Hook hook;
    bool required;
    const char* kernel_symbol; // in the kernel's BTF; nullptr: always there
    const char* superseded_by; // not loaded when this one is, or what supersedes that
};

// In the order of attachment: owners first, so that no packet is counted before its socket can be known.
constexpr std::array programs{
    ProgramSpec{"on_exec", Hook::Tracing, false, "btf_trace_sched_process_exec", nullptr},
    ProgramSpec{"on_fork", Hook::Tracing, false, "btf_trace_sched_process_fork", nullptr},
    ProgramSpec{"on_exit", Hook::Tracing, false, "btf_trace_sched_process_exit", nullptr},
    ProgramSpec{"on_tcp_destroy", Hook::Tracing, false, "btf_trace_tcp_destroy_sock", nullptr},
    ProgramSpec{"on_synack", Hook::Trampoline, false, "tcp_make_synack", nullptr},
    ProgramSpec{"on_receive", Hook::Tracing, false, "btf_trace_sock_recv_length", nullptr},
    ProgramSpec{"on_received4", Hook::Trampoline, false, "inet_recvmsg", "on_receive"},
    ProgramSpec{"on_received6", Hook::Trampoline, false, "inet6_recvmsg", "on_receive"},
    ProgramSpec{"on_tcp_read", Hook::Tracing, false, "btf_trace_tcp_rcv_space_adjust", "on_received6"},
    ProgramSpec{"on_recvmsg4", Hook::Cgroup, false, nullptr, "on_received4"},
    ProgramSpec{"on_recvmsg6", Hook::Cgroup, false, nullptr, "on_received6"},
    ProgramSpec{"on_socket", Hook::Cgroup, true, nullptr, nullptr},
    ProgramSpec{"adopt_sockets", Hook::Iterator, false, "bpf_iter_task_file", nullptr},
    ProgramSpec{"list_sockets", Hook::Iterator, false, "bpf_iter_task_file", nullptr},
    ProgramSpec{"count_egress", Hook::Counter, true, nullptr, nullptr},
    ProgramSpec{"count_ingress", Hook::Counter, true, nullptr, nullptr},
};

Error bpf_error(const std::string& what, int code) {
    return {what + ": " + std::strerror(code), code};
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_superseded(const ProgramSpec& spec, const std::vector<std::string>& by) {
    if (!spec.superseded_by)
        return false;
    return contains(by, spec.superseded_by) ||
           is_superseded(
               *std::ranges::find(programs, std::string_view(spec.superseded_by), &ProgramSpec::name), by);
}

} // namespace

void BpfPrograms::ObjectDeleter::operator()(bpf_object* object) const {
    bpf_object__close(object);
}

void BpfPrograms::LinkDeleter::operator()(bpf_link* link) const {
    bpf_link__destroy(link);
}

void BpfPrograms::GlobalsDeleter::operator()(ledger_globals* globals) const {
    ::munmap(globals, sizeof(*globals));
}

BpfPrograms::~BpfPrograms() = default;

Result<std::unique_ptr<BpfPrograms>> BpfPrograms::open(const std::vector<std::string>& left_out) {
    auto cgroup = open_cgroup2_root();
    if (!cgroup)
        return Error{"exact traffic needs the cgroup2 file system: " + cgroup.error().message};

    std::unique_ptr<BpfPrograms> self(new BpfPrograms);
    LibbpfLog log;
    auto done = self->load(left_out);
    if (done)
        done = self->prepare_maps();
    if (done)
        done = self->attach(cgroup->get());
    if (done)
        return self;
    if (done.error().code == EPERM || done.error().code == EACCES)
        done.error().message = missing_capabilities();
    else if (!log.last_line().empty())
        done.error().message += " (" + log.last_line() + ")";
    return std::move(done).error();
}

Result<BpfPrograms::ObjectPtr> BpfPrograms::try_load(const std::vector<std::string>& names) const {
    auto size = static_cast<std::size_t>(sockledger_bpf_object_end - sockledger_bpf_object);
    bpf_object_open_opts options{};
    options.sz = sizeof(options);
    options.object_name = "sockledger";
    ObjectPtr object(bpf_object__open_mem(sockledger_bpf_object, size, &options));
    if (!object)
        return bpf_error("opening the BPF object", errno);
    bpf_program* each = nullptr;
    bpf_object__for_each_program(each, object.get())
        bpf_program__set_autoload(each, contains(names, bpf_program__name(each)));
    kernel_features features = probe_kernel_features();
    bpf_map* rodata = bpf_object__find_map_by_name(object.get(), ".rodata");
    if (int failed = bpf_map__set_initial_value(rodata, &features, sizeof(features)); failed != 0)
        return bpf_error("setting the BPF object's features", -failed);
    if (int failed = bpf_object__load(object.get()); failed != 0)
        return bpf_error("loading the BPF programs", -failed);
    return object;
}

// Some kernels load what hangs on a function, and refuse to attach it.
bool BpfPrograms::takes_trampoline(const char* name) const {
    auto object = try_load({name});
    return object && LinkPtr(bpf_program__attach(bpf_object__find_program_by_name(object->get(), name)));
}

Result<void> BpfPrograms::load(const std::vector<std::string>& left_out) {
    std::vector<ProgramSpec> candidates;
    {
        // closed before loading: it is as large as all else that this process holds
        auto btf = KernelBtf::open();
        if (!btf)
            return std::move(btf).error();
        for (const ProgramSpec& spec : programs) {
            if (!contains(left_out, spec.name) && (!spec.kernel_symbol || btf->has(spec.kernel_symbol)))
                candidates.push_back(spec);
            else
                refused_.emplace_back(spec.name);
        }
    }
    std::vector<std::string> wanted;
    for (const ProgramSpec& spec : candidates) {
        if (is_superseded(spec, wanted))
            continue;
        if (spec.hook == Hook::Trampoline && !takes_trampoline(spec.name))
            refused_.emplace_back(spec.name);
        else
            wanted.emplace_back(spec.name);
    }
    auto object = try_load(wanted);
    if (!object && object.error().code != EPERM) {
        // One program that the verifier refuses must not cost the others: find out which it is.
        wanted.clear();
        for (const ProgramSpec& spec : candidates) {
            if (is_superseded(spec, wanted) || contains(refused_, spec.name))
                continue;
            if (try_load({spec.name}))
                wanted.emplace_back(spec.name);
            else if (spec.required)
                return Error{std::string("this kernel refuses the BPF program ") + spec.name, EOPNOTSUPP};
            else
                refused_.emplace_back(spec.name);
        }
        object = try_load(wanted);
    }
    if (!object)
        return std::move(object).error();
    object_ = *std::move(object);
    return map_globals();
}

Result<void> BpfPrograms::map_globals() {
    void* shared = ::mmap(nullptr, sizeof(ledger_globals), PROT_READ | PROT_WRITE, MAP_SHARED,
                          bpf_map__fd(map(".bss")), 0);
    if (shared == MAP_FAILED)
        return bpf_error("mapping the BPF programs' variables", errno);
    globals_.reset(static_cast<ledger_globals*>(shared));
    return {};
}

Result<void> BpfPrograms::prepare_maps() {
    globals_->smallest_mtu = UINT32_MAX;
    int stack = bpf_map__fd(map("free_slots"));
    for (std::uint32_t slot = bpf_map__max_entries(map("slots")); slot-- > 0;) {
        if (bpf_map_update_elem(stack, nullptr, &slot, BPF_ANY) != 0)
            return bpf_error("filling the BPF map free_slots", errno);
    }
    return {};
}

Result<void> BpfPrograms::attach(int cgroup_fd) {
    bool adopted = false;
    for (const ProgramSpec& spec : programs) {
        if (!is_loaded(spec.name))
            continue;
        bpf_program* loaded = program(spec.name);
        if (spec.hook == Hook::Counter && !adopted) {
            if (!adopt_sockets())
                refused_.emplace_back("adopt_sockets");
            adopted = true;
        }
        bool to_cgroup = spec.hook == Hook::Cgroup || spec.hook == Hook::Counter;
        LinkPtr link(to_cgroup ? bpf_program__attach_cgroup(loaded, cgroup_fd) : bpf_program__attach(loaded));
        if (!link && spec.required)
            return bpf_error(std::string("attaching ") + spec.name, errno);
        if (!link)
            refused_.emplace_back(spec.name);
        else if (spec.name == "list_sockets"sv)
            table_link_ = std::move(link);
        else
            links_.push_back(std::move(link));
    }
    return {};
}

Result<void> BpfPrograms::adopt_sockets() {
    if (!is_loaded("adopt_sockets"))
        return {};
    LinkPtr link(bpf_program__attach_iter(program("adopt_sockets"), nullptr));
    UniqueFd pass(link ? bpf_iter_create(bpf_link__fd(link.get())) : -1);
    if (!pass)
        return bpf_error("reading the sockets that exist already", errno);
    std::array<char, 64> nothing{};
    while (::read(pass.get(), nothing.data(), nothing.size()) > 0) {
    }
    return {};
}

Result<UniqueFd> BpfPrograms::open_socket_table() const {
    if (!table_link_)
        return Error{"this kernel has no iterator over descriptors (task_file)", EOPNOTSUPP};
    UniqueFd pass(bpf_iter_create(bpf_link__fd(table_link_.get())));
    if (!pass)
        return bpf_error("opening the socket table", errno);
    return pass;
}

std::vector<std::string> BpfPrograms::not_seen() const {
    const auto lacks = [&](const char* name) { return contains(refused_, name); };
    std::vector<std::string> result;
    if (lacks("on_receive") && lacks("on_received4"))
        result.emplace_back(lacks("on_tcp_read")
                                ? "who only receives from a socket that others use too"
                                : "who only receives from a UDP or MPTCP socket that others use too");
    if (lacks("on_receive") && lacks("on_synack")) // whoever has the first shows the answers by themselves
        result.emplace_back("the answer of a listener over IPv6");
    constexpr std::pair<const char*, const char*> shown[]{
        {"adopt_sockets", "who owns sockets that were open before"},
        {"on_exec", "which program a process becomes between two readings"},
        {"on_fork", "who inherits a socket between two readings"},
        {"on_exit", "which process ends between two readings"},
        {"on_tcp_destroy", "whose a connection was that was accepted and never used"},
    };
    for (const auto& [name, what] : shown) {
        if (lacks(name))
            result.emplace_back(what);
    }
    return result;
}

bpf_map* BpfPrograms::map(const char* name) const {
    return bpf_object__find_map_by_name(object_.get(), name);
}

bpf_program* BpfPrograms::program(const char* name) const {
    return bpf_object__find_program_by_name(object_.get(), name);
}

bool BpfPrograms::is_loaded(const char* name) const {
    bpf_program* loaded = program(name);
    return loaded && bpf_program__fd(loaded) >= 0;
}

} // namespace sockledger
