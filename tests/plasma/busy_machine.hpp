// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "netns/daemon_scene.hpp"

#include <optional>
#include <sys/types.h>
#include <vector>

namespace sockledger::test {

/// A machine between two namespaces with programs that use the network as those of a person do. They are
/// copies of the program that makes it, so its main() begins with play_a_part().
class BusyMachine {
public:
    BusyMachine();
    /// Ends them.
    ~BusyMachine();
    BusyMachine(const BusyMachine&) = delete;
    BusyMachine& operator=(const BusyMachine&) = delete;

    Scene scene;

private:
    std::vector<pid_t> programs_;
};

/// What main() returns at once when this process is one of the programs.
std::optional<int> play_a_part(int argc, char** argv);

/// Sockledger counts by the pid of the initial namespace, which is what a desktop sees. Where this is
/// another, and the initial one's /proc is beside, it takes its place.
void see_all_processes();

/// Goes into a namespace.
void enter(const Namespace& space);

} // namespace sockledger::test
