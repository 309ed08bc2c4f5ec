// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/dns_server.hpp"
#include "engine/address_text.hpp"

#include <sockledger/names.hpp>

#include <QElapsedTimer>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

Endpoint at(const std::string& address) {
    return parse_address(address).value();
}

/// Names asked of a server of the test.
struct Scene {
    explicit Scene(std::chrono::milliseconds timeout = 1h, std::size_t at_a_time = 16) {
        HostNamesOptions options;
        options.servers = {server.address()};
        options.timeout = timeout;
        options.tries = 1;
        options.at_a_time = at_a_time;
        auto opened = HostNames::open(options);
        if (!opened)
            throw std::runtime_error(opened.error().message);
        names = std::move(*opened);
    }
    bool hears_of_it() {
        const bool woken = wait_readable(names->wake_fd());
        names->process();
        return woken;
    }

    DnsServer server;
    std::unique_ptr<HostNames> names;
};

} // namespace

class HostNamesTest : public QObject {
    Q_OBJECT

private slots:
    void aNameIsAskedForOnceAndThenKnown() {
        Scene scene;
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
        QCOMPARE(scene.names->in_flight(), 1u);
        const DnsServer::Question question = scene.server.question();
        QCOMPARE(question.name, "1.2.0.192.in-addr.arpa");
        scene.server.answer(question, "www.example.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "www.example.org");
        QCOMPARE(scene.names->in_flight(), 0u);
        QVERIFY(!scene.server.is_asked());
    }

    void thePortIsNotPartOfTheAddress() {
        Scene scene;
        Endpoint endpoint = at("2001:db8::ff");
        endpoint.port = 443;
        scene.names->name(endpoint);
        const DnsServer::Question question = scene.server.question();
        QCOMPARE(question.name, "f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
        scene.server.answer(question, "six.example.org");
        QVERIFY(scene.hears_of_it());
        endpoint.port = 80;
        QCOMPARE(scene.names->name(endpoint), "six.example.org");
    }

    void whatHasNoNameIsNotAskedAgain() {
        Scene scene;
        scene.names->name(at("192.0.2.1"));
        const DnsServer::Question question = scene.server.question();
        constexpr std::uint8_t nxdomain = 3;
        scene.server.send(question, DnsMessage(question.id, nxdomain, 0).question(question.name).bytes());
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->in_flight(), 0u);
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
        QVERIFY(!scene.server.is_asked());
    }

    void aSilentServerDelaysNothing() {
        Scene scene(1h);
        QElapsedTimer timer;
        timer.start();
        for (int i = 1; i <= 200; ++i) {
            QCOMPARE(scene.names->name(at("192.0.2." + std::to_string(i))), "");
            scene.names->process();
        }
        QVERIFY(timer.elapsed() < 10'000); // of the hour that it may take to answer
        QVERIFY(!wait_readable(scene.names->wake_fd(), 0));
    }

    void silenceIsGivenUpAndNotAskedAgain() {
        Scene scene(20ms);
        scene.names->name(at("192.0.2.1"));
        scene.server.question();
        while (scene.names->in_flight() > 0)
            QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
        QVERIFY(!scene.server.is_asked());
        QVERIFY(!wait_readable(scene.names->wake_fd(), 0));
    }

    void noMoreThanSoManyAreInFlight() {
        Scene scene(1h, 3);
        for (int i = 1; i <= 10; ++i)
            scene.names->name(at("192.0.2." + std::to_string(i)));
        QCOMPARE(scene.names->in_flight(), 3u);
        scene.server.answer(scene.server.question(), "one.example.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->in_flight(), 2u);
        scene.names->name(at("192.0.2.9")); // asked now that there is room
        QCOMPARE(scene.names->in_flight(), 3u);
    }

    void anAnswerToAnotherQuestionIsNotTaken() {
        Scene scene;
        scene.names->name(at("192.0.2.1"));
        const DnsServer::Question question = scene.server.question();
        DnsServer::Question spoofed = question;
        ++spoofed.id;
        scene.server.answer(spoofed, "evil.example.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
        spoofed = question;
        spoofed.name = "9.2.0.192.in-addr.arpa";
        scene.server.answer(spoofed, "evil.example.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->in_flight(), 1u);
        scene.server.answer(question, "good.example.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "good.example.org");
    }

    void garbageGivesNoName_data() {
        QTest::addColumn<QByteArray>("tail");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("a name that points to itself")
            << QByteArray("\xc0\x28\0\x0c\0\1\0\0\0\0\0\2\xc0\x28", 14);
        QTest::newRow("longer than it is") << QByteArray("\0\0\x0c\0\1\0\0\0\0\xff\xff\3abc", 15);
        QTest::newRow("noise") << QByteArray(200, '\xff');
    }
    void garbageGivesNoName() {
        QFETCH(QByteArray, tail);
        Scene scene(20ms);
        scene.names->name(at("192.0.2.1"));
        const DnsServer::Question question = scene.server.question();
        scene.server.send(question,
                          DnsMessage(question.id, 0, 1).question(question.name).bytes() + tail.toStdString());
        while (scene.names->in_flight() > 0)
            QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
    }

    void aNameThatNoHostHasIsNotShown() {
        Scene scene;
        scene.names->name(at("192.0.2.1"));
        scene.server.answer(scene.server.question(), "\x1b[2Jevil.org");
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "");
    }

    void aNameBehindAnAliasIsFound() {
        Scene scene;
        scene.names->name(at("192.0.2.1"));
        const DnsServer::Question question = scene.server.question();
        const std::string other = "1.0-25.2.0.192.in-addr.arpa";
        scene.server.send(question, DnsMessage(question.id, 0, 2)
                                        .question(question.name)
                                        .cname(question.name, other)
                                        .ptr(other, "part.example.org")
                                        .bytes());
        QVERIFY(scene.hears_of_it());
        QCOMPARE(scene.names->name(at("192.0.2.1")), "part.example.org");
    }

    void whatIsNotOutThereIsNeverAskedFor() {
        Scene scene;
        for (const char* address : {"127.0.0.1", "::1", "0.0.0.0", "::", "224.0.0.251", "ff02::fb",
                                    "255.255.255.255", "169.254.1.1", "fe80::1"})
            QCOMPARE(scene.names->name(at(address)), "");
        QCOMPARE(scene.names->in_flight(), 0u);
        QVERIFY(!scene.server.is_asked());
    }

    void aServerThatIsNoAddressIsAnError() {
        HostNamesOptions options;
        options.servers = {"not an address"};
        QVERIFY(!HostNames::open(options));
    }
};

QTEST_GUILESS_MAIN(HostNamesTest)
#include "host_names_test.moc"
