// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "soak/soak_scene.hpp"

#include "support/checked.hpp"
#include "support/scenario.hpp"
#include "support/spawn.hpp"

#include <algorithm>
#include <array>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>

namespace sockledger::test {
namespace {

/// What needs nothing of the machine, and is always the same amount of work.
constexpr std::array kinds{"tcp bulk over IPv4",
                           "tcp ping-pong over IPv6",
                           "udp unconnected over IPv4",
                           "sendfile over IPv6",
                           "udp in fragments over IPv4",
                           "eight threads over IPv4",
                           "many connections over IPv6",
                           "an inherited connection over IPv4",
                           "UDP_SEGMENT and UDP_GRO over IPv6",
                           "udp workers in turns over IPv4",
                           "a listener of several processes over IPv6",
                           "brief processes with tcp over IPv4"};
constexpr std::uint32_t steady_clients = 2; // that of the scene, and who watches the totals
constexpr std::array programs{"browser", "sync", "game", "mail"};

} // namespace

void expect(bool met, const std::string& what) {
    if (!met)
        throw std::runtime_error(what);
}

std::map<std::string, Amount> all_usage(DaemonClient& client, const std::string& interface) {
    UsageQuery query = everything(UsageGroup::App);
    query.window.from -= std::chrono::days(1000);
    query.window.to += std::chrono::days(1000);
    query.interface = interface;
    std::map<std::string, Amount> amounts;
    for (const UsageRow& row : value(client.usage(query)).rows) {
        amounts[row.app] += {row.rx_bytes, row.tx_bytes};
        amounts[""] += {row.rx_bytes, row.tx_bytes};
    }
    return amounts;
}

SoakScene::SoakScene() {
    std::filesystem::create_directory(path("state"));
    checked(mount("disk", path("state").c_str(), "tmpfs", 0, "size=64m"), "mount");
    const UniqueFd file(checked(open(path("clock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644), "clock"));
    checked(ftruncate(file.get(), sizeof *clock_), "ftruncate");
    void* const mapped = mmap(nullptr, sizeof *clock_, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    expect(mapped != MAP_FAILED, "the clock cannot be mapped");
    clock_ = static_cast<std::int64_t*>(mapped);
    configure("[history]\nflush_seconds = 1\n");
    for (const char* program : programs)
        copy_traffic_peer(path(program));
}

SoakScene::~SoakScene() {
    kill_clients();
    daemon_ = nullptr;
    munmap(const_cast<std::int64_t*>(clock_), sizeof *clock_);
    umount2(path("state").c_str(), MNT_DETACH);
}

void SoakScene::start_daemon() {
    daemon_ = std::make_unique<DaemonProcess>(
        left, directory.path().toStdString(), std::vector<std::string>{},
        std::vector<std::string>{"LD_PRELOAD=" SOCKLEDGER_SHIFTED_CLOCK, "SOCKLEDGER_CLOCK=" + path("clock"),
                                 "ASAN_OPTIONS=verify_asan_link_order=0"});
}

void SoakScene::suspend_clients(std::size_t count) {
    end_clients();
    const UniqueFd nowhere(checked(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null"));
    for (std::size_t i = 0; i < count; ++i)
        clients_.push_back(spawn(left,
                                 {SOCKLEDGER_CLI, i % 2 ? "connections" : "apps", "--watch", "--json",
                                  "--interval", "1", "--socket", daemon_->socket()},
                                 {nowhere.get(), nowhere.get(), nowhere.get()}));
    expect(QTest::qWaitFor(
               [&] { return value(daemon_->client().status()).clients >= steady_clients + count; }, 20'000),
           "the clients do not come");
    for (const pid_t client : clients_)
        ::kill(client, SIGSTOP);
}

void SoakScene::end_clients() {
    kill_clients();
    expect(
        QTest::qWaitFor([&] { return value(daemon_->client().status()).clients <= steady_clients; }, 20'000),
        "clients are gone and still counted");
}

void SoakScene::kill_clients() {
    for (const pid_t client : clients_) {
        ::kill(client, SIGKILL);
        waitpid(client, nullptr, 0);
    }
    clients_.clear();
}

std::string SteadyTraffic::play(const Scene& scene, std::size_t turn) {
    static const auto scenarios = all_scenarios();
    const auto found = std::ranges::find(scenarios, std::string(kinds[turn % kinds.size()]), &Scenario::name);
    expect(found != scenarios.end(), kinds[turn % kinds.size()]);
    Scenario scenario = *found;
    const char* const name = programs[turn % programs.size()];
    scenario.program = scene.path(name);
    ScenarioRun run(scenario, scene.link.left(), scene.link.right());
    run.play();
    run.leave();
    return scene.app(name);
}

std::size_t SteadyTraffic::run(const Scene& scene) {
    std::size_t turn = 0;
    for (; !stopping_; ++turn)
        play(scene, turn);
    return turn;
}

std::size_t SteadyTraffic::stop() {
    stopping_ = true;
    return turns_.get();
}

} // namespace sockledger::test
