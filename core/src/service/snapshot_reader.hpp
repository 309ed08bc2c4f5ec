// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>
#include <sockledger/snapshot.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <string_view>

/// JSON → Snapshot: the way back from append_json(). Lists that are absent stay empty, members that are
/// not known are skipped. Numbers that are not measurable are 0 and Accuracy::Unavailable. Threads: any.
namespace sockledger {

/// An Error names the path to what is wrong: "interfaces[2].total.rx_bytes: not an integer in range".
Result<std::shared_ptr<Snapshot>> read_snapshot(const boost::json::value& document);
Result<std::shared_ptr<Snapshot>> read_snapshot(std::string_view text);

} // namespace sockledger
