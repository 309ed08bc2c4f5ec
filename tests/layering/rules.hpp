// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The rules of the tree that a compiler does not check.
namespace sockledger::layering {

struct SourceFile {
    std::string path; ///< from the top of the tree: "core/src/kernel/clock.cpp"
    std::string text;
};

/// Every file of the tree that people write and that can hold a comment; no builds, no fixtures.
std::vector<SourceFile> read_tree(const std::filesystem::path& top);

/// What breaks a rule, as lines "path: why"; empty when nothing does.
using Problems = std::vector<std::string>;

/// Folders are the flow: each includes itself and what comes before it. Hosts include the public
/// headers alone.
Problems check_flow(const SourceFile& file);
/// Only core/src/kernel includes the kernel's headers and names its file systems.
Problems check_kernel_surface(const SourceFile& file);
/// A public header includes the standard library and other public headers, nothing else.
Problems check_public_header(const SourceFile& file);
/// Only core/src/history knows SQLite.
Problems check_database(const SourceFile& file);
/// Qt, KDE Frameworks and collectd stay with their hosts and the tests.
Problems check_host_libraries(const SourceFile& file);
Problems check_length(const SourceFile& file);
/// The two SPDX lines are among the first lines.
Problems check_licence(const SourceFile& file);

} // namespace sockledger::layering
