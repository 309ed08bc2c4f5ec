// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/checked.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace sockledger::test {

/// A forked child of the test; killed, by its pid, and collected at the latest on destruction.
class Child {
public:
    using Say = std::function<void(const std::string&)>;

    /// Runs `body` in the child, which then ends; it never comes back into the test.
    explicit Child(const std::function<void()>& body) : pid_(checked(fork(), "fork")) {
        if (pid_ == 0) {
            run(body);
        }
    }
    Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    ~Child() { kill(); }

    pid_t pid() const { return pid_; }

    /// Ends it and waits for its end.
    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            wait();
        }
    }

    /// Waits for its end and gives back its exit status.
    int wait() {
        int status = 0;
        checked(waitpid(std::exchange(pid_, -1), &status, 0), "waitpid");
        return status;
    }

    /// Lets a child do something that this process must not (drop its privileges), and gives back its
    /// exit status and all that it said.
    static std::pair<int, std::string> ask(const std::function<void(Say)>& body) {
        auto pipe = make_pipe();
        Child child([&] {
            body([&](const std::string& text) {
                checked(write(pipe.write_end.get(), text.data(), text.size()), "write");
            });
        });
        pipe.write_end = UniqueFd();
        std::string said;
        char chunk[4096];
        for (ssize_t size = 0; (size = read(pipe.read_end.get(), chunk, sizeof chunk)) > 0;) {
            said.append(chunk, static_cast<std::size_t>(size));
        }
        const int status = child.wait();
        return {status, said};
    }

private:
    [[noreturn]] static void run(const std::function<void()>& body) {
        try {
            body();
            _exit(0);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "child: %s\n", error.what());
            _exit(1);
        }
    }

    pid_t pid_ = -1;
};

} // namespace sockledger::test
