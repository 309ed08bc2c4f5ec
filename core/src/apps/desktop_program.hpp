// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/desktop_entry.hpp"
#include "apps/desktop_tree.hpp"

namespace sockledger {

/// What an index is asked for the entry by, and how well the entry answers. Looks its program up in
/// the file system. Threads: any.
DesktopFile describe_desktop_file(std::string id, const DesktopEntry& entry, const DesktopPlaces& places);

/// A package among the keys: neither a name nor a path can look like it.
std::string package_key(std::string_view package);

/// Where packages put programs, and users do not.
bool installed(std::string_view path);

} // namespace sockledger
