// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "summary.hpp"

#include "service/derived.hpp"
#include "text_table.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

std::string names_of_total(const Snapshot& snapshot) {
    std::string names;
    for (const InterfaceId& id : snapshot.total_of)
        if (const Interface* interface = snapshot.interface(id))
            names.append(names.empty() ? "" : "+").append(interface->name);
    return names.empty() ? "no interface" : displayable(names);
}

const SourceStatus* worst_source(const Snapshot& snapshot) {
    // Traffic first: it is what exact numbers hang on.
    const SourceStatus* found = snapshot.source("traffic");
    if (found && found->accuracy != Accuracy::Exact)
        return found;
    for (const SourceStatus& source : snapshot.sources)
        if (source.accuracy != Accuracy::Exact && (!found || found->accuracy < source.accuracy))
            found = &source;
    return found && found->accuracy != Accuracy::Exact ? found : nullptr;
}

bool in_total(const Row& row, const Snapshot& snapshot) {
    const Interface& interface = *std::get<const Interface*>(row.item);
    return std::ranges::find(snapshot.total_of, interface.id) != snapshot.total_of.end();
}

// The rows of the header: those that the totals are made of before the rest, each by rate; none that is down.
std::vector<std::size_t> header_rows(const TableModel& model, const Snapshot& snapshot) {
    std::vector<std::size_t> order;
    for (const bool counted : {true, false})
        for (std::size_t i = 0; i < model.rows().size(); ++i) {
            const Row& row = model.rows()[i];
            const bool here = in_total(row, snapshot);
            if (here == counted && (here || std::get<const Interface*>(row.item)->up))
                order.push_back(i);
        }
    return order;
}

} // namespace

Line machine_line(const Snapshot& snapshot, const Format& format) {
    const Glyphs& signs = *format.signs;
    const Accuracy known = app_accuracy(snapshot);
    const std::string blank(1, ' ');
    return {{{std::string(signs.down) + blank, Style::Down},
             {to_text(rx_rate(snapshot.total), format), Style::Bold},
             {"  "},
             {std::string(signs.up) + blank, Style::Up},
             {to_text(tx_rate(snapshot.total), format), Style::Bold},
             {"  on " + names_of_total(snapshot) + blank + std::string(signs.dot) + blank, Style::Dim},
             {accuracy_words(known, signs), known == Accuracy::Exact ? Style::Plain : Style::Warning}}};
}

std::optional<std::string> notice(const Snapshot& snapshot, const Format& format) {
    if (const SourceStatus* source = worst_source(snapshot))
        return displayable(source->name + ": " + (source->detail.empty() ? "not available" : source->detail));
    std::uint64_t bytes = 0;
    std::uint64_t events = 0;
    for (const SourceStatus& source : snapshot.sources) {
        bytes += source.lost_bytes;
        events += source.lost_events;
    }
    if (bytes == 0 && events == 0)
        return std::nullopt;
    return "lost from the count: " + format_bytes(bytes, format.units) + ", " + std::to_string(events) +
           " events";
}

std::vector<Line> interface_lines(const Snapshot& snapshot, const Selection& selection, int width, int rows,
                                  const Format& format) {
    if (rows < 2)
        return {};
    TableModel model(View::Interfaces);
    Selection shown;
    shown.interface = selection.interface;
    shown.all = selection.all;
    // A pointer that does not own: the model lives no longer than this call.
    model.update(SnapshotPtr(SnapshotPtr(), &snapshot), shown, {});
    const std::vector<std::size_t> order = header_rows(model, snapshot);

    const auto columns = steady_layout(View::Interfaces, width, format.units);
    std::vector<Line> lines{title_line(columns, Order{"", false}, format)};
    const auto room = static_cast<std::size_t>(rows - 1);
    const std::size_t fits = order.size() <= room ? order.size() : room - 1;
    for (std::size_t i = 0; i < std::max<std::size_t>(fits, 1) && i < order.size(); ++i)
        lines.push_back(row_line(model, order[i], columns, format));
    if (order.size() > fits && room > 1)
        lines.push_back({{{"+ " + std::to_string(order.size() - fits) + " more (key 4)", Style::Dim}}});
    return lines;
}

} // namespace sockledger::cli
