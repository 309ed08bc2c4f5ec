// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "fake_proc.hpp"

#include "apps/apps_source.hpp"

#include <QTest>

using namespace sockledger;
using sockledger::test::FakeProc;

namespace {

ProcessRecord process(ProcessId id, const std::string& exe, std::uint32_t parent = 0) {
    ProcessRecord record;
    record.process = id;
    record.exe = exe;
    record.parent_pid = parent;
    return record;
}

/// A machine without desktop entries and containers, and its processes.
class Machine {
public:
    FakeProc proc;

    /// One sample: who is new and who is gone; what was decided, one word for each.
    std::string sample(const std::vector<ProcessRecord>& described,
                       const std::vector<ProcessId>& exited = {}) {
        Readings readings;
        readings.processes = {described, exited};
        apps_.read(readings);
        std::string words;
        for (const AppDecision& decision : readings.apps.decided) {
            words += (words.empty() ? "" : " ") + decision.app.id;
        }
        return words;
    }
    std::size_t size() const { return apps_.size(); }

    void write_parent(const ProcessId& id, std::uint32_t parent) {
        proc.write(id, "stat",
                   std::to_string(id.pid) + " (x) S " + std::to_string(parent) +
                       " 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + std::to_string(id.start_ticks) + " 0 0\n");
    }

private:
    static DesktopSettings no_desktop() {
        DesktopSettings settings;
        settings.root = "/nowhere";
        settings.home = [](std::uint32_t) { return std::string(); };
        return settings;
    }

    AppsSource apps_{proc.duplicate(), DesktopIndexes(no_desktop()), ContainerNames("/nowhere")};
};

constexpr auto chrome = "/opt/google/chrome/chrome";
constexpr auto crashpad = "/opt/google/chrome/chrome_crashpad_handler";
constexpr auto webkit = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/WebKitNetworkProcess";

} // namespace

class AppsSourceTest : public QObject {
    Q_OBJECT

private slots:
    void eachDescribedProcessIsDecidedInItsOrder() {
        Machine machine;
        QCOMPARE(machine.sample({process({7, 1}, "/usr/bin/b"), process({8, 1}, "/usr/bin/a")}),
                 "exe:/usr/bin/b exe:/usr/bin/a");
        QCOMPARE(machine.sample({}), "");
        QCOMPARE(machine.size(), 2u);
    }

    void aHelperIsOfItsParentWhoeverWasDescribedFirst() {
        Machine machine;
        auto browser = process({7, 1}, chrome);
        browser.cgroup = "/app.slice/app-gnome-chrome-7.scope";
        QCOMPARE(machine.sample({process({9, 2}, crashpad, 8), process({8, 2}, chrome, 7), browser}),
                 "desktop:chrome desktop:chrome desktop:chrome");
        QCOMPARE(machine.sample({process({10, 3}, crashpad, 9)}), "desktop:chrome");
    }

    void anAncestorThatNobodyDescribedIsReadFromProc() {
        Machine machine;
        machine.proc.add({7, 1}, "epiphany", "/usr/bin/epiphany");
        machine.proc.write({7, 1}, "cgroup", "0::/app.slice/app-gnome-org.gnome.Epiphany-7.scope\n");
        machine.proc.add({8, 1}, "bwrap", "/usr/bin/bwrap"); // the child of 7
        machine.proc.write({8, 1}, "cgroup", "0::/\n");
        QCOMPARE(machine.sample({process({9, 2}, webkit, 8)}), "desktop:org.gnome.Epiphany");
        QCOMPARE(machine.size(), 1u);
        machine.proc.remove({7, 1});
        machine.proc.remove({8, 1});
        QVERIFY(machine.sample({process({10, 2}, webkit, 8)}).starts_with("exe:"));
    }

    void anExecIsDecidedAnew() {
        Machine machine;
        QCOMPARE(machine.sample({process({7, 1}, "/usr/bin/bash")}), "exe:/usr/bin/bash");
        QCOMPARE(machine.sample({process({7, 1}, "/usr/bin/curl")}), "exe:/usr/bin/curl");
        QCOMPARE(machine.size(), 1u);
    }

    void aReusedPidIsNoParentOfOlderOnes() {
        Machine machine;
        machine.sample({process({7, 100}, chrome)});
        QCOMPARE(machine.sample({process({9, 50}, webkit, 7)}), "exe:" + std::string(webkit));
    }

    void theDeadAreForgotten() {
        Machine machine;
        for (std::uint32_t pid = 100; pid < 1100; ++pid) {
            machine.sample({process({pid, 1}, "/usr/bin/true")}, {{pid - 1, 1}});
        }
        QCOMPARE(machine.size(), 1u);
        machine.sample({process({2000, 1}, "/usr/bin/true")}, {{1099, 1}, {2000, 1}}); // gone at once
        QCOMPARE(machine.size(), 0u);
        machine.sample({process({7, 2}, "/usr/bin/true")});
        machine.sample({}, {{7, 1}}); // another one with its pid
        QCOMPARE(machine.size(), 1u);
    }

    void parentsInACircleOrWithoutEndComeToAnEnd() {
        Machine machine;
        QCOMPARE(machine.sample({process({7, 1}, chrome, 8), process({8, 1}, crashpad, 7)}),
                 "exe:" + std::string(crashpad) + " exe:" + std::string(crashpad));
        QCOMPARE(machine.sample({process({9, 1}, chrome, 9)}), "exe:" + std::string(chrome));
        for (std::uint32_t pid = 100; pid < 400; ++pid) {
            machine.proc.add({pid, 1}, "x", webkit);
            machine.proc.write({pid, 1}, "cgroup", "0::/\n");
            machine.write_parent({pid, 1}, pid + 1);
        }
        QCOMPARE(machine.sample({process({99, 1}, webkit, 100)}), "exe:" + std::string(webkit));
    }

    void aFlatpakIsKnownByTheFileInItsRoot() {
        Machine machine;
        machine.proc.add({7, 1}, "gimp");
        QDir(machine.proc.path({7, 1}, "")).mkpath("root");
        machine.proc.write({7, 1}, "root/.flatpak-info", "[Application]\nname=org.gimp.GIMP\n");
        QCOMPARE(machine.sample({process({7, 1}, "/app/bin/gimp")}), "flatpak:org.gimp.GIMP");
    }

    void withoutProcTheRecordsAreEnough() {
        AppsSource apps(UniqueFd(), DesktopIndexes(), ContainerNames("/nowhere"));
        Readings readings;
        readings.processes.described = {process({7, 1}, webkit, 6)};
        const SourceStatus status = apps.read(readings);
        QCOMPARE(readings.apps.decided.at(0).app.id, "exe:" + std::string(webkit));
        QCOMPARE(status.name, "apps");
        QCOMPARE(status.accuracy, Accuracy::Exact);
    }
};

QTEST_GUILESS_MAIN(AppsSourceTest)
#include "apps_source_test.moc"
