// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/evidence.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The rules that identify() tries in turn: each is one kind of evidence, and answers nothing when the
/// process has none of it. Threads: any, with Surroundings of their own.
namespace sockledger {

using Verdict = std::optional<AppIdentity>;

Verdict by_kernel_thread(const Evidence& evidence);
Verdict by_container(const Evidence& evidence);
Verdict by_virtual_machine(const Evidence& evidence);
Verdict by_flatpak(const Evidence& evidence);
Verdict by_snap_group(const Evidence& evidence);
Verdict by_desktop_group(const Evidence& evidence);
Verdict by_unit(const Evidence& evidence);
Verdict by_snap_path(const Evidence& evidence);
Verdict by_appimage(const Evidence& evidence);
Verdict by_parent(const Evidence& evidence);
Verdict by_desktop_entry(const Evidence& evidence);
Verdict by_script(const Evidence& evidence);
Verdict by_exe(const Evidence& evidence);
Verdict by_comm(const Evidence& evidence);

/// The application's id in the text of a .flatpak-info; empty when there is no valid one.
std::string flatpak_id(std::string_view info);

/// The name and the icon of its desktop entry; what is given when there is none.
AppIdentity named_by(const DesktopApp* entry, AppIdentity app);

} // namespace sockledger
