// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "doctor.hpp"

#include <algorithm>
#include <chrono>

namespace sockledger::cli {

namespace {

std::string_view verdict(Accuracy accuracy) {
    switch (accuracy) {
    case Accuracy::Exact:
        return "works";
    case Accuracy::Partial:
    case Accuracy::Estimated:
        return "degraded";
    case Accuracy::Unavailable:
        break;
    }
    return "missing";
}

std::string conclusion(const Snapshot& snapshot) {
    const auto& sources = snapshot.sources;
    const auto exact = std::ranges::count(sources, Accuracy::Exact, &SourceStatus::accuracy);
    const auto missing = std::ranges::count(sources, Accuracy::Unavailable, &SourceStatus::accuracy);
    const auto all = static_cast<std::ptrdiff_t>(sources.size());
    if (all == 0 || missing == all)
        return "Nothing works here.";
    return exact == all ? "Everything works: numbers are exact."
                        : std::to_string(exact) + " of " + std::to_string(all) +
                              " sources are exact; what is missing is said above.";
}

} // namespace

std::vector<Line> doctor_lines(const Snapshot& snapshot, int width, const Format& format) {
    const Glyphs& signs = *format.signs;
    constexpr int indent = 12;
    std::vector<Line> lines;
    for (const SourceStatus& source : snapshot.sources) {
        const Style style = source.accuracy == Accuracy::Exact ? Style::Plain : Style::Warning;
        const double took = std::chrono::duration<double, std::milli>(source.took).count();
        Line head;
        head.spans.push_back({fit(source.name, indent, Align::Left, signs), Style::Bold});
        head.spans.push_back({fit(verdict(source.accuracy), 10, Align::Left, signs), style});
        head.spans.push_back({fit(to_string(source.accuracy), 13, Align::Left, signs)});
        if (source.took.count() > 0)
            head.spans.push_back({"read in " + format_milliseconds(took)});
        lines.push_back(head);
        const std::string margin(indent, ' ');
        for (const std::string& text : wrapped(displayable(source.detail), std::max(width - indent, 20)))
            lines.push_back({{{margin + text}}});
        if (source.lost_bytes != 0 || source.lost_events != 0)
            lines.push_back({{{margin + "lost: " + format_bytes(source.lost_bytes, format.units) + ", " +
                                   std::to_string(source.lost_events) + " events",
                               Style::Warning}}});
    }
    lines.push_back({});
    lines.push_back({{{conclusion(snapshot), Style::Bold}}});
    return lines;
}

int doctor_exit_code(const Snapshot& snapshot) {
    return std::ranges::any_of(
               snapshot.sources,
               [](const SourceStatus& source) { return source.accuracy != Accuracy::Unavailable; })
               ? 0
               : 1;
}

} // namespace sockledger::cli
