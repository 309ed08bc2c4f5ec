// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/reading.hpp"

#include <sockledger/result.hpp>

#include <string>
#include <string_view>

/// The text of a recording: JSON lines, first a header, then one Readings in each line. Pure.
namespace sockledger {

/// {"format":"sockledger-recording","version":1,"begun":NS} without the end of the line.
std::string encode_recording_header(const Instant& begun);
/// Fails on anything but the header of a recording of a version that this program reads. Threads: any.
Result<void> decode_recording_header(std::string_view line);

/// One line, without its end. Threads: any.
std::string encode_readings(const Readings& readings);
/// Members that it does not know are ignored, missing ones have their defaults. Threads: any.
Result<Readings> decode_readings(std::string_view line);

} // namespace sockledger
