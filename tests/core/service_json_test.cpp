// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/service_json.hpp"

#include <QTest>
#include <boost/json/parse.hpp>

using namespace sockledger;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

template<typename T>
std::string text_of(const T& value) {
    std::string text;
    append_parameters(text, value);
    return text;
}

template<typename T>
json::object document(const T& value) {
    return json::parse(text_of(value)).as_object();
}

// As a call by a client and as a reply by the daemon.
template<typename T>
void comes_back(const T& value) {
    const auto request = read_request<T>(document(value));
    const auto* const bad = std::get_if<BadParameter>(&request);
    QVERIFY2(!bad, bad ? (bad->name + ": " + bad->reason).c_str() : "");
    QVERIFY(std::get<T>(request) == value);
    const auto reply = read_reply<T>(document(value));
    QVERIFY2(bool(reply), reply ? "" : reply.error().message.c_str());
    QVERIFY(*reply == value);
}

template<typename T>
T request(const char* text) {
    const auto read = read_request<T>(json::parse(text).as_object());
    if (const auto* const bad = std::get_if<BadParameter>(&read))
        qFatal("%s: %s", bad->name.c_str(), bad->reason.c_str());
    return std::get<T>(read);
}

template<typename T>
QString problem(const char* text) {
    const auto read = read_request<T>(json::parse(text).as_object());
    const auto* const bad = std::get_if<BadParameter>(&read);
    return bad ? QString::fromStdString(bad->name + ": " + bad->reason) : QString();
}

Rule rule() {
    return {"night \"1\"",
            "too much",
            Rule::Subject::App,
            "exe:/usr/bin/curl",
            Rule::Direction::Tx,
            Rule::Measure::Cycle,
            5'000'000'000,
            20,
            17,
            false,
            true};
}

Alert alert() {
    return {7,        "night", "too much",     Rule::Subject::Interface, "eth0",
            "eth0",   false,   1'767'323'045s, 1'767'323'100s,           6'000'000,
            5'000'000};
}

Selection filter() {
    Selection made;
    made.app = "fire";
    made.pid = 12;
    made.port = 443;
    made.state = SocketState::SynSent;
    made.interface = "eth0";
    made.text = "日本";
    made.all = true;
    return made;
}

} // namespace

