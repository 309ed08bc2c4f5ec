// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "csv.hpp"

#include "times.hpp"

namespace sockledger::cli {

std::string csv_field(std::string_view text) {
    constexpr std::string_view begins_formula = "=+-@";
    std::string field;
    bool quoted = false;
    if (!text.empty() && begins_formula.find(text.front()) != std::string_view::npos)
        field += '\'';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        quoted = quoted || c == ',' || c == '"';
        field += byte < 0x20 || byte == 0x7f ? '?' : c;
        if (c == '"')
            field += c;
    }
    return quoted ? "\"" + field + "\"" : field;
}

std::string csv_head() {
    return "from,to,app,name,interface,rx_bytes,tx_bytes,accuracy\r\n";
}

std::string csv_line(const UsageRow& row) {
    std::string line = format_iso(row.window.from) + "," + format_iso(row.window.to);
    for (const std::string* text : {&row.app, &row.name, &row.interface})
        line += "," + csv_field(*text);
    return line + "," + std::to_string(row.rx_bytes) + "," + std::to_string(row.tx_bytes) + "," +
           std::string(to_string(row.accuracy)) + "\r\n";
}

} // namespace sockledger::cli
