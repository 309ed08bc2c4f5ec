// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "layout.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

int total_width(const std::vector<Wish>& wishes) {
    int total = 0;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        total += wishes[i].least;
        if (i > 0)
            total += gap_between(*wishes[i - 1].column, *wishes[i].column);
    }
    return total;
}

} // namespace

Align align_of(const Column& column) {
    return column.width == Width::Text ? Align::Left : Align::Right;
}

int gap_between(const Column& left, const Column& right) {
    return align_of(left) == Align::Right && align_of(right) == Align::Left ? 2 : 1;
}

std::vector<Placed> place(std::vector<Wish> wishes, int width) {
    const auto keep = [](const Wish& wish) { return wish.column->keep; };
    while (wishes.size() > 1 && total_width(wishes) > width)
        wishes.erase(std::ranges::min_element(wishes, {}, keep));
    std::vector<std::string_view> needless;
    for (const Wish& wish : wishes)
        needless.push_back(wish.column->instead_of);
    std::erase_if(wishes, [&](const Wish& wish) {
        return std::ranges::find(needless, wish.column->id) != needless.end();
    });
    int spare = width - total_width(wishes);
    for (bool grown = true; grown && spare > 0;) {
        grown = false;
        for (Wish& wish : wishes) {
            if (wish.least >= wish.most || spare == 0)
                continue;
            ++wish.least;
            --spare;
            grown = true;
        }
    }
    std::vector<Placed> placed;
    for (const Wish& wish : wishes)
        placed.push_back({wish.column, std::min(wish.least, width)});
    return placed;
}

std::vector<Placed> steady_layout(View view, int width, Units units) {
    std::vector<Wish> wishes;
    for (const Column& column : columns_of(view)) {
        const int least = column_least(column, units);
        wishes.push_back({&column, least, std::max(least, column.most)});
    }
    return place(std::move(wishes), width);
}

} // namespace sockledger::cli
