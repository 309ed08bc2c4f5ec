// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sensors.h"

#include <KPluginFactory>

K_PLUGIN_CLASS_WITH_JSON(Sensors, "metadata.json")

#include "plugin.moc"
