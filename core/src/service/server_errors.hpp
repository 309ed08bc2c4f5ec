// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "service/session.hpp"

#include <sockledger/result.hpp>

#include <string>
#include <string_view>

/// Errors of the Backend as errors of io.sockledger.varlink. Threads: that of the session.
namespace sockledger {

/// What a failed call was about.
struct ErrorContext {
    std::string_view unavailable;    ///< the error that says that a part of the daemon cannot answer now
    std::string_view parameter = {}; ///< the one that may make no sense
    std::string rule = {};           ///< the rule's id
};

/// EINVAL is BadRequest, ENOENT NoSuchRule, EPERM RuleFromConfiguration, all else `unavailable`.
void reply_error(Session& session, const Error& error, const ErrorContext& context);

void reply_bad_request(Session& session, std::string_view parameter, std::string_view reason);

} // namespace sockledger
