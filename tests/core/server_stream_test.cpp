// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service_fixture.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::string_literals;

/// Snapshots and alerts, as different clients see them one after the other.
class ServerStreamTest : public QObject {
    Q_OBJECT

    static constexpr Peer alice{1000, 1000, {}}; // who has every process of the sample
    static constexpr Peer bob{1001, 1001, {}};

    static std::string sequence(const std::string& answer) {
        return text_at(answer, "/parameters/snapshot/sequence");
    }
    static std::string subscribe(Service& service, Client& client, std::string_view parameters = "{}") {
        return service.ask(client, "io.sockledger.Subscribe", parameters, "more");
    }

private slots:
    void sectionsAndFiltersChooseRows() {
        Service service;
        Client client = service.connect();
        const std::string all = service.ask(client, "io.sockledger.GetSnapshot");
        for (const char* list : {"interfaces", "apps", "processes", "connections"})
            QVERIFY2(size_at(all, "/parameters/snapshot/"s + list) > 0, list);
        const std::string apps = service.ask(client, "io.sockledger.GetSnapshot",
                                             R"({"sections":["apps"],"filter":{"app":"curl"}})");
        QCOMPARE(size_at(apps, "/parameters/snapshot/apps"), std::size_t{1});
        QCOMPARE(text_at(apps, "/parameters/snapshot/apps/0/name"), "\"curl\"");
        QVERIFY(at(apps, "/parameters/snapshot/processes").is_null());
        QCOMPARE(text_at(apps, "/parameters/snapshot/schema"), "\"io.sockledger.snapshot\"");
    }

    void theSocketTableIsReadForThoseWhoNeedIt() {
        Service service;
        Client client = service.connect();
        service.ask(client, "io.sockledger.GetSnapshot", R"({"sections":["interfaces"]})");
        QCOMPARE(service.backend.with_sockets, 0);
        service.ask(client, "io.sockledger.GetSnapshot", R"({"sections":["connections"]})");
        QCOMPARE(service.backend.with_sockets, 1);
    }

    void everyoneSeesAppsAndTotalsAndHisOwnProcessesAndConnections() {
        Service service;
        const auto rows = [&](const Peer& peer, const char* list) {
            Client client = service.connect(peer);
            const std::string answer =
                service.ask(client, "io.sockledger.GetSnapshot", R"({"filter":{"all":true}})");
            return size_at(answer, "/parameters/snapshot/"s + list);
        };
        const Peer member{1001, 1001, {daemon_group}};
        for (const char* list : {"interfaces", "apps"}) {
            QCOMPARE(rows(bob, list), rows(root, list));
            QCOMPARE(rows(alice, list), rows(root, list));
        }
        for (const char* list : {"processes", "connections"}) {
            QCOMPARE(rows(root, list), std::size_t{5});
            QCOMPARE(rows(member, list), std::size_t{5});
            QCOMPARE(rows(alice, list), std::size_t{5});
            QCOMPARE(rows(bob, list), std::size_t{0});
        }
    }

    void nothingOfOthersIsToldByAFilter() {
        Service service;
        const auto apps = [&](const Peer& peer, std::string_view filter) {
            Client client = service.connect(peer);
            return size_at(service.ask(client, "io.sockledger.GetSnapshot", filter),
                           "/parameters/snapshot/apps");
        };
        for (const char* filter : {R"({"filter":{"port":443}})", R"({"filter":{"pid":2001}})",
                                   R"({"filter":{"state":"listen"}})"}) {
            QVERIFY(apps(alice, filter) > 0);
            QCOMPARE(apps(bob, filter), std::size_t{0});
        }
    }

    void aStreamHidesWhatACallHides() {
        Service service;
        Client client = service.connect(bob);
        const std::string first = subscribe(service, client);
        QCOMPARE(size_at(first, "/parameters/snapshot/processes"), std::size_t{0});
        QVERIFY(size_at(first, "/parameters/snapshot/apps") > 0);
        service.backend.advance();
        QCOMPARE(size_at(service.next(client), "/parameters/snapshot/connections"), std::size_t{0});
    }

    void ratesAreThoseBetweenTheCallsOfAConnection() {
        Service service;
        Client client = service.connect();
        const auto ask = [&] {
            return service.ask(client, "io.sockledger.GetSnapshot", R"({"sections":["interfaces"]})");
        };
        const std::string first = ask();
        QCOMPARE(text_at(first, "/parameters/snapshot/interval_s"), "3"); // the engine's own
        for (int second = 0; second < 4; ++second)
            service.backend.advance();
        const std::string then = ask();
        QCOMPARE(text_at(then, "/parameters/snapshot/interval_s"), "4");
        QCOMPARE(text_at(then, "/parameters/snapshot/total/rx_rate"), "1000");
        QCOMPARE(ask(), then); // there is nothing new, so nothing changes
    }

