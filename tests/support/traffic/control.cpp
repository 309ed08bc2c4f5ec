// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/traffic/control.hpp"

#include <cerrno>
#include <exception>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <optional>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sockledger::traffic {
namespace {

bool read_byte(int fd, char& byte) {
    ssize_t length;
    while ((length = read(fd, &byte, 1)) < 0 && errno == EINTR) {
    }
    return length == 1;
}

/// Byte by byte: what is not read now may be for a program that this one becomes.
std::optional<std::string> hear() {
    std::string line;
    char byte = 0;
    while (read_byte(STDIN_FILENO, byte)) {
        if (byte == '\n')
            return line;
        line += byte;
    }
    return std::nullopt;
}

void say_tcp_info(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    checked(getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size), "TCP_INFO");
    std::string line = "TCP";
    const auto add = [&](const char* name, std::uint64_t value) {
        line += std::string(" ") + name + "=" + std::to_string(value);
    };
    add("segs_out", info.tcpi_segs_out);
    add("segs_in", info.tcpi_segs_in);
    add("data_segs_out", info.tcpi_data_segs_out);
    add("data_segs_in", info.tcpi_data_segs_in);
    add("bytes_sent", info.tcpi_bytes_sent);
    add("bytes_acked", info.tcpi_bytes_acked);
    add("bytes_received", info.tcpi_bytes_received);
    add("bytes_retrans", info.tcpi_bytes_retrans);
    add("total_retrans", info.tcpi_total_retrans);
    add("snd_mss", info.tcpi_snd_mss);
    add("rcv_mss", info.tcpi_rcv_mss);
    add("notsent_bytes", info.tcpi_notsent_bytes);
    say(line);
}

} // namespace

void say(const std::string& line) {
    const std::string text = line + "\n";
    checked(write(STDOUT_FILENO, text.data(), text.size()), "write(stdout)");
}

void report(const Payload& payload) {
    say("PID " + std::to_string(getpid()) + " " + std::to_string(payload.tx) + " " +
        std::to_string(payload.rx));
}

void ready_and_wait() {
    say("READY");
    const auto line = hear();
    if (!line)
        _exit(0); // the test has ended
    if (*line != "GO")
        throw std::runtime_error("waited for GO, heard " + *line);
}

void done(int socket) {
    say("DONE");
    while (const auto line = hear()) {
        if (*line == "EXIT")
            return;
        if (*line == "INFO" && socket >= 0)
            say_tcp_info(socket);
        else
            throw std::runtime_error("cannot do " + *line);
    }
}

pid_t fork_child(const std::function<void()>& body) {
    const pid_t parent = getpid();
    const pid_t child = checked(fork(), "fork");
    if (child != 0)
        return child;
    // Killed with its parent, so that a failed test leaves nothing behind.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    try {
        body();
    } catch (const std::exception& problem) {
        say(std::string("FAIL ") + problem.what());
        _exit(1);
    }
    _exit(0);
}

void wait_for_child(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("a child failed");
}

Workers::Workers() : finished_(test::make_pipe()), alive_(test::make_pipe()) {}

Workers::~Workers() {
    alive_.write_end = UniqueFd();
    for (const pid_t child : children_)
        waitpid(child, nullptr, 0);
}

void Workers::start(const std::function<Payload()>& body) {
    children_.push_back(fork_child([&] {
        alive_.write_end = UniqueFd();
        report(body());
        checked(write(finished_.write_end.get(), "x", 1), "write");
        char byte = 0;
        read_byte(alive_.read_end.get(), byte); // ends when the parent closes
    }));
}

void Workers::wait() const {
    char byte = 0;
    for (std::size_t i = 0; i < children_.size(); ++i) {
        if (!read_byte(finished_.read_end.get(), byte))
            throw std::runtime_error("a worker is lost");
    }
}

Turns::Turns(std::size_t members) {
    for (std::size_t i = 0; i < members; ++i)
        pipes_.push_back(test::make_pipe());
    checked(write(pipes_[0].write_end.get(), "x", 1), "write");
}

void Turns::take(std::size_t member) const {
    char byte = 0;
    if (!read_byte(pipes_[member].read_end.get(), byte))
        throw std::runtime_error("the token is lost");
}

void Turns::pass(std::size_t member) const {
    checked(write(pipes_[(member + 1) % pipes_.size()].write_end.get(), "x", 1), "write");
}

} // namespace sockledger::traffic
