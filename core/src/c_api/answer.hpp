// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/text.hpp"

#include <sockledger/result.hpp>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <new>
#include <string_view>

/// Where C++ ends: Results and exceptions become -errno.
/// Threads: any.
namespace sockledger::c_api {

/// Calls what gives a code; an exception becomes one.
template<typename Call>
int guarded(Call call) {
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return -ENOMEM;
    } catch (const std::exception&) {
        return -EIO;
    }
}

/// Calls what gives a Result<void>. When it fails, `say` gets one line for a person, and must not throw when
/// that is short: there may be no memory left.
template<typename Say, typename Call>
int answer(Say say, Call call) {
    bool said = false;
    const int code = guarded([&] {
        const Result<void> done = call();
        if (done)
            return 0;
        say(printable(done.error().message));
        said = true;
        return done.error().code > 0 ? -done.error().code : -EIO;
    });
    if (code != 0 && !said)
        say(code == -ENOMEM ? "out of memory" : "internal error");
    return code;
}

/// Copies what fits, never half of a letter, and ends it with NUL.
void copy_text(std::string_view text, char* to, std::size_t size);

} // namespace sockledger::c_api
