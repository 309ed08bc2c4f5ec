// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "live_view.hpp"

#include <sockledger/derived.hpp>
#include "summary.hpp"
#include "text_table.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

// `left` and `right` at the two ends of a line, the right one gone when there is no room.
Line spread(Line left, const std::vector<Span>& right, int width, const Glyphs& signs) {
    left = cut_line(std::move(left), width, signs);
    int used = 0;
    for (const Span& span : left.spans)
        used += text_width(span.text);
    int wanted = 0;
    for (const Span& span : right)
        wanted += text_width(span.text);
    if (used + wanted + 2 > width)
        return left;
    left.spans.push_back({std::string(static_cast<std::size_t>(width - used - wanted), ' ')});
    left.spans.insert(left.spans.end(), right.begin(), right.end());
    return left;
}

// An empty table is not the same as nothing going on.
std::string empty_words(const Snapshot& snapshot, const Selection& selection) {
    if (!selection.text.empty())
        return "nothing matches";
    return app_accuracy(snapshot) == Accuracy::Unavailable ? "nothing that you may see" : "nothing to show";
}

std::string capitalised(std::string_view name) {
    std::string text(name);
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

} // namespace

std::vector<Line> LiveView::head(int width, int height) const {
    const Glyphs& signs = *options_.format.signs;
    std::vector<Line> lines;
    std::vector<Span> right;
    if (paused_)
        right.push_back({"PAUSED  ", Style::Warning});
    right.push_back({format_clock(shown_->time.realtime), Style::Plain});
    right.push_back(
        {options_.replay ? std::string("  replay") : "  " + std::to_string(options_.interval_s) + " s",
         Style::Dim});
    lines.push_back(spread(machine_line(*shown_, options_.format), right, width, signs));
    std::string note = message_;
    if (note.empty())
        note = notice(*shown_, options_.format).value_or("");
    if (!note.empty())
        lines.push_back({{{fit(note, width, Align::Left, signs), Style::Warning}}});
    if (view_ != View::Interfaces && height >= 12) {
        // A fifth of the screen for the interfaces, the rest for who uses them.
        const int room = std::clamp(height / 5, 2, 12);
        for (Line& line : interface_lines(*shown_, options_.selection, width, room, options_.format))
            lines.push_back(std::move(line));
        lines.push_back({});
    }
    return lines;
}

Line LiveView::tabs_line(int width) const {
    const Glyphs& signs = *options_.format.signs;
    Line line;
    int number = 1;
    for (const TableModel& model : models_) {
        const bool here = model.view() == view_;
        std::string name = std::to_string(number++) + " " + capitalised(view_name(model.view()));
        if (here)
            name = "[" + name + "]";
        else
            name = " " + name + " ";
        line.spans.push_back({name, here ? Style::Bold : Style::Dim});
    }
    if (!crumb_.empty())
        line.spans.push_back({" of " + crumb_, Style::Bold});
    const std::string& text = options_.selection.text;
    std::vector<Span> right;
    if (filtering_ || !text.empty())
        right.push_back({"/" + displayable(text) + (filtering_ ? "_" : ""), Style::Bold});
    const auto& rows = models_[static_cast<std::size_t>(view_)].rows();
    if (!rows.empty() && rows.size() > page_)
        right.push_back(
            {"  " + std::to_string(cursor_row() + 1) + "/" + std::to_string(rows.size()), Style::Dim});
    return spread(line, right, width, signs);
}

Line LiveView::foot_line(int width) const {
    const std::string keys =
        filtering_ ? "type to filter   Enter keep   Esc clear"
                   : "Tab view  Enter open  / filter  s sort  r reverse  p pause  ? help  q quit";
    return {{{fit(keys, width, Align::Left, *options_.format.signs), Style::Dim}}};
}

void LiveView::scroll_to_cursor(std::size_t visible) {
    const std::size_t row = cursor_row();
    page_ = std::max<std::size_t>(visible, 1);
    top_ = std::min(top_, row);
    if (row >= top_ + page_)
        top_ = row + 1 - page_;
    const std::size_t count = model().rows().size();
    top_ = std::min(top_, count > page_ ? count - page_ : 0);
}

Frame LiveView::frame(int width, int height) {
    const Glyphs& signs = *options_.format.signs;
    width_ = width;
    Frame frame;
    if (width <= 0 || height <= 0)
        return frame;
    if (help_) {
        frame.lines = help_lines(signs);
    } else if (!shown_) {
        frame.lines.push_back({{{message_.empty() ? "reading ..." : displayable(message_), Style::Dim}}});
    } else {
        frame.lines = head(width, height);
        const auto columns = steady_layout(view_, width, options_.format.units);
        const int used = static_cast<int>(frame.lines.size()) + 3; // tabs, titles, foot
        scroll_to_cursor(static_cast<std::size_t>(std::max(height - used, 1)));
        frame.lines.push_back(tabs_line(width));
        frame.lines.push_back(title_line(columns, order(), options_.format));
        const std::size_t end = std::min(top_ + page_, model().rows().size());
        for (std::size_t row = top_; row < end; ++row) {
            frame.lines.push_back(row_line(model(), row, columns, options_.format));
            frame.lines.back().selected = row == cursor_row();
        }
        if (model().rows().empty())
            frame.lines.push_back({{{empty_words(*shown_, options_.selection), Style::Dim}}});
        while (static_cast<int>(frame.lines.size()) < height - 1)
            frame.lines.push_back({});
        frame.lines.push_back(foot_line(width));
    }
    if (static_cast<int>(frame.lines.size()) > height)
        frame.lines.resize(static_cast<std::size_t>(height));
    for (Line& line : frame.lines)
        line = cut_line(std::move(line), width, signs);
    return frame;
}

std::vector<Line> help_lines(const Glyphs& signs) {
    const std::string at_least(signs.at_least);
    const std::string missing(signs.missing);
    const std::string lines[] = {
        "Tab 1 2 3 4 5    apps, processes, connections, interfaces, remotes",
        "Up Down PgUp PgDn Home End   move; Home also follows whoever is first",
        "Enter            open: app > processes > connections, interface > apps,",
        "                 remote > its connections",
        "Esc              back; clears the filter first",
        "/                filter by any text of a row",
        "s or < >         sort by the next or previous column; r reverses",
        "p or Space       pause (counting goes on)",
        "+ -              interval, 1 to 60 s",
        "a                loopback, and rows without traffic",
        "b  i             bits or bytes per second; 1000 or 1024",
        "q                quit",
        "",
        "Totals count from the start of this program. For each interface",
        "    total = apps + kernel + unattributed",
        "apps: sockets that a process owns. kernel: the kernel's own sockets.",
        "unattributed: forwarded packets and those without any socket.",
        "No sign: exact. " + at_least + ": a lower bound. " + std::string(signs.about) + ": estimated. " +
            missing + ": not known, which is not zero.",
        "'sockledger doctor' says what is missing for exact numbers.",
        "",
        "Any key goes back.",
    };
    std::vector<Line> help;
    for (const std::string& text : lines)
        help.push_back({{{text}}});
    return help;
}

} // namespace sockledger::cli
