// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/history.hpp>
#include <sockledger/rules.hpp>
#include <sockledger/shown_apps.hpp>
#include <sockledger/snapshot.hpp>
#include <sockledger/sockledger.h>

#include <utility>

/// The structs of C++ as those of C. Texts stay where they are.
/// Threads: any.
namespace sockledger::c_api {

sockledger_traffic to_c(const Traffic&);
sockledger_counts to_c(const ConnectionCounts&);

sockledger_interface to_c(const Interface&);
sockledger_address to_c(const InterfaceAddress&);
sockledger_app to_c(const App&);
sockledger_app_interface to_c(const std::pair<const InterfaceId, Traffic>&);
sockledger_process to_c(const Process&);
sockledger_connection to_c(const Connection&);
sockledger_source_status to_c(const SourceStatus&);

sockledger_shown_app to_c(const ShownApp&);
sockledger_usage_row to_c(const UsageRow&);
sockledger_usage_summary to_c(const Usage&);
sockledger_usage_gap to_c(const UsageGap&);
sockledger_alert to_c(const Alert&);

} // namespace sockledger::c_api
