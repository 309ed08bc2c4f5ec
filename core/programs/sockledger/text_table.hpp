// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "frame.hpp"
#include "layout.hpp"
#include "table_model.hpp"

#include <functional>
#include <span>

/// Rows and their titles as lines.
namespace sockledger::cli {

/// The column titles; the sorted one is marked.
Line title_line(std::span<const Placed> columns, const Order& order, const Format& format);
Line row_line(const TableModel& model, std::size_t row, std::span<const Placed> columns,
              const Format& format);

/// What a row has in a column.
using CellOf = std::function<Cell(std::size_t row, const Column& column)>;

/// A whole table of `rows` rows, as wide as its contents, at most `width` columns.
std::vector<Line> whole_table(std::span<const Column> columns, std::size_t rows, const CellOf& cell,
                              int width, const Order& order, const Format& format);
/// The same of a view.
std::vector<Line> whole_table(const TableModel& model, int width, const Order& order, const Format& format);

} // namespace sockledger::cli
