// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sockledger {

/// The script, module or class that an interpreter was told to run, as it stands in its arguments;
/// empty when it runs something else: code of an option, what it reads, a person's input.
/// `arguments` begin with the program's own name. Processes may write what they like there.
/// Threads: any.
std::string_view script_of(std::string_view interpreter, const std::vector<std::string>& arguments);

/// What a person calls a script: the last part of its path, but the application's folder for
/// "/usr/lib/signal-desktop/resources/app.asar".
std::string script_name(std::string_view script);

} // namespace sockledger
