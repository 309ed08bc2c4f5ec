// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include <sockledger/listeners.hpp>
#include "service/selection.hpp"

#include <sockledger/names.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// What each view shows: which columns, from which part of a Snapshot.
namespace sockledger::cli {

enum class View { Apps, Processes, Connections, Interfaces, Remotes };
inline constexpr std::size_t views = 5;
std::string_view view_name(View view);

using Item = std::variant<const App*, const Process*, const Connection*, const Interface*, const Remote*>;

struct Context {
    const Snapshot& snapshot;
    const Selection& selection;
    const Listeners& listeners;
};

enum class Width { Text, Rate, Bytes, Number };
/// What a cell is about: the screen gives the two directions their own hue.
enum class Hue { Plain, Down, Up };

struct Column {
    std::string_view id;    ///< stable, for sorting
    std::string_view title; ///< "{down}" and "{up}" stand for the arrows
    Width width = Width::Text;
    int least = 0; ///< columns that text or a number needs at least
    int most = 0;  ///< columns that text may take; 0: just `least`
    int keep = 0;  ///< the higher, the longer it stays when the screen is narrow
    Cell (*cell)(const Item&, const Context&) = nullptr;
    std::string_view instead_of = {}; ///< the narrower column that this one makes needless
    Hue hue = Hue::Plain;
};

std::span<const Column> columns_of(View view);
const Column* find_column(View view, std::string_view id);
std::string column_title(const Column& column, const Glyphs& signs);
int column_least(const Column& column, Units units);

/// Selected records of a view, in the Snapshot's order; not of Remotes, which no Snapshot has.
std::vector<Item> select(View view, const Context& context);
/// The same for the same thing in every Snapshot: a hash of its id, since there may be many thousands.
using RowKey = std::uint64_t;
RowKey key_of(const Item& item);
/// "eth0", "eth0@web" of another network namespace.
std::string interface_name(const Interface& interface, const Snapshot& snapshot);
std::string name_of(const Item& item, const Context& context);
/// The traffic that the view's rate and total columns show.
Traffic traffic_of(const Item& item, const Context& context);

} // namespace sockledger::cli
