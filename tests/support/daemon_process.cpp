// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/daemon_process.hpp"

#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <utility>

namespace sockledger::test {

std::string daemon_program() {
    return SOCKLEDGERD;
}

namespace {

/// Where a daemon says that it is ready, as sd_notify(3) has it.
UniqueFd open_notify_socket(const std::string& path) {
    UniqueFd socket(checked(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    unlink(path.c_str());
    checked(bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
    return socket;
}

bool wait_for_ready(int socket, pid_t pid) {
    const UniqueFd process(checked(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)), "pidfd_open"));
    for (;;) {
        std::array<pollfd, 2> waiting{{{socket, POLLIN, 0}, {process.get(), POLLIN, 0}}};
        if (poll(waiting.data(), waiting.size(), 20'000) <= 0 || (waiting[0].revents & POLLIN) == 0)
            return false;
        std::array<char, 256> text{};
        const auto length = checked(recv(socket, text.data(), text.size(), 0), "recv");
        if (std::string_view(text.data(), static_cast<std::size_t>(length)).find("READY=1") == 0)
            return true;
    }
}

} // namespace

DaemonProcess::DaemonProcess(const Namespace& space, std::string directory,
                             std::vector<std::string> arguments, std::vector<std::string> environment)
    : directory_(std::move(directory)) {
    const std::string notify = directory_ + "/notify";
    const UniqueFd ready = open_notify_socket(notify);
    std::vector<std::string> command{"/usr/bin/env", "NOTIFY_SOCKET=" + notify};
    std::ranges::move(environment, std::back_inserter(command));
    std::ranges::move(
        std::to_array<std::string>({daemon_program(), "--foreground", "--socket", socket(), "--state",
                                    state(), "--config", directory_ + "/sockledgerd.toml"}),
        std::back_inserter(command));
    std::ranges::move(arguments, std::back_inserter(command));
    std::ofstream(directory_ + "/sockledgerd.toml", std::ios::app);
    const UniqueFd log(checked(
        open((directory_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644), "open log"));
    pid_ = spawn(space, command, {STDIN_FILENO, log.get(), log.get()});
    if (!wait_for_ready(ready.get(), pid_))
        throw std::runtime_error("sockledgerd is not ready:\n" + said());
    auto client = DaemonClient::connect(socket());
    if (!client)
        throw std::runtime_error(client.error().message + ":\n" + said());
    client_ = *std::move(client);
}

DaemonProcess::~DaemonProcess() {
    kill();
}

int DaemonProcess::wait() {
    int status = 0;
    checked(waitpid(std::exchange(pid_, -1), &status, 0), "waitpid");
    return status;
}

int DaemonProcess::stop() {
    signal(SIGTERM);
    const int status = wait();
    if (!WIFEXITED(status))
        throw std::runtime_error("sockledgerd was ended by a signal:\n" + said());
    return WEXITSTATUS(status);
}

void DaemonProcess::kill() {
    if (pid_ > 0) {
        signal(SIGKILL);
        wait();
    }
}

std::string DaemonProcess::said() const {
    std::ostringstream text;
    text << std::ifstream(directory_ + "/log").rdbuf();
    return text.str();
}

} // namespace sockledger::test
