// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/files.hpp"
#include "samplers/links.hpp"
#include "samplers/links_source.hpp"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <new>

using namespace sockledger;

namespace {

struct FakeReader : LinkReader {
    std::vector<LinkInfo> links;
    LinkReport report{.detail = "fake", .deleted = {}};
    std::optional<Error> error;
    bool out_of_memory = false;
    int fd = -1;

    Result<LinkReport> read(std::vector<LinkInfo>& result) override {
        if (out_of_memory) {
            throw std::bad_alloc();
        }
        if (error) {
            return *error;
        }
        result = links;
        return report;
    }
    int wake_fd() const override { return fd; }
};

LinkInfo link(std::uint32_t ifindex, const std::string& kind) {
    LinkInfo info;
    info.record.ifindex = ifindex;
    info.record.name = "if" + std::to_string(ifindex);
    info.record.kind = kind;
    return info;
}

} // namespace

class LinksSourceTest : public QObject {
    Q_OBJECT

    FakeReader* first_ = nullptr;  // owned by source_
    FakeReader* second_ = nullptr; // owned by source_
    std::unique_ptr<LinksSource> source_;
    Readings readings_;

    std::unique_ptr<LinkReader> make(FakeReader*& reader) {
        auto made = std::make_unique<FakeReader>();
        reader = made.get();
        return made;
    }

private slots:
    void init() {
        std::vector<LinksSource::Reader> readers;
        readers.emplace_back(make(first_));
        readers.emplace_back(make(second_));
        source_ = std::make_unique<LinksSource>(std::move(readers), 4026531840u);
        first_->links = {link(1, ""), link(2, "veth")};
        second_->links = {link(1, ""), link(2, "virtual")};
        readings_ = {};
    }

    void linksNamespaceAndStatusAreFilledIn() {
        first_->report.lost = 2;
        source_->read(readings_);
        const auto status = source_->read(readings_);
        QCOMPARE(status.name, std::string("links"));
        QCOMPARE(status.accuracy, Accuracy::Exact);
        QCOMPARE(status.detail, std::string("fake"));
        QCOMPARE(status.lost_events, std::uint64_t{4});
        QCOMPARE(readings_.links.netns, 4026531840u);
        QCOMPARE(readings_.links.links.size(), std::size_t{2});
        QCOMPARE(readings_.links.links[1].name, std::string("if2"));
        QVERIFY(readings_.links.links[1].born != 0);
    }

    void linksThatAreGoneLeaveTheReading() {
        source_->read(readings_);
        first_->links.erase(first_->links.begin());
        source_->read(readings_);
        QCOMPARE(readings_.links.links.size(), std::size_t{1});
        QCOMPARE(readings_.links.links[0].ifindex, 2u);
    }

    void theNextReaderStandsInAndSaysWhy() {
        source_->read(readings_);
        const auto born = readings_.links.links.at(1).born;
        first_->error = Error{"netlink: socket: Operation not permitted", EPERM};
        second_->report.detail = "by hand";
        const auto status = source_->read(readings_);
        QCOMPARE(status.accuracy, Accuracy::Exact);
        QCOMPARE(status.detail, std::string("by hand (netlink: socket: Operation not permitted)"));
        QCOMPARE(readings_.links.links.at(1).kind, std::string("virtual"));
        QCOMPARE(readings_.links.links.at(1).born, born);
        first_->error.reset();
        QCOMPARE(source_->read(readings_).detail, std::string("fake"));
        QCOMPARE(readings_.links.links.at(1).born, born);
    }

    void whenNothingWorksThereIsAnEmptyListWithEveryReason() {
        source_->read(readings_);
        first_->error = Error{"first reason", EPERM};
        second_->error = Error{"second reason", ENOENT};
        const auto status = source_->read(readings_);
        QCOMPARE(status.accuracy, Accuracy::Unavailable);
        QCOMPARE(status.detail, std::string("no interface can be read: first reason; second reason"));
        QVERIFY(readings_.links.links.empty());
    }

    void readersThatCouldNotBeOpenedGiveTheReason() {
        std::vector<LinksSource::Reader> readers;
        readers.emplace_back(Error{"denied", EPERM});
        LinksSource source(std::move(readers), 1);
        QCOMPARE(source.read(readings_).detail, std::string("no interface can be read: denied"));
        QCOMPARE(source.wake_fd(), -1);
    }

    void nothingIsThrown() {
        first_->out_of_memory = true;
        const auto status = source_->read(readings_);
        QCOMPARE(status.accuracy, Accuracy::Unavailable);
        QVERIFY(!status.detail.empty());
    }

