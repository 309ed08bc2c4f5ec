// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/tool.hpp"

#include "support/checked.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace sockledger::bench {

using test::checked;

namespace {

double milliseconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

} // namespace

std::string find_program(const std::string& name) {
    // The distribution's own first: a python from elsewhere does not know the distribution's modules.
    for (const char* folder : {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"}) {
        const std::string path = folder + name;
        if (access(path.c_str(), X_OK) == 0)
            return path;
    }
    return {};
}

Tool::Tool(const test::Namespace& space, const std::vector<std::string>& command)
    : output_(checked(memfd_create("output", MFD_CLOEXEC), "memfd_create")) {
    std::vector<char*> argv;
    for (const std::string& argument : command)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output_.get(), STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = space.run([&] {
        begin_ = std::chrono::steady_clock::now();
        return posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    });
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), command[0]);
    process_ = UniqueFd(checked(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), "pidfd_open"));
}

Tool::~Tool() {
    if (pid_ < 0)
        return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::optional<Tool::End> Tool::wait(std::chrono::milliseconds limit) {
    pollfd ended{process_.get(), POLLIN, 0};
    if (poll(&ended, 1, static_cast<int>(limit.count())) <= 0)
        return std::nullopt;
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin_;
    int status = 0;
    rusage usage{};
    checked(wait4(pid_, &status, 0, &usage), "wait4");
    pid_ = -1;
    return End{WIFEXITED(status) ? WEXITSTATUS(status) : -1,
               {wall.count(), milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)}};
}

std::string Tool::output() const {
    struct stat status {};
    checked(fstat(output_.get(), &status), "fstat");
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t length = checked(pread(output_.get(), text.data(), text.size(), 0), "pread");
    text.resize(static_cast<std::size_t>(length));
    return text;
}

void Tool::interrupt() const {
    if (pid_ > 0)
        kill(pid_, SIGINT);
}

} // namespace sockledger::bench
