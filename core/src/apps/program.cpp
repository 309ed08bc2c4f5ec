// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/program.hpp"

#include "apps/interpreter.hpp"
#include "apps/rules.hpp"
#include "apps/unit_text.hpp"

namespace sockledger {

namespace {

std::string name_of(std::string_view path) {
    return std::string(after_last(path, '/'));
}

/// The kernel cuts a name after 15 bytes; the first argument often has all of it.
std::string whole_name(const ProcessRecord& process) {
    constexpr std::size_t longest_comm = 15;
    if (process.comm.size() >= longest_comm && !process.command_line.empty()) {
        const std::string_view name = after_last(process.command_line.front(), '/');
        if (name.starts_with(process.comm)) {
            return std::string(name);
        }
    }
    return process.comm;
}

Program script(std::string_view text) {
    const std::string_view name = after_last(text, '/');
    return {Program::Kind::Script, std::string(text.starts_with('/') ? text : name), script_name(text)};
}

/// An interpreter that was gone before its arguments were read has the script's name, if the kernel
/// started it by the script's first line. Node.js names its main thread.
bool is_script_name(std::string_view comm) {
    return !comm.empty() && comm != "MainThread" && !is_interpreter(comm);
}

} // namespace

/// "(deleted)" is of the kernel (d_path); ".dpkg-tmp" and ".dpkg-new" of dpkg(1), ";5f3a1c9e" of rpm.
std::string_view installed_path(std::string_view exe) {
    remove_suffix(exe, " (deleted)");
    remove_suffix(exe, ".dpkg-tmp");
    remove_suffix(exe, ".dpkg-new");
    const auto mark = exe.rfind(';');
    constexpr std::size_t digits = 8;
    if (mark != exe.npos && exe.size() - mark == digits + 1 && is_hex(exe.substr(mark + 1))) {
        exe = exe.substr(0, mark);
    }
    return exe;
}

Program program_of(const ProcessRecord& process) {
    const std::string_view exe = installed_path(process.exe);
    const auto& arguments = process.command_line;
    std::string_view runner = exe;
    if (runner.empty() && !arguments.empty()) {
        runner = arguments.front();
    }
    if (is_interpreter(after_last(runner, '/'))) {
        if (const std::string_view found = script_of(after_last(runner, '/'), arguments); !found.empty()) {
            return script(found);
        }
        if (arguments.empty() && is_script_name(process.comm)) {
            return script(process.comm);
        }
    }
    if (!exe.empty()) {
        return {Program::Kind::Executable, std::string(exe), name_of(exe)};
    }
    if (process.comm.empty()) {
        return {};
    }
    const std::string name = whole_name(process);
    return {Program::Kind::Comm, name, name};
}

Verdict by_script(const Evidence& evidence) {
    const Program& program = evidence.program();
    return program.kind == Program::Kind::Script
               ? Verdict(AppIdentity{"script:" + program.path, program.name, {}})
               : std::nullopt;
}

Verdict by_exe(const Evidence& evidence) {
    const Program& program = evidence.program();
    return program.kind == Program::Kind::Executable
               ? Verdict(AppIdentity{"exe:" + program.path, program.name, {}})
               : std::nullopt;
}

Verdict by_comm(const Evidence& evidence) {
    const Program& program = evidence.program();
    return program.kind == Program::Kind::Comm
               ? Verdict(AppIdentity{"comm:" + program.path, program.name, {}})
               : std::nullopt;
}

} // namespace sockledger
