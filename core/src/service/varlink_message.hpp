// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The messages of varlink (https://varlink.org/Method-Call): JSON objects that each end with a NUL.
/// Bytes ↔ messages, no I/O. Threads: one at a time for each object.
namespace sockledger::varlink {

/// Cuts a stream into messages.
class Splitter {
public:
    /// A message may have `limit` bytes.
    explicit Splitter(std::size_t limit) : limit_(limit) {}

    void add(std::string_view bytes);
    /// The next whole message without its NUL; valid until the next add().
    std::optional<std::string_view> next();
    /// The message that has begun, or one that is waiting, is longer than it may be.
    bool oversized() const;
    /// Bytes that next() has not given yet.
    std::size_t size() const { return bytes_.size() - begin_; }
    bool has_message() const { return end_ != std::string::npos; }

private:
    void find_end();

    std::size_t limit_;
    std::string bytes_;
    std::size_t begin_ = 0;               // of the message that comes next
    std::size_t scanned_ = 0;             // up to here no byte after begin_ is NUL
    std::size_t end_ = std::string::npos; // of the message that comes next
};

struct Call {
    std::string method; ///< "io.sockledger.GetStatus"
    boost::json::object parameters;
    bool oneway = false;  ///< wants no answer
    bool more = false;    ///< takes several answers
    bool upgrade = false; ///< wants to speak something else afterwards
};

/// Fails when it is no call at all: then nothing can be answered.
Result<Call> parse_call(std::string_view message);

/// With the NUL at its end. `parameters` is the text of a JSON object.
std::string reply_message(std::string_view parameters, bool continues = false);
/// `error` is a whole name: "io.sockledger.NotPermitted".
std::string error_message(std::string_view error, const boost::json::object& parameters = {});
std::string call_message(std::string_view method, std::string_view parameters, bool more = false);

struct Answer {
    std::string error; ///< empty when it is a reply
    boost::json::object parameters;
    bool continues = false;
};

/// `storage` is where the parameters live: a large answer takes one that only grows.
Result<Answer> parse_answer(std::string_view message, boost::json::storage_ptr storage = {});

} // namespace sockledger::varlink
