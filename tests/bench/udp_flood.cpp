// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/flows.hpp"
#include "bench/pinned.hpp"
#include "bench/process.hpp"
#include "support/checked.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

namespace sockledger::bench {

using test::checked;

namespace {

constexpr std::uint16_t port = 9000;
constexpr std::size_t payload = 64;

/// What the two ends and the benchmark tell each other.
struct Shared {
    std::atomic<bool> receiver_ready = false;
    std::atomic<bool> enough = false;
    std::atomic<bool> sent_all = false;
    std::atomic<std::uint64_t> received = 0;
};

UniqueFd udp_socket() {
    return UniqueFd(checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
}

sockaddr_in address_of(const test::VethEnd& end) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, end.ipv4.c_str(), &address.sin_addr);
    return address;
}

void receive(const test::VethEnd& end, Shared& shared) {
    const UniqueFd socket = udp_socket();
    const int buffer = 8 << 20;
    checked(setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer), "SO_RCVBUFFORCE");
    const sockaddr_in own = address_of(end);
    checked(bind(socket.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), "bind");
    shared.receiver_ready = true;
    std::array<char, 2 * payload> datagram;
    std::uint64_t received = 0;
    for (bool last = false;;) {
        while (recv(socket.get(), datagram.data(), datagram.size(), MSG_DONTWAIT) > 0)
            shared.received.store(++received, std::memory_order_relaxed);
        if (last)
            break;
        last = shared.sent_all;
        // Not woken for each datagram: to wake another CPU would be most of what the sender does.
        std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
}

void send(const test::VethEnd& to, Shared& shared) {
    const UniqueFd socket = udp_socket();
    const sockaddr_in peer = address_of(to);
    checked(connect(socket.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer), "connect");
    const std::array<char, payload> datagram{};
    while (!shared.enough) {
        for (int i = 0; i < 64; ++i)
            ::send(socket.get(), datagram.data(), datagram.size(), 0);
    }
    shared.sent_all = true;
}

/// One end: a process of its own in a namespace, on one CPU. It goes when this object goes.
class End {
public:
    template<typename Body>
    End(const test::VethEnd& end, int cpu, Body body) {
        const std::string space = end.space->path();
        const pid_t parent = getpid();
        const UniqueFd fd(checked(open(space.c_str(), O_RDONLY | O_CLOEXEC), "open namespace"));
        pid_ = checked(fork(), "fork");
        if (pid_ != 0)
            return;
        try {
            checked(setns(fd.get(), CLONE_NEWNET), "setns");
            pin_to(cpu);
            if (getppid() == parent)
                body();
            _exit(0);
        } catch (...) {
            _exit(1);
        }
    }
    ~End() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }
    End(const End&) = delete;
    End& operator=(const End&) = delete;

    void wait() {
        int status = 0;
        checked(waitpid(pid_, &status, 0), "waitpid");
        pid_ = -1;
        if (status != 0)
            throw std::runtime_error("one end of the UDP flood has failed");
    }
    double cpu() const { return cpu_seconds(pid_); }

private:
    pid_t pid_ = -1;
};

class UdpFlood : public Flow {
public:
    explicit UdpFlood(const test::VethPair& link) : link_(link) {
        void* memory =
            mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::bad_alloc();
        shared_ = new (memory) Shared;
    }
    ~UdpFlood() override {
        sender_ = nullptr;
        receiver_ = nullptr;
        munmap(shared_, sizeof(Shared));
    }

    void begin() override {
        new (shared_) Shared;
        const auto [left, right] = two_cpus();
        receiver_ = std::make_unique<End>(link_.right(), right, [&] { receive(link_.right(), *shared_); });
        wait_for([&] { return bool(shared_->receiver_ready); });
        sender_ = std::make_unique<End>(link_.left(), left, [&] { send(link_.right(), *shared_); });
        wait_for([&] { return shared_->received > 0; });
    }

    Counts counts() const override {
        // The sender is what limits the rate. Time in which others had its CPU is none of ours.
        const double sending = sender_->cpu();
        return {static_cast<double>(shared_->received), sending, 1e9 * (sending + receiver_->cpu())};
    }

    void end() override {
        shared_->enough = true;
        sender_->wait();
        receiver_->wait();
    }

private:
    template<typename Condition>
    static void wait_for(Condition condition) {
        for (int i = 0; i < 2000 && !condition(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (!condition())
            throw std::runtime_error("the UDP flood does not start");
    }

    const test::VethPair& link_;
    Shared* shared_ = nullptr;
    std::unique_ptr<End> receiver_;
    std::unique_ptr<End> sender_;
};

} // namespace

std::unique_ptr<Flow> make_udp_flood(const test::VethPair& link) {
    return std::make_unique<UdpFlood>(link);
}

} // namespace sockledger::bench
