// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "snapshotmodel.h"

#include <sockledger/names.hpp>

#include <QSocketNotifier>

/** Sockets, with who holds them. */
class ConnectionModel : public SnapshotModel<sockledger::Connection>
{
    Q_OBJECT
    QML_ELEMENT
    /** Only those of this process; 0: all. */
    Q_PROPERTY(int pid MEMBER m_pid WRITE setPid NOTIFY chosen)
    /** Only those of this application; empty: all. */
    Q_PROPERTY(QString app MEMBER m_app WRITE setApp NOTIFY chosen)
    /** Only those with an address of this interface, by `key`; empty: all. */
    Q_PROPERTY(QString interfaceKey MEMBER m_interface WRITE setInterface NOTIFY chosen)
    /** Names of remotes that have one, which are asked of the name servers. */
    Q_PROPERTY(bool names MEMBER m_names WRITE setNames NOTIFY namesChanged)

public:
    using SnapshotModel::SnapshotModel;

    void setPid(int pid);
    void setApp(const QString &app);
    void setInterface(const QString &interface);
    void setNames(bool names);
    /** Who knows names from now on; for tests. */
    void setHosts(std::unique_ptr<sockledger::HostNames> hosts);

Q_SIGNALS:
    void chosen();
    void namesChanged();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    const std::vector<sockledger::Connection> &list(const sockledger::Snapshot &snapshot) const override;
    bool shows(const sockledger::Snapshot &snapshot, const sockledger::Connection &connection) const override;

private:
    template<typename T>
    void choose(T &member, const T &value);
    QString remote(const sockledger::Connection &connection) const;
    void announceRemotes();

    int m_pid = 0;
    QString m_app;
    QString m_interface;
    bool m_names = false;
    std::unique_ptr<sockledger::HostNames> m_hosts;
    std::unique_ptr<QSocketNotifier> m_answers; // before the hosts that its descriptor is of
};
