// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <memory>
#include <string>
#include <vector>

struct bpf_link;
struct bpf_map;
struct bpf_object;
struct bpf_program;
struct ledger_globals;

namespace sockledger {

/// The BPF programs, loaded as far as this kernel takes them and attached to the root of the cgroup2
/// tree. Counting ends when this object is destroyed or the process dies.
class BpfPrograms {
public:
    /// Loads, attaches, and gives sockets that exist already their owners. Fails with one line that
    /// says which privilege or kernel feature is missing. Programs named in `left_out` are treated as if
    /// the kernel did not take them: tests see so what other kernels do.
    static Result<std::unique_ptr<BpfPrograms>> open(const std::vector<std::string>& left_out = {});
    ~BpfPrograms();
    BpfPrograms(const BpfPrograms&) = delete;
    BpfPrograms& operator=(const BpfPrograms&) = delete;

    /// A map of the object by its name; it exists in every build of the programs.
    bpf_map* map(const char* name) const;
    /// The programs' variables in shared memory.
    ledger_globals& globals() const { return *globals_; }
    /// A fresh pass over the socket table; read it to its end. Fails when iterators are not supported.
    Result<UniqueFd> open_socket_table() const;
    bool has_socket_table() const { return table_link_ != nullptr; }
    /// Optional programs that this kernel did not take, by name.
    const std::vector<std::string>& refused() const { return refused_; }
    /// What is not known without them, in words: one of them may do what another would.
    std::vector<std::string> not_seen() const;

private:
    struct ObjectDeleter {
        void operator()(bpf_object* object) const;
    };
    struct LinkDeleter {
        void operator()(bpf_link* link) const;
    };
    struct GlobalsDeleter {
        void operator()(ledger_globals* globals) const;
    };
    using ObjectPtr = std::unique_ptr<bpf_object, ObjectDeleter>;
    using LinkPtr = std::unique_ptr<bpf_link, LinkDeleter>;

    BpfPrograms() = default;
    Result<void> load(const std::vector<std::string>& left_out);
    Result<ObjectPtr> try_load(const std::vector<std::string>& programs) const;
    bool takes_trampoline(const char* name) const;
    Result<void> map_globals();
    Result<void> prepare_maps();
    Result<void> attach(int cgroup_fd);
    Result<void> adopt_sockets();
    bpf_program* program(const char* name) const;
    bool is_loaded(const char* name) const;

    ObjectPtr object_;
    std::vector<LinkPtr> links_;
    LinkPtr table_link_;
    std::unique_ptr<ledger_globals, GlobalsDeleter> globals_;
    std::vector<std::string> refused_;
};

} // namespace sockledger
