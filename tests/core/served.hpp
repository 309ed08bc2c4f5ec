// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "core/service_fixture.hpp"

#include <boost/asio/post.hpp>

#include <QtGlobal>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

/// What a client finds at a socket, in a thread of its own because clients wait.
namespace sockledger::test {

/// A whole service, to which this very user is privileged.
class Served {
public:
    explicit Served(const std::string& path, const Access& access = {geteuid(), daemon_group})
        : listener_(*UnixListener::open(path, 0666)) {
        service_.server.set_access(access);
        if (!service_.server.listen(listener_.release()))
            qFatal("listen");
        thread_ = std::thread([this] { service_.loop.run(); });
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    ~Served() {
        service_.loop.stop();
        thread_.join();
    }

    /// Does something in the thread of the service, and waits until it is done.
    void run(const std::function<void(Service&)>& work) {
        std::promise<void> done;
        boost::asio::post(service_.loop, [&] {
            work(service_);
            done.set_value();
        });
        done.get_future().wait();
    }

private:
    UnixListener listener_;
    Service service_;
    std::thread thread_;
};

/// Answers what comes with the same bytes, and closes each connection then, or not before its client does.
class Impostor {
public:
    Impostor(const std::string& path, std::string answer, bool closes = true)
        : listener_(*UnixListener::open(path, 0666))
        , socket_(listener_.release())
        , answer_(std::move(answer))
        , closes_(closes)
        , thread_([this] { run(); }) {}
    Impostor(const Impostor&) = delete;
    Impostor& operator=(const Impostor&) = delete;
    ~Impostor() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
            shutdown(socket_.get(), SHUT_RDWR); // wakes accept()
            shutdown(client_.get(), SHUT_RDWR); // and receive_some()
        }
        thread_.join();
    }

private:
    void run() {
        fcntl(socket_.get(), F_SETFL, 0);
        while (accept_one())
            serve();
    }
    bool accept_one() {
        UniqueFd accepted(accept(socket_.get(), nullptr, nullptr));
        const std::lock_guard lock(mutex_);
        client_ = std::move(accepted);
        return client_ && !ended_;
    }
    void serve() {
        std::array<char, 4096> call;
        const Deadline deadline = Deadline::clock::now() + std::chrono::seconds(10);
        do {
            const auto received = receive_some(client_.get(), call, deadline);
            if (!received || *received == 0 || !send_all(client_.get(), answer_, deadline))
                break;
        } while (!closes_);
        const std::lock_guard lock(mutex_);
        client_ = UniqueFd();
    }

    UnixListener listener_;
    UniqueFd socket_;
    std::string answer_;
    bool closes_;
    std::mutex mutex_; // of client_ while it changes, and of ended_
    UniqueFd client_;
    bool ended_ = false;
    std::thread thread_;
};

} // namespace sockledger::test
