// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "text_table.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

bool is_sorted_by(const Column& column, const Order& order) {
    if (order.column == rate_order)
        return column.id == "rx_rate" || column.id == "tx_rate";
    return column.id == order.column;
}

std::string gap(const Placed& left, const Placed& right) {
    return std::string(static_cast<std::size_t>(gap_between(*left.column, *right.column)), ' ');
}

// Nothing happening and nothing known step back; what moves has the hue of its direction.
Style style_of(const Column& column, const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell.value))
        return Style::Dim;
    if (const auto* rate = std::get_if<Rate>(&cell.value); rate && rate->bytes_per_second == 0)
        return Style::Dim;
    switch (column.hue) {
    case Hue::Down:
        return Style::Down;
    case Hue::Up:
        return Style::Up;
    case Hue::Plain:
        break;
    }
    return Style::Plain;
}

template<typename OneCell>
Line row_line(const OneCell& cell_of, std::span<const Placed> columns, const Format& format) {
    Line line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = *columns[i].column;
        if (i > 0)
            line.spans.push_back({gap(columns[i - 1], columns[i])});
        const Cell cell = cell_of(column);
        line.spans.push_back({fit(to_text(cell, format), columns[i].width, align_of(column), *format.signs),
                              style_of(column, cell)});
    }
    return line;
}

} // namespace

Line title_line(std::span<const Placed> columns, const Order& order, const Format& format) {
    Line line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = *columns[i].column;
        if (i > 0)
            line.spans.push_back({gap(columns[i - 1], columns[i]), Style::Title});
        std::string title = column_title(column, *format.signs);
        if (is_sorted_by(column, order)) {
            const std::string_view sign = order.reverse ? format.signs->ascending : format.signs->descending;
            if (text_width(title) < columns[i].width)
                title = align_of(column) == Align::Left ? title.append(sign) : title.insert(0, sign);
        }
        line.spans.push_back({fit(title, columns[i].width, align_of(column), *format.signs), Style::Title});
    }
    return line;
}

Line row_line(const TableModel& model, std::size_t row, std::span<const Placed> columns,
              const Format& format) {
    return row_line([&](const Column& column) { return model.cell(row, column); }, columns, format);
}

std::vector<Line> whole_table(std::span<const Column> columns, std::size_t rows, const CellOf& cell,
                              int width, const Order& order, const Format& format) {
    std::vector<Wish> wishes;
    for (const Column& column : columns) {
        const int title = text_width(column_title(column, *format.signs)) + 1;
        int content = std::max(title, column_least(column, format.units));
        if (column.width == Width::Text) {
            content = title;
            for (std::size_t row = 0; row < rows; ++row)
                content = std::max(content, text_width(to_text(cell(row, column), format)));
        }
        const bool gives_way = column.width == Width::Text;
        wishes.push_back({&column, gives_way ? std::min(content, column.least) : content, content});
    }
    const std::vector<Placed> placed = place(std::move(wishes), width);
    std::vector<Line> lines{title_line(placed, order, format)};
    for (std::size_t row = 0; row < rows; ++row)
        lines.push_back(row_line([&](const Column& column) { return cell(row, column); }, placed, format));
    if (rows == 0)
        lines.push_back({{{"nothing to show", Style::Dim}}});
    return lines;
}

std::vector<Line> whole_table(const TableModel& model, int width, const Order& order, const Format& format) {
    const auto cell = [&](std::size_t row, const Column& column) { return model.cell(row, column); };
    return whole_table(columns_of(model.view()), model.rows().size(), cell, width, order, format);
}

} // namespace sockledger::cli
