// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "portindex.h"

using namespace sockledger;

QString PortIndex::ports(const SnapshotPtr &snapshot, const ProcessId &process)
{
    if (m_snapshot != snapshot) {
        m_snapshot = snapshot;
        m_ports.clear();
        for (const Connection &connection : snapshot->connections) {
            if (connection.owner) {
                m_ports[*connection.owner] += QString::number(connection.local.port) + u' '
                    + QString::number(connection.remote.port) + u'\n';
            }
        }
    }
    const auto found = m_ports.find(process);
    return found == m_ports.end() ? QString() : found->second;
}
