// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <formatter/Unit.h>
#include <systemstats/SensorContainer.h>
#include <systemstats/SensorObject.h>
#include <systemstats/SensorProperty.h>

#include <KLazyLocalizedString>

#include <QVariant>

#include <functional>
#include <vector>

/** One number of a row, as a sensor. */
template<typename Row>
struct Quantity {
    const char *id;
    KLazyLocalizedString name;
    KLazyLocalizedString shortName;
    KSysGuard::Unit unit;
    QVariant::Type type;
    std::function<QVariant(const Row &)> value;
};

/** Makes the sensor of a quantity. `prefix` is in front of its name where no other name is beside it. */
KSysGuard::SensorProperty *makeSensor(KSysGuard::SensorObject *object, const QString &prefix, const char *id,
                                      const QString &name, const QString &shortName, KSysGuard::Unit unit,
                                      QVariant::Type type);

/** The sensors of an application, an interface or the machine. */
template<typename Row>
class RowSensors
{
public:
    RowSensors(KSysGuard::SensorContainer *container, const QString &id, const QString &name,
               const std::vector<Quantity<Row>> &quantities)
        : m_object(new KSysGuard::SensorObject(id, name, container))
        , m_quantities(&quantities)
    {
        for (const Quantity<Row> &quantity : quantities) {
            m_sensors.push_back(makeSensor(m_object, name, quantity.id, quantity.name.toString(),
                                           quantity.shortName.toString(), quantity.unit, quantity.type));
        }
    }

    KSysGuard::SensorObject *object() const { return m_object; }

    /** Without a row nothing is known. */
    void update(const Row *row)
    {
        for (std::size_t i = 0; i < m_sensors.size(); ++i) {
            if (m_sensors[i]->isSubscribed()) {
                m_sensors[i]->setValue(row ? (*m_quantities)[i].value(*row) : QVariant());
            }
        }
    }

private:
    KSysGuard::SensorObject *m_object; // of its container
    const std::vector<Quantity<Row>> *m_quantities;
    std::vector<KSysGuard::SensorProperty *> m_sensors; // of the object
};
