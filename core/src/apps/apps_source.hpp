// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "samplers/source.hpp"

#include <memory>

namespace sockledger {

/// Decides which application each described process belongs to; read after the processes.
std::unique_ptr<Source> make_apps_source();

} // namespace sockledger
