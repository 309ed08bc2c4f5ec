// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "text.hpp"

#include <sockledger/names.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

/// Numbers for people. Three digits are enough to compare, and a unit that does not change its width
/// keeps columns still.
namespace sockledger::cli {

struct Units {
    bool bits = false; ///< rates in bit/s; totals stay in bytes
    bool iec = false;  ///< 1024 and KiB rather than 1000 and kB
    bool operator==(const Units&) const = default;
};

struct Format {
    Units units;
    const Glyphs* signs = &glyphs(true);
    HostNames* names = nullptr; ///< addresses are shown by name
};

/// "12.4 MB/s", "310 kbit/s", "<1 B/s": a rate that is not zero is not shown as zero.
std::string format_rate(double bytes_per_second, Units units);
/// "1.23 GB", "512 B".
std::string format_bytes(std::uint64_t bytes, Units units);
/// "850 µs" as "0.85 ms", "12.3 ms", "1.20 s".
std::string format_milliseconds(double milliseconds);
/// "12 s", "5 min", "3 h", "40 d": how long ago, not when.
std::string format_age(std::chrono::seconds age);
/// "03:04:05" in local time.
std::string format_clock(std::chrono::nanoseconds realtime);
/// The widest that format_rate() and format_bytes() give, with the sign of a lower bound.
int rate_width(Units units);
int bytes_width(Units units);

struct Bytes {
    std::uint64_t value = 0;
};
struct Rate {
    double bytes_per_second = 0;
};
struct Milliseconds {
    double value = 0;
};

struct Age {
    std::chrono::seconds value{};
};

/// What a table shows in one place; nothing is a value that is not known.
struct Cell {
    std::variant<std::monostate, std::string, std::uint64_t, Bytes, Rate, Milliseconds, Age, Endpoint> value;
    Accuracy accuracy = Accuracy::Exact;
};
std::string to_text(const Cell& cell, const Format& format);
/// "192.0.2.1:443", "www.example.org:443", without a port "192.0.2.1", "*" for none.
std::string peer_text(const Endpoint& peer, HostNames* names);

/// The parts of a Traffic as cells: missing when not measurable.
Cell rx_rate(const Traffic& traffic);
Cell tx_rate(const Traffic& traffic);
Cell rx_total(const Traffic& traffic);
Cell tx_total(const Traffic& traffic);
/// Both directions together.
Cell both_rates(const Traffic& traffic);
Cell both_totals(const Traffic& traffic);

/// "exact", "≥ lower bounds": in words, for a heading.
std::string accuracy_words(Accuracy accuracy, const Glyphs& signs);

} // namespace sockledger::cli
