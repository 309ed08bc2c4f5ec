// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "snapshotmodel.h"

/** Sockets, with who holds them. */
class ConnectionModel : public SnapshotModel<sockledger::Connection>
{
    Q_OBJECT
    QML_ELEMENT
    /** Only those of this process; 0: all. */
    Q_PROPERTY(int pid MEMBER m_pid WRITE setPid NOTIFY chosen)
    /** Only those of this application; empty: all. */
    Q_PROPERTY(QString app MEMBER m_app WRITE setApp NOTIFY chosen)

public:
    using SnapshotModel::SnapshotModel;

    void setPid(int pid);
    void setApp(const QString &app);

Q_SIGNALS:
    void chosen();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    const std::vector<sockledger::Connection> &list(const sockledger::Snapshot &snapshot) const override;
    bool shows(const sockledger::Snapshot &snapshot, const sockledger::Connection &connection) const override;

private:
    int m_pid = 0;
    QString m_app;
};
