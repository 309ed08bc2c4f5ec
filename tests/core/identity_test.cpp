// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/identity.hpp"

#include <QTest>

using namespace sockledger;

namespace {

constexpr auto hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

} // namespace

class IdentityTest : public QObject {
    Q_OBJECT

private slots:
    void theCgroupNamesTheApp_data() {
        QTest::addColumn<QString>("cgroup");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* what, const QString& cgroup, const char* id, const char* name) {
            QTest::newRow(what) << cgroup << id << name;
        };
        const QString user = "/user.slice/user-1000.slice/user@1000.service/app.slice/";

        row("desktop scope with launcher", user + "app-gnome-org.mozilla.firefox-4711.scope",
            "desktop:org.mozilla.firefox", "firefox");
        row("desktop scope", user + "app-org.kde.konsole-3f2a.scope", "desktop:org.kde.konsole", "konsole");
        row("desktop scope in its slice", user + "app-gnome.slice/app-gnome-code-1.scope", "desktop:code",
            "code");
        row("desktop service", user + "app-org.kde.dolphin@9c0e.service", "desktop:org.kde.dolphin",
            "dolphin");
        row("desktop service with launcher", user + "app-gnome-org.gnome.Evolution@autostart.service",
            "desktop:org.gnome.Evolution", "Evolution");
        row("desktop service without instance", user + "app-steam.service", "desktop:steam", "steam");
        row("escaped dash", user + "app-gnome-google\\x2dchrome-99.scope", "desktop:google-chrome",
            "google-chrome");
        row("dash that should have been escaped", user + "app-gnome-my-app-99.scope", "desktop:my-app",
            "my-app");
        row("scope without random part", user + "app-firefox.scope", "desktop:firefox", "firefox");
        row("flatpak", user + "app-flatpak-com.spotify.Client-77.scope", "desktop:com.spotify.Client",
            "Client");
        row("escape that is no UTF-8", user + "app-gnome-a\\xff-1.scope", "desktop:a\\xff", "a\\xff");
        row("subgroup of a desktop scope", user + "app-kitty-1.scope/tab", "desktop:kitty", "kitty");

        row("system unit", "/system.slice/sshd.service", "unit:sshd.service", "sshd");
        row("template instance", "/system.slice/system-getty.slice/getty@tty1.service",
            "unit:getty@tty1.service", "getty@tty1");
        row("escaped unit", "/system.slice/systemd\\x2dnetworkd.service", "unit:systemd\\x2dnetworkd.service",
            "systemd-networkd");
        row("subgroup of a unit", "/system.slice/podman.service/payload", "unit:podman.service", "podman");
        row("user unit", "/user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service",
            "unit:pipewire.service", "pipewire");

        row("docker", QString("/system.slice/docker-%1.scope").arg(hash), "container:0123456789ab",
            "0123456789ab");
        row("docker without systemd", QString("/docker/%1").arg(hash), "container:0123456789ab",
            "0123456789ab");
        row("podman", QString("/machine.slice/libpod-%1.scope/container").arg(hash), "container:0123456789ab",
            "0123456789ab");
        row("containerd", QString("/kubepods.slice/kubepods-pod1.slice/cri-containerd-%1.scope").arg(hash),
            "container:0123456789ab", "0123456789ab");
        row("unit inside a container", QString("/docker/%1/system.slice/nginx.service").arg(hash),
            "container:0123456789ab", "0123456789ab");
        row("monitor of a container", QString("/machine.slice/libpod-conmon-%1.scope").arg(hash),
            "exe:/usr/bin/curl", "curl");

        row("login session", "/user.slice/user-1000.slice/session-3.scope", "exe:/usr/bin/curl", "curl");
        row("user manager", "/user.slice/user-1000.slice/user@1000.service/init.scope", "exe:/usr/bin/curl",
            "curl");
        row("root", "/", "exe:/usr/bin/curl", "curl");
        row("unknown", "", "exe:/usr/bin/curl", "curl");
        row("odd slashes", "//app-.scope///", "exe:/usr/bin/curl", "curl");
        row("only a suffix", "/.service", "unit:.service", "");
    }

    void theCgroupNamesTheApp() {
        QFETCH(QString, cgroup);
        QFETCH(QString, id);
        QFETCH(QString, name);
        ProcessRecord process;
        process.comm = "curl";
        process.exe = "/usr/bin/curl";
        process.cgroup = cgroup.toStdString();
        QCOMPARE(QString::fromStdString(identify(process).id), id);
        QCOMPARE(QString::fromStdString(identify(process).name), name);
    }

    void aReplacedProgramKeepsItsName() {
        ProcessRecord process;
        process.exe = "/usr/bin/curl (deleted)";
        QCOMPARE(identify(process), (AppIdentity{"exe:/usr/bin/curl", "curl", ""}));
    }

    void withoutProgramTheCommNamesTheApp() {
        ProcessRecord process;
        process.comm = "Web Content";
        QCOMPARE(identify(process), (AppIdentity{"comm:Web Content", "Web Content", ""}));
        process.comm.clear();
        QCOMPARE(identify(process), unknown_app());
    }

    void threadsOfTheKernelAreTheKernel() {
        ProcessRecord process;
        process.comm = "kthreadd";
        process.process.pid = 2;
        QCOMPARE(identify(process), kernel_app());
        process.comm = "kworker/0:1";
        process.process.pid = 77;
        process.parent_pid = 2;
        QCOMPARE(identify(process), kernel_app());
        process.exe = "/usr/bin/modprobe"; // a program that the kernel started
        QCOMPARE(identify(process).id, "exe:/usr/bin/modprobe");
    }
};

QTEST_GUILESS_MAIN(IdentityTest)
#include "identity_test.moc"
