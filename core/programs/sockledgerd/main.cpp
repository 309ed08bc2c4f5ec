// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "config.hpp"
#include "daemon.hpp"
#include "daemon_options.hpp"
#include "kernel/service_manager.hpp"
#include "kernel/unix_socket.hpp"
#include "log.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <malloc.h>

using namespace sockledger;
using namespace sockledger::daemon;

namespace {

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

int complain(const std::string& message, int status) {
    log(Level::Error, message);
    return status;
}

int print(const std::string& text) {
    return std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0 ? exit_failure : 0;
}

int serve(const Options& options, const Config& config) {
    // Two daemons on one socket: the second learns it before it touches anything.
    auto handed_over = activated_socket();
    if (!handed_over)
        return complain(handed_over.error().message, exit_failure);
    UniqueFd socket = *std::move(handed_over);
    std::optional<UnixListener> own;
    if (!socket) {
        auto listener = UnixListener::open(options.socket, static_cast<mode_t>(config.socket_mode));
        if (!listener)
            return complain(listener.error().message, exit_failure);
        own.emplace(*std::move(listener));
        socket = own->release();
    }
    boost::asio::io_context context;
    Daemon daemon(context, options, config);
    if (const auto started = daemon.start(std::move(socket)); !started)
        return complain(started.error().message, exit_failure);
    (void)notify_service_manager("READY=1");
    context.run();
    return 0;
}

int run(const Options& options) {
    if (options.help)
        return print(help_text());
    if (options.version)
        return print("sockledgerd " SOCKLEDGER_VERSION "\n");
    if (options.check_config) {
        const Checked checked = check_config(options.config, options.config_required);
        const int printed = print(checked.text);
        return checked.good ? printed : exit_failure;
    }
    const auto loaded = load_config(options.config, options.config_required);
    if (!loaded)
        return complain(loaded.error().message, exit_failure);
    for (const std::string& warning : loaded->warnings)
        log(Level::Warning, warning);
    return serve(options, loaded->config);
}

} // namespace

int main(int argc, char** argv) {
#ifdef M_MMAP_THRESHOLD
    // What a client gets is hundreds of kilobytes, every second. In the heap, where glibc soon puts that by
    // itself, small things that last settle in the holes, and the daemon grows for hours.
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
    std::signal(SIGPIPE, SIG_IGN); // who reads our standard error may go
    try {
        const auto options = parse_options({argv + 1, argv + argc}, std::getenv("STATE_DIRECTORY"));
        return options ? run(*options) : complain(options.error().message, exit_usage);
    } catch (const std::exception& error) {
        return complain(error.what(), exit_failure);
    }
}
