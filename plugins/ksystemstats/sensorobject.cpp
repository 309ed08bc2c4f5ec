// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "sensorobject.h"

using namespace KSysGuard;

SensorProperty *makeSensor(SensorObject *object, const QString &prefix, const char *id, const QString &name,
                           const QString &shortName, Unit unit, QVariant::Type type)
{
    auto sensor = new SensorProperty(QString::fromLatin1(id), name, object);
    sensor->setShortName(shortName);
    sensor->setPrefix(prefix);
    sensor->setUnit(unit);
    sensor->setVariantType(type);
    if (type != QVariant::String) {
        sensor->setMin(0);
    }
    return sensor;
}
