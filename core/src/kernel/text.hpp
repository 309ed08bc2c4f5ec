// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>

namespace sockledger {

/// Text that a terminal, JSON and every host may show: valid UTF-8 stays, backslashes included;
/// bytes that are no UTF-8 and control characters (C0, DEL, C1) become \xNN, byte by byte.
/// Threads: any.
std::string printable(std::string_view bytes);

} // namespace sockledger
