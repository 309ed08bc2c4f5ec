// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "table_model.hpp"

#include "names/remotes.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <compare>
#include <tuple>

namespace sockledger::cli {

namespace {

constexpr double smoothing_seconds = 5;
constexpr double noticeable = 0.1; // a change of the held rate, relative
constexpr double silence = 1;      // B/s; an average never gets to zero by itself

double step(double smooth, double now, double seconds) {
    if (seconds <= 0)
        return smooth;
    const double next = smooth + (1 - std::exp(-seconds / smoothing_seconds)) * (now - smooth);
    return next < silence && now < silence ? now : next;
}

std::optional<double> as_number(const Cell& cell) {
    if (const auto* count = std::get_if<std::uint64_t>(&cell.value))
        return static_cast<double>(*count);
    if (const auto* bytes = std::get_if<Bytes>(&cell.value))
        return static_cast<double>(bytes->value);
    if (const auto* rate = std::get_if<Rate>(&cell.value))
        return rate->bytes_per_second;
    if (const auto* time = std::get_if<Milliseconds>(&cell.value))
        return time->value;
    if (const auto* age = std::get_if<Age>(&cell.value))
        return static_cast<double>(age->value.count());
    return std::nullopt;
}

std::optional<SteadyRates::Kind> rate_kind(std::string_view column) {
    if (column == rate_order)
        return SteadyRates::Both;
    if (column == "rx_rate")
        return SteadyRates::Down;
    if (column == "tx_rate")
        return SteadyRates::Up;
    return std::nullopt;
}

} // namespace

SteadyRates::Values SteadyRates::update(RowKey key, const Traffic& traffic, double seconds) {
    const bool known = traffic.accuracy != Accuracy::Unavailable && traffic.rx_rate && traffic.tx_rate;
    if (!known) {
        entries_.erase(key);
        return {};
    }
    const std::array now{*traffic.rx_rate, *traffic.tx_rate, *traffic.rx_rate + *traffic.tx_rate};
    auto it = entries_.find(key);
    if (it == entries_.end()) {
        const Values values{now[0], now[1], now[2]};
        if (now[Both] != 0) // the many that are silent need no memory
            entries_.emplace(key, Entry{values, values, true});
        return values;
    }
    Entry& entry = it->second;
    for (std::size_t kind = 0; kind < now.size(); ++kind) {
        auto& smooth = entry.smooth[kind];
        auto& held = entry.held[kind];
        smooth = step(*smooth, now[kind], seconds);
        if (*smooth == 0 || std::abs(*smooth - *held) > noticeable * *held)
            held = smooth;
    }
    entry.seen = *entry.smooth[Both] != 0;
    return entry.held;
}

void SteadyRates::forget_the_rest() {
    std::erase_if(entries_, [](const auto& item) { return !item.second.seen; });
    for (auto& [key, entry] : entries_)
        entry.seen = false;
}

// What a row is sorted by, taken once and not at every comparison.
struct TableModel::SortKey {
    Row row;
    std::optional<double> number;
    std::string text;
    double total = 0;
    std::string name;
    std::size_t place = 0; ///< in the order of ids
};

std::vector<Item> TableModel::select_items() {
    if (view_ != View::Remotes)
        return select(view_, context());
    remotes_ = group_remotes(select_connections(*snapshot_, selection_), *listeners_, most_);
    std::vector<Item> items;
    for (const Remote& remote : remotes_)
        items.emplace_back(&remote);
    return items;
}

void TableModel::update(SnapshotPtr snapshot, const Selection& selection, const Order& order) {
    double seconds = 0;
    if (sequence_ != snapshot->sequence)
        seconds = std::chrono::duration<double>(snapshot->interval).count();
    sequence_ = snapshot->sequence;
    snapshot_ = std::move(snapshot);
    selection_ = selection;
    listeners_.emplace(*snapshot_);

    const Context here = context();
    const Column* column = find_column(view_, order.column);
    const auto kind = rate_kind(order.column);
    std::vector<SortKey> keys;
    for (const Item& item : select_items()) {
        SortKey key;
        key.row = {item, key_of(item)};
        key.place = keys.size();
        key.name = folded(name_of(item, here));
        const Traffic traffic = traffic_of(item, here);
        key.total = as_number(both_totals(traffic)).value_or(-1);
        const SteadyRates::Values rates = rates_.update(key.row.key, traffic, seconds);
        if (kind) {
            key.number = rates[*kind];
        } else if (column) {
            const Cell cell = column->cell(item, here);
            key.number = as_number(cell);
            if (const auto* text = std::get_if<std::string>(&cell.value))
                key.text = folded(*text);
            else if (const auto* peer = std::get_if<Endpoint>(&cell.value))
                key.text = peer_text(*peer, nullptr);
        }
        keys.push_back(std::move(key));
    }
    rates_.forget_the_rest();
    sort(keys, order.reverse);
}

void TableModel::sort(std::vector<SortKey>& keys, bool reverse) {
    const auto before = [reverse](const SortKey& a, const SortKey& b) {
        // What is not known stays at the end, whichever way the rest is turned.
        if (a.number.has_value() != b.number.has_value())
            return a.number.has_value();
        auto natural = std::partial_ordering::equivalent;
        if (a.number && *a.number != *b.number)
            natural = *b.number <=> *a.number;
        else if (a.text != b.text)
            natural = a.text <=> b.text;
        if (natural != 0)
            return reverse ? natural > 0 : natural < 0;
        if (a.total != b.total)
            return a.total > b.total;
        return std::tie(a.name, a.place) < std::tie(b.name, b.place);
    };
    std::ranges::sort(keys, before);
    rows_.clear();
    rows_.reserve(keys.size());
    for (const SortKey& key : keys)
        rows_.push_back(key.row);
}

void TableModel::release() {
    rows_ = {};
    remotes_ = {};
    snapshot_.reset();
}

std::optional<std::size_t> TableModel::index_of(RowKey key) const {
    auto it = std::ranges::find(rows_, key, &Row::key);
    if (it == rows_.end())
        return std::nullopt;
    return static_cast<std::size_t>(it - rows_.begin());
}

Cell TableModel::cell(std::size_t row, const Column& column) const {
    return column.cell(rows_[row].item, context());
}

} // namespace sockledger::cli
