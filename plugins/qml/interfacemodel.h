// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "snapshotmodel.h"

/** Interfaces of all namespaces, and their books. Rates of both directions where one column is for both. */
class InterfaceModel : public SnapshotModel<sockledger::Interface>
{
    Q_OBJECT
    QML_ELEMENT

public:
    using SnapshotModel::SnapshotModel;

    static QString key(const sockledger::InterfaceId &id);

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    const std::vector<sockledger::Interface> &list(const sockledger::Snapshot &snapshot) const override;
};