class ServiceJsonTest : public QObject {
    Q_OBJECT

private slots:
    void everythingComesBack() {
        const TimeWindow window{1'767'300'000s, 1'767'400'000s};
        comes_back(NoParameters{});
        comes_back(GetSnapshotParameters{});
        comes_back(GetSnapshotParameters{{true, false, true, false}, filter()});
        comes_back(SubscribeParameters{{false, true, false, true}, filter(), 5000ms});
        comes_back(UsageQuery{});
        comes_back(UsageQuery{
            window, {UsageBucket::Unit::Seconds, 300s}, UsageGroup::AppInterface, "kernel", "eth0"});
        Usage usage;
        usage.window = window;
        usage.step = 60s;
        usage.rows = {{window, "kernel", "Kernel", "icon", "eth0", -5, INT64_MAX, Accuracy::Estimated}, {}};
        usage.rx_bytes = INT64_MIN;
        usage.tx_bytes = 3;
        usage.gaps = {{window, "eth0", 1, 2}};
        comes_back(usage);
        comes_back(MonitoredNames{{"eth*", "wg0"}});
        comes_back(RuleParameter{rule()});
        comes_back(RuleId{"night"});
        comes_back(AlertsSince{1'767'323'045s});
        comes_back(
            InterfaceList{{{"eth0", true, false, true, 1'767'323'045s}, {"old", false, true, false, {}}}});
        comes_back(RuleList{{rule(), {}}});
        comes_back(AlertList{{alert(), {}}});
        comes_back(AlertParameter{alert()});
        DaemonStatus status{"0.1", 12, 1'767'323'045s, 3, true, {}, {}};
        comes_back(status);
        status.history = {true, "in /var/lib", "/var/lib/sockledger/history", UINT64_MAX, 5, 1'767'323'045s};
        status.sources = {{"links", Accuracy::Partial, 1, 2, 3us, "works"}};
        comes_back(status);
    }

    void itLooksAsTheInterfaceSays() {
        QCOMPARE(text_of(AlertParameter{alert()}),
                 std::string(R"({"alert":{"number":7,"rule":"night","text":"too much","kind":"interface",)"
                             R"("subject":"eth0","name":"eth0","active":false,"raised":1767323045,)"
                             R"("cleared":1767323100,"value":6000000,"threshold":5000000}})"));
        QCOMPARE(text_of(SubscribeParameters{{false, true, false, true}, {}, 1s}),
                 std::string(R"({"sections":["apps","connections"],"filter":{"app":null,"pid":null,)"
                             R"("port":null,"state":null,"interface":null,"text":null,"all":false},)"
                             R"("interval_ms":1000})"));
        QCOMPARE(text_of(UsageQuery{{1s, 2s}, {UsageBucket::Unit::Day, 60s}, UsageGroup::App, {}, {}}),
                 std::string(R"({"window":{"from":1,"to":2},"bucket":"day","bucket_s":60,"group":"app",)"
                             R"("app":null,"interface":null})"));
        QCOMPARE(text_of(NoParameters{}), std::string("{}"));
    }

    void whatIsNotGivenHasItsDefault() {
        const GetSnapshotParameters all;
        QVERIFY(request<GetSnapshotParameters>("{}") == all);
        QVERIFY(request<GetSnapshotParameters>(R"({"sections": null, "filter": null})") == all);
        QVERIFY(request<GetSnapshotParameters>(R"({"filter": {}})") == all);
        QVERIFY(request<SubscribeParameters>("{}") == SubscribeParameters{});
        QVERIFY(request<UsageQuery>(R"({"window": {"from": 1, "to": 2}})") ==
                (UsageQuery{{1s, 2s}, {}, {UsageGroup::App}, {}, {}}));
        Rule least;
        least.id = "a";
        least.measure = Rule::Measure::Day;
        least.threshold = 1;
        QVERIFY(request<RuleParameter>(
                    R"({"rule": {"id": "a", "subject": "total", "measure": "day", "threshold": 1}})")
                    .rule == least);
    }

    void noSectionIsNotEverySection() {
        const auto none = request<GetSnapshotParameters>(R"({"sections": []})").sections;
        QVERIFY(none == (Sections{false, false, false, false}));
        const auto twice = request<GetSnapshotParameters>(R"({"sections": ["apps", "apps"]})").sections;
        QVERIFY(twice == (Sections{false, true, false, false}));
    }

    void aStateIsWrittenAsPeopleDo() {
        const auto read = request<GetSnapshotParameters>(R"({"filter": {"state": "syn-sent"}})");
        QCOMPARE(read.filter.state, SocketState::SynSent);
    }

    void aMistakeIsNamed() {
        QCOMPARE(problem<NoParameters>(R"({"a": 1})"), "a: is not known");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"section": []})"), "section: is not known");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"sections": ["apps", "all"]})"),
                 "sections: there is no section all");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"sections": ["apps", 1]})"), "sections[1]: not a string");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"filter": {"uid": 0}})"), "filter.uid: is not known");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"filter": {"state": "tired"}})"),
                 "filter.state: unknown value");
        QCOMPARE(problem<GetSnapshotParameters>(R"({"filter": []})"), "filter: not an object");
        QCOMPARE(problem<SubscribeParameters>(R"({"interval_ms": "1 s"})"),
                 "interval_ms: not an integer in range");
        QCOMPARE(problem<UsageQuery>("{}"), "window: is missing");
        QCOMPARE(problem<UsageQuery>(R"({"window": {"from": 1}})"), "window.to: is missing");
        QCOMPARE(problem<UsageQuery>(R"({"window": {"from": 1, "to": null}})"),
                 "window.to: not an integer in range");
        QCOMPARE(problem<RuleParameter>(R"({"rule": {"id": "a", "subject": "total", "measure": "day"}})"),
                 "rule.threshold: is missing");
        QCOMPARE(problem<RuleParameter>(
                     R"({"rule": {"id": "a", "subject": "total", "measure": "day", "threshold": -1}})"),
                 "rule.threshold: not an integer in range");
        QCOMPARE(problem<RuleId>(R"({"id": 1})"), "id: not a string");
        QCOMPARE(problem<MonitoredNames>(R"({"names": ["eth0", null]})"), "names[1]: not a string");
    }

    void theFirstMistakeCounts() {
        QCOMPARE(problem<RuleParameter>(R"({"rule": {"subject": 1, "nonsense": 2}, "more": 3})"),
                 "rule.id: is missing");
    }

    void timesThatOverflowAreRefused() {
        QCOMPARE(problem<AlertsSince>(R"({"since": 9223372036854775807})"), "since: out of range");
        QCOMPARE(problem<AlertsSince>(R"({"since": -9223372036854775808})"), "since: out of range");
        QCOMPARE(problem<AlertsSince>(R"({"since": 1e300})"), "since: not an integer in range");
        QCOMPARE(request<AlertsSince>(R"({"since": 4102444800})").since, 4'102'444'800s); // the year 2100
        QCOMPARE(problem<SubscribeParameters>(R"({"interval_ms": 9223372036854775807})"),
                 "interval_ms: out of range");
    }

    void aReplyMaySayMore() {
        json::object reply = document(RuleId{"night"});
        reply["added"] = 1;
        const auto read = read_reply<RuleId>(reply);
        QVERIFY(bool(read));
        QCOMPARE(read->id, std::string("night"));
    }

    void aReplyThatSaysLessIsAnError() {
        json::object reply = document(AlertList{{alert(), alert()}});
        reply.at("alerts").as_array()[1].as_object().erase("raised");
        const auto read = read_reply<AlertList>(reply);
        QVERIFY(!read);
        QCOMPARE(read.error().message, std::string("alerts[1].raised: is missing"));
    }
};

QTEST_GUILESS_MAIN(ServiceJsonTest)
#include "service_json_test.moc"
