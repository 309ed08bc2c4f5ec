// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <sockledger/daemon.hpp>

#include <csignal>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace sockledger::test {

/// A real sockledgerd in a namespace, with socket and state in a directory of the test. It answers when
/// the constructor returns. Failures are exceptions.
class DaemonProcess {
public:
    /// `directory` outlives it; a second one of the same directory goes on with the history of the first.
    /// `environment` is "NAME=VALUE", besides that of the test.
    DaemonProcess(const Namespace& space, std::string directory, std::vector<std::string> arguments = {},
                  std::vector<std::string> environment = {});
    /// Kills what is left.
    ~DaemonProcess();
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;

    pid_t pid() const { return pid_; }
    std::string socket() const { return directory_ + "/io.sockledger"; }
    std::string state() const { return directory_ + "/state"; }
    DaemonClient& client() { return *client_; }

    void signal(int number) const { ::kill(pid_, number); }
    /// Tells it to end, waits, and gives back its exit status; throws when a signal ended it.
    int stop();
    /// Ends it without a word.
    void kill();

    /// What it has said until now.
    std::string said() const;

private:
    int wait();

    std::string directory_;
    std::unique_ptr<DaemonClient> client_;
    pid_t pid_ = -1;
};

/// The path of the program.
std::string daemon_program();

} // namespace sockledger::test
