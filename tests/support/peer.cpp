// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/peer.hpp"

#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <array>
#include <filesystem>
#include <poll.h>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>

namespace sockledger::test {
namespace {

constexpr std::chrono::seconds patience(30);

} // namespace

const PeerBytes* PeerReport::process(pid_t pid) const {
    for (const PeerBytes& bytes : processes) {
        if (bytes.pid == pid)
            return &bytes;
    }
    return nullptr;
}

Peer::Peer(const Namespace& space, std::vector<std::string> arguments)
    : Peer(space, SOCKLEDGER_TRAFFIC_PEER, std::move(arguments)) {}

Peer::Peer(const Namespace& space, const std::string& program, std::vector<std::string> arguments) {
    for (const std::string& argument : arguments)
        command_ += (command_.empty() ? "" : " ") + argument;
    arguments.insert(arguments.begin(), program);
    // A socket, not a pipe, for its input: writing to a peer that has died is then no signal.
    int input[2];
    checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input), "socketpair");
    input_ = UniqueFd(input[0]);
    const UniqueFd child_input(input[1]);
    Pipe output = make_pipe();
    pid_ = spawn(space, arguments, {child_input.get(), output.write_end.get()});
    running_ = true;
    output_ = std::move(output.read_end);
}

Peer::~Peer() {
    if (!running_)
        return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void Peer::tell(const std::string& line) {
    const std::string text = line + "\n";
    checked(send(input_.get(), text.data(), text.size(), MSG_NOSIGNAL), command_.c_str());
}

std::string Peer::next_line(std::chrono::steady_clock::time_point deadline) {
    for (;;) {
        if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd waiting{output_.get(), POLLIN, 0};
        if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) == 0)
            throw std::runtime_error(command_ + ": says nothing more");
        std::array<char, 4096> buffer{};
        const ssize_t length = read(output_.get(), buffer.data(), buffer.size());
        if (length == 0)
            throw std::runtime_error(command_ + ": has ended, wait status " + std::to_string(reap()));
        if (length > 0)
            unread_.append(buffer.data(), static_cast<std::size_t>(length));
    }
}

std::string Peer::expect(const std::string& word) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const std::string line = next_line(deadline);
        std::istringstream fields(line);
        std::string first;
        fields >> first;
        if (first == word)
            return line;
        if (first == "FAIL")
            throw std::runtime_error(command_ + ": " + line);
        if (first == "PID") {
            PeerBytes bytes;
            fields >> bytes.pid >> bytes.tx >> bytes.rx;
            report_.processes.push_back(bytes);
            report_.tx += bytes.tx;
            report_.rx += bytes.rx;
        }
    }
}

PeerReport Peer::finished() {
    expect("DONE");
    return report_;
}

std::map<std::string, std::uint64_t> Peer::tcp_info() {
    tell("INFO");
    std::istringstream fields(expect("TCP"));
    std::map<std::string, std::uint64_t> values;
    std::string field;
    fields >> field; // "TCP"
    while (fields >> field) {
        const std::size_t equals = field.find('=');
        values[field.substr(0, equals)] = std::stoull(field.substr(equals + 1));
    }
    return values;
}

void Peer::leave() {
    constexpr char text[] = "EXIT\n";
    if (send(input_.get(), text, sizeof text - 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
        throw std::system_error(errno, std::generic_category(), command_);
}

int Peer::reap() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    running_ = false;
    return status;
}

int Peer::wait() {
    const int status = reap();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

PeerReport exchange(Peer& client, Peer& server) {
    server.go();
    client.go();
    PeerReport report = client.finished();
    server.finished();
    return report;
}

void leave_together(const std::vector<Peer*>& peers) {
    for (Peer* peer : peers)
        peer->leave();
    for (Peer* peer : peers) {
        if (peer->wait() != 0)
            throw std::runtime_error("a peer did not end well");
    }
}

void copy_traffic_peer(const std::string& path) {
    std::filesystem::copy_file(SOCKLEDGER_TRAFFIC_PEER, path);
}

} // namespace sockledger::test
