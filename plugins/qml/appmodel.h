// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "snapshotmodel.h"

/** Applications. Its traffic is outside loopback. */
class AppModel : public SnapshotModel<sockledger::App>
{
    Q_OBJECT
    QML_ELEMENT
    /** Those that have moved nothing and have no connection too. */
    Q_PROPERTY(bool idle MEMBER m_idle WRITE setIdle NOTIFY idleChanged)

public:
    using SnapshotModel::SnapshotModel;

    void setIdle(bool idle);

Q_SIGNALS:
    void idleChanged();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    const std::vector<sockledger::App> &list(const sockledger::Snapshot &snapshot) const override;
    bool shows(const sockledger::Snapshot &snapshot, const sockledger::App &app) const override;

private:
    bool m_idle = false;
};
