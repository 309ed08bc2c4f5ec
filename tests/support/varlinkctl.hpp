// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <vector>

namespace sockledger::test {

/// The words with which the varlinkctl of systemd is called: an installed one, or the one that
/// ./bootstrap has unpacked. Empty when there is none.
std::vector<std::string> varlinkctl();

} // namespace sockledger::test
