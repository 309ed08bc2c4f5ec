// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/names.hpp"

#include "engine/enum_names.hpp"

#include <sockledger/sockledger.h>

namespace sockledger::c_api {
namespace {

template<typename Enum>
const char* name_of_number(std::uint32_t number) {
    return number <= static_cast<std::uint32_t>(last_enumerator<Enum>) ? name_of(static_cast<Enum>(number))
                                                                       : "?";
}

} // namespace
} // namespace sockledger::c_api

using namespace sockledger;

const char* sockledger_version(void) {
    return SOCKLEDGER_VERSION;
}

const char* sockledger_accuracy_name(uint32_t accuracy) {
    return c_api::name_of_number<Accuracy>(accuracy);
}

const char* sockledger_state_name(uint32_t state) {
    return c_api::name_of_number<SocketState>(state);
}

const char* sockledger_protocol_name(uint32_t protocol) {
    return c_api::name_of_number<Protocol>(protocol);
}

const char* sockledger_scope_name(uint32_t scope) {
    return c_api::name_of_number<Scope>(scope);
}
