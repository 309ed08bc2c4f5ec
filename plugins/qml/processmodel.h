// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "portindex.h"
#include "snapshotmodel.h"

/** Processes that have sockets or have moved something. */
class ProcessModel : public SnapshotModel<sockledger::Process>
{
    Q_OBJECT
    QML_ELEMENT
    /** Only those of this application; empty: all. */
    Q_PROPERTY(QString app MEMBER m_app WRITE setApp NOTIFY appChanged)

public:
    using SnapshotModel::SnapshotModel;

    static QString key(const sockledger::Process &process);
    /** It lives, and has sockets or has moved something. */
    static bool usesNetwork(const sockledger::Process &process);

    void setApp(const QString &app);

Q_SIGNALS:
    void appChanged();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    const std::vector<sockledger::Process> &list(const sockledger::Snapshot &snapshot) const override;
    bool shows(const sockledger::Snapshot &snapshot, const sockledger::Process &process) const override;

private:
    QString searchText(const sockledger::Process &process) const;

    QString m_app;
    mutable PortIndex m_ports;
};
