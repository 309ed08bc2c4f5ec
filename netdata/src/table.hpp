// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tables as Netdata's dashboard shows them: the JSON of FUNCTION_UI_SCHEMA.json, version 3.
namespace sockledger::netdata {

struct Column {
    /// What it holds decides how it is shown, sorted, summed up and filtered.
    enum class Kind {
        Name,    ///< a short text of few values: a filter of choices
        Text,    ///< any text
        Number,  ///< an id: not summed up
        Count,   ///< summed up
        Amount,  ///< bytes, with a bar
        Rate,    ///< bytes per second, with a bar
        Duration ///< milliseconds
    };
    std::string key;
    std::string name;
    Kind kind = Kind::Text;
    bool visible = true;
    bool unique = false; ///< no two rows have the same
    bool sticky = false; ///< stays where it is while others scroll
};

/// A view of a function, as the dashboard lets people choose one.
struct View {
    std::string id;
    std::string name;
};

/// What a chart above the table, and a grouping, are made of.
struct Grouping {
    std::string column;
    std::string name;
};

struct TableDescription {
    std::string help;
    unsigned update_every = 1;
    std::vector<View> views; ///< the first is the default one; none: there is no choice
};

enum class Severity { Normal, Notice, Warning, Error };

/// The answer to `info`: what can be asked for.
std::string info_body(const TableDescription& description);
std::string error_body(int status, std::string_view message);

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many values as there are columns, in their order; null for what is not known.
    void add_row(boost::json::array values, Severity severity = Severity::Normal);
    std::size_t size() const { return rows_.size(); }

    void sort_by(std::string column) { sort_column_ = std::move(column); }
    /// One chart of each of these columns, for each of the groupings.
    void chart(std::string id, std::string name, std::vector<std::string> columns);
    void group_by(Grouping grouping) { groupings_.push_back(std::move(grouping)); }
    /// Rows are sums of several; `column` says of how many.
    void aggregated(std::string column, std::string results, std::string parts);

    /// A line for each row, as Netdata cuts what it reads at 15 kB.
    std::string body(const TableDescription& description, std::int64_t expires) const;

private:
    struct ChartOf {
        std::string id;
        std::string name;
        std::vector<std::string> columns;
    };
    boost::json::object column_json(std::size_t index) const;
    double largest(std::size_t index) const;

    std::vector<Column> columns_;
    std::vector<boost::json::array> rows_;
    std::vector<ChartOf> charts_;
    std::vector<Grouping> groupings_;
    std::optional<boost::json::object> aggregated_;
    std::string sort_column_;
};

} // namespace sockledger::netdata
