// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/source.hpp"

#include <sockledger/result.hpp>

#include <memory>

namespace sockledger {

class BpfPrograms;

/// Bytes and packets of each process on each interface, counted in the kernel. Without `programs`
/// (an Error that says why) the source only reports that.
std::unique_ptr<Source> make_traffic_source(Result<std::shared_ptr<BpfPrograms>> programs);

} // namespace sockledger
