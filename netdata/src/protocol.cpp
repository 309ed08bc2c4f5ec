// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "protocol.hpp"

namespace sockledger::netdata {

namespace {

void quoted(std::string& out, std::string_view text) {
    out.append(" '").append(text).append("'");
}

} // namespace

void append_chart_line(std::string& out, const Chart& chart, unsigned update_every, bool obsolete) {
    out.append("CHART sockledger.").append(chart.id).append(" ''");
    quoted(out, chart.title);
    quoted(out, chart.units);
    quoted(out, chart.family);
    out.append(" sockledger.").append(chart.context);
    out.append(" ").append(chart.type).append(" ").append(std::to_string(chart.priority));
    out.append(" ").append(std::to_string(update_every));
    out.append(obsolete ? " 'obsolete'" : " ''")
        .append(" sockledger.plugin ")
        .append(chart.family)
        .append("\n");
}

void append_dimension_line(std::string& out, const Dimension& dimension, bool obsolete) {
    out.append("DIMENSION ").append(dimension.id);
    quoted(out, dimension.name);
    out.append(dimension.incremental ? " incremental " : " absolute ");
    out.append(std::to_string(dimension.multiplier)).append(" ").append(std::to_string(dimension.divisor));
    out.append(obsolete ? " obsolete\n" : " ''\n");
}

void append_labels(std::string& out, const Chart& chart) {
    for (const auto& [name, value] : chart.labels) {
        out.append("CLABEL ").append(name);
        quoted(out, value);
        out.append(" 1\n");
    }
    if (!chart.labels.empty())
        out.append("CLABEL_COMMIT\n");
}

void append_variable(std::string& out, std::string_view name, std::uint64_t value) {
    out.append("VARIABLE CHART ").append(name).append(" = ").append(std::to_string(value)).append("\n");
}

void append_begin(std::string& out, std::string_view id, std::uint64_t microseconds) {
    out.append("BEGIN sockledger.").append(id);
    if (microseconds > 0)
        out.append(" ").append(std::to_string(microseconds));
    out.append("\n");
}

void append_set(std::string& out, std::string_view dimension, std::int64_t value) {
    out.append("SET ").append(dimension).append(" = ").append(std::to_string(value)).append("\n");
}

void append_end(std::string& out) {
    out.append("END\n");
}

void append_function(std::string& out, const FunctionOffer& offer) {
    out.append("FUNCTION GLOBAL \"").append(offer.name).append("\" ");
    out.append(std::to_string(offer.timeout_seconds)).append(" \"").append(offer.help);
    // 1.37 stops reading here; 2.x: tags, access, priority, version
    out.append("\" \"top\" \"").append(offer.access).append("\" 100 3\n");
}

void append_function_result(std::string& out, std::string_view transaction, int status, std::int64_t expires,
                            std::string_view body) {
    out.append("FUNCTION_RESULT_BEGIN ").append(transaction).append(" ").append(std::to_string(status));
    out.append(" application/json ").append(std::to_string(expires)).append("\n");
    out.append(body).append("\nFUNCTION_RESULT_END\n");
}

} // namespace sockledger::netdata
