// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "hosts/netdata_host.hpp"
#include "netns/daemon_scene.hpp"
#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <QDir>
#include <QFile>
#include <QStringList>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace sockledger::test {

/// Netdata is another user, who has to get to its files and to the socket.
inline void let_everybody_in(const QTemporaryDir& directory) {
    QFile::setPermissions(directory.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                                QFile::ReadOther | QFile::ExeOther);
}

/// Of all applications those that the test starts: what else runs on this machine must not take their places.
inline QByteArray plugin_settings(const QTemporaryDir& directory, const std::string& socket) {
    return "[plugin]\nsocket = " + QByteArray::fromStdString(socket) +
           "\n[applications]\nshow = exe:" + directory.path().toLocal8Bit() + "/*\n";
}

/// A machine with a daemon and a Netdata, and a link on which nothing is unknown.
struct NetdataScene : Scene {
    static constexpr int most_charts = 50;

    std::unique_ptr<DaemonProcess> ledger;
    std::unique_ptr<NetdataHost> netdata;

    NetdataScene() {
        let_everybody_in(directory);
        // A default route, so that the link counts for the machine's total.
        left.ip({"-6", "route", "add", "default", "via", link.right().ipv6});
        start_daemon();
        start_netdata();
    }

    void start_daemon() { ledger = daemon(); }
    void start_netdata() {
        NetdataConfig config;
        config.plugin = plugin_settings(directory, path("io.sockledger")) +
                        "forget after = 25\nmaximum charts = " + QByteArray::number(most_charts) +
                        "\n[thresholds]\nbackup = 2000 8000\n";
        netdata = std::make_unique<NetdataHost>(left, directory.filePath("netdata"), config);
    }

    /// The chart of a program of ours now: its id, or nothing. By the id of the application: another machine
    /// may have one of the same name.
    QString chart_of(const char* program) const {
        const QString id = QString::fromStdString(app(program));
        return netdata->charts("app_traffic", "app_id").value(id)["id"].toString();
    }
    /// "sockledger.if_eth0_traffic"
    QString interface_chart(const char* what) const {
        return "sockledger.if_" + QString::fromStdString(device()) + "_" + what;
    }
    /// Each second of a chart since `begin`.
    Series since(const QString& chart, qint64 begin) const { return netdata->since("chart=" + chart, begin); }
    double sent(const QString& chart, qint64 begin) const { return -since(chart, begin).bytes("sent"); }

    /// The plugin has the daemon's numbers.
    bool is_exact() const {
        const auto traffic = netdata->data("chart=sockledger.accuracy&after=-2").values.value("traffic");
        return !traffic.empty() && traffic.back() == 3;
    }
    QString alarm(const QString& chart, const char* name) const {
        return netdata->get("/api/v1/alarms?all")["alarms"]
            .toObject()[chart + "." + name]
            .toObject()["status"]
            .toString();
    }
};

/// Programs of these names, started one after the other; each sends one datagram of `size` bytes and lives
/// for another two seconds.
class ManyPrograms {
public:
    ManyPrograms(const NetdataScene& scene, const QStringList& names, int size) {
        const QString folder = scene.directory.filePath("programs");
        QDir().mkpath(folder);
        QFile list(folder + "/.names");
        if (!list.open(QFile::WriteOnly))
            throw std::runtime_error("no list of programs");
        list.write(names.join(QChar(0)).toUtf8() + '\0');
        list.close();
        // Somebody listens, or the other side's kernel would answer.
        const std::string& address = scene.link.right().ipv4;
        listener_ = scene.right.run([&] { return listen_for_datagrams(address); });
        const std::string script =
            "cd \"$1\" && cp -f \"$BASH\" .program && while IFS= read -r -d '' name; do "
            "ln -f .program \"$name\"; \"./$name\" -c 'exec 3>/dev/udp/$1/9; printf \"%0$2d\" 0 >&3; "
            "read -t 2' - \"$2\" \"$3\" <&4 & sleep 0.03; done 4<&0 <.names; wait";
        pid_ = spawn(scene.left,
                     {"/bin/bash", "-c", script, "-", folder.toStdString(), address, std::to_string(size)},
                     {silence_.read_end.get()});
    }
    ~ManyPrograms() { wait(); }
    ManyPrograms(const ManyPrograms&) = delete;
    ManyPrograms& operator=(const ManyPrograms&) = delete;

    void wait() {
        if (pid_ > 0)
            waitpid(std::exchange(pid_, -1), nullptr, 0);
    }

private:
    static UniqueFd listen_for_datagrams(const std::string& address) {
        UniqueFd socket(checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(9);
        inet_pton(AF_INET, address.c_str(), &to.sin_addr);
        checked(bind(socket.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), "bind");
        return socket;
    }

    UniqueFd listener_;
    Pipe silence_ = make_pipe();
    pid_t pid_ = -1;
};

} // namespace sockledger::test
