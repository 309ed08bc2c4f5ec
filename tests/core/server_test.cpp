// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/service_fixture.hpp"

#include <QFile>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::string_literals;

/// Each method, each error and each flag, one client at a time.
class ServerTest : public QObject {
    Q_OBJECT

    static constexpr Peer somebody{1000, 1000, {}};

    static std::string file(const char* name) {
        QFile file(QStringLiteral(SOCKLEDGER_SERVICE_DIR "/") + QLatin1String(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }

private slots:
    void theServiceTellsWhatItIs() {
        Service service;
        Client client = service.connect();
        const std::string info = service.ask(client, "org.varlink.service.GetInfo");
        QCOMPARE(text_at(info, "/parameters/interfaces"), R"(["io.sockledger","org.varlink.service"])");
        QCOMPARE(text_at(info, "/parameters/product"), "\"sockledgerd\"");
        for (const char* name : {"/parameters/vendor", "/parameters/version", "/parameters/url"})
            QVERIFY2(at(info, name).is_string(), name);
    }

    void interfacesDescribeThemselves() {
        Service service;
        Client client = service.connect();
        for (const char* name : {"io.sockledger", "org.varlink.service"}) {
            const std::string answer = service.ask(client, "org.varlink.service.GetInterfaceDescription",
                                                   "{\"interface\":\"" + std::string(name) + "\"}");
            QCOMPARE(at(answer, "/parameters/description"),
                     boost::json::value(file((std::string(name) + ".varlink").c_str())));
        }
        QCOMPARE(service.ask(client, "org.varlink.service.GetInterfaceDescription", R"({"interface":"a.b"})"),
                 R"({"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"a.b"}})");
    }

    void everyDescribedMethodIsServed() {
        Service service;
        int methods = 0;
        for (const char* name : {"io.sockledger", "org.varlink.service"}) {
            QString text = QString::fromStdString(file((std::string(name) + ".varlink").c_str()));
            for (const QString& line : text.split('\n')) {
                if (!line.startsWith("method "))
                    continue;
                ++methods;
                Client client = service.connect();
                const QString method = QLatin1String(name) + '.' + line.mid(7, line.indexOf('(') - 7);
                const std::string answer = service.ask(client, method.toStdString());
                QVERIFY2(answer.find("NotFound") == std::string::npos, answer.c_str());
            }
        }
        QCOMPARE(methods, 13);
    }

