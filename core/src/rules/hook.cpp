// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/hook.hpp"

#include "kernel/child_process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace sockledger {

namespace {

std::vector<std::string> environment_of(const Alert& alert) {
    const auto time = alert.active ? alert.raised : alert.cleared.value_or(alert.raised);
    return {
        "PATH=/usr/bin:/bin",
        "SOCKLEDGER_RULE=" + alert.rule,
        std::string("SOCKLEDGER_STATE=") + (alert.active ? "raised" : "cleared"),
        "SOCKLEDGER_SUBJECT=" + alert.subject,
        "SOCKLEDGER_NAME=" + alert.name,
        "SOCKLEDGER_VALUE=" + std::to_string(alert.value),
        "SOCKLEDGER_THRESHOLD=" + std::to_string(alert.threshold),
        "SOCKLEDGER_TEXT=" + alert.text,
        "SOCKLEDGER_TIME=" + std::to_string(time.count()),
    };
}

/// Who the command is to be started as, if it may be; nobody when that is whoever this process is.
Result<std::optional<ChildUser>> checked(const HookCommand& command) {
    const std::optional<ChildUser> unchanged;
    if (command.argv.empty() || !command.argv.front().starts_with('/'))
        return Error{"a command begins with an absolute path", 0};
    if (command.user.empty())
        return unchanged;
    auto user = find_user(command.user);
    if (!user)
        return std::move(user).error();
    if (is_this_process(*user))
        return unchanged;
    if (auto allowed = may_become(*user); !allowed)
        return std::move(allowed).error();
    return std::optional(*std::move(user));
}

} // namespace

Result<void> validate(const HookCommand& command) {
    if (auto user = checked(command); !user)
        return std::move(user).error();
    return {};
}

struct HookRunner::Run {
    Run(boost::asio::io_context& context, std::string named, ChildProcess started)
        : name(std::move(named)), child(std::move(started)), end(context), timer(context) {}
    ~Run() { end.release(); }

    std::string name;
    ChildProcess child;
    boost::asio::posix::stream_descriptor end; ///< looks at what `child` owns
    boost::asio::steady_timer timer;
};

HookRunner::HookRunner(boost::asio::io_context& context, Log log, HookLimits limits)
    : context_(context), log_(std::move(log)), limits_(limits) {}

HookRunner::~HookRunner() = default;

void HookRunner::run(const Alert& alert, const HookCommand& command) {
    if (auto started = start(alert, command); !started)
        log_("rule " + alert.rule + ": the command was not run: " + started.error().message);
}

Result<void> HookRunner::start(const Alert& alert, const HookCommand& command) {
    auto user = checked(command);
    if (!user)
        return std::move(user).error();
    if (runs_.size() >= limits_.running) {
        ++dropped_;
        return Error{std::to_string(runs_.size()) + " others are still running (" + std::to_string(dropped_) +
                         " not run so far)",
                     0};
    }
    auto child = ChildProcess::start({command.argv, environment_of(alert), *std::move(user)});
    if (!child)
        return std::move(child).error();

    auto run = std::make_shared<Run>(context_, "rule " + alert.rule + ": " + command.argv.front(),
                                     *std::move(child));
    boost::system::error_code error;
    run->end.assign(run->child.fd(), error);
    if (error) {
        run->child.kill();
        return Error{"cannot wait for it: " + error.message(), error.value()};
    }
    // A Run that is still there has a runner that is, too.
    const std::weak_ptr<Run> weak = run;
    run->end.async_wait(run->end.wait_read, [this, weak](boost::system::error_code failure) {
        if (const auto ended = weak.lock(); ended && !failure)
            finish(*ended);
    });
    run->timer.expires_after(limits_.time);
    run->timer.async_wait([this, weak](boost::system::error_code failure) {
        if (const auto late = weak.lock(); late && !failure) {
            log_(late->name + " takes too long and is killed");
            late->child.kill();
        }
    });
    runs_.push_back(std::move(run));
    return {};
}

void HookRunner::finish(Run& run) {
    if (auto result = run.child.reap(); !result)
        log_(run.name + " " + result.error().message);
    std::erase_if(runs_, [&](const auto& other) { return other.get() == &run; });
}

} // namespace sockledger
