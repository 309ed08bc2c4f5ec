// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Words of paths and of the names that systemd gives to units. Threads: any.
namespace sockledger {

/// Takes it off and tells whether it was there.
bool remove_prefix(std::string_view& text, std::string_view prefix);
bool remove_suffix(std::string_view& text, std::string_view suffix);

/// The parts between separators; empty ones are left out.
std::vector<std::string_view> split(std::string_view text, char separator);

/// What follows the last separator; all of it without one or with nothing behind it.
std::string_view after_last(std::string_view text, char separator);

/// Whether `text` is one of the words of a list that spaces separate.
bool is_one_of(std::string_view text, std::string_view words);

bool is_hex(std::string_view text);
bool is_number(std::string_view text);

/// The name in "dbus-:1.2-NAME@0.service", the unit of what was asked for on a bus (dbus-broker's
/// launch/service.c): the numbers belong to one run of the bus. Empty for other units.
std::string bus_name_of(std::string_view unit);

/// systemd.unit(5): "\x2d" stands for "-" within one part of a unit's name. The result is printable.
std::string unescape_unit(std::string_view text);

} // namespace sockledger
