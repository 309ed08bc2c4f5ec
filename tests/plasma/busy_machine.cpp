// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "plasma/busy_machine.hpp"

#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <QCoreApplication>

#include <arpa/inet.h>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <string_view>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

using namespace Qt::StringLiterals;

namespace sockledger::test {

namespace {

constexpr std::uint16_t port = 443;
constexpr int turns = 20; ///< in a second

sockaddr_in at(const char* address) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, address, &to.sin_addr);
    return to;
}

/// Writes about so many bytes in a second, in waves, and takes what comes, until the other end goes.
void flow(int fd, double rate) {
    std::string buffer(1 << 20, 'x');
    for (int turn = 0;; ++turn) {
        const double now = rate / turns * (0.75 + 0.25 * std::sin(turn / 37.0) * std::cos(turn / 11.0));
        ssize_t got = 0;
        while ((got = recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0)
            continue;
        if (got == 0 || send(fd, buffer.data(), std::min(buffer.size(), std::size_t(now)), MSG_NOSIGNAL) < 0)
            return;
        usleep(1'000'000 / turns);
    }
}

/// --client ADDRESS DOWN UP: bytes in a second.
int client(const char* address, double down, double up) {
    const int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    const sockaddr_in to = at(address);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 ||
        send(fd, &down, sizeof down, 0) != sizeof down)
        return 1;
    flow(fd, up);
    return 0;
}

/// --datagrams ADDRESS RATE: over a socket that is never connected.
int datagrams(const char* address, double rate) {
    const int fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    const sockaddr_in to = at(address);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    checked(bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any),
            "bind"); // so that the kernel lists it
    const std::string payload(1000, 'x');
    while (true) {
        for (double sent = 0; sent < rate / turns; sent += double(payload.size()))
            sendto(fd, payload.data(), payload.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
        usleep(1'000'000 / turns);
    }
}

int server(const char* address) {
    const int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    const sockaddr_in own = at(address);
    checked(bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own), "bind");
    checked(listen(fd, 16), "listen");
    const int taker =
        checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"); // or the kernel refuses them
    checked(bind(taker, reinterpret_cast<const sockaddr*>(&own), sizeof own), "bind");
    std::puts("READY");
    std::fflush(stdout);
    while (true) {
        const int accepted = checked(accept4(fd, nullptr, nullptr, SOCK_CLOEXEC), "accept");
        std::thread([accepted] {
            double rate = 0;
            if (recv(accepted, &rate, sizeof rate, MSG_WAITALL) == sizeof rate)
                flow(accepted, rate);
            close(accepted);
        }).detach();
    }
}

} // namespace

BusyMachine::BusyMachine() {
    const QString program = QCoreApplication::applicationFilePath();
    Pipe output = make_pipe();
    programs_.push_back(spawn(scene.right, {program.toStdString(), "--server", scene.link.right().ipv4},
                              {.output = output.write_end.get()}));
    char said = 0;
    checked(read(output.read_end.get(), &said, 1), "read");
    struct {
        const char* name;
        const char* down;
        const char* up;
    } const apps[] = {{"steam", "6400000", "90000"},    {"firefox", "850000", "60000"},
                      {"firefox", "120000", "9000"},    {"backup", "20000", "1300000"},
                      {"thunderbird", "30000", "4000"}, {"konversation", "900", "400"}};
    for (const auto& app : apps) {
        const std::string copy = scene.path(app.name);
        QFile::copy(program, QString::fromStdString(copy));
        programs_.push_back(spawn(scene.left, {copy, "--client", scene.link.right().ipv4, app.down, app.up}));
    }
    const std::string call = scene.path("video-call");
    QFile::copy(program, QString::fromStdString(call));
    programs_.push_back(spawn(scene.left, {call, "--datagrams", scene.link.right().ipv4, "300000"}));
}

BusyMachine::~BusyMachine() {
    for (const pid_t pid : programs_) {
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }
}

std::optional<int> play_a_part(int argc, char** argv) {
    const std::string_view part = argc > 2 ? argv[1] : "";
    if (part == "--client" && argc == 5)
        return client(argv[2], std::atof(argv[3]), std::atof(argv[4]));
    if (part == "--datagrams" && argc == 4)
        return datagrams(argv[2], std::atof(argv[3]));
    if (part == "--server" && argc == 3)
        return server(argv[2]);
    return std::nullopt;
}

void see_all_processes() {
    constexpr char initial[] = "/run/host-proc";
    if (QFile::exists(QString::fromLatin1(initial) + u"/self"_s) && unshare(CLONE_NEWNS) == 0)
        checked(mount(initial, "/proc", nullptr, MS_BIND | MS_REC, nullptr), "mount");
}

void enter(const Namespace& space) {
    const sockledger::UniqueFd fd(checked(open(space.path().c_str(), O_RDONLY | O_CLOEXEC), "open"));
    checked(setns(fd.get(), CLONE_NEWNET), "setns");
}

} // namespace sockledger::test
