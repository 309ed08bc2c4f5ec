// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "tables.hpp"

#include "support/random_snapshot.hpp"
#include "support/sample_snapshot.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <QTest>

#include <set>

using namespace sockledger;
using namespace sockledger::netdata;
namespace json = boost::json;

namespace {

using Words = std::set<std::string_view>;

void require(bool holds, const std::string& what) {
    if (!holds)
        throw std::runtime_error(what);
}

std::string_view text(const json::object& object, const char* key) {
    return object.at(key).as_string();
}

/// What Netdata's published schema of function answers asks of a column, and what its dashboard does.
void check_column(std::string_view key, const json::object& column) {
    require(column.at("index").to_number<int>() >= 0, "index");
    require(column.at("name").is_string(), "name");
    require(Words{"none", "integer", "float", "boolean", "string", "detail-string", "bar-with-integer",
                  "duration", "timestamp", "array"}
                .contains(text(column, "type")),
            "type");
    require(Words{"value", "bar", "pill", "richValue", "rowOptions"}.contains(text(column, "visualization")),
            "visualization");
    require(Words{"ascending", "descending"}.contains(text(column, "sort")), "sort");
    require(Words{"count", "uniqueCount", "sum", "min", "max", "mean", "median"}.contains(
                text(column, "summary")),
            "summary");
    require(Words{"none", "range", "multiselect", "facet"}.contains(text(column, "filter")), "filter");
    for (const char* flag : {"unique_key", "visible", "sortable", "sticky", "full_width", "wrap"})
        require(column.at(flag).is_bool(), flag);
    const json::object& options = column.at("value_options").as_object();
    require(Words{"none", "number", "duration", "datetime", "datetime_usec", "xml", "text"}.contains(
                text(options, "transform")),
            "transform");
    require(options.at("decimal_points").to_number<int>() >= 0, "decimal_points");
    if (key != "rowOptions" && text(column, "filter") == "range")
        require(column.at("max").is_number(), "max");
}

void check_head(const json::object& answer) {
    require(answer.at("status") == 200 && answer.at("v") == 3 && text(answer, "type") == "table", "head");
    require(answer.at("has_history") == false && answer.at("help").is_string(), "has_history, help");
    require(answer.at("update_every").is_number(), "update_every");
    require(answer.at("accepted_params").is_array(), "accepted_params");
    for (const json::value& item : answer.at("required_params").as_array()) {
        const json::object& parameter = item.as_object();
        require(text(parameter, "type") == "select" && parameter.at("id").is_string() &&
                    parameter.at("name").is_string() && !parameter.at("options").as_array().empty(),
                "required_params");
        for (const json::value& option : parameter.at("options").as_array())
            require(option.as_object().at("id").is_string() && option.as_object().at("name").is_string(),
                    "options");
    }
}

/// Throws with what is wrong; else gives back the answer.
json::object checked(const std::string& body) {
    for (std::size_t at = 0; at < body.size();) {
        const auto end = std::min(body.find('\n', at), body.size());
        require(end - at < 15'000, "a line that is too long");
        at = end + 1;
    }
    const json::object answer = json::parse(body).as_object();
    check_head(answer);
    const json::object& columns = answer.at("columns").as_object();
    std::set<int> indexes;
    std::vector<const json::object*> by_index(columns.size());
    int unique = -1;
    for (const auto& [key, value] : columns) {
        const json::object& column = value.as_object();
        check_column(key, column);
        const int index = column.at("index").to_number<int>();
        require(indexes.insert(index).second && index < static_cast<int>(columns.size()), "indexes");
        by_index[static_cast<std::size_t>(index)] = &column;
        if (column.at("unique_key").as_bool()) {
            require(unique < 0, "one unique key");
            unique = index;
        }
    }
    require(unique >= 0, "a unique key");
    std::set<std::string> keys;
    for (const json::value& item : answer.at("data").as_array()) {
        const json::array& row = item.as_array();
        require(row.size() == columns.size(), "a row has a value for each column");
        require(keys.insert(json::serialize(row[static_cast<std::size_t>(unique)])).second,
                "unique keys are unique");
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            const std::string_view type = text(*by_index[i], "type");
            require(row[i].is_null() || (type == "string" ? row[i].is_string() : row[i].is_number()),
                    "a value is of the type of its column");
        }
        require(Words{"normal", "notice", "warning", "error"}.contains(
                    text(row.back().as_object().at("rowOptions").as_object(), "severity")),
                "severity");
    }
    require(columns.contains(text(answer, "default_sort_column")), "default_sort_column");
    for (const auto& [id, value] : answer.at("charts").as_object()) {
        const json::object& chart = value.as_object();
        require(Words{"stacked-bar", "bar", "doughnut", "value"}.contains(text(chart, "type")), "chart");
        for (const json::value& column : chart.at("columns").as_array())
            require(columns.contains(column.as_string()), "a chart's column");
    }
    for (const auto& [id, value] : answer.at("group_by").as_object())
        for (const json::value& column : value.as_object().at("columns").as_array())
            require(columns.contains(column.as_string()), "a group's column");
    for (const json::value& item : answer.at("default_charts").as_array()) {
        require(answer.at("charts").as_object().contains(item.as_array().at(0).as_string()),
                "default_charts");
        require(answer.at("group_by").as_object().contains(item.as_array().at(1).as_string()),
                "default_charts");
    }
    if (const json::value* view = answer.if_contains("aggregated_view"))
        require(columns.contains(text(view->as_object(), "column")), "aggregated_view");
    return answer;
}

/// The value in a column, of the row that has this text in another one.
json::value cell(const json::object& answer, const char* where, const char* is, const char* column) {
    const json::object& columns = answer.at("columns").as_object();
    const auto index = [&](const char* key) { return columns.at(key).at("index").to_number<std::size_t>(); };
    for (const json::value& row : answer.at("data").as_array())
        if (row.as_array()[index(where)] == json::value(is))
            return row.as_array()[index(column)];
    throw std::runtime_error(std::string("no row of ") + is);
}

} // namespace

