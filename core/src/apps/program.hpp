// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <string>
#include <string_view>

namespace sockledger {

/// What a process runs, as a person would say it. Threads: any.
struct Program {
    enum class Kind {
        None,       ///< nothing is known
        Comm,       ///< a name alone
        Executable, ///< an interpreter too, when it was given no script
        Script,     ///< of an interpreter: a file, a module, a class
    };
    Kind kind = Kind::None;
    std::string path; ///< absolute where it is known; a relative script loses its folder
    std::string name; ///< the last part of it
};

Program program_of(const ProcessRecord& process);

/// The path of an executable without what updates leave on it.
std::string_view installed_path(std::string_view exe);

/// Whether a program of this name runs scripts: "python3.11".
bool is_interpreter(std::string_view name);

} // namespace sockledger
