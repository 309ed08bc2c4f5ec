// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/spawn.hpp"

#include <spawn.h>
#include <system_error>

namespace sockledger::test {

pid_t spawn(const Namespace& space, std::vector<std::string> arguments, StandardDescriptors descriptors) {
    std::vector<char*> argv;
    for (std::string& argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, descriptors.input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, descriptors.output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, descriptors.error, STDERR_FILENO);
    pid_t pid = -1;
    const int error =
        space.run([&] { return posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ); });
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), arguments[0]);
    return pid;
}

} // namespace sockledger::test
