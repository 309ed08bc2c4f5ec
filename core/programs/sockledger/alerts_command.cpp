// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alerts.hpp"
#include "daemon_commands.hpp"
#include "service/service_json.hpp"
#include "times.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>

namespace sockledger::cli {

namespace {

constexpr auto between_attempts = std::chrono::seconds(1);

Result<int> list_alerts(const Options& options, const Format& format, DaemonClient& daemon,
                        const Output& output) {
    const TimeWindow window = options.history.window.value_or(TimeWindow{});
    Result<std::vector<Alert>> alerts = daemon.alerts(window.from);
    if (!alerts)
        return alerts.error();
    std::string text;
    if (options.json) {
        append_parameters(text, AlertList{std::move(*alerts)});
        text = json_document("alerts", text) + "\n";
    } else if (alerts->empty()) {
        text = "No alert since " + format_time(window.from) + ".\n";
    } else {
        const auto rules = daemon.rules();
        const Measures measures = rules ? measures_of(*rules) : Measures{};
        for (const Line& line : alert_lines(std::move(*alerts), measures, output.width(), format))
            text += plain_text(line) + "\n";
    }
    if (auto written = output.write(text); !written)
        return written.error();
    return 0;
}

/// Says what happens, on one connection after another.
class Watch {
public:
    Watch(const Options& options, const Format& format, DaemonClient& daemon, const Output& output)
        : options_(options), format_(format), daemon_(daemon), output_(output) {}

    /// Begins a stream, and says what happened since the one before.
    Result<void> begin() {
        if (auto begun = daemon_.subscribe_alerts(); !begun)
            return begun;
        learn_rules();
        const bool again = std::exchange(begun_, true);
        if (!again)
            return {};
        const auto missed = daemon_.alerts(news_.since());
        if (!missed)
            return missed.error();
        for (const Alert& alert : *missed)
            if (auto said = say(alert); !said)
                return said;
        return {};
    }

    /// Everything that has arrived.
    Result<void> read() {
        for (;;) {
            const auto alert = daemon_.next_alert();
            if (!alert)
                return alert.error();
            if (!*alert)
                return {};
            if (auto said = say(**alert); !said)
                return said;
        }
    }

    /// The output's Error, which is not the daemon's.
    const std::optional<Error>& unwritten() const { return unwritten_; }

private:
    void learn_rules() {
        if (const auto rules = daemon_.rules())
            measures_ = measures_of(*rules);
    }

    Result<void> say(const Alert& alert) {
        if (!options_.json && !measures_.contains(alert.rule))
            learn_rules();
        std::string text;
        for (const Alert& news : news_.take(alert)) {
            if (options_.json) {
                std::string object;
                append_parameters(object, AlertParameter{news});
                text += json_document("alert", object);
            } else {
                text += alert_line(news, measures_, format_);
            }
            text += '\n';
        }
        auto written = output_.write(text);
        if (!written)
            unwritten_ = written.error();
        return written;
    }

    const Options& options_;
    const Format& format_;
    DaemonClient& daemon_;
    const Output& output_;
    Measures measures_;
    AlertNews news_;
    bool begun_ = false;
    std::optional<Error> unwritten_;
};

Result<int> watch_alerts(const Options& options, const Format& format, DaemonClient& daemon,
                         const Output& output, const Output& messages, Interrupts& interrupts) {
    Watch watch(options, format, daemon, output);
    bool connected = false;
    bool was_away = false;
    while (interrupts.ended_by() == 0) {
        Result<void> step = connected ? watch.read() : watch.begin();
        if (!step) {
            if (watch.unwritten())
                return *watch.unwritten();
            if (!is_away(step.error()))
                return step.error();
            connected = false;
            if (!std::exchange(was_away, true))
                (void)messages.write("sockledger: " + displayable(step.error().message) + "; trying again\n");
        } else if (!connected) {
            connected = true;
            if (std::exchange(was_away, false))
                (void)messages.write("sockledger: the daemon is back\n");
        }
        std::array<pollfd, 2> descriptors{
            {{output.fd(), 0, 0}, {connected ? daemon.alerts_fd() : -1, POLLIN, 0}}};
        interrupts.wait(descriptors, connected ? std::chrono::seconds(-1) : between_attempts);
        if (descriptors[0].revents & POLLERR)
            return 0;
    }
    return 0;
}

} // namespace

bool is_away(const Error& error) {
    constexpr std::array away{ECONNREFUSED, ECONNRESET, ENOENT, EPIPE, ETIMEDOUT, ENOTCONN};
    return std::ranges::find(away, error.code) != away.end();
}

Result<int> run_alerts(const Options& options, const Format& format, DaemonClient& daemon,
                       const Output& output, const Output& messages, Interrupts& interrupts) {
    return options.watch ? watch_alerts(options, format, daemon, output, messages, interrupts)
                         : list_alerts(options, format, daemon, output);
}

} // namespace sockledger::cli
