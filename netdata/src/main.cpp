// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "collector.hpp"
#include "environment.hpp"
#include "files.hpp"
#include "functions.hpp"
#include "input.hpp"
#include "inspector.hpp"
#include "log.hpp"
#include "output.hpp"
#include "settings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <malloc.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::netdata;

namespace {

/// Netdata 2.x kills a plugin 3 s after it asked it to end.
constexpr std::chrono::seconds patience_at_the_end{2};

/// A plugin that crashes or fails is disabled until Netdata starts again; one that just ends is started
/// again. So there is one way out, whatever happens.
[[noreturn]] void leave() {
    _exit(EXIT_SUCCESS);
}

/// From now on these arrive on a descriptor. A pipe that nobody reads is an error of write().
int take_signals() {
    sigset_t ends;
    sigemptyset(&ends);
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
        sigaddset(&ends, number);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &ends, SFD_CLOEXEC);
}

/// Reads requests until Netdata is gone or wants us to go.
void serve(Functions& functions, int signals) {
    Input input;
    std::array<pollfd, 3> waiting{
        {{STDIN_FILENO, POLLIN, 0}, {signals, POLLIN, 0}, {STDOUT_FILENO, 0, 0}}}; // POLLERR: nobody reads
    std::array<char, 16384> buffer;
    while (true) {
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            if (errno == EINTR)
                continue;
            return;
        }
        if (waiting[1].revents != 0 || (waiting[2].revents & (POLLERR | POLLNVAL)) != 0)
            return;
        if (waiting[0].revents == 0)
            continue;
        const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return;
        input.add({buffer.data(), static_cast<std::size_t>(got)});
        while (auto request = input.next()) {
            if (request->kind == Request::Kind::Quit)
                return;
            functions.handle(*std::move(request));
        }
    }
}

/// The first argument is how often Netdata wants us to collect.
unsigned asked_interval(int argc, char** argv) {
    unsigned seconds = 1;
    if (argc > 1)
        std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), seconds);
    return std::clamp(seconds, 1U, 3600U);
}

void run(int argc, char** argv, int signals) {
    const Environment environment =
        read_environment([](const char* name) { return static_cast<const char*>(std::getenv(name)); });
    Log log(environment, [](std::string_view line) { (void)write_all(STDERR_FILENO, line); });
    LoadedSettings loaded = load_settings(environment);
    for (const std::string& problem : loaded.problems)
        log.add(LogLevel::Warning, problem);
    Settings& settings = loaded.settings;
    settings.update_every = std::max(settings.update_every, asked_interval(argc, argv));

    FeedOptions options;
    options.source = settings.source;
    options.socket = settings.socket;
    options.sections.processes = options.sections.connections = false;
    Output output(STDOUT_FILENO);
    const std::string counters =
        environment.lib_dir.empty() ? std::string() : environment.lib_dir + "/sockledger.counters";
    Collector collector(
        settings, [options] { return open_lasting_feed(options); }, output, log, counters);
    const Inspector inspector(settings, [&collector] { return collector.latest(); });
    output.write(inspector.offers());
    Functions functions(inspector.handlers(), [&output](std::string_view block) { output.write(block); });

    std::mutex mutex;
    std::condition_variable ended;
    bool has_ended = false;
    std::jthread thread([&](const std::stop_token& stop) {
        collector.run(stop);
        const std::lock_guard lock(mutex);
        has_ended = true;
        ended.notify_all();
    });
    serve(functions, signals);
    thread.request_stop();
    std::unique_lock lock(mutex);
    ended.wait_for(lock, patience_at_the_end, [&] { return has_ended; });
    leave(); // without waiting for calls that nobody will read the answer of
}

} // namespace

int main(int argc, char** argv) {
    mallopt(M_ARENA_MAX, 1); // a heap for each thread would be a multiple of what one takes
    std::set_terminate([] { leave(); });
    const int signals = take_signals();
    try {
        run(argc, argv, signals);
    } catch (const std::exception& problem) {
        (void)write_all(STDERR_FILENO, std::string("sockledger.plugin: ") + problem.what() + "\n");
    }
    leave();
}
