// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/enum_names.hpp"
#include "service/snapshot_json.hpp"
#include "service/snapshot_reader.hpp"
#include "support/random_snapshot.hpp"
#include "support/sample_snapshot.hpp"

#include <QFile>
#include <QTest>
#include <boost/json/parse.hpp>

#include <cmath>

using namespace sockledger;
namespace json = boost::json;

namespace {

std::string text_of(const Snapshot& snapshot, Sections sections = {}) {
    Selection all;
    all.all = true; // loopback and what has not moved, too
    std::string text;
    append_json(text, snapshot, "snapshot", sections, all);
    return text;
}

// Boost.JSON before 1.84 reads a double with an error in its last digit.
void forgive_last_digit(std::optional<double>& read, const std::optional<double>& written) {
    if (read && written && std::abs(*read - *written) <= std::abs(*written) * 1e-15)
        read = written;
}

void forgive_last_digit(Traffic& read, const Traffic& written) {
    forgive_last_digit(read.rx_rate, written.rx_rate);
    forgive_last_digit(read.tx_rate, written.tx_rate);
}

bool come_back(const Snapshot& written) {
    const auto back = read_snapshot(text_of(written));
    if (!back) {
        qWarning("%s", back.error().message.c_str());
        return false;
    }
    Snapshot read = **back;
    testing::for_each_traffic(read, written, [](Traffic& a, const Traffic& b) { forgive_last_digit(a, b); });
    return read == written;
}

// The sample with one member changed.
QString problem_of(const char* pointer, const json::value& wrong) {
    json::value document = json::parse(text_of(sample::snapshot()));
    document.at_pointer(pointer) = wrong;
    const auto read = read_snapshot(document);
    return read ? QString() : QString::fromStdString(read.error().message);
}

QString problem_without(const char* parent, const char* member) {
    json::value document = json::parse(text_of(sample::snapshot()));
    document.at_pointer(parent).as_object().erase(member);
    const auto read = read_snapshot(document);
    return read ? QString() : QString::fromStdString(read.error().message);
}

template<typename Enum>
void names_come_back() {
    for (int number = 0; number <= static_cast<int>(last_enumerator<Enum>); ++number)
        QCOMPARE(parse_name<Enum>(to_string(static_cast<Enum>(number))), static_cast<Enum>(number));
    QVERIFY(!parse_name<Enum>("no such name"));
    QVERIFY(!parse_name<Enum>(""));
}

} // namespace

class SnapshotReaderTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead() {
        Snapshot snapshot = sample::snapshot();
        // The numbers of what is not measurable are not carried; the sample has none.
        QVERIFY(come_back(snapshot));
        QVERIFY(come_back(sample::unprivileged()));
        QVERIFY(come_back(Snapshot{}));
    }

    void anySnapshotComesBack() {
        for (unsigned seed = 1; seed <= 200; ++seed)
            QVERIFY2(come_back(testing::random_snapshot(seed)), qPrintable(QString::number(seed)));
    }

    void onlyWhatIsNotMeasurableIsLost() {
        Snapshot snapshot = sample::snapshot();
        snapshot.total.accuracy = Accuracy::Unavailable;
        const auto read = read_snapshot(text_of(snapshot));
        QVERIFY(bool(read));
        QVERIFY((*read)->total == Traffic{});
    }

    void listsThatAreAbsentAreEmpty() {
        const auto read = read_snapshot(text_of(sample::snapshot(), no_sections));
        QVERIFY(bool(read));
        QVERIFY((*read)->interfaces.empty() && (*read)->apps.empty());
        QVERIFY((*read)->processes.empty() && (*read)->connections.empty());
        QCOMPARE((*read)->sources.size(), 4u);
    }

    void whatALaterVersionAddsIsSkipped() {
        json::value document = json::parse(text_of(sample::snapshot()));
        document.as_object()["added"] = {1, 2};
        document.at_pointer("/interfaces/0/total").as_object()["added"] = nullptr;
        const auto read = read_snapshot(document);
        QVERIFY(bool(read));
        QVERIFY(**read == sample::snapshot());
    }

    void theOrderOfMembersDoesNotMatter() {
        json::object sorted;
        const json::value document = json::parse(text_of(sample::snapshot()));
        const json::object& members = document.as_object();
        for (auto member = members.end(); member != members.begin();) {
            --member;
            sorted.insert(*member);
        }
        const auto read = read_snapshot(json::value(sorted));
        QVERIFY(bool(read));
        QVERIFY(**read == sample::snapshot());
    }

    void rowsAreFoundWhateverTheirOrderWas() {
        json::value document = json::parse(text_of(sample::snapshot()));
        json::array& apps = document.at_pointer("/apps").as_array();
        std::swap(apps.front(), apps.back());
        const auto read = read_snapshot(document);
        QVERIFY(bool(read));
        QVERIFY((*read)->app("kernel") != nullptr);
        QVERIFY(**read == sample::snapshot());
    }

    void aNullThatMayBeLeftOutMayBeLeftOut() {
        QCOMPARE(problem_without("/connections/4", "pid"), QString());
        QCOMPARE(problem_without("/interfaces/0", "lower"), QString());
        QCOMPARE(problem_without("/total", "rx_rate"), QString());
    }

    void anErrorNamesWhatIsWrong() {
        QCOMPARE(problem_of("/interfaces/2/total/rx_bytes", "many"),
                 "interfaces[2].total.rx_bytes: not an integer in range");
        QCOMPARE(problem_of("/interfaces/2/total/rx_bytes", -1),
                 "interfaces[2].total.rx_bytes: not an integer in range");
        QCOMPARE(problem_of("/connections/0/local/port", 65536),
                 "connections[0].local.port: not an integer in range");
        QCOMPARE(problem_of("/connections/0/local/address", "localhost"),
                 "connections[0].local.address: not an IP address");
        QCOMPARE(problem_of("/connections/0/local/address", 1), "connections[0].local.address: not a string");
        QCOMPARE(problem_of("/connections/0/state", "ASLEEP"), "connections[0].state: unknown value");
        QCOMPARE(problem_of("/apps/0/by_interface/0/traffic", 1),
                 "apps[0].by_interface[0].traffic: not an object");
        QCOMPARE(problem_of("/processes/0/command_line", 1), "processes[0].command_line: not an array");
        QCOMPARE(problem_of("/processes/0/alive", 1), "processes[0].alive: not true or false");
        QCOMPARE(problem_of("/total/rx_rate", true), "total.rx_rate: not a number");
        for (const double beyond : {HUGE_VAL, std::nan("")})
            QCOMPARE(problem_of("/total/rx_rate", beyond), "total.rx_rate: not a number");
        QCOMPARE(problem_of("/boottime_ns", INT64_MAX), "boottime_ns: out of range");
        QCOMPARE(problem_without("/processes/1", "uid"), "processes[1].uid: is missing");
        QCOMPARE(problem_without("", "sequence"), "sequence: is missing");
    }

    void anotherVersionIsRefused() {
        QVERIFY(problem_of("/version", 2).startsWith("version: this is version 2 of io.sockledger.snapshot"));
        QVERIFY(problem_of("/schema", "org.example").startsWith("version: "));
        QCOMPARE(problem_without("", "schema"), "schema: is missing");
    }

    void whatIsNoDocumentIsRefused() {
        for (const char* text : {"", "nonsense", "[]", "{}", "1", "{\"schema\":", "\xff"})
            QVERIFY2(!read_snapshot(std::string_view(text)), text);
        QVERIFY(!read_snapshot(std::string(100'000, '[')));
    }

    void documentsOfThisVersionStayReadable() {
        QFile file(SOCKLEDGER_FIXTURES "/snapshots/seeds/version-1.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto read = read_snapshot(file.readAll().toStdString());
        QVERIFY2(bool(read), read ? "" : read.error().message.c_str());
        Snapshot expected = sample::snapshot();
        for (Connection& connection : expected.connections) { // the document is older than these
            connection.scope = Scope::Unspecified;
            connection.interface.reset();
        }
        QVERIFY(**read == expected);
    }

    void everyNameComesBack() {
        names_come_back<Accuracy>();
        names_come_back<InterfaceKind>();
        names_come_back<Protocol>();
        names_come_back<UsageBucket::Unit>();
        names_come_back<UsageGroup>();
        names_come_back<Rule::Subject>();
        names_come_back<Rule::Direction>();
        names_come_back<Rule::Measure>();
        QCOMPARE(parse_name<SocketState>("NEW_SYN_RECV"), SocketState::NewSynRecv);
    }
};

QTEST_GUILESS_MAIN(SnapshotReaderTest)
#include "snapshot_reader_test.moc"
