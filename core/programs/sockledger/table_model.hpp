// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "columns.hpp"

#include <sockledger/feed.hpp>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// Snapshot + view + selection + order → rows. No terminal in it.
namespace sockledger::cli {

/// By which column, `rate_order` standing for both rates together.
inline constexpr std::string_view rate_order = "rate";
struct Order {
    std::string column{rate_order};
    bool reverse = false; ///< of what is natural: numbers from the biggest, text from A
    bool operator==(const Order&) const = default;
};

/// Rates as the order sees them: smoothed over some seconds, and held until they change by more than a
/// tenth, so that two rows of about the same rate do not change places at every sample.
class SteadyRates {
public:
    enum Kind { Down, Up, Both };
    using Values = std::array<std::optional<double>, 3>;

    /// Takes in the rates of one row and gives them as the order sees them; `seconds` since the row's
    /// previous sample, 0 for the same sample again.
    Values update(RowKey key, const Traffic& traffic, double seconds);
    /// Forgets the rows that were not updated since the last call.
    void forget_the_rest();

private:
    struct Entry {
        Values smooth;
        Values held;
        bool seen = true;
    };
    std::unordered_map<RowKey, Entry> entries_; ///< of rows that move something
};

struct Row {
    Item item;
    RowKey key = 0;
};

class TableModel {
public:
    /// Of View::Remotes, `most` of each application.
    explicit TableModel(View view, std::size_t most = std::numeric_limits<std::size_t>::max())
        : view_(view), most_(most) {}

    /// Selects and sorts. The rows stay valid until the next call. `snapshot` is not null.
    void update(SnapshotPtr snapshot, const Selection& selection, const Order& order);

    /// Lets go of the Snapshot and its rows, and keeps the rates for the next update().
    void release();

    View view() const { return view_; }
    const std::vector<Row>& rows() const { return rows_; }
    std::optional<std::size_t> index_of(RowKey key) const;
    /// Valid after the first update().
    Context context() const { return {*snapshot_, selection_, *listeners_}; }
    Cell cell(std::size_t row, const Column& column) const;

private:
    struct SortKey;
    void sort(std::vector<SortKey>& keys, bool reverse);
    std::vector<Item> select_items();

    View view_;
    std::size_t most_;
    SnapshotPtr snapshot_;
    std::uint64_t sequence_ = 0; ///< of the Snapshot that rates_ know
    Selection selection_;
    std::optional<Listeners> listeners_;
    std::vector<Remote> remotes_;
    SteadyRates rates_;
    std::vector<Row> rows_;
};

} // namespace sockledger::cli
