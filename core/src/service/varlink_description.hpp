// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string_view>

/// What the service says of itself: the files *.varlink of this folder, built in. Threads: any.
namespace sockledger::varlink {

extern const std::string_view service_description;    ///< org.varlink.service
extern const std::string_view sockledger_description; ///< io.sockledger
extern const std::string_view product_version;

} // namespace sockledger::varlink
