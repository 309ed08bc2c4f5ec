// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "hosts/collectd_host.hpp"
#include "netns/daemon_scene.hpp"

#include <QDir>
#include <QFile>

#include <memory>
#include <optional>

namespace sockledger::test {

/// Three machines with a collectd each: two on the ends of a link on which nothing is unknown, of which the
/// left one has a daemon, and a center to which both send, encrypted, over links of their own.
struct CollectdFleet {
    static constexpr int top_applications = 20;

    Scene scene;
    Namespace center_space;
    VethPair left_uplink{scene.left, center_space, 1}, right_uplink{scene.right, center_space, 2};
    std::unique_ptr<DaemonProcess> daemon = scene.daemon();
    std::unique_ptr<CollectdHost> center = start_center();
    std::unique_ptr<CollectdHost> left = start_left();
    std::unique_ptr<CollectdHost> right = start_right();
    Amount before = scene.moved();

    QString path(const char* name) const { return scene.directory.filePath(name); }
    /// What the link has moved since all of them run.
    Amount moved() const {
        const Amount now = scene.moved();
        return {now.rx - before.rx, now.tx - before.tx};
    }
    /// The identifier of the device on the left.
    QString device(const char* part = "") const { return identifier(scene.link.left(), part); }
    static QString identifier(const VethEnd& end, const char* part = "") {
        return "sockledger-" + QString::fromStdString(end.device) + "/if_octets" + part;
    }
    /// The identifier of an application.
    static QString app(const char* name) { return QStringLiteral("sockledger_app-%1/if_octets").arg(name); }

    /// What <Plugin sockledger> says for a collectd on the left. By name there are only programs of this
    /// test: others of the machine may be busier.
    static QByteArray plugin(const Scene& scene) {
        return "Socket \"" + QByteArray::fromStdString(scene.path("io.sockledger")) +
               "\"\nInterface \"/./\"\nTopApplications " + QByteArray::number(top_applications) +
               "\n<Applications>\n Application \"/^exe:" + QByteArray::fromStdString(scene.path()) +
               "/\"\n</Applications>\n";
    }

private:
    static QByteArray uplink(const VethPair& link) {
        return "LoadPlugin network\n<Plugin network>\n <Server \"" +
               QByteArray::fromStdString(link.right().ipv4) +
               "\" \"25826\">\n  SecurityLevel Encrypt\n  Username \"fleet\"\n  Password \"secret\"\n "
               "</Server>\n"
               "</Plugin>\n";
    }
    std::unique_ptr<CollectdHost> start_center() const {
        std::ofstream(scene.path("users")) << "fleet: secret\n";
        CollectdHost::Options options;
        options.name = "center";
        options.config = QByteArray(csv_config) +
                         "LoadPlugin network\n<Plugin network>\n <Listen \"0.0.0.0\" \"25826\">\n"
                         "  SecurityLevel Encrypt\n  AuthFile \"" +
                         path("users").toLocal8Bit() + "\"\n </Listen>\n</Plugin>\n";
        return std::make_unique<CollectdHost>(center_space, path("center"), options);
    }
    std::unique_ptr<CollectdHost> start_left() const {
        CollectdHost::Options options;
        options.config =
            csv_config + uplink(left_uplink) +
            "LoadPlugin rrdtool\n<Plugin rrdtool>\n DataDir \"rrd\"\n CacheTimeout 0\n</Plugin>\n"
            "LoadPlugin write_prometheus\n"
            "LoadPlugin interface\n"
            "LoadPlugin threshold\n<Plugin threshold>\n <Plugin sockledger_app>\n"
            "  Instance \"archiver\"\n  <Type if_octets>\n   DataSource \"tx\"\n   FailureMax 2000000\n"
            "   Interesting false\n  </Type>\n </Plugin>\n</Plugin>\n";
        options.plugin = plugin(scene);
        return std::make_unique<CollectdHost>(scene.left, path("left"), options);
    }
    std::unique_ptr<CollectdHost> start_right() const { // which has no daemon
        CollectdHost::Options options;
        options.name = "right";
        options.config = csv_config + uplink(right_uplink);
        options.plugin = "Socket \"/nowhere/io.sockledger\"\nInterface \"/./\"";
        return std::make_unique<CollectdHost>(scene.right, path("right"), options);
    }
};

} // namespace sockledger::test