    void aSnapshotThatWasDroppedMeansTheRatesOfTheEngine() {
        Service service;
        std::vector<Client> clients;
        for (int i = 0; i < 40; ++i) {
            clients.push_back(service.connect());
            service.ask(clients.back(), "io.sockledger.GetSnapshot");
            service.backend.advance();
        }
        const auto interval = [&](Client& client) {
            return text_at(service.ask(client, "io.sockledger.GetSnapshot"),
                           "/parameters/snapshot/interval_s");
        };
        QCOMPARE(interval(clients[0]), "1");  // 40 s ago, and many were kept since
        QCOMPARE(interval(clients[35]), "5"); // still there
    }

    void aStreamBeginsAtOnceAndGoesOnWithWhatIsNew() {
        Service service;
        Client client = service.connect();
        const std::string first = subscribe(service, client);
        QCOMPARE(text_at(first, "/continues"), "true");
        QCOMPARE(sequence(first), "2");
        service.backend.advance();
        service.backend.advance();
        const std::string then = service.next(client);
        QCOMPARE(text_at(then, "/continues"), "true");
        QCOMPARE(sequence(then), "4");
        QCOMPARE(text_at(then, "/parameters/snapshot/interval_s"), "2");
        QCOMPARE(text_at(then, "/parameters/snapshot/total/rx_rate"), "1000");
    }

    void aCallBehindAStreamIsNotAnswered() {
        Service service;
        Client client = service.connect();
        subscribe(service, client);
        client.call("io.sockledger.ListRules");
        service.backend.advance();
        QCOMPARE(sequence(service.next(client)), "3");
    }

    void thoseWhoWantTheSameShareOneSample() {
        Service service;
        std::vector<Client> clients;
        for (int i = 0; i < 50; ++i) {
            clients.push_back(service.connect());
            QCOMPARE(sequence(subscribe(service, clients.back())), "2");
        }
        const int before = service.backend.snapshots;
        service.backend.advance();
        std::string text;
        for (Client& client : clients) {
            const std::string next = service.next(client);
            QVERIFY(text.empty() || next == text);
            text = next;
        }
        QCOMPARE(sequence(text), "3");
        QVERIFY(service.backend.snapshots <= before + 2); // a tick may have come before there was news
    }

    void aFailingEngineSkipsTurnsAndTheStreamGoesOn() {
        Service service;
        Client client = service.connect();
        subscribe(service, client);
        service.backend.fails = Error{"no", 0};
        const int before = service.backend.snapshots;
        QVERIFY(service.run_until([&] { return service.backend.snapshots > before; }));
        service.backend.fails.reset();
        service.backend.advance();
        QCOMPARE(sequence(service.next(client)), "3");
    }

    void aSubscriberWhoLeavesIsForgotten() {
        Service service;
        {
            Client client = service.connect();
            subscribe(service, client);
            Client alerts = service.connect();
            QVERIFY(alerts.call("io.sockledger.SubscribeAlerts", "{}", "more"));
            service.settle();
            QCOMPARE(service.server.clients(), std::size_t{2});
        }
        // At once: nothing is written to find out.
        QVERIFY(service.run_until([&] { return service.server.clients() == 0; }));
        // Two ticks later, as somebody sees who does not need the socket table.
        const int before = service.backend.with_sockets;
        Client witness = service.connect();
        subscribe(service, witness, R"({"sections":["interfaces"]})");
        for (const char* expected : {"3", "4"}) {
            service.backend.advance();
            QCOMPARE(sequence(service.next(witness)), expected);
        }
        QCOMPARE(service.backend.with_sockets, before);
    }

    void alertsStreamTheActiveOnesFirst() {
        Service service;
        Alert alert;
        alert.number = 5;
        alert.rule = "much";
        service.backend.alert_list = {alert};
        Client client = service.connect(bob);
        const std::string active = service.ask(client, "io.sockledger.SubscribeAlerts", "{}", "more");
        QCOMPARE(text_at(active, "/continues"), "true");
        QCOMPARE(text_at(active, "/parameters/alert/number"), "5");
        alert.number = 6;
        service.server.publish(alert);
        QCOMPARE(text_at(service.next(client), "/parameters/alert/number"), "6");
        alert.active = false;
        alert.cleared = std::chrono::seconds(77);
        service.server.publish(alert);
        QCOMPARE(text_at(service.next(client), "/parameters/alert/cleared"), "77");
    }

    void whoDoesNotTakeHisAlertsIsBrokenOffNotSilentlyShortened() {
        Service service;
        Client reads = service.connect();
        Client sleeps = service.connect();
        QVERIFY(reads.call("io.sockledger.SubscribeAlerts", "{}", "more"));
        QVERIFY(sleeps.call("io.sockledger.SubscribeAlerts", "{}", "more"));
        service.settle();
        Alert alert;
        alert.text = std::string(100'000, 'x');
        for (alert.number = 1; alert.number <= 100; ++alert.number) {
            service.server.publish(alert);
            QCOMPARE(text_at(service.next(reads), "/parameters/alert/number"), std::to_string(alert.number));
        }
        QCOMPARE(service.server.clients(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(ServerStreamTest)
#include "server_stream_test.moc"
