// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "chart_book.hpp"
#include "settings.hpp"

#include <string>

using namespace sockledger::netdata;

// The two files that the plugin reads, with anything in them: nothing is out of range, and what is kept of
// the counters is read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    Settings settings;
    (void)apply(settings, parse_settings_file("sockledger.conf", text));
    (void)settings.threshold_of(text, text);
    if (settings.update_every < 1 || settings.update_every > 3600 || settings.function_rows > 20000)
        __builtin_trap();

    const std::chrono::seconds now(1000);
    for (const std::string& counters :
         {std::string(text), "sockledger.plugin counters 1\n" + std::string(text)}) {
        ChartBook book(1);
        book.load(counters);
        const std::string saved = book.save(now);
        ChartBook again(1);
        again.load(saved);
        if (again.save(now) != saved)
            __builtin_trap();
    }
    return 0;
}
