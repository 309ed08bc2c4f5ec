// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>

namespace sockledger::netdata {

/// An id for charts and dimensions: [A-Za-z0-9_-] alone, at most 100 bytes, always the same for the same
/// name, and another one for another name. Names of letters, digits and '-', in parts that `separator`
/// keeps apart, stay readable: "exe:/usr/bin/curl" is exe_usr_bin_curl. From others what does not fit is
/// replaced and "__" with a hash of the name follows, which no readable one has. Threads: any.
std::string identifier(std::string_view name, char separator);

/// The id of an application.
std::string app_identifier(std::string_view app_id);

/// Text for a quoted word of the protocol: without quotes, backslashes and control characters, whole UTF-8
/// characters, `most` bytes at most; "_" when nothing is left. Threads: any.
std::string label_text(std::string_view text, std::size_t most = 200);

} // namespace sockledger::netdata
