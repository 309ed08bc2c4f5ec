// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/snapshot_json.hpp"
#include "service/snapshot_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace sockledger;

/// What a daemon may send: what can be read can be written and read again, and looks the same then.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto snapshot = read_snapshot(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!snapshot)
        return 0;
    Selection all;
    all.all = true;
    std::string written;
    append_json(written, **snapshot, "snapshot", {}, all);
    const auto again = read_snapshot(std::string_view(written));
    if (!again || (*again)->connections.size() != (*snapshot)->connections.size() ||
        (*again)->apps.size() != (*snapshot)->apps.size())
        __builtin_trap();
    return 0;
}
