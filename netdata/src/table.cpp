// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "table.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sockledger::netdata {

namespace json = boost::json;

namespace {

struct Looks {
    const char* type;
    const char* visualization;
    const char* transform;
    int decimals;
    const char* units;
    const char* sort;
    const char* summary;
    const char* filter;
};

Looks looks_of(Column::Kind kind) {
    using enum Column::Kind;
    switch (kind) {
    case Name:
        return {"string", "value", "none", 0, nullptr, "ascending", "count", "multiselect"};
    case Text:
        return {"string", "value", "none", 0, nullptr, "ascending", "count", "multiselect"};
    case Number:
        return {"integer", "value", "none", 0, nullptr, "ascending", "count", "range"};
    case Count:
        return {"integer", "value", "number", 0, nullptr, "descending", "sum", "range"};
    case Amount:
        return {"bar-with-integer", "bar", "number", 2, "MB", "descending", "sum", "range"};
    case Rate:
        return {"bar-with-integer", "bar", "number", 2, "kB/s", "descending", "sum", "range"};
    case Duration:
        return {"duration", "value", "number", 2, "ms", "descending", "max", "range"};
    }
    return {"string", "value", "none", 0, nullptr, "ascending", "count", "none"};
}

const char* name_of(Severity severity) {
    switch (severity) {
    case Severity::Normal:
        return "normal";
    case Severity::Notice:
        return "notice";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "normal";
}

json::object description_json(const TableDescription& description) {
    json::array accepted;
    json::array required;
    if (!description.views.empty()) {
        accepted.emplace_back("view");
        json::array options;
        for (const View& view : description.views) {
            json::object option{{"id", view.id}, {"name", view.name}};
            if (options.empty())
                option.emplace("defaultSelected", true);
            options.emplace_back(std::move(option));
        }
        required.emplace_back(json::object{{"id", "view"},
                                           {"name", "View"},
                                           {"help", "What the rows are"},
                                           {"type", "select"},
                                           {"unique_view", true},
                                           {"options", std::move(options)}});
    }
    return {{"v", 3},
            {"status", 200},
            {"type", "table"},
            {"has_history", false},
            {"update_every", description.update_every},
            {"help", description.help},
            {"accepted_params", std::move(accepted)},
            {"required_params", std::move(required)}};
}

json::array strings(const std::vector<std::string>& texts) {
    json::array made;
    for (const std::string& text : texts)
        made.emplace_back(text);
    return made;
}

/// The members of an object, a line for each; what is inside of them stays in that line.
void append_members(std::string& out, const json::object& object) {
    const char* between = "";
    for (const auto& [key, value] : object) {
        out.append(between).append(json::serialize(json::string(key))).append(":");
        out.append(json::serialize(value));
        between = ",\n";
    }
}

} // namespace

std::string info_body(const TableDescription& description) {
    std::string body = "{";
    append_members(body, description_json(description));
    return body + "}";
}

std::string error_body(int status, std::string_view message) {
    return json::serialize(json::object{{"status", status}, {"errorMessage", message}});
}

void Table::add_row(json::array values, Severity severity) {
    values.resize(columns_.size());
    values.emplace_back(json::object{{"rowOptions", json::object{{"severity", name_of(severity)}}}});
    rows_.push_back(std::move(values));
}

void Table::chart(std::string id, std::string name, std::vector<std::string> columns) {
    charts_.push_back({std::move(id), std::move(name), std::move(columns)});
}

void Table::aggregated(std::string column, std::string results, std::string parts) {
    aggregated_ = json::object{{"column", column}, {"results_label", results}, {"aggregated_label", parts}};
}

double Table::largest(std::size_t index) const {
    double most = 0;
    for (const json::array& row : rows_)
        if (row[index].is_number())
            most = std::max(most, row[index].to_number<double>());
    return most;
}

json::object Table::column_json(std::size_t index) const {
    const Column& column = columns_[index];
    const Looks looks = looks_of(column.kind);
    const json::value units = looks.units ? json::value(looks.units) : json::value(nullptr);
    json::object made{{"index", index},
                      {"unique_key", column.unique},
                      {"name", column.name},
                      {"visible", column.visible},
                      {"type", looks.type},
                      {"units", units},
                      {"visualization", looks.visualization},
                      {"value_options", json::object{{"units", units},
                                                     {"transform", looks.transform},
                                                     {"decimal_points", looks.decimals},
                                                     {"default_value", nullptr}}},
                      {"pointer_to", nullptr},
                      {"sort", looks.sort},
                      {"sortable", true},
                      {"sticky", column.sticky},
                      {"summary", looks.summary},
                      {"filter", looks.filter},
                      {"full_width", column.sticky},
                      {"wrap", false},
                      {"default_expanded_filter", column.kind == Column::Kind::Name}};
    if (std::string_view(looks.filter) == "range")
        made.emplace("max", largest(index));
    return made;
}

std::string Table::body(const TableDescription& description, std::int64_t expires) const {
    json::object head = description_json(description);
    json::object charts;
    json::array default_charts;
    json::object groups;
    for (const Grouping& grouping : groupings_)
        groups.emplace(grouping.column,
                       json::object{{"name", grouping.name}, {"columns", json::array{grouping.column}}});
    for (const ChartOf& chart : charts_) {
        charts.emplace(
            chart.id,
            json::object{{"name", chart.name}, {"type", "stacked-bar"}, {"columns", strings(chart.columns)}});
        if (!groupings_.empty())
            default_charts.emplace_back(json::array{chart.id, groupings_.front().column});
    }
    head.emplace("default_sort_column", sort_column_);
    head.emplace("charts", std::move(charts));
    head.emplace("default_charts", std::move(default_charts));
    head.emplace("group_by", std::move(groups));
    if (aggregated_)
        head.emplace("aggregated_view", *aggregated_);
    head.emplace("expires", expires);

    std::string body = "{";
    append_members(body, head);
    body += ",\n\"columns\":{\n";
    json::object columns;
    for (std::size_t i = 0; i < columns_.size(); ++i)
        columns.emplace(columns_[i].key, column_json(i));
    columns.emplace("rowOptions", json::object{{"index", columns_.size()},
                                               {"unique_key", false},
                                               {"name", "rowOptions"},
                                               {"visible", false},
                                               {"type", "none"},
                                               {"visualization", "rowOptions"},
                                               {"value_options", json::object{{"transform", "none"},
                                                                              {"decimal_points", 0},
                                                                              {"default_value", nullptr}}},
                                               {"sort", "ascending"},
                                               {"sortable", false},
                                               {"sticky", false},
                                               {"summary", "count"},
                                               {"filter", "none"},
                                               {"full_width", false},
                                               {"wrap", false},
                                               {"default_expanded_filter", false},
                                               {"dummy", true}});
    append_members(body, columns);
    body += "},\n\"data\":[\n";
    const char* between = "";
    for (const json::array& row : rows_) {
        body.append(between).append(json::serialize(row));
        between = ",\n";
    }
    return body + "]}";
}

} // namespace sockledger::netdata
