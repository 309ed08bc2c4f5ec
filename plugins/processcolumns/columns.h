// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "sharedfeed.h"

#include <processcore/process_attribute.h>
#include <processcore/process_data_provider.h>

#include <functional>
#include <vector>

/**
 * Columns for System Monitor's table of processes: what each receives and sends, in all, and its
 * connections. KDE's own columns are a packet capture that does not see unconnected UDP, the receiving side
 * of local traffic and short connections; these have what the kernel counted at the socket, and a column
 * that says how exact that is. Nothing is read while no
 * column is shown.
 */
class Columns : public KSysGuard::ProcessDataProvider
{
    Q_OBJECT
public:
    explicit Columns(QObject *parent, const QVariantList &args = {});
    /** With a feed of its own choice; for tests. */
    Columns(QObject *parent, const FeedKey &key);
    ~Columns() override;

    void handleEnabledChanged(bool enabled) override;
    void update() override;

private:
    using Value = std::function<QVariant(const sockledger::Process &)>;
    void add(const QString &id, const QString &name, const QString &shortName, KSysGuard::Unit unit,
             const Value &value);

    struct Column {
        KSysGuard::ProcessAttribute *attribute; // of this
        Value value;
    };
    std::vector<Column> m_columns;
    std::shared_ptr<SharedFeed> m_feed;
    sockledger::SnapshotPtr m_snapshot;
};