    void forwardingIsToldAsItIsNow() {
        const QTemporaryDir settings;
        const auto write = [&](const char* name, const char* value) {
            QDir(settings.path()).mkpath(QFileInfo(name).path());
            QFile file(settings.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(value);
        };
        write("ipv4/ip_forward", "0\n");
        write("ipv6/conf/all/forwarding", "0\n");
        const auto directory = open_directory(AT_FDCWD, settings.path().toStdString().c_str());
        QVERIFY(directory);
        std::vector<LinksSource::Reader> readers;
        readers.emplace_back(make(first_));
        LinksSource source(std::move(readers), 1, std::unique_ptr<NetnsReader>(),
                           Forwarding(directory->get()));
        source.read(readings_);
        QVERIFY(!readings_.links.forwarding);
        write("ipv6/conf/all/forwarding", "1\n");
        source.read(readings_);
        QVERIFY(readings_.links.forwarding);
        write("ipv6/conf/all/forwarding", "0\n");
        write("ipv4/ip_forward", "1\n");
        source.read(readings_);
        QVERIFY(readings_.links.forwarding);
    }

    void whyOtherNamespacesAreNotReadIsTold() {
        std::vector<LinksSource::Reader> readers;
        readers.emplace_back(make(first_));
        LinksSource source(std::move(readers), 1, Error{"too old", EINVAL});
        QCOMPARE(source.read(readings_).detail,
                 std::string("fake; no links of other network namespaces: too old"));
        source.complete(readings_);
        QVERIFY(readings_.links.others.empty());
    }

    void theReaderThatCanTellWakes() {
        QCOMPARE(source_->wake_fd(), -1);
        second_->fd = 17;
        QCOMPARE(source_->wake_fd(), 17);
    }

    void kindsOfInterfaces_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("interface_kind");
        QTest::addColumn<unsigned>("rx_header");
        QTest::addColumn<unsigned>("tx_header");
        QTest::newRow("hardware") << "" << 1 << "physical" << 14u << 14u;
        QTest::newRow("loopback") << "" << 772 << "loopback" << 0u << 0u;
        QTest::newRow("veth") << "veth" << 1 << "veth" << 14u << 14u;
        QTest::newRow("bridge") << "bridge" << 1 << "bridge" << 0u << 14u;
        QTest::newRow("bond") << "bond" << 1 << "bond" << 14u << 14u;
        QTest::newRow("vlan") << "vlan" << 1 << "vlan" << 0u << 14u;
        QTest::newRow("macvlan") << "macvlan" << 1 << "macvlan" << 14u << 14u;
        QTest::newRow("macvtap") << "macvtap" << 1 << "macvlan" << 14u << 14u;
        QTest::newRow("ipvlan") << "ipvlan" << 1 << "macvlan" << 14u << 14u;
        QTest::newRow("wireguard") << "wireguard" << 65534 << "wireguard" << 0u << 0u;
        QTest::newRow("tun") << "tun" << 65534 << "tun" << 0u << 0u;
        QTest::newRow("tap") << "tun" << 1 << "tun" << 14u << 14u;
        QTest::newRow("ipip") << "ipip" << 768 << "tunnel" << 0u << 0u;
        QTest::newRow("vxlan") << "vxlan" << 1 << "tunnel" << 0u << 0u;
        QTest::newRow("gretap") << "gretap" << 1 << "tunnel" << 14u << 0u;
        QTest::newRow("ip6tnl") << "ip6tnl" << 769 << "tunnel" << 0u << 0u;
        QTest::newRow("dummy") << "dummy" << 1 << "dummy" << 14u << 14u;
        QTest::newRow("ppp") << "ppp" << 512 << "other" << 0u << 0u;
        QTest::newRow("a kind of the future") << "quantum" << 1 << "other" << 14u << 14u;
        QTest::newRow("hardware that is no Ethernet") << "" << 280 << "other" << 0u << 0u;
    }

    void kindsOfInterfaces() {
        QFETCH(QString, kind);
        QFETCH(int, type);
        QFETCH(QString, interface_kind);
        QFETCH(unsigned, rx_header);
        QFETCH(unsigned, tx_header);
        LinkRecord record;
        record.kind = kind.toStdString();
        record.type = static_cast<std::uint16_t>(type);
        QCOMPARE(std::string(to_string(sockledger::interface_kind(record))), interface_kind.toStdString());
        QVERIFY(link_headers(record) == (LinkHeaders{rx_header, tx_header}));
        QCOMPARE(link_header_bytes(record), tx_header);
    }
};

QTEST_GUILESS_MAIN(LinksSourceTest)
#include "links_source_test.moc"