class TablesTest : public QObject {
    Q_OBJECT

    const Settings settings_;

private slots:
    void everyTableIsAsTheDashboardWantsIt() {
        const Snapshot snapshot = sample::snapshot();
        (void)checked(applications_table(snapshot, settings_, 1));
        for (const char* view : {"", "connections", "aggregated", "processes", "nonsense"})
            (void)checked(connections_table(snapshot, settings_, view, "", 1));
    }

    void anyMachineGivesAValidTable() {
        for (unsigned seed = 0; seed < 300; ++seed) {
            const Snapshot snapshot = testing::random_snapshot(seed);
            (void)checked(applications_table(snapshot, settings_, 1));
            (void)checked(connections_table(snapshot, settings_, "connections", "", 1));
            (void)checked(connections_table(snapshot, settings_, "aggregated", "", 1));
        }
    }

    void infoSaysWhatCanBeChosen() {
        const json::object info = json::parse(info_body(connections_description(settings_))).as_object();
        check_head(info);
        QVERIFY(!info.contains("data") && !info.contains("columns"));
        QCOMPARE(info.at("required_params").as_array()[0].at("options").as_array().size(), std::size_t{3});
        check_head(json::parse(info_body(applications_description(settings_))).as_object());
    }

    void anErrorHasItsStatusAndAMessage() {
        const json::object error = json::parse(error_body(503, "a \"reason\"")).as_object();
        QVERIFY(error.at("status") == 503 && error.at("errorMessage") == "a \"reason\"");
    }

