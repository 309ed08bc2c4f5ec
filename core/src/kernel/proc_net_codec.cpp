// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/proc_net_codec.hpp"

#include <array>
#include <charconv>
#include <optional>

namespace sockledger {

namespace {

constexpr std::string_view white = " \t";
constexpr std::uint32_t route_is_up = 0x0001;   // RTF_UP
constexpr std::uint32_t route_rejects = 0x0200; // RTF_REJECT

/// Calls `visit(line, whole)` for each line; whole is false when the file was cut in it.
template<typename Visit>
void for_each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        visit(text.substr(0, end), end != text.npos);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
}

/// Takes the next word off `line`; empty at its end.
std::string_view next_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(white));
    line.remove_prefix(word.size());
    return word;
}

template<typename T>
std::optional<T> number(std::string_view word, int base = 10) {
    T value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    if (error != std::errc() || end != word.data() + word.size()) {
        return std::nullopt;
    }
    return value;
}

template<std::size_t Count>
std::array<std::string_view, Count> words_of(std::string_view line) {
    std::array<std::string_view, Count> words;
    for (auto& word : words) {
        word = next_word(line);
    }
    return words;
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
           name.find('\0') == name.npos;
}

std::optional<ProcNetDev::Row> decode_row(std::string_view line) {
    const std::size_t colon = line.rfind(':');
    if (colon == line.npos) {
        return std::nullopt;
    }
    std::string_view head = line.substr(0, colon);
    const std::string_view name = next_word(head);
    if (!is_file_name(name) || !next_word(head).empty()) {
        return std::nullopt;
    }
    std::array<std::uint64_t, 16> column{};
    std::size_t i = 0;
    for (const std::string_view word : words_of<16>(line.substr(colon + 1))) {
        const auto value = number<std::uint64_t>(word);
        if (!value) {
            return std::nullopt;
        }
        column[i++] = *value;
    }
    return ProcNetDev::Row{std::string(name),
                           {.rx_bytes = column[0],
                            .tx_bytes = column[8],
                            .rx_packets = column[1],
                            .tx_packets = column[9],
                            .rx_errors = column[2],
                            .tx_errors = column[10],
                            .rx_dropped = column[3],
                            .tx_dropped = column[11]}};
}

bool is_in_use(std::string_view flags) {
    const auto bits = number<std::uint32_t>(flags, 16);
    return bits && (*bits & route_is_up) != 0 && (*bits & route_rejects) == 0;
}

bool is_zero(std::string_view hex) {
    return !hex.empty() && hex.find_first_not_of('0') == hex.npos;
}

} // namespace

ProcNetDev decode_proc_net_dev(std::string_view text) {
    ProcNetDev table;
    for_each_line(text, [&](std::string_view line, bool whole) {
        if (line.find('|') != line.npos) {
            return; // the two lines of headings
        }
        auto row = whole ? decode_row(line) : std::nullopt;
        if (row) {
            table.rows.push_back(std::move(*row));
        } else {
            ++table.bad_lines;
        }
    });
    return table;
}

std::vector<std::string> decode_proc_net_route(std::string_view text) {
    std::vector<std::string> names;
    for_each_line(text, [&](std::string_view line, bool) {
        const auto [name, destination, gateway, flags, references, use, metric, mask] = words_of<8>(line);
        if (is_zero(destination) && is_zero(mask) && is_in_use(flags)) {
            names.emplace_back(name);
        }
    });
    return names;
}

std::vector<std::string> decode_proc_net_ipv6_route(std::string_view text) {
    std::vector<std::string> names;
    for_each_line(text, [&](std::string_view line, bool) {
        const auto [destination, length, source, source_length, hop, metric, references, use, flags, name] =
            words_of<10>(line);
        if (is_zero(destination) && is_zero(length) && is_zero(source_length) && is_in_use(flags)) {
            names.emplace_back(name);
        }
    });
    return names;
}

} // namespace sockledger