    void callsGetTheirAnswers_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char* method, const char* parameters, const char* answer) {
            QTest::newRow(method) << QByteArray("io.sockledger.") + method << QByteArray(parameters)
                                  << QByteArray(answer);
        };
        row("GetUsage", R"({"window":{"from":10,"to":20}})",
            R"({"parameters":{"window":{"from":10,"to":20},"step_s":0,"rows":[],"rx_bytes":7,"tx_bytes":8,"gaps":[]}})");
        row("ListInterfaces", "{}",
            R"({"parameters":{"interfaces":[{"name":"eth0","present":true,"monitored":true,"counted":true,"last_seen":null}]}})");
        row("SetMonitoredInterfaces", R"({"names":["eth*","wlan0"]})", R"({"parameters":{}})");
        row("ListRules", "{}", R"({"parameters":{"rules":[]}})");
        row("SetRule", R"({"rule":{"id":"a","subject":"total","measure":"day","threshold":5}})",
            R"({"parameters":{}})");
        row("RemoveRule", R"({"id":"a"})", R"({"parameters":{}})");
        row("ListAlerts", R"({"since":99})", R"({"parameters":{"alerts":[]}})");
    }
    void callsGetTheirAnswers() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, answer);
        Service service;
        Client client = service.connect();
        QCOMPARE(
            QByteArray::fromStdString(service.ask(client, method.toStdString(), parameters.toStdString())),
            answer);
    }

    void parametersReachTheBackend() {
        Service service;
        Client client = service.connect();
        service.ask(client, "io.sockledger.GetUsage",
                    R"({"window":{"from":10,"to":20},"bucket":"hour","group":"interface","app":"exe:/a"})");
        UsageQuery query;
        query.window = {std::chrono::seconds(10), std::chrono::seconds(20)};
        query.bucket.unit = UsageBucket::Unit::Hour;
        query.group = UsageGroup::Interface;
        query.app = "exe:/a";
        QVERIFY(service.backend.asked == query);
        service.ask(client, "io.sockledger.SetMonitoredInterfaces", R"({"names":["eth*","wlan0"]})");
        QVERIFY((service.backend.monitored == std::vector<std::string>{"eth*", "wlan0"}));
        service.ask(client, "io.sockledger.ListAlerts", R"({"since":99})");
        QCOMPARE(service.backend.since.count(), 99);
    }

    void statusAddsWhatTheServiceKnows() {
        Service service;
        Client one = service.connect();
        Client other = service.connect(somebody);
        const std::string mine = service.ask(one, "io.sockledger.GetStatus");
        QCOMPARE(text_at(mine, "/parameters/clients"), "2");
        QCOMPARE(text_at(mine, "/parameters/privileged"), "true");
        QCOMPARE(text_at(mine, "/parameters/version"), "\"1.2\"");
        QCOMPARE(text_at(service.ask(other, "io.sockledger.GetStatus"), "/parameters/privileged"), "false");
    }

    void mistakesAreNamed_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char* name, const char* method, const char* parameters, const char* error,
                            const char* what) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(parameters)
                                << QByteArray("{\"error\":\"") + error + "\",\"parameters\":" + what + "}";
        };
        const char* const invalid = "org.varlink.service.InvalidParameter";
        row("unknown interface", "org.example.Do", "{}", "org.varlink.service.InterfaceNotFound",
            R"({"interface":"org.example"})");
        row("no interface", "Do", "{}", "org.varlink.service.InterfaceNotFound", R"({"interface":"Do"})");
        row("unknown method", "io.sockledger.Do", "{}", "org.varlink.service.MethodNotFound",
            R"({"method":"io.sockledger.Do"})");
        row("stream without more", "io.sockledger.Subscribe", "{}", "org.varlink.service.ExpectedMore", "{}");
        row("alerts without more", "io.sockledger.SubscribeAlerts", "{}", "org.varlink.service.ExpectedMore",
            "{}");
        row("unknown parameter", "io.sockledger.GetStatus", R"({"x":1})", invalid, R"({"parameter":"x"})");
        row("parameter of info", "org.varlink.service.GetInfo", R"({"x":1})", invalid,
            R"({"parameter":"x"})");
        row("no interface name", "org.varlink.service.GetInterfaceDescription", "{}", invalid,
            R"({"parameter":"interface"})");
        row("interface name of a wrong type", "org.varlink.service.GetInterfaceDescription",
            R"({"interface":1})", invalid, R"({"parameter":"interface"})");
        row("missing parameter", "io.sockledger.GetUsage", "{}", invalid, R"({"parameter":"window"})");
        row("wrong type", "io.sockledger.GetSnapshot", R"({"sections":1})", invalid,
            R"({"parameter":"sections"})");
        row("wrong section", "io.sockledger.GetSnapshot", R"({"sections":["apps","x"]})", invalid,
            R"({"parameter":"sections"})");
        row("wrong filter", "io.sockledger.GetSnapshot", R"({"filter":{"port":"http"}})", invalid,
            R"({"parameter":"filter.port"})");
        row("no such port", "io.sockledger.GetSnapshot", R"({"filter":{"port":65536}})", invalid,
            R"({"parameter":"filter.port"})");
        row("names of a wrong type", "io.sockledger.SetMonitoredInterfaces", R"({"names":["a",1]})", invalid,
            R"({"parameter":"names[1]"})");
    }
    void mistakesAreNamed() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, answer);
        Service service;
        Client client = service.connect();
        QCOMPARE(
            QByteArray::fromStdString(service.ask(client, method.toStdString(), parameters.toStdString())),
            answer);
        // and the connection goes on
        QVERIFY(service.ask(client, "io.sockledger.GetStatus").starts_with("{\"parameters\""));
    }

    void intervalsHaveLimits() {
        Service service;
        for (const char* interval : {"999", "60001", "0", "-1"}) {
            Client client = service.connect();
            const std::string answer =
                service.ask(client, "io.sockledger.Subscribe",
                            R"({"interval_ms":)" + std::string(interval) + "}", "more");
            QCOMPARE(text_at(answer, "/parameters/parameter"), "\"interval_ms\"");
        }
    }

    void nobodyUpgrades() {
        Service service;
        Client client = service.connect();
        QCOMPARE(text_at(service.ask(client, "io.sockledger.GetStatus", "{}", "upgrade"), "/error"),
                 "\"org.varlink.service.MethodNotImplemented\"");
    }

    void backendErrorsHaveTheirNames_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("error");
        const QByteArray usage = R"({"window":{"from":1,"to":2}})";
        const QByteArray rule = R"({"rule":{"id":"r","subject":"total","measure":"day","threshold":5}})";
        QTest::newRow("bad window")
            << QByteArray("GetUsage") << usage << EINVAL
            << QByteArray("BadRequest\",\"parameters\":{\"parameter\":\"window\",\"reason\":\"why\"}");
        QTest::newRow("no history") << QByteArray("GetUsage") << usage << EIO
                                    << QByteArray("HistoryUnavailable\",\"parameters\":{\"reason\":\"why\"}");
        QTest::newRow("bad name")
            << QByteArray("SetMonitoredInterfaces") << QByteArray(R"({"names":[]})") << EINVAL
            << QByteArray("BadRequest\",\"parameters\":{\"parameter\":\"names\",\"reason\":\"why\"}");
        QTest::newRow("bad rule")
            << QByteArray("SetRule") << rule << EINVAL
            << QByteArray("BadRequest\",\"parameters\":{\"parameter\":\"rule\",\"reason\":\"why\"}");
        QTest::newRow("configured rule")
            << QByteArray("SetRule") << rule << EPERM
            << QByteArray("RuleFromConfiguration\",\"parameters\":{\"id\":\"r\"}");
        QTest::newRow("no rule") << QByteArray("RemoveRule") << QByteArray(R"({"id":"r"})") << ENOENT
                                 << QByteArray("NoSuchRule\",\"parameters\":{\"id\":\"r\"}");
        QTest::newRow("no alerts") << QByteArray("ListAlerts") << QByteArray(R"({"since":1})") << 0
                                   << QByteArray("HistoryUnavailable\",\"parameters\":{\"reason\":\"why\"}");
        QTest::newRow("no snapshot") << QByteArray("GetSnapshot") << QByteArray("{}") << ENODATA
                                     << QByteArray("EngineUnavailable\",\"parameters\":{\"reason\":\"why\"}");
    }
    void backendErrorsHaveTheirNames() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, parameters);
        QFETCH(int, code);
        QFETCH(QByteArray, error);
        Service service;
        service.backend.fails = Error{"why", code};
        Client client = service.connect();
        QCOMPARE(QByteArray::fromStdString(
                     service.ask(client, "io.sockledger." + method.toStdString(), parameters.toStdString())),
                 "{\"error\":\"io.sockledger." + error + "}");
    }

    void aSubscriptionWithoutASnapshotFails() {
        Service service;
        service.backend.fails = Error{"why", 0};
        Client client = service.connect();
        QCOMPARE(service.ask(client, "io.sockledger.Subscribe", "{}", "more"),
                 R"({"error":"io.sockledger.EngineUnavailable","parameters":{"reason":"why"}})");
        service.backend.fails.reset();
        QCOMPARE(text_at(service.ask(client, "io.sockledger.Subscribe", "{}", "more"), "/continues"), "true");
    }

    void settingsTakePrivilege() {
        Service service;
        Client client = service.connect(somebody);
        const char* const refused = "{\"error\":\"io.sockledger.NotPermitted\",\"parameters\":{\"reason\":"
                                    "\"settings are changed by root and by the daemon's group\"}}";
        QCOMPARE(service.ask(client, "io.sockledger.SetMonitoredInterfaces", R"({"names":["x"]})"), refused);
        QCOMPARE(service.ask(client, "io.sockledger.SetRule", "{}"), refused);
        QCOMPARE(service.ask(client, "io.sockledger.RemoveRule", R"({"id":"x"})"), refused);
        QVERIFY(service.backend.monitored.empty());
        Client member = service.connect({1000, 1000, {daemon_group}});
        QCOMPARE(service.ask(member, "io.sockledger.SetMonitoredInterfaces", R"({"names":["x"]})"),
                 R"({"parameters":{}})");
        QVERIFY((service.backend.monitored == std::vector<std::string>{"x"}));
    }

    void onewayCallsAreDoneAndNotAnswered() {
        Service service;
        Client client = service.connect();
        QVERIFY(client.call("io.sockledger.SetMonitoredInterfaces", R"({"names":["x"]})", "oneway"));
        QVERIFY(client.call("io.sockledger.Nonsense", "{}", "oneway"));
        QVERIFY(client.call("io.sockledger.Subscribe", "{}", "oneway"));
        QCOMPARE(text_at(service.ask(client, "io.sockledger.ListRules"), "/parameters/rules"), "[]");
        QVERIFY((service.backend.monitored == std::vector<std::string>{"x"}));
    }

    void moreDoesNoHarmWhereThereIsOneAnswer() {
        Service service;
        Client client = service.connect();
        QCOMPARE(service.ask(client, "io.sockledger.ListRules", "{}", "more"),
                 R"({"parameters":{"rules":[]}})");
        QVERIFY(service.ask(client, "io.sockledger.GetStatus").starts_with("{\"parameters\""));
    }

    void pipelinedCallsAreAnsweredInOrderHoweverLongTheyTake() {
        Service service;
        service.backend.later = true;
        Client client = service.connect();
        client.call("io.sockledger.GetUsage", R"({"window":{"from":1,"to":2}})");
        client.call("io.sockledger.ListRules");
        client.call("io.sockledger.ListAlerts", R"({"since":1})");
        client.call("io.sockledger.ListRules");
        QVERIFY(service.run_until([&] { return service.backend.waiting.size() == 1; }));
        service.settle();
        client.receive();
        QVERIFY(!client.answers.has_message()); // not even what could be answered at once
        service.backend.waiting[0]();
        QVERIFY(service.next(client).find("step_s") != std::string::npos);
        QVERIFY(service.next(client).find("rules") != std::string::npos);
        QVERIFY(service.run_until([&] { return service.backend.waiting.size() == 2; }));
        service.backend.waiting[1]();
        QVERIFY(service.next(client).find("alerts") != std::string::npos);
        QVERIFY(service.next(client).find("rules") != std::string::npos);
    }

    void anAnswerForOneWhoHasLeftIsDropped() {
        Service service;
        service.backend.later = true;
        {
            Client client = service.connect();
            client.call("io.sockledger.GetStatus");
            QVERIFY(service.run_until([&] { return service.backend.waiting.size() == 1; }));
        }
        service.backend.waiting[0]();
        QVERIFY(service.run_until([&] { return service.server.clients() == 0; }));
    }

    void callsBeforeTheEndAreAnswered() {
        Service service;
        Client client = service.connect();
        client.call("io.sockledger.ListRules");
        client.call("io.sockledger.SetMonitoredInterfaces", R"({"names":["x"]})", "oneway");
        client.call("io.sockledger.ListRules");
        QCOMPARE(shutdown(client.socket.get(), SHUT_WR), 0);
        QVERIFY(service.next(client).find("rules") != std::string::npos);
        QVERIFY(service.next(client).find("rules") != std::string::npos);
        QCOMPARE(service.next(client), "closed");
        QVERIFY((service.backend.monitored == std::vector<std::string>{"x"}));
        QCOMPARE(service.server.clients(), std::size_t{0});
    }

    void whatIsNoCallEndsTheConnection_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("garbage") << QByteArray("\x01\x02\xff\0", 4);
        QTest::newRow("http") << QByteArray("GET / HTTP/1.1\r\n\r\n\0", 19);
        QTest::newRow("empty") << QByteArray("\0", 1);
        QTest::newRow("array") << QByteArray("[]\0", 3);
        QTest::newRow("no method") << QByteArray("{}\0", 3);
        QTest::newRow("deep") << QByteArray(60'000, '[') + QByteArray("\0", 1);
        QTest::newRow("long") << QByteArray((64 << 10) + 1, ' ');
    }
    void whatIsNoCallEndsTheConnection() {
        QFETCH(QByteArray, bytes);
        Service service;
        Client client = service.connect();
        client.send({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        QCOMPARE(service.next(client), "closed");
        QCOMPARE(service.server.clients(), std::size_t{0});
    }

    void theLongestCallIsAnswered() {
        Service service;
        Client client = service.connect();
        std::string call = R"({"method":"io.sockledger.ListRules"})";
        call += std::string((64 << 10) - call.size(), ' ') + '\0';
        std::size_t sent = 0;
        QVERIFY(service.run_until([&] { return (sent += client.send(call.substr(sent))) == call.size(); }));
        QCOMPARE(service.next(client), R"({"parameters":{"rules":[]}})");
    }
};

QTEST_GUILESS_MAIN(ServerTest)
#include "server_test.moc"
