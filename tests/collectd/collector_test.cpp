// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "collectd/fake_library.hpp"
#include "collector.hpp"

#include <QTest>

#include <cstring>

#include <algorithm>
#include <cerrno>
#include <utility>

using namespace sockledger::collectd;
using sockledger::testing::fake_library;
using sockledger::testing::FakeLibrary;

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint32_t own = 1, other = 2;

sockledger_interface device(const char* name, std::uint32_t netns = own, const char* netns_name = "") {
    auto row = sized<sockledger_interface>();
    row.netns = netns;
    row.name = name;
    row.netns_name = netns_name;
    return row;
}

sockledger_shown_app app(const char* id, const char* name) {
    auto row = sized<sockledger_shown_app>();
    row.id = id;
    row.name = name;
    return row;
}

sockledger_alert alert(const char* subject, bool active) {
    auto made = sized<sockledger_alert>();
    made.rule = "fast";
    made.subject = made.name = subject;
    made.text = "too fast";
    made.active = active ? 1 : 0;
    made.kind = std::strchr(subject, ':') ? SOCKLEDGER_SUBJECT_APP : SOCKLEDGER_SUBJECT_INTERFACE;
    return made;
}

bool has_instance(const std::vector<Value>& values, const std::string& instance) {
    return std::ranges::any_of(values, [&](const Value& value) { return value.instance == instance; });
}

const Value* find(const std::vector<Value>& values, const std::string& instance, const std::string& type) {
    const auto found = std::ranges::find_if(
        values, [&](const Value& value) { return value.instance == instance && value.type == type; });
    return found == values.end() ? nullptr : &*found;
}

} // namespace

class CollectdCollectorTest : public QObject {
    Q_OBJECT

    FakeLibrary& library_ = fake_library();
    std::vector<std::string> said_;
    std::vector<Notification> notified_;

    Collector collector(const Settings& settings = {}) {
        return {settings,
                {[this](Severity, const std::string& line) { said_.push_back(line); },
                 [this](const Notification& notification) { notified_.push_back(notification); }}};
    }
    /// A second later.
    std::vector<Value> sample(Collector& collector) {
        ++library_.info.sequence;
        library_.info.realtime_ns += second;
        return collector.sample();
    }

private slots:
    void init() {
        library_ = {};
        library_.info = sized<sockledger_snapshot_info>();
        library_.info.missing = "";
        library_.info.netns = own;
        library_.other = app("other", "other");
        said_.clear();
        notified_.clear();
    }

    void whatIsLostIsSaidOnceAndWhenItIsBack() {
        Collector collector = this->collector();
        library_.opens = false;
        for (int i = 0; i < 3; ++i)
            QVERIFY(sample(collector).empty());
        QCOMPARE(said_, std::vector<std::string>{"nobody answers"});
        library_.opens = true;
        QVERIFY(!sample(collector).empty());
        QCOMPARE(said_.back(), "there are values again.");
        library_.samples = false;
        library_.error = "it has gone";
        for (int i = 0; i < 3; ++i)
            QVERIFY(sample(collector).empty());
        QCOMPARE(said_.size(), std::size_t(3));
        QCOMPARE(said_.back(), "it has gone");
    }

    void lessThanExactNumbersAreOneNotificationAndTheirReturnAnother() {
        Collector collector = this->collector();
        sample(collector);
        QVERIFY(notified_.empty());
        for (const char* missing : {"needs CAP_BPF", "needs CAP_BPF", "needs something else", "", ""}) {
            library_.info.missing = missing;
            sample(collector);
        }
        QCOMPARE(notified_.size(), std::size_t(2));
        QCOMPARE(notified_[0].severity, Severity::Warning);
        QVERIFY(notified_[0].message.find("needs CAP_BPF") != std::string::npos);
        QCOMPARE(notified_[1].severity, Severity::Okay);
    }

