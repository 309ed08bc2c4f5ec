// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/command.hpp"

#include "support/checked.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace sockledger::test {

std::optional<std::string> try_command(const std::vector<std::string>& arguments) {
    std::string line;
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        line += (line.empty() ? "" : " ") + argument;
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);

    auto [output, child_end] = make_pipe();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, child_end.get(), 1);
    posix_spawn_file_actions_adddup2(&actions, child_end.get(), 2);
    pid_t pid = -1;
    // A child of this thread, so it starts in this thread's network namespace.
    const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    child_end = UniqueFd();
    if (error != 0)
        return line + ": " + std::strerror(error);

    std::string said;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t length = read(output.get(), buffer.data(), buffer.size());
        if (length < 0 && errno == EINTR)
            continue;
        if (length <= 0)
            break;
        said.append(buffer.data(), static_cast<std::size_t>(length));
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return std::nullopt;
    said.erase(std::min(said.size(), said.find_last_not_of('\n') + 1));
    std::replace(said.begin(), said.end(), '\n', ';');
    return line + ": " + (said.empty() ? "failed without a word" : said);
}

void run_command(const std::vector<std::string>& arguments) {
    if (const auto problem = try_command(arguments))
        throw std::runtime_error(*problem);
}

} // namespace sockledger::test
