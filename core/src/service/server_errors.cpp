// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_errors.hpp"

#include <cerrno>

namespace sockledger {

void reply_error(Session& session, const Error& error, const ErrorContext& context) {
    if ((error.code == EINVAL || error.code == E2BIG) && !context.parameter.empty())
        return reply_bad_request(session, context.parameter, error.message);
    if (error.code == ENOENT && !context.rule.empty())
        return session.error("io.sockledger.NoSuchRule", {{"id", context.rule}});
    if (error.code == EPERM && !context.rule.empty())
        return session.error("io.sockledger.RuleFromConfiguration", {{"id", context.rule}});
    session.error("io.sockledger." + std::string(context.unavailable), {{"reason", error.message}});
}

void reply_bad_request(Session& session, std::string_view parameter, std::string_view reason) {
    session.error("io.sockledger.BadRequest", {{"parameter", parameter}, {"reason", reason}});
}

} // namespace sockledger
