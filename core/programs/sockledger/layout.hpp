// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "columns.hpp"

#include <span>
#include <vector>

/// Which columns fit into a width, and how wide each one is.
namespace sockledger::cli {

struct Placed {
    const Column* column = nullptr;
    int width = 0;
};

/// What a column asks for: at least, and as much as it can use.
struct Wish {
    const Column* column = nullptr;
    int least = 0;
    int most = 0;
};

/// Drops the columns with the lowest `keep` until the rest fits; spreads what is left over those that can
/// use it. Order stays. Threads: any.
std::vector<Placed> place(std::vector<Wish> wishes, int width);

/// A layout that depends on the width alone, so that a live table does not twitch with its contents.
std::vector<Placed> steady_layout(View view, int width, Units units);

Align align_of(const Column& column);
/// Columns between two neighbours.
int gap_between(const Column& left, const Column& right);

} // namespace sockledger::cli
