// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/container_codec.hpp"
#include "kernel/text.hpp"

#include <cstdint>

using namespace sockledger;

namespace {

void check(const std::string& name) {
    if (printable(name) != name || name.size() > 256) {
        __builtin_trap();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(docker_name(text));
    check(bundle_name(text));
    for (const auto& [id, name] : storage_names(text)) {
        check(name);
    }
    return 0;
}
