// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "usage_table.hpp"

#include "text_table.hpp"
#include "times.hpp"
#include "usage_rows.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace sockledger::cli {

namespace {

constexpr int bar_width = 20;
constexpr std::size_t most_gaps = 5;

std::string_view heading_of(const UsageQuery& query) {
    if (query.bucket.unit == UsageBucket::Unit::Whole)
        return query.group == UsageGroup::Interface ? "interface" : "app";
    return query.bucket.unit == UsageBucket::Unit::Seconds ? "minute" : to_string(query.bucket.unit);
}

constexpr int narrow = 60;

std::array<Column, 5> columns_for(const UsageQuery& query, int width) {
    const bool words = width >= narrow;
    return {{{"name", heading_of(query), Width::Text, 8, 40, 100},
             {"rx", words ? "downloaded" : "{down}", Width::Bytes, 0, 0, 80, nullptr, {}, Hue::Down},
             {"tx", words ? "uploaded" : "{up}", Width::Bytes, 0, 0, 70, nullptr, {}, Hue::Up},
             {"total", "total", Width::Bytes, 0, 0, 90},
             {"bar", "", Width::Text, bar_width, bar_width, 10}}};
}

// What is taken back from an earlier interval is below zero.
Cell amount(std::int64_t bytes, const UsageLine& line, const Format& format) {
    if (line.accuracy == Accuracy::Unavailable)
        return {};
    if (bytes < 0)
        return {"-" + format_bytes(static_cast<std::uint64_t>(-bytes), format.units), line.accuracy};
    return {Bytes{static_cast<std::uint64_t>(bytes)}, line.accuracy};
}

std::string plain_amount(std::int64_t bytes, const Format& format) {
    return to_text(amount(bytes, {}, format), format);
}

std::string both(std::int64_t rx, std::int64_t tx, const Format& format) {
    const Glyphs& signs = *format.signs;
    return std::string(signs.down) + " " + plain_amount(rx, format) + "  " + std::string(signs.up) + " " +
           plain_amount(tx, format);
}

std::vector<Line> table_of(const std::vector<UsageLine>& rows, const UsageQuery& query, int width,
                           const Format& format) {
    std::int64_t most = 0;
    for (const UsageLine& row : rows)
        most = std::max(most, row.total());
    const auto cell = [&](std::size_t i, const Column& column) -> Cell {
        const UsageLine& row = rows[i];
        if (column.id == "rx")
            return amount(row.rx_bytes, row, format);
        if (column.id == "tx")
            return amount(row.tx_bytes, row, format);
        if (column.id == "total")
            return amount(row.total(), row, format);
        if (column.id == "bar")
            return {
                bar(static_cast<double>(row.total()) / static_cast<double>(std::max<std::int64_t>(most, 1)),
                    bar_width, *format.signs)};
        return {row.label};
    };
    const auto columns = columns_for(query, width);
    std::vector<Line> lines = whole_table(columns, rows.size(), cell, width, Order{"", false}, format);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].aside)
            for (Span& span : lines[i + 1].spans)
                span.style = Style::Dim;
    return lines;
}

std::string subject_of(const UsageAnswer& answer) {
    std::string words;
    if (answer.query.app)
        words += ", " + displayable(answer.app_name);
    if (answer.query.interface)
        words += ", on " + displayable(*answer.query.interface);
    return words;
}

// Of an app beside everything: what the interfaces moved is more than its rows.
std::string wire_words(const UsageAnswer& answer, const Format& format) {
    const std::string wire = "on the wire: " + both(answer.usage.rx_bytes, answer.usage.tx_bytes, format);
    if (!answer.query.app)
        return wire;
    std::int64_t rx = 0;
    std::int64_t tx = 0;
    for (const UsageRow& row : answer.usage.rows) {
        rx += row.rx_bytes;
        tx += row.tx_bytes;
    }
    return both(rx, tx, format) + " of what was " + wire;
}

// Nothing when every byte was counted at its packet.
std::vector<std::string> how_it_is_known(const Usage& usage, const UsageQuery& query, const Glyphs& signs) {
    const auto has = [&](Accuracy accuracy) {
        return std::ranges::find(usage.rows, accuracy, &UsageRow::accuracy) != usage.rows.end();
    };
    const bool by_app = query.group == UsageGroup::App || query.group == UsageGroup::AppInterface;
    std::vector<std::string> sentences;
    if (by_app && !usage.rows.empty() &&
        std::ranges::all_of(usage.rows, [](const UsageRow& row) { return row.app == unattributed_app; }))
        sentences.push_back("no application has any of it: packets were not counted, or all were forwarded; "
                            "'sockledger doctor' says which");
    if (has(Accuracy::Partial))
        sentences.push_back(std::string(signs.at_least) +
                            " at least: not every packet was counted all of the time");
    if (has(Accuracy::Estimated))
        sentences.push_back(std::string(signs.about) + " estimated: shared out by connections, because "
                                                       "packets were not counted");
    return sentences;
}

} // namespace

std::vector<std::string> usage_notes(const UsageAnswer& answer, const Format& format) {
    const Usage& usage = answer.usage;
    std::vector<std::string> notes = how_it_is_known(usage, answer.query, *format.signs);
    const TimeWindow& asked = answer.query.window;
    // An interval that is not over yet ends in the future, where nothing is.
    const bool wider =
        usage.window.from < asked.from || (usage.window.to > asked.to && asked.to < answer.now);
    if (wider)
        notes.push_back("asked for: " + format_window(asked, answer.now) +
                        "; so long ago only coarser intervals are kept, and these are whole");
    // One gap for all interfaces that it concerns
    std::map<std::pair<std::chrono::seconds, std::chrono::seconds>, UsageGap> gaps;
    for (const UsageGap& gap : usage.gaps) {
        UsageGap& sum = gaps[{gap.window.to, gap.window.from}];
        sum.window = gap.window;
        sum.rx_bytes += gap.rx_bytes;
        sum.tx_bytes += gap.tx_bytes;
    }
    std::size_t left = gaps.size();
    for (const auto& [ignored, gap] : gaps)
        if (left-- <= most_gaps)
            notes.push_back("nobody recorded from " + format_window(gap.window, answer.now) + ": " +
                            both(gap.rx_bytes, gap.tx_bytes, format) + " of then are unattributed");
    if (gaps.size() > most_gaps)
        notes.push_back("and " + std::to_string(gaps.size() - most_gaps) + " earlier times");
    return notes;
}

std::vector<Line> usage_lines(const UsageAnswer& answer, std::optional<std::size_t> limit, int width,
                              const Format& format) {
    std::vector<Line> lines;
    const auto paragraph = [&](const std::string& text, Style style) {
        for (const std::string& line : wrapped(text, width))
            lines.push_back({{{line, style}}});
    };
    paragraph(format_window(answer.usage.window, answer.now) + subject_of(answer), Style::Bold);
    const auto rows = usage_rows(answer.usage, answer.query, limit);
    for (Line& line : table_of(rows, answer.query, width, format))
        lines.push_back(std::move(line));
    paragraph(wire_words(answer, format), Style::Bold);
    for (const std::string& note : usage_notes(answer, format))
        paragraph(note, Style::Warning);
    return lines;
}

} // namespace sockledger::cli