    void applicationsHaveTheirNumbers() {
        const json::object answer = checked(applications_table(sample::snapshot(), settings_, 1));
        QVERIFY(cell(answer, "App", "Firefox", "ReceivedRate") == json::value(12'000.0));
        QVERIFY(cell(answer, "App", "Firefox", "Received") == json::value(1000.0));
        QVERIFY(cell(answer, "App", "Firefox", "Connections") == json::value(5));
        QVERIFY(cell(answer, "App", "Firefox", "Processes") == json::value(2));
        QVERIFY(cell(answer, "App", "Firefox", "Accuracy") == json::value("exact"));
    }

    void whatIsNotKnownIsNull() {
        Snapshot snapshot = sample::snapshot();
        snapshot.apps[0].traffic.rx_rate.reset();
        snapshot.apps[0].traffic.accuracy = Accuracy::Partial;
        const json::object answer = checked(applications_table(snapshot, settings_, 1));
        QVERIFY(cell(answer, "AppId", snapshot.apps[0].id.c_str(), "ReceivedRate").is_null());
        QVERIFY(cell(answer, "AppId", snapshot.apps[0].id.c_str(), "rowOptions")
                    .at("rowOptions")
                    .at("severity") == "notice");
    }

    void anApplicationAboveItsThresholdIsMarked() {
        Settings settings;
        settings.thresholds = {{SimplePattern("Firefox"), {1000, 1'000'000}}};
        const json::object answer = checked(applications_table(sample::snapshot(), settings, 1));
        QVERIFY(cell(answer, "App", "Firefox", "rowOptions").at("rowOptions").at("severity") == "warning");
    }

    void connectionsSayWhoTalksToWhom() {
        const json::object answer =
            checked(connections_table(sample::snapshot(), settings_, "connections", "", 1));
        QVERIFY(cell(answer, "Socket", "1000-11", "App") == "Firefox");
        QVERIFY(cell(answer, "Socket", "1000-11", "RemoteIP") == "198.51.100.7");
        QVERIFY(cell(answer, "Socket", "1000-11", "RemotePort") == 443);
        QVERIFY(cell(answer, "Socket", "1000-11", "PID") == 2001);
        QVERIFY(cell(answer, "Socket", "1000-11", "User") == "alice");
        QVERIFY(cell(answer, "Socket", "1000-11", "RTT") == json::value(12.345));
        QVERIFY(cell(answer, "Socket", "1000-13", "Direction") == "listen");
        QVERIFY(cell(answer, "Socket", "1000-13", "LocalIP") == "*");
        QVERIFY(cell(answer, "Socket", "1000-15", "PID").is_null());
    }

    void directionIsThatOfTheConnection() {
        Snapshot snapshot = sample::snapshot();
        for (Connection& connection : snapshot.connections)
            connection.scope = Scope::Internet;
        snapshot.connections.push_back(
            sample::connection(99, Protocol::Tcp, SocketState::Established, sample::ipv4(192, 0, 2, 10, 22),
                               sample::ipv4(203, 0, 113, 5, 50000), sample::sshd, "unit:sshd.service", {}));
        snapshot.connections.back().scope = Scope::Internet;
        const json::object answer = checked(connections_table(snapshot, settings_, "connections", "", 1));
        QVERIFY(cell(answer, "Socket", "1000-11", "Direction") == "outbound");
        QVERIFY(cell(answer, "Socket", "1000-99", "Direction") == "inbound");
    }

    void connectionsToOneServiceAreOneRow() {
        Snapshot snapshot = sample::snapshot();
        Connection another = snapshot.connections[0];
        another.id.cookie = 77;
        another.local.port = 51999;
        another.traffic.rx_bytes = 100'000;
        snapshot.connections.push_back(another);
        for (Connection& connection : snapshot.connections)
            connection.scope = Scope::Internet;
        const json::object answer = checked(connections_table(snapshot, settings_, "aggregated", "", 1));
        QVERIFY(cell(answer, "RemoteIP", "198.51.100.7", "Count") == 2);
        QVERIFY(cell(answer, "RemoteIP", "198.51.100.7", "Received") == json::value(1.0));
    }

    void processesThatEndedAreNotShown() {
        const json::object answer =
            checked(connections_table(sample::snapshot(), settings_, "processes", "", 1));
        QCOMPARE(answer.at("data").as_array().size(), std::size_t{4});
        QVERIFY(cell(answer, "Process", "sshd", "PID") == 812);
    }

    void tooManyRowsAreCutToTheBusiest() {
        Settings settings;
        settings.function_rows = 1;
        const json::object answer = checked(applications_table(sample::snapshot(), settings, 1));
        QCOMPARE(answer.at("data").as_array().size(), std::size_t{1});
        QVERIFY(answer.at("data").as_array()[0].as_array()[0] == "Firefox");
    }

    void aNoteStandsBeforeTheHelp() {
        const json::object answer =
            checked(connections_table(sample::snapshot(), settings_, "connections", "Not all.", 1));
        QVERIFY(text(answer, "help").starts_with("Not all. "));
    }
};

QTEST_GUILESS_MAIN(TablesTest)
#include "tables_test.moc"
