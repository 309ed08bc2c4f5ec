// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/varlink_message.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

using namespace sockledger;

// The first byte says how the rest is cut on its way; however it is cut, the same messages come out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view stream(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t step = 1 + data[0];
    varlink::Splitter splitter(4096);
    std::size_t messages = 0;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        splitter.add(stream.substr(at, step));
        if (splitter.oversized()) {
            return 0; // as a session does
        }
        while (const auto message = splitter.next()) {
            ++messages;
            bytes += message->size() + 1;
            const auto call = varlink::parse_call(*message);
            if (call && call->oneway && call->more) {
                __builtin_trap();
            }
            if (const auto answer = varlink::parse_answer(*message)) {
                const std::string again =
                    varlink::reply_message(boost::json::serialize(answer->parameters), answer->continues);
                const auto same = varlink::parse_answer(std::string_view(again).substr(0, again.size() - 1));
                // 1e999 is read as infinity and 0e999 as not a number, for which JSON has no words
                const bool has_word =
                    again.find("Infinity") == std::string::npos && again.find("NaN") == std::string::npos;
                if (has_word && (!same || same->parameters.size() != answer->parameters.size())) {
                    __builtin_trap();
                }
            }
        }
    }
    if (messages != static_cast<std::size_t>(std::ranges::count(stream, '\0')) ||
        bytes + splitter.size() != stream.size()) {
        __builtin_trap();
    }
    return 0;
}