    void interfacesElsewhereHaveTheNameOfTheirNamespace() {
        Settings settings;
        QVERIFY(settings.interfaces.add("/./"));
        Collector collector = this->collector(settings);
        library_.interfaces = {device("eth0"), device("eth0", other, "web"), device("eth1", other),
                               device("lo", other, "web"), device("all")};
        library_.interfaces[3].loopback = 1;
        const auto values = sample(collector);
        QVERIFY(has_instance(values, "eth0"));
        QVERIFY(has_instance(values, "web_eth0"));
        QVERIFY(!has_instance(values, "eth1")); // its namespace has another number the next time
        QVERIFY(!has_instance(values, "web_lo"));
        QCOMPARE(std::ranges::count_if(values,
                                       [](const Value& value) {
                                           return value.instance == "all" &&
                                                  std::string(value.type) == "bool" &&
                                                  value.type_instance == "up";
                                       }),
                 0); // that instance is the machine's
    }

    void bytesOfApplicationsHaveTheTimeOfTheSampleBefore() {
        Collector collector = this->collector();
        library_.apps = {app("exe:/a", "a")};
        QVERIFY(!find(sample(collector), "a", "if_octets"));
        const std::uint64_t before = library_.info.realtime_ns;
        const auto values = sample(collector);
        QCOMPARE(find(values, "a", "if_octets")->realtime_ns, before);
        QCOMPARE(find(values, "other", "if_octets")->realtime_ns, before);
        QCOMPARE(find(values, "a", "ps_count")->realtime_ns, before + second);
        library_.samples = false; // none is without its time
        sample(collector);
        library_.samples = true;
        QCOMPARE(find(sample(collector), "a", "if_octets")->realtime_ns, before + second);
    }

    void aStateIsReportedAsLongAsItsApplication() {
        Collector collector = this->collector();
        library_.apps = {app("exe:/a", "a")};
        library_.apps[0].connections.tcp_states[SOCKLEDGER_ESTABLISHED] = 1;
        QVERIFY(find(sample(collector), "a", "tcp_connections"));
        library_.apps[0].connections.tcp_states[SOCKLEDGER_ESTABLISHED] = 0;
        QVERIFY(find(sample(collector), "a", "tcp_connections"));
        const auto apps = std::exchange(library_.apps, {});
        sample(collector);
        library_.apps = apps; // it is back, and anew
        QVERIFY(!find(sample(collector), "a", "tcp_connections"));
    }

    void applicationsAreChosenByNameOrId() {
        Settings settings;
        QVERIFY(settings.applications.add("firefox"));
        QVERIFY(settings.applications.add("/^unit:/"));
        Collector collector = this->collector(settings);
        sample(collector);
        const auto wanted = [this](const char* id, const char* name) {
            return library_.wanted(id, name, library_.user) != 0;
        };
        QVERIFY(wanted("desktop:org.mozilla.firefox", "firefox"));
        QVERIFY(wanted("unit:sshd.service", "sshd"));
        QVERIFY(!wanted("exe:/usr/bin/curl", "curl"));
    }

    void alertsComeWhileSnapshotsComeFromTheDaemon() {
        Collector collector = this->collector();
        sample(collector);
        collector.pass_alerts_on();
        QCOMPARE(library_.streams, 0u); // who hangs would be waited for twice
        library_.info.from_daemon = 1;
        library_.alerts = {alert("eth0", true), alert("exe:/a", true)};
        library_.apps = {app("exe:/a", "a")};
        sample(collector);
        collector.pass_alerts_on();
        collector.pass_alerts_on();
        QCOMPARE(library_.streams, 1u);
        QCOMPARE(notified_.size(), std::size_t(2));
        QCOMPARE(notified_[0].instance, "eth0");
        QCOMPARE(notified_[1].instance, "a");
    }

    void aNewStreamTellsWhatIsOver() {
        Collector collector = this->collector();
        library_.info.from_daemon = 1;
        library_.alerts = {alert("eth0", true), alert("eth1", true)};
        sample(collector);
        collector.pass_alerts_on();
        library_.stream_error = -ECONNRESET;
        collector.pass_alerts_on();
        library_.alerts = {alert("eth1", true)};
        for (int turn = 0; turn < 5; ++turn)
            collector.pass_alerts_on();
        QCOMPARE(library_.streams, 2u);
        QCOMPARE(notified_.size(), std::size_t(3));
        QCOMPARE(notified_[2].severity, Severity::Okay);
        QCOMPARE(notified_[2].instance, "eth0");
    }
};

QTEST_APPLESS_MAIN(CollectdCollectorTest)
#include "collector_test.moc"
