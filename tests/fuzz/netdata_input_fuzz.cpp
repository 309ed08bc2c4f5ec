// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "functions.hpp"
#include "input.hpp"

#include <vector>

using namespace sockledger::netdata;

namespace {

std::vector<Request> read_all(std::string_view text, std::size_t step) {
    Input input;
    std::vector<Request> requests;
    for (std::size_t at = 0; at < text.size(); at += step) {
        input.add(text.substr(at, step));
        while (auto request = input.next())
            requests.push_back(*std::move(request));
    }
    return requests;
}

} // namespace

// The first byte says how the rest is cut on its way; however it is cut, the same requests come out, and what
// is written back of them is one word.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::vector<Request> requests = read_all(text, text.size() + 1);
    if (requests != read_all(text, std::size_t{1} + data[0]))
        __builtin_trap();
    for (const Request& request : requests) {
        (void)selection_of(request, "view");
        (void)asks_for_info(request);
        if (request.kind == Request::Kind::Call &&
            (request.function.empty() || request.transaction.empty() ||
             request.transaction.find_first_of(" \n\"'") != std::string::npos))
            __builtin_trap();
    }
    return 0;
}
