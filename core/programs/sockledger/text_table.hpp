// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "frame.hpp"
#include "layout.hpp"
#include "table_model.hpp"

#include <span>

/// Rows and their titles as lines.
namespace sockledger::cli {

/// The column titles; the sorted one is marked.
Line title_line(std::span<const Placed> columns, const Order& order, const Format& format);
Line row_line(const TableModel& model, std::size_t row, std::span<const Placed> columns,
              const Format& format);

/// The whole table, as wide as its contents, at most `width` columns.
std::vector<Line> whole_table(const TableModel& model, int width, const Order& order, const Format& format);

} // namespace sockledger::cli
