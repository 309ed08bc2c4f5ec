// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/sockledger.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

/// Structs that begin with their size, between a program and a library of different age.
/// Threads: any.
namespace sockledger::c_api {

/// sizeof the struct in the first version of the ABI. One that has grown since has a specialisation with the
/// offset of its first new field.
template<typename Struct>
inline constexpr std::size_t first_size = sizeof(Struct);

/// Who forgot to set the size has anything there.
inline constexpr std::size_t absurd_size = 4096;

/// Fills as many fields of the caller's struct as it has.
template<typename Row>
int give(Row* to, Row row) {
    if (!to || to->size < first_size<Row>)
        return -EINVAL;
    row.size = std::min(to->size, sizeof row);
    std::memcpy(to, &row, row.size);
    return 0;
}

/// Takes what the caller knows; the rest is zero. What only the caller knows must be zero.
template<typename Options>
int take(const Options* from, Options& options) {
    options = {};
    if (!from || from->size < first_size<Options>)
        return -EINVAL;
    if (from->size > absurd_size)
        return -E2BIG;
    const std::size_t known = std::min(from->size, sizeof options);
    std::memcpy(&options, from, known);
    const auto* const bytes = reinterpret_cast<const unsigned char*>(from);
    const bool more = std::any_of(bytes + known, bytes + from->size, [](unsigned char b) { return b != 0; });
    return more ? -E2BIG : 0;
}

} // namespace sockledger::c_api
