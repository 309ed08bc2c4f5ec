// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/served.hpp"

#include <sockledger/daemon.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <poll.h>
#include <signal.h>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::string_literals;

class DaemonClientTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();

    std::unique_ptr<DaemonClient> connected() const {
        auto client = DaemonClient::connect(path_);
        return client ? std::move(*client) : nullptr;
    }

private slots:
    void everyCallHasItsAnswer() {
        Served served(path_);
        const auto client = connected();
        QVERIFY(client);

        const auto status = client->status();
        QVERIFY(status.has_value());
        QCOMPARE(status->version, "1.2");
        QCOMPARE(status->clients, 1U);
        QCOMPARE(status->privileged, true);

        UsageQuery query;
        query.window = {std::chrono::seconds(100), std::chrono::seconds(200)};
        query.group = UsageGroup::AppInterface;
        const auto usage = client->usage(query);
        QVERIFY(usage.has_value());
        QCOMPARE(usage->rx_bytes, 7);
        served.run([&](Service& service) { QVERIFY(service.backend.asked == query); });

        const auto interfaces = client->interfaces();
        QVERIFY(interfaces.has_value());
        QCOMPARE(interfaces->at(0).name, "eth0");
        QVERIFY(client->alerts(std::chrono::seconds(7)).has_value());
        served.run([&](Service& service) { QCOMPARE(service.backend.since.count(), 7); });
    }

    void settingsAreMadeByThePrivileged() {
        Served served(path_);
        const auto client = connected();
        Rule rule;
        rule.id = "much";
        rule.text = "a \"lot\" of it\n";
        rule.threshold = 1'000'000'000'000;
        rule.measure = Rule::Measure::Month;
        QVERIFY(client->set_rule(rule).has_value());
        const auto rules = client->rules();
        QVERIFY(rules.has_value());
        QVERIFY(*rules == std::vector<Rule>{rule});
        QVERIFY(client->remove_rule("much").has_value());
        QVERIFY(client->rules()->empty());
        QVERIFY(client->set_monitored_interfaces({"eth*"}).has_value());
        served.run([](Service& service) { QCOMPARE(service.backend.monitored.at(0), "eth*"); });
    }

    void refusalsAreSentences() {
        Served served(path_);
        const auto client = connected();
        served.run([](Service& service) { service.backend.fails = Error{"the disk is full", EIO}; });
        QCOMPARE(client->usage({}).error().message, "the disk is full");
        served.run([](Service& service) {
            service.backend.fails = Error{"it ends before it begins", EINVAL};
        });
        QCOMPARE(client->usage({}).error().message, "window: it ends before it begins");
        served.run([](Service& service) { service.backend.fails.reset(); });
        QVERIFY(client->usage({}).has_value()); // on the same connection
        served.run([](Service& service) { service.backend.fails = Error{"", ENOENT}; });
        QCOMPARE(client->remove_rule("x").error().message, "there is no rule x");
        served.run([](Service& service) { service.backend.fails = Error{"", EPERM}; });
        QCOMPARE(client->remove_rule("x").error().message,
                 "rule x stands in the configuration file of sockledgerd, and is changed there");
    }

    void nobodyThereIsAnErrno() {
        QCOMPARE(DaemonClient::connect(dir_.filePath("nobody").toStdString()).error().code, ENOENT);
    }

    void aRestartCostsOneCall() {
        auto served = std::make_unique<Served>(path_);
        const auto client = connected();
        QVERIFY(client->status().has_value());
        served.reset();
        QVERIFY(!client->status()); // it is noticed
        QCOMPARE(client->status().error().code, ENOENT);
        served = std::make_unique<Served>(path_);
        QVERIFY(client->status().has_value());
    }

    void garbageIsNamedAndTheConnectionMadeAnew_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("no JSON") << QByteArray("hello\0", 6) << QByteArray("no answer of varlink");
        QTest::newRow("an array") << QByteArray("[]\0", 3) << QByteArray("not a JSON object");
        QTest::newRow("half of it") << QByteArray("{\"parameters\":") << QByteArray("closed the connection");
        QTest::newRow("nothing") << QByteArray() << QByteArray("closed the connection");
        QTest::newRow("another thing")
            << QByteArray("{\"parameters\":{\"version\":3}}\0", 29) << QByteArray("version: ");
        QTest::newRow("an empty one") << QByteArray("{}\0", 3) << QByteArray("is missing");
        QTest::newRow("an error of its own")
            << QByteArray("{\"error\":\"org.example.Odd\",\"parameters\":{\"x\":1}}\0", 49)
            << QByteArray("org.example.Odd {\"x\":1}");
    }
    void garbageIsNamedAndTheConnectionMadeAnew() {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, says);
        const auto client = [&] {
            const Impostor impostor(path_, answer.toStdString(), says == "closed the connection");
            auto made = connected();
            for (int call = 0; call < 3; ++call) {
                const auto status = made->status();
                if (status || status.error().message.find(says.toStdString()) == std::string::npos)
                    QTest::qFail(status ? "answered" : status.error().message.c_str(), __FILE__, __LINE__);
                if (status.error().message.find('\n') != std::string::npos)
                    QTest::qFail("more than a line", __FILE__, __LINE__);
            }
            return made;
        }();
        Served served(path_);
        // The first call may be the one that notices the impostor's end.
        QVERIFY(client->status().has_value() || client->status().has_value());
    }

    void alertsStreamOnAConnectionOfTheirOwn() {
        Served served(path_);
        Alert alert;
        alert.number = 5;
        alert.rule = "much";
        alert.name = "eth0";
        served.run([&](Service& service) { service.backend.alert_list = {alert}; });
        const auto client = connected();
        QCOMPARE(client->alerts_fd(), -1);
        QVERIFY(client->subscribe_alerts().has_value());
        const auto next = [&] {
            pollfd ready{client->alerts_fd(), POLLIN, 0};
            poll(&ready, 1, 10'000);
            return client->next_alert();
        };
        const auto active = next();
        QVERIFY(active.has_value());
        QVERIFY(*active == alert);
        QCOMPARE(*client->next_alert(), std::nullopt);
        QVERIFY(client->status().has_value()); // calls go on beside it
        alert.active = false;
        alert.cleared = std::chrono::seconds(9);
        served.run([&](Service& service) { service.server.publish(alert); });
        QVERIFY(**next() == alert);
    }

    void theEndOfTheAlertStreamIsAnError() {
        auto served = std::make_unique<Served>(path_);
        const auto client = connected();
        QVERIFY(client->subscribe_alerts().has_value());
        served.reset();
        QVERIFY(!client->next_alert());
        QCOMPARE(client->next_alert().error().code, ENOTCONN);
    }

    void signalsDoNotDisturb() {
        Served served(path_);
        const auto client = connected();
        struct sigaction action {};
        action.sa_handler = [](int) {}; // and no SA_RESTART
        sigaction(SIGUSR1, &action, nullptr);
        served.run([](Service& service) { service.backend.later = true; });
        const pthread_t waits = pthread_self();
        std::thread disturbs([&] {
            bool asked = false;
            while (!asked) {
                pthread_kill(waits, SIGUSR1);
                served.run([&](Service& service) {
                    asked = !service.backend.waiting.empty();
                    if (asked)
                        service.backend.waiting.front()();
                });
            }
        });
        const auto status = client->status();
        disturbs.join();
        QVERIFY(status.has_value());
    }
};

QTEST_GUILESS_MAIN(DaemonClientTest)
#include "daemon_client_test.moc"
