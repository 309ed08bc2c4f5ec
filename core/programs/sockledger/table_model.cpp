// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "table_model.hpp"

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

double step(std::optional<double> smooth, double now, double seconds) {
    if (!smooth)
        return now;
    if (seconds <= 0)
        return *smooth;
    const double next = *smooth + (1 - std::exp(-seconds / smoothing_seconds)) * (now - *smooth);
    return next < silence && now < silence ? now : next;
}

// What a row is sorted by, taken once and not at every comparison.
struct SortKey {
    std::optional<double> number;
    std::string text;
    double total = 0;
    std::string name;
    std::size_t row = 0;
};

std::string folded(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
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

void SteadyRates::update(const std::string& key, const Traffic& traffic, double seconds) {
    const Values now{traffic.rx_rate, traffic.tx_rate,
                     traffic.rx_rate && traffic.tx_rate ? std::optional(*traffic.rx_rate + *traffic.tx_rate)
                                                        : std::nullopt};
    Entry& entry = entries_[key];
    entry.seen = true;
    for (std::size_t kind = 0; kind < now.size(); ++kind) {
        if (!now[kind] || traffic.accuracy == Accuracy::Unavailable) {
            entry.smooth[kind] = entry.held[kind] = std::nullopt;
            continue;
        }
        auto& smooth = entry.smooth[kind];
        auto& held = entry.held[kind];
        smooth = step(smooth, *now[kind], seconds);
        if (!held || *smooth == 0 || std::abs(*smooth - *held) > noticeable * *held)
            held = smooth;
    }
}

void SteadyRates::forget_the_rest() {
    std::erase_if(entries_, [](const auto& item) { return !item.second.seen; });
    for (auto& [key, entry] : entries_)
        entry.seen = false;
}

const SteadyRates::Values& SteadyRates::of(const std::string& key) const {
    static const Values nothing{};
    auto it = entries_.find(key);
    return it != entries_.end() ? it->second.held : nothing;
}

void TableModel::update(SnapshotPtr snapshot, const Selection& selection, const Order& order) {
    double seconds = 0;
    if (!snapshot_ || snapshot_->sequence != snapshot->sequence)
        seconds = std::chrono::duration<double>(snapshot->interval).count();
    snapshot_ = std::move(snapshot);
    selection_ = selection;
    rows_.clear();
    for (const Item& item : select(view_, context())) {
        rows_.push_back({item, key_of(item)});
        rates_.update(rows_.back().key, traffic_of(item, context()), seconds);
    }
    rates_.forget_the_rest();
    sort(order);
}

void TableModel::sort(const Order& order) {
    const Column* column = find_column(view_, order.column);
    const auto kind = rate_kind(order.column);
    std::vector<SortKey> keys(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        SortKey& key = keys[i];
        const Traffic traffic = traffic_of(rows_[i].item, context());
        key.row = i;
        key.name = folded(name_of(rows_[i].item, context()));
        key.total = as_number(both_totals(traffic)).value_or(-1);
        if (kind) {
            key.number = rates_.of(rows_[i].key)[*kind];
        } else if (column) {
            const Cell cell = column->cell(rows_[i].item, context());
            key.number = as_number(cell);
            if (const auto* text = std::get_if<std::string>(&cell.value))
                key.text = folded(*text);
        }
    }
    const auto before = [&](const SortKey& a, const SortKey& b) {
        // What is not known stays at the end, whichever way the rest is turned.
        if (a.number.has_value() != b.number.has_value())
            return a.number.has_value();
        auto natural = std::partial_ordering::equivalent;
        if (a.number && *a.number != *b.number)
            natural = *b.number <=> *a.number;
        else if (a.text != b.text)
            natural = a.text <=> b.text;
        if (natural != 0)
            return order.reverse ? natural > 0 : natural < 0;
        if (a.total != b.total)
            return a.total > b.total;
        return std::tie(a.name, rows_[a.row].key) < std::tie(b.name, rows_[b.row].key);
    };
    std::ranges::sort(keys, before);
    std::vector<Row> sorted;
    sorted.reserve(rows_.size());
    for (const SortKey& key : keys)
        sorted.push_back(std::move(rows_[key.row]));
    rows_ = std::move(sorted);
}

std::optional<std::size_t> TableModel::index_of(const std::string& key) const {
    auto it = std::ranges::find(rows_, key, &Row::key);
    if (it == rows_.end())
        return std::nullopt;
    return static_cast<std::size_t>(it - rows_.begin());
}

Cell TableModel::cell(std::size_t row, const Column& column) const {
    return column.cell(rows_[row].item, context());
}

} // namespace sockledger::cli
