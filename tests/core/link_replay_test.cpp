// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/datagram_file.hpp"
#include "kernel/address_codec.hpp"
#include "kernel/link_codec.hpp"
#include "kernel/link_stats_codec.hpp"
#include "kernel/route_codec.hpp"
#include "kernel/rtnetlink_links.hpp"
#include "netns/links_scene.hpp"

#include <QTest>

#include <bit>

using namespace sockledger;
using namespace sockledger::test;

/// The scene of the live test, as Linux 6.18 told of it (record_links wrote it down).
class LinkReplayTest : public QObject {
    Q_OBJECT

    std::vector<Buffer> datagrams_;

private slots:
    void initTestCase() {
        if constexpr (std::endian::native != std::endian::little) {
            QSKIP("needs a little-endian machine, as the recording was made on one");
        }
        datagrams_ = read_datagrams(SOCKLEDGER_FIXTURES "/links/scene.bin");
    }

    void theRecordedSceneIsRecognised() {
        auto kernel = std::make_unique<FakeTransport>();
        kernel->script.assign(datagrams_.begin(), datagrams_.end());
        RtnetlinkLinks reader(std::move(kernel), LinkMonitor(std::make_unique<FakeTransport>()), -1);
        std::vector<LinkInfo> links;
        for (const char* request : {"links, addresses and routes", "counters"}) {
            const auto report = reader.read(links);
            QVERIFY2(report.has_value(), report ? request : report.error().message.c_str());
            QCOMPARE(report->lost, std::uint64_t{0});
            std::vector<LinkRecord> records;
            for (const LinkInfo& link : links) {
                records.push_back(link.record);
            }
            const auto faults = scene_faults(records, SceneView::Netlink);
            QVERIFY2(faults.empty(), (request + (": " + faults)).c_str());
        }
    }

    void recordedMessagesCutAnywhereAreSafe() {
        std::size_t messages = 0;
        for (const Buffer& datagram : datagrams_) {
            for_each_message(datagram, [&](const nlmsghdr&, Bytes payload) {
                ++messages;
                for (std::size_t size = 0; size < payload.size(); ++size) {
                    const Buffer cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
                    decode_link(cut);
                    decode_link_stats(cut);
                    decode_address(cut);
                    decode_default_route(cut);
                }
            });
        }
        QVERIFY(messages > 30);
    }
};

QTEST_GUILESS_MAIN(LinkReplayTest)
#include "link_replay_test.moc"
