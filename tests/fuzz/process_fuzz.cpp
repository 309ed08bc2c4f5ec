// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/process_codec.hpp"
#include "kernel/text.hpp"

#include <cstdint>

using namespace sockledger;

namespace {

void check(std::string_view text) {
    if (printable(text) != text) {
        __builtin_trap(); // what is printable stays as it is
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(printable(text));
    for (const auto& argument : parse_command_line(text)) {
        check(argument);
    }
    check(parse_cgroup(text));
    check(parse_exe_link(text).path);
    parse_effective_uid(text);
    parse_socket_link(text);
    const auto stat = parse_stat(text);
    if (stat && stat->comm.size() > size) {
        __builtin_trap();
    }
    return 0;
}
