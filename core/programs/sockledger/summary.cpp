// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "summary.hpp"

#include <sockledger/derived.hpp>
#include "text_table.hpp"

#include <algorithm>
#include <map>
#include <set>

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

std::string_view cause_meaning(UnattributedCause cause) {
    switch (cause) {
    case UnattributedCause::None:
        return "";
    case UnattributedCause::NoSocket:
        return "packets without a socket (ARP, pings, resets)";
    case UnattributedCause::Forwarded:
        return "forwarded, for containers, guests or other hosts";
    case UnattributedCause::Bridged:
        return "switched by a bridge, and counted where the socket is";
    case UnattributedCause::OtherNetns:
        return "counted in the network namespace at the other end";
    case UnattributedCause::Encapsulated:
        return "the outer packets of a tunnel";
    case UnattributedCause::NotCounted:
        return "not told apart: packets are not counted here; run sockledgerd, or sockledger as root";
    }
    return "";
}

// Each sign that the numbers of the apps may have, so that it also explains them.
std::string accuracies_of_apps(const Snapshot& snapshot, const Glyphs& signs) {
    const Accuracy known = app_accuracy(snapshot);
    const bool both = known == Accuracy::Estimated && std::ranges::any_of(snapshot.apps, [](const App& app) {
                          return app.traffic.accuracy == Accuracy::Partial;
                      });
    const std::string words = accuracy_words(known, signs);
    return both ? accuracy_words(Accuracy::Partial, signs) + ", " + words : words;
}

} // namespace

Line machine_line(const Snapshot& snapshot, const Format& format) {
    const Glyphs& signs = *format.signs;
    const Accuracy known = app_accuracy(snapshot);
    const std::string blank(1, ' ');
    return {
        {{std::string(signs.down) + blank, Style::Down},
         {to_text(rx_rate(snapshot.total), format), Style::Bold},
         {"  "},
         {std::string(signs.up) + blank, Style::Up},
         {to_text(tx_rate(snapshot.total), format), Style::Bold},
         {"  on " + names_of_total(snapshot) + blank + std::string(signs.dot) + blank, Style::Dim},
         {accuracies_of_apps(snapshot, signs), known == Accuracy::Exact ? Style::Plain : Style::Warning}}};
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

std::string counts_words(const TableModel& model) {
    std::map<Protocol, std::map<SocketState, std::size_t>> counts;
    for (const Row& row : model.rows()) {
        const Connection& connection = *std::get<const Connection*>(row.item);
        ++counts[connection.protocol][connection.state];
    }
    const std::size_t all = model.rows().size();
    std::string words = std::to_string(all) + (all == 1 ? " socket" : " sockets");
    std::string_view separator = ": ";
    for (const auto& [protocol, states] : counts) {
        std::size_t sum = 0;
        std::string parts;
        for (const auto& [state, count] : states) {
            sum += count;
            parts.append(parts.empty() ? "" : ", ").append(std::to_string(count)).append(" ");
            parts.append(to_string(state));
        }
        words.append(separator).append(std::to_string(sum)).append(" ").append(to_string(protocol));
        if (protocol == Protocol::Tcp)
            words.append(" (").append(parts).append(")");
        separator = ", ";
    }
    return words;
}

std::string legend(const TableModel& model, const Format& format) {
    const Glyphs& signs = *format.signs;
    std::set<Accuracy> found;
    for (const Row& row : model.rows())
        found.insert(traffic_of(row.item, model.context()).accuracy);
    std::string words;
    const auto add = [&](Accuracy accuracy, std::string_view sign, std::string_view meaning) {
        if (found.contains(accuracy))
            words.append(words.empty() ? "" : "   ").append(sign).append(" ").append(meaning);
    };
    add(Accuracy::Partial, signs.at_least, "at least: not every packet is counted");
    add(Accuracy::Estimated, signs.about, "estimated: shared out by connections");
    add(Accuracy::Unavailable, signs.missing, "not known");
    return words;
}

std::vector<std::string> cause_words(const Snapshot& snapshot, const Selection& selection) {
    std::map<UnattributedCause, std::string> interfaces;
    for (const Interface* interface : select_interfaces(snapshot, selection)) {
        const Traffic& rest = interface->unattributed;
        const bool any = rest.accuracy == Accuracy::Unavailable || rest.rx_bytes != 0 || rest.tx_bytes != 0;
        if (any && cause_meaning(interface->unattributed_cause) != "") {
            std::string& names = interfaces[interface->unattributed_cause];
            names.append(names.empty() ? "" : ", ").append(displayable(interface_name(*interface, snapshot)));
        }
    }
    std::vector<std::string> sentences;
    for (const auto& [cause, names] : interfaces)
        sentences.push_back(names + ": unattributed is " + std::string(cause_meaning(cause)));
    return sentences;
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
