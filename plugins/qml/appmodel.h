// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "portindex.h"
#include "usagemodel.h"

#include <QSet>

/** A row of AppModel: an application, or a process of one that is expanded. */
struct AppEntry {
    std::pair<sockledger::AppId, sockledger::ProcessId> id; ///< of an application: without a process
    const sockledger::App *app = nullptr;
    const sockledger::Process *process = nullptr;
    const AppEntry *head = nullptr; ///< the row of the application
    bool expandable = false;
    bool expanded = false;
    double rxShare = 0; ///< of what the busiest application moves now, both ways
    double txShare = 0;
    sockledger::Accuracy shareAccuracy = sockledger::Accuracy::Exact;
    std::optional<sockledger::UsageRow> today;

    const sockledger::Traffic &traffic() const { return process ? process->traffic : app->traffic; }
    bool operator==(const AppEntry &other) const;
};

/** Applications, and below those that are expanded their processes. Its traffic is outside loopback. */
class AppModel : public KeyedModel<AppEntry>
{
    Q_OBJECT
    QML_ELEMENT
    /** Those that have moved nothing and have no connection too. */
    Q_PROPERTY(bool idle MEMBER m_idle WRITE setIdle NOTIFY idleChanged)
    /** What each has moved today, by application; without it that is not known. */
    Q_PROPERTY(UsageModel *today READ today WRITE setToday NOTIFY todayChanged)

public:
    using KeyedModel::KeyedModel;

    bool grouped() const override { return true; }
    void setIdle(bool idle);
    UsageModel *today() const { return m_today; }
    void setToday(UsageModel *today);
    /** Shows the processes of an application, or hides them. */
    Q_INVOKABLE void expand(const QString &app, bool expanded);

Q_SIGNALS:
    void idleChanged();
    void todayChanged();

protected:
    const QList<Column> &columns() const override;
    Cell cell(int row, int column) const override;
    Cell groupCell(int row, int column) const override;
    QVariant ofRow(int row, int role) const override;
    void refresh() override;

private:
    struct Shown;
    std::shared_ptr<const Shown> entries() const;
    static Cell cell(const AppEntry &entry, int column);
    QString searchText(const AppEntry &entry) const;

    bool m_idle = false;
    QPointer<UsageModel> m_today;
    QSet<QString> m_expanded;
    sockledger::SnapshotPtr m_snapshot;
    mutable PortIndex m_ports;
};
