// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "process_io.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sockledger::cli {

namespace {

volatile std::sig_atomic_t received = 0;
sigset_t mask_while_waiting;

void note_signal(int number) {
    received = number;
}

} // namespace

Interrupts::Interrupts() {
    received = 0;
    struct sigaction action {};
    action.sa_handler = note_signal;
    sigset_t held;
    sigemptyset(&held);
    for (int number : {SIGINT, SIGTERM, SIGHUP}) {
        sigaction(number, &action, nullptr);
        sigaddset(&held, number);
    }
    sigaddset(&held, SIGWINCH);
    sigprocmask(SIG_BLOCK, &held, &mask_while_waiting);
    for (int number : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
        sigdelset(&mask_while_waiting, number);
    // A closed pipe is an error of write(), which says where it happened.
    std::signal(SIGPIPE, SIG_IGN);
}

void Interrupts::wait(std::span<pollfd> descriptors, std::chrono::nanoseconds timeout) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(timeout);
    const timespec limit{whole.count(), (timeout - whole).count()};
    for (pollfd& descriptor : descriptors)
        descriptor.revents = 0;
    const bool forever = timeout < std::chrono::nanoseconds::zero();
    if (ppoll(descriptors.data(), descriptors.size(), forever ? nullptr : &limit, &mask_while_waiting) < 0)
        for (pollfd& descriptor : descriptors)
            descriptor.revents = 0; // a signal: nothing was looked at
}

int Interrupts::ended_by() const {
    return received;
}

Result<void> Output::write(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t written = ::write(fd_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd ready{fd_, POLLOUT, 0};
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            const int code = errno;
            return Error{std::string("cannot write the output: ") + std::strerror(code), code};
        }
    }
    return {};
}

bool Output::is_terminal() const {
    return isatty(fd_) == 1;
}

int Output::width() const {
    if (!is_terminal())
        return std::numeric_limits<int>::max();
    winsize size{};
    return ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace sockledger::cli
