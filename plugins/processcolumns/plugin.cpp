// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "columns.h"

#include <KPluginFactory>

K_PLUGIN_CLASS_WITH_JSON(Columns, "metadata.json")

#include "plugin.moc"
