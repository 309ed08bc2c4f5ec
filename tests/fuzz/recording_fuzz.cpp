// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/ledger.hpp"
#include "engine/recording.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

using namespace sockledger;

/// The lines of a recording, and the Ledger on whatever they hold: what can be read can be written and
/// read again, and gives a Snapshot.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    Ledger ledger;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        static_cast<void>(decode_recording_header(line));
        const auto readings = decode_readings(line);
        if (!readings) {
            continue;
        }
        const std::string written = encode_readings(*readings);
        const auto again = decode_readings(written);
        if (!again || encode_readings(*again) != written || !ledger.apply(*readings)) {
            __builtin_trap();
        }
    }
    return 0;
}
