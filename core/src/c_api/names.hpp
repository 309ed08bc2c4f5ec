// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

namespace sockledger::c_api {

/// A name that lives for ever: to_string() of an enumeration gives literals.
template<typename Enum>
const char* name_of(Enum value) {
    return to_string(value).data();
}

} // namespace sockledger::c_api
