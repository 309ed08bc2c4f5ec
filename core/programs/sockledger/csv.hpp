// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>

#include <string>
#include <string_view>

/// Rows of history as comma-separated values (RFC 4180).
namespace sockledger::cli {

/// The names of the columns.
std::string csv_head();
std::string csv_line(const UsageRow& row);

/// A text that others chose, as one field. Control characters become '?', so that a record is a line. One
/// that a spreadsheet would take for a formula gets an apostrophe in front.
std::string csv_field(std::string_view text);

} // namespace sockledger::cli
