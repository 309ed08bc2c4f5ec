// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "bench/goal.hpp"
#include "bench/measure.hpp"
#include "bench/process.hpp"
#include "plasma/busy_machine.hpp"
#include "plasma/desktop_session.hpp"

#include <QCoreApplication>

#include <cstdio>
#include <thread>

using namespace sockledger::test;
using namespace Qt::StringLiterals;
namespace bench = sockledger::bench;

namespace {

constexpr auto settling = 25s;
constexpr auto measured = 60s;

struct Case {
    const char* name;
    QString applets = {};
    double most_percent = 0; ///< 0: no goal
};

QString ours(int seconds) {
    return DesktopLook::applet(u"org.sockledger.applet"_s, {{u"[General]"_s, u"interval=%1"_s.arg(seconds)}});
}

struct Share {
    double shell = 0; ///< of a core, in percent
    double sensors = 0;
};

/// What plasmashell takes with this in its panel, and ksystemstats, which only the stock widget asks.
Share share_of(const Case& panel) {
    const DesktopSession session({.accessible = false, .applets = panel.applets});
    std::this_thread::sleep_for(settling);
    const qint64 sensors = session.pid_of(u"ksystemstats"_s);
    const auto taken = [&] {
        return Share{bench::cpu_seconds(pid_t(session.shell())),
                     sensors ? bench::cpu_seconds(pid_t(sensors)) : 0};
    };
    const auto begin = std::chrono::steady_clock::now();
    const Share before = taken();
    std::this_thread::sleep_for(measured);
    const Share after = taken();
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    return {100 * (after.shell - before.shell) / time.count(),
            100 * (after.sensors - before.sensors) / time.count()};
}

} // namespace

/// The widget in a panel whose popup is closed, beside the stock one, while programs use the network.
int main(int argc, char** argv) {
    if (const auto status = play_a_part(argc, argv))
        return *status;
    const QCoreApplication application(argc, argv);
    if (const QString missing = DesktopSession::missing(); !missing.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(missing));
        return 1;
    }
    const BusyMachine machine;
    listen_where_daemons_do(machine.scene.path());
    const auto daemon = machine.scene.daemon();
    const Case cases[] = {
        {"an empty panel", {}},
        {"this widget, every 3 s", ours(3), 0.5},
        {"this widget, every second", ours(1)},
        {"KDE's network speed", DesktopLook::applet(u"org.kde.plasma.systemmonitor.net"_s, {})}};
    std::printf("%% of a core in %lld s, popup closed, graphics in software:\n\n| in the panel | plasmashell "
                "| ksystemstats |\n|---|---|---|\n",
                static_cast<long long>(measured.count()));
    for (const Case& panel : cases) {
        std::vector<double> shell;
        std::vector<double> sensors;
        for (std::size_t round = 0; round < bench::rounds(1); ++round) {
            const Share share = share_of(panel);
            shell.push_back(share.shell);
            sensors.push_back(share.sensors);
        }
        const bench::Spread spread = bench::spread_of(shell);
        std::printf("| %s | %s | %s |", panel.name, bench::to_string(spread, 2).c_str(),
                    bench::to_string(bench::spread_of(sensors), 2).c_str());
        if (panel.most_percent > 0)
            std::printf(" %s", bench::judge({panel.name, panel.most_percent, "%"}, spread.median).c_str());
        std::printf("\n");
        std::fflush(stdout);
    }
    return 0;
}
