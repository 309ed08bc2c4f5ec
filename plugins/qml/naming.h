// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/snapshot.hpp>

#include <QString>

/** What this session calls an application. The daemon knows ids; names and icons are the user's. */
namespace Naming
{
QString name(const sockledger::App &app);
/** Of a freedesktop icon. */
QString icon(const sockledger::App &app);
/** By id alone, with what history says of it; either may be empty. */
QString name(const QString &appId, const QString &known);
QString icon(const QString &appId, const QString &known);
}
