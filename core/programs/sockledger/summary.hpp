// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "format.hpp"
#include "frame.hpp"
#include "table_model.hpp"

#include <optional>
#include <string>
#include <vector>

/// What stands above every table: the machine's rates, how exact the numbers are, the interfaces' books.
namespace sockledger::cli {

/// "↓ 12.4 MB/s  ↑ 310 kB/s  on eth0 · exact"
Line machine_line(const Snapshot& snapshot, const Format& format);

/// The one thing that a person should know about these numbers; nothing when they are exact and complete.
std::optional<std::string> notice(const Snapshot& snapshot, const Format& format);

/// "7 sockets: 5 tcp (3 ESTABLISHED, 1 LISTEN, 1 CLOSE_WAIT), 2 udp", of the rows of View::Connections.
std::string counts_words(const TableModel& model);

/// What the signs at these rows mean; empty when none has one.
std::string legend(const TableModel& model, const Format& format);

/// Why bytes are unattributed, one sentence for each cause: "eth0: unattributed is what was forwarded ...".
std::vector<std::string> cause_words(const Snapshot& snapshot, const Selection& selection);

/// One line for each interface, busiest first, with its books: total = apps + kernel + unattributed.
/// At most `rows` lines with the titles; the last says how many were left out.
std::vector<Line> interface_lines(const Snapshot& snapshot, const Selection& selection, int width, int rows,
                                  const Format& format);

} // namespace sockledger::cli
