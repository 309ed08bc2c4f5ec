// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sockledger::netdata {

/// What Netdata asks on our standard input. Passive data.
struct Request {
    enum class Kind {
        Call,     ///< FUNCTION, or FUNCTION_PAYLOAD with its body
        Cancel,   ///< FUNCTION_CANCEL: nobody waits any more
        Progress, ///< FUNCTION_PROGRESS: somebody waits for longer
        Quit,
        Unknown,
    };
    Kind kind = Kind::Unknown;
    std::string transaction;
    std::chrono::seconds timeout{}; ///< 0 when it says none
    std::string function;           ///< its name
    std::vector<std::string> arguments;
    std::string payload;
    bool operator==(const Request&) const = default;
};

/// Cuts bytes into requests. Whatever comes, it holds on to a limited amount: a line or a payload that is
/// too long is dropped to its end. Threads: one at a time.
class Input {
public:
    static constexpr std::size_t longest_line = 64 * 1024;
    static constexpr std::size_t longest_payload = 1024 * 1024;

    void add(std::string_view bytes);
    /// The next whole request, in order; nothing when more bytes are needed. Empty lines are none.
    std::optional<Request> next();

private:
    std::optional<Request> take_line(std::string_view line);

    std::string buffer_;
    std::size_t read_ = 0;       ///< what was taken
    std::size_t searched_ = 0;   ///< up to here there is no further newline
    std::size_t unfinished_ = 0; ///< what has come of a line without an end
    bool skipping_ = false;      ///< until the line ends
    std::optional<Request> with_payload_;
    bool payload_too_long_ = false;
};

/// Words of a line, apart by blanks; '…' and "…" hold words together. Threads: any.
std::vector<std::string> split_words(std::string_view line);

} // namespace sockledger::netdata
