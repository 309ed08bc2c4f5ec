// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "netns/daemon_scene.hpp"

#include <atomic>
#include <future>

namespace sockledger::test {

void expect(bool met, const std::string& what);
/// Of all time, whatever the clocks say.
std::map<std::string, Amount> all_usage(DaemonClient& client, const std::string& interface);

/// The scene of the daemon tests, whose state is on a small disk and whose wall clock can be set. The
/// calling thread has a mount namespace of its own.
class SoakScene : public Scene {
public:
    SoakScene();
    ~SoakScene();
    SoakScene(const SoakScene&) = delete;
    SoakScene& operator=(const SoakScene&) = delete;

    DaemonProcess& daemon() { return *daemon_; }
    void start_daemon();
    /// How wrong the daemon's clock is.
    void set_clock(std::chrono::seconds shift) { *clock_ = shift.count(); }

    /// Clients that are there and read nothing, until others take their place.
    void suspend_clients(std::size_t count);
    /// The daemon knows that they are gone when this returns.
    void end_clients();

private:
    void kill_clients();

    volatile std::int64_t* clock_ = nullptr;
    std::vector<pid_t> clients_;
    std::unique_ptr<DaemonProcess> daemon_;
};

/// Four programs that take turns at moving something over the link, until they are stopped.
class SteadyTraffic {
public:
    explicit SteadyTraffic(const Scene& scene)
        : turns_(std::async(std::launch::async, [this, &scene] { return run(scene); })) {}
    ~SteadyTraffic() { stopping_ = true; }

    /// Waits for the last turn. How many there were.
    std::size_t stop();

    /// One turn; whose it was.
    static std::string play(const Scene& scene, std::size_t turn);

private:
    std::size_t run(const Scene& scene);

    std::atomic<bool> stopping_ = false;
    std::future<std::size_t> turns_;
};

} // namespace sockledger::test
