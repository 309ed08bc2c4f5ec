// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/netdata_readme.hpp"
#include "hosts/netdata_scene.hpp"
#include "support/require.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace sockledger;
using namespace sockledger::test;

namespace {

NetdataConfig child(const QByteArray& hostname, const QByteArray& plugin, const QByteArray& stream) {
    NetdataConfig config;
    config.hostname = hostname;
    config.plugin = plugin;
    config.stream = stream;
    return config;
}

} // namespace

/// Two machines that stream to a third, as netdata/README.md has it.
class NetdataStreamingTest : public QObject {
    Q_OBJECT

    std::optional<Scene> scene_; ///< the first child and the parent
    Namespace second_;
    std::optional<VethPair> second_link_;
    std::unique_ptr<DaemonProcess> daemon_;
    std::unique_ptr<NetdataHost> parent_, one_, two_;

    QString chart(const char* program) const {
        const QString id = QString::fromStdString(scene_->app(program));
        return parent_->charts("app_traffic", "app_id", "one").value(id)["id"].toString();
    }
    /// What an application of a child has sent, by the parent.
    double sent(const char* app, qint64 begin) const {
        return -parent_->since("chart=" + chart(app), begin, "one").bytes("sent");
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf", "netdata");
        const QStringList blocks = readme_blocks("Several machines");
        QCOMPARE(blocks.size(), 2);
        const auto stream_to = [&](const VethEnd& end) {
            QByteArray text = blocks[0].toUtf8();
            return text.replace("parent.example", QByteArray::fromStdString(end.ipv4));
        };
        scene_.emplace();
        let_everybody_in(scene_->directory);
        second_link_.emplace(second_, scene_->right, 1);
        daemon_ = scene_->daemon();
        NetdataConfig config;
        config.hostname = "parent";
        config.stream = blocks[1].toUtf8() + "    default postpone alarms on connect seconds = 1\n";
        config.local = false;
        parent_ = std::make_unique<NetdataHost>(scene_->right, scene_->directory.filePath("parent"), config);
        one_ = std::make_unique<NetdataHost>(
            scene_->left, scene_->directory.filePath("one"),
            child("one", plugin_settings(scene_->directory, scene_->path("io.sockledger")),
                  stream_to(scene_->link.right())));
        two_ = std::make_unique<NetdataHost>(
            second_, scene_->directory.filePath("two"),
            child("two", plugin_settings(scene_->directory, scene_->path("no daemon here")),
                  stream_to(second_link_->right())));
    }

    void theChartsOfEachArriveUnderItsName() {
        const std::string& first = scene_->device();
        const std::string& second = second_link_->left().device;
        const auto has = [&](const char* host, const std::string& device) {
            return parent_->charts("interface_traffic", "interface", host)
                .contains(QString::fromStdString(device));
        };
        QVERIFY2(eventually([&] { return has("one", first) && has("two", second); }), parent_->said());
        QVERIFY(!has("one", second) && !has("two", first));
        QVERIFY(!has("parent", first));
    }

    // A parent of 1.37 does not have the first seconds of a chart that is new.
    void theApplicationsOfAChildHaveTheirBytesAtTheParent() {
        QVERIFY(eventually([&] {
            const auto known = parent_->data("chart=sockledger.accuracy&after=-3", "one").values["traffic"];
            return std::ranges::count(known, 3.0) > 0;
        }));
        scene_->send("firefox", 100'000);
        const qint64 early = now();
        const auto is_drawn = [&] {
            scene_->send("firefox", 1'000);
            return parent_->since("chart=" + chart("firefox"), early, "one").known("sent") >= 3;
        };
        QVERIFY2(eventually(is_drawn), parent_->said());
        const qint64 begin = now() + 2;
        QVERIFY(eventually([&] { return now() > begin; }));
        const auto before = scene_->moved();
        scene_->send("firefox", 2'000'000);
        const auto moved = double(scene_->moved().tx - before.tx);
        QVERIFY2(eventually([&] { return std::abs(sent("firefox", begin) - moved) < moved / 1000; }),
                 QByteArray::number(sent("firefox", begin)));
    }

    void aPluginThatStartsAgainIsNoSpikeAtTheParent() {
        const auto plugin = one_->plugin();
        QVERIFY(plugin);
        const qint64 begin = now() + 2;
        QVERIFY(eventually([&] { return now() > begin; }));
        const auto before = scene_->moved();
        QCOMPARE(::kill(*plugin, SIGTERM), 0);
        QVERIFY(eventually([&] { return one_->plugin().value_or(*plugin) != *plugin; }));
        scene_->send("firefox", 500'000);
        const qint64 again = now();
        QVERIFY(eventually(
            [&] { return parent_->since("chart=" + chart("firefox"), again, "one").known("sent") >= 5; }));
        QVERIFY(sent("firefox", begin) <= double(scene_->moved().tx - before.tx) * 1.001 + 100);
    }

    void theParentHasAlarmsOfItsOwnOnThem() {
        QVERIFY(eventually(
            [&] {
                const QJsonObject alarms = parent_->get("/host/one/api/v1/alarms?all")["alarms"].toObject();
                return alarms.contains("sockledger.lost_traffic.sockledger_lost_traffic");
            },
            100s));
    }
};

QTEST_GUILESS_MAIN(NetdataStreamingTest)
#include "netdata_streaming_test.moc"
