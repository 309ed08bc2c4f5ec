// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <sockledger/result.hpp>

#include <string_view>

/// The two protocols between a service and the manager that started it, as sd_listen_fds(3) and
/// sd_notify(3) describe them. Both live in environment variables: call before there are threads.
namespace sockledger {

/// The listening socket that the manager has opened for us; empty when it has not. Children do not
/// inherit it, nor the variables.
Result<UniqueFd> activated_socket();

/// Tells the manager "READY=1", "WATCHDOG=1", "STATUS=..."; without a manager does nothing.
Result<void> notify_service_manager(std::string_view state);

} // namespace sockledger
