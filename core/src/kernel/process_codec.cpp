// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/process_codec.hpp"

#include "kernel/text.hpp"

#include <array>
#include <charconv>

namespace sockledger {

namespace {

constexpr std::uint64_t pf_kthread = 0x00200000;

/// Takes the bytes up to `separator`, which is dropped, off the front of `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto taken = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return taken;
}

/// What the kernel adds to a path that is gone; tells whether it was there.
bool drop_deleted_mark(std::string_view& path) {
    constexpr std::string_view mark = " (deleted)";
    const bool marked = path.ends_with(mark);
    path.remove_suffix(marked ? mark.size() : 0);
    return marked;
}

} // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<ProcessStat> parse_stat(std::string_view stat) {
    // The name may hold spaces and parentheses itself: it ends at the last one.
    const auto open = stat.find('(');
    const auto close = stat.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open ||
        stat.size() < close + 3) {
        return std::nullopt;
    }
    std::string_view rest = stat.substr(close + 2);
    std::array<std::string_view, 20> fields; // fields 3 to 22 of proc(5)
    for (auto& field : fields) {
        field = take_until(rest, ' ');
    }
    const auto parent = parse_number(fields[1]);
    const auto flags = parse_number(fields[6]);
    const auto threads = parse_number(fields[17]);
    std::string_view last = fields[19];
    const auto start = parse_number(take_until(last, '\n'));
    if (fields[0].size() != 1 || !parent || !flags || !threads || !start) {
        return std::nullopt;
    }
    return ProcessStat{
        .comm = std::string(stat.substr(open + 1, close - open - 1)),
        .state = fields[0][0],
        .parent_pid = static_cast<std::uint32_t>(*parent),
        .terminal = fields[4] != "0",
        .kernel_thread = (*flags & pf_kthread) != 0,
        .threads = static_cast<std::uint32_t>(*threads),
        .start_ticks = *start,
    };
}

std::optional<std::uint32_t> parse_effective_uid(std::string_view status) {
    while (!status.empty()) {
        std::string_view line = take_until(status, '\n');
        if (line.starts_with("Uid:\t")) {
            take_until(line, '\t');
            take_until(line, '\t');
            const auto uid = parse_number(take_until(line, '\t'));
            return uid ? std::optional(static_cast<std::uint32_t>(*uid)) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::vector<std::string> parse_command_line(std::string_view cmdline) {
    cmdline = cmdline.substr(0, cmdline.find_last_not_of('\0') + 1);
    std::vector<std::string> arguments;
    while (!cmdline.empty()) {
        arguments.push_back(printable(take_until(cmdline, '\0')));
    }
    return arguments;
}

std::string parse_cgroup(std::string_view cgroup) {
    while (!cgroup.empty()) {
        std::string_view line = take_until(cgroup, '\n');
        if (line.starts_with("0::")) {
            line.remove_prefix(3);
            drop_deleted_mark(line);
            return printable(line);
        }
    }
    return {};
}

ExeLink parse_exe_link(std::string_view target) {
    const bool deleted = drop_deleted_mark(target);
    return {printable(target), deleted};
}

std::optional<std::uint64_t> parse_socket_link(std::string_view target) {
    constexpr std::string_view head = "socket:[";
    if (!target.starts_with(head) || !target.ends_with(']')) {
        return std::nullopt;
    }
    return parse_number(target.substr(head.size(), target.size() - head.size() - 1));
}

} // namespace sockledger
