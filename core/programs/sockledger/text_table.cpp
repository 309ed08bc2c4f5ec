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
    Line line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = *columns[i].column;
        if (i > 0)
            line.spans.push_back({gap(columns[i - 1], columns[i])});
        const Cell cell = model.cell(row, column);
        line.spans.push_back({fit(to_text(cell, format), columns[i].width, align_of(column), *format.signs),
                              style_of(column, cell)});
    }
    return line;
}

std::vector<Line> whole_table(const TableModel& model, int width, const Order& order, const Format& format) {
    std::vector<Wish> wishes;
    for (const Column& column : columns_of(model.view())) {
        const int title = text_width(column_title(column, *format.signs)) + 1;
        int content = std::max(title, column_least(column, format.units));
        if (column.width == Width::Text) {
            content = title;
            for (std::size_t row = 0; row < model.rows().size(); ++row)
                content = std::max(content, text_width(to_text(model.cell(row, column), format)));
        }
        const bool gives_way = column.width == Width::Text;
        wishes.push_back({&column, gives_way ? std::min(content, column.least) : content, content});
    }
    const std::vector<Placed> columns = place(std::move(wishes), width);
    std::vector<Line> lines{title_line(columns, order, format)};
    for (std::size_t row = 0; row < model.rows().size(); ++row)
        lines.push_back(row_line(model, row, columns, format));
    if (model.rows().empty())
        lines.push_back({{{"nothing to show", Style::Dim}}});
    return lines;
}

} // namespace sockledger::cli
