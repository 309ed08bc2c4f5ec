// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sockledger {

namespace {

using CapabilitySets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

Error failed(const std::string& what, int code) {
    return {what + ": " + std::strerror(code), code};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& text : texts)
        result.push_back(const_cast<char*>(text.c_str())); // as execve() declares it
    result.push_back(nullptr);
    return result;
}

/// What a child does between fork() and execve(), in this order.
enum class Step : int { Session, Input, Descriptors, User, Privileges, Program };

const char* description(Step step) {
    switch (step) {
    case Step::Session:
        return "cannot begin a session";
    case Step::Input:
        return "cannot open /dev/null";
    case Step::Descriptors:
        return "cannot close descriptors";
    case Step::User:
        return "cannot become its user";
    case Step::Privileges:
        return "cannot give up privileges";
    case Step::Program:
        break;
    }
    return "cannot be run";
}

struct Failure {
    Step step{};
    int code = 0;
};

// From here to the end of the namespace runs in the child of a process with other threads, which may
// hold any lock: nothing but system calls. Those that change users are made directly, because the C
// library's functions take a lock to change all threads.

bool reset_signals() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        sigaction(number, &action, nullptr); // fails for those that cannot be changed anyway
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

bool close_all_but(int kept) {
    const auto close_from = [](unsigned first, unsigned last) {
        return first > last || syscall(SYS_close_range, first, last, 0) == 0;
    };
    const auto fd = static_cast<unsigned>(kept);
    return close_from(STDERR_FILENO + 1, fd - 1) && close_from(fd + 1, ~0U);
}

bool null_input() {
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return null >= 0 && (null == STDIN_FILENO || dup2(null, STDIN_FILENO) == STDIN_FILENO);
}

bool become(const ChildUser& user) {
    return syscall(SYS_setgroups, user.groups.size(), user.groups.data()) == 0 &&
           syscall(SYS_setresgid, user.gid, user.gid, user.gid) == 0 &&
           syscall(SYS_setresuid, user.uid, user.uid, user.uid) == 0;
}

/// Without inheritable capabilities there are no ambient ones; with no_new_privs neither root nor a
/// file with capabilities gains one by execve().
bool drop_privileges() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const CapabilitySets none{};
    return syscall(SYS_capset, &header, none.data()) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// Returns only the step that failed.
Step replace_by(const ChildCommand& command, char* const* argv, char* const* environment, int report) {
    if (setsid() < 0 || !reset_signals() || chdir("/") < 0)
        return Step::Session;
    umask(022);
    if (!null_input())
        return Step::Input;
    if (!close_all_but(report))
        return Step::Descriptors;
    if (command.user && !become(*command.user))
        return Step::User;
    if (!drop_privileges())
        return Step::Privileges;
    execve(argv[0], argv, environment);
    return Step::Program;
}

[[noreturn]] void run_child(const ChildCommand& command, char* const* argv, char* const* environment,
                            int report) {
    Failure failure{replace_by(command, argv, environment, report), errno};
    [[maybe_unused]] const ssize_t written = write(report, &failure, sizeof failure);
    _exit(127);
}

} // namespace

Result<ChildProcess> ChildProcess::start(const ChildCommand& command) {
    const std::vector<char*> argv = pointers(command.argv);
    const std::vector<char*> environment = pointers(command.environment);
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) < 0)
        return failed("cannot make a pipe", errno);
    UniqueFd failure(ends[0]);
    const UniqueFd report(ends[1]);

    // No handler of this process must run in the child, where it would act on this process's descriptors.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = fork();
    const int code = errno;
    if (pid == 0)
        run_child(command, argv.data(), environment.data(), report.get());
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (pid < 0)
        return failed("cannot start a process", code);

    // Nobody else has waited for it, so the number is still its own.
    UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd) {
        const int reason = errno;
        ::kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return failed("cannot watch a process", reason);
    }
    return ChildProcess(pid, std::move(pidfd), std::move(failure));
}

ChildProcess::ChildProcess(pid_t pid, UniqueFd pidfd, UniqueFd failure)
    : pid_(pid), pidfd_(std::move(pidfd)), failure_(std::move(failure)) {}

void ChildProcess::kill() const {
    ::kill(pid_, SIGKILL); // it may not have a process group yet
    ::kill(-pid_, SIGKILL);
}

Result<void> ChildProcess::reap() {
    int status = 0;
    pid_t ended = 0;
    while ((ended = waitpid(pid_, &status, 0)) < 0 && errno == EINTR) {
    }
    if (ended < 0)
        return failed("was waited for by somebody else", errno);
    Failure failure;
    if (read(failure_.get(), &failure, sizeof failure) == sizeof failure)
        return failed(description(failure.step), failure.code);
    if (WIFSIGNALED(status))
        return Error{"was ended by signal " + std::to_string(WTERMSIG(status)), 0};
    if (WEXITSTATUS(status) != 0)
        return Error{"ended with status " + std::to_string(WEXITSTATUS(status)), 0};
    return {};
}

} // namespace sockledger
