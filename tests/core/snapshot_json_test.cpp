// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_fields.hpp"
#include "service/snapshot_json.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

using namespace sockledger;
namespace json = boost::json;

namespace {

std::string text_of(const Snapshot& snapshot, Sections sections = {}, const Selection& selection = {}) {
    std::string text;
    append_json(text, snapshot, "snapshot", sections, selection);
    return text;
}

// What a reader gets.
json::object document(const Snapshot& snapshot, Sections sections = {}, const Selection& selection = {}) {
    return json::parse(text_of(snapshot, sections, selection)).as_object();
}

constexpr Sections only(bool Sections::*section) {
    Sections sections = no_sections;
    sections.*section = true;
    return sections;
}

json::value at(const json::value& value, std::string_view pointer) {
    return value.at_pointer(pointer);
}

} // namespace

class SnapshotJsonTest : public QObject {
    Q_OBJECT

private slots:
    void theHeadSaysWhatItIsAndWhen() {
        const auto made = document(sample::snapshot());
        QCOMPARE(made.at("schema").as_string(), "io.sockledger.snapshot");
        QCOMPARE(made.at("version").to_number<int>(), 1);
        QCOMPARE(made.at("time").as_string(), "2026-01-02T03:04:05.123456789Z");
        QCOMPARE(made.at("realtime_ns").to_number<std::int64_t>(), 1'767'323'045'123'456'789);
        QCOMPARE(made.at("boottime_s").to_number<double>(), 5000.0);
        QCOMPARE(made.at("boottime_ns").to_number<std::int64_t>(), 5'000'000'000'000);
        QCOMPARE(made.at("interval_s").to_number<double>(), 3.0);
        QCOMPARE(made.at("interval_ns").to_number<std::int64_t>(), 3'000'000'000);
        QCOMPARE(made.at("sources").as_array().size(), 4u);
        QCOMPARE(at(made, "/total_of/0/name").as_string(), "eth0");
    }

    void theFirstSampleHasNoInterval() {
        Snapshot first = sample::snapshot();
        first.interval = {};
        QVERIFY(document(first).at("interval_s").is_null());
        QVERIFY(document(first).at("interval_ns").is_null());
    }

    void whatIsNotKnownIsNullAndNotZero() {
        const auto made = document(sample::unprivileged());
        for (const char* field : {"rx_bytes", "tx_bytes", "rx_packets", "tx_packets", "rx_rate", "tx_rate"})
            QVERIFY(at(made, "/interfaces/0/apps").at(field).is_null());
        QCOMPARE(at(made, "/interfaces/0/apps/accuracy").as_string(), "unavailable");
        QCOMPARE(at(made, "/apps/0/traffic/accuracy").as_string(), "partial");
    }

    void aMissingRateLeavesTheTotal() {
        Selection selection;
        selection.interface = "wg0";
        const auto made = document(sample::snapshot(), {}, selection);
        QVERIFY(at(made, "/interfaces/0/total/rx_rate").is_null());
        QCOMPARE(at(made, "/interfaces/0/total/rx_bytes").to_number<int>(), 500);
        QCOMPARE(at(made, "/interfaces/0/lower/name").as_string(), "eth0");
    }

    void countersKeepAll64Bits() {
        Snapshot big = sample::snapshot();
        big.total.rx_bytes = 18'446'744'073'709'551'615u;
        QCOMPARE(at(document(big), "/total/rx_bytes").to_number<std::uint64_t>(),
                 18'446'744'073'709'551'615u);
    }

    void ratesComeBackAsTheyWere() {
        Snapshot odd = sample::snapshot();
        odd.total.rx_rate = 0.1 + 0.2;
        odd.total.tx_rate = 1e300 * 1e300;
        QVERIFY(text_of(odd).find("\"rx_rate\":0.30000000000000004,") != std::string::npos);
        QVERIFY(at(document(odd), "/total/tx_rate").is_null()); // JSON has no infinity
    }

    void namesThatWouldBreakALineAreEscaped() {
        const std::string text = text_of(sample::snapshot());
        QVERIFY(text.find('\n') == std::string::npos);
        QVERIFY(text.find('\x1b') == std::string::npos);
        QCOMPARE(at(document(sample::snapshot()), "/apps/1/name").as_string(), "日本\n\x1b[31m語");
    }

    void everyCharacterComesBack() {
        Snapshot odd = sample::snapshot();
        odd.apps[0].name = "a\"b\\c/d\x01\x1f\x7f\xc2\x80\n\t";
        odd.apps[0].name += '\0';
        QCOMPARE(at(document(odd), "/apps/0/name").as_string(), odd.apps[0].name);
    }

    void addressesAreWrittenAsPeopleDo() {
        Snapshot odd = sample::snapshot();
        odd.connections.resize(1);
        odd.connections[0].local = sample::ipv4(255, 254, 253, 252, 1);
        odd.connections[0].remote = sample::any6(0);
        odd.connections[0].remote.address[0] = 0x20;
        odd.connections[0].remote.address[15] = 1;
        const auto made = document(odd);
        QCOMPARE(at(made, "/connections/0/local/address").as_string(), "255.254.253.252");
        QCOMPARE(at(made, "/connections/0/remote/address").as_string(), "2000::1");
    }

    void aConnectionWithoutAnOwnerSaysSo() {
        const auto made = document(sample::snapshot());
        const json::value last = made.at("connections").as_array().back();
        QCOMPARE(last.at("state").as_string(), "TIME_WAIT");
        for (const char* field : {"pid", "start_ticks", "process", "app", "rtt_us", "retransmits"})
            QVERIFY2(last.at(field).is_null(), field);
        QCOMPARE(at(made, "/connections/0/pid").to_number<int>(), 2001);
        QCOMPARE(at(made, "/connections/0/rtt_us").to_number<int>(), 12'345);
        QCOMPARE(at(made, "/connections/0/remote/address").as_string(), "198.51.100.7");
        QCOMPARE(at(made, "/connections/0/remote/port").to_number<int>(), 443);
    }

    void onlyTheSectionsAskedForAreThere() {
        const auto made = document(sample::snapshot(), only(&Sections::processes));
        QVERIFY(made.contains("processes"));
        QVERIFY(!made.contains("apps"));
        QVERIFY(!made.contains("connections"));
        QVERIFY(!made.contains("interfaces"));
    }

    void rowsAreThoseSelected() {
        Selection selection;
        selection.app = "sshd";
        const auto made = document(sample::snapshot(), {}, selection);
        QCOMPARE(made.at("apps").as_array().size(), 1u);
        QCOMPARE(at(made, "/apps/0/loopback/rx_bytes").to_number<int>(), 4'000'000);
        QCOMPARE(at(made, "/apps/0/by_interface/0/name").as_string(), "eth0");
    }

    void timesBeforeTheEpochAndAtItAreWritten() {
        QCOMPARE(rfc3339(std::chrono::nanoseconds(0)), std::string("1970-01-01T00:00:00.000000000Z"));
        QCOMPARE(rfc3339(std::chrono::nanoseconds(-1)), std::string("1969-12-31T23:59:59.999999999Z"));
    }
};

QTEST_GUILESS_MAIN(SnapshotJsonTest)
#include "snapshot_json_test.moc"
