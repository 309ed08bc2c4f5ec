// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledgermodel.h"
#include "support/sample_snapshot.hpp"

#include <QSignalSpy>
#include <QTest>

#include <deque>
#include <memory>
#include <mutex>

namespace sockledger::test {

/// Gives what the test puts in, one for each sample; the last one for ever.
class ScriptedFeed : public Feed {
public:
    static inline std::mutex mutex;
    static inline std::deque<Snapshot> script;

    Result<SnapshotPtr> sample() override {
        const std::lock_guard lock(mutex);
        if (script.empty())
            return Error{"nothing was put in", 0};
        latest_ = std::make_shared<const Snapshot>(script.front());
        if (script.size() > 1)
            script.pop_front();
        return latest_;
    }
    SnapshotPtr latest() const override { return latest_; }
    int wake_fd() const override { return -1; }

private:
    SnapshotPtr latest_;
};

/// A Ledger that shows one Snapshot after the other.
class LedgerFixture {
public:
    LedgerFixture() {
        SharedFeed::setOpen([](const FeedKey&) -> Result<std::unique_ptr<Feed>> {
            return std::unique_ptr<Feed>(std::make_unique<ScriptedFeed>());
        });
        ledger_.setActive(false);
        ledger_.setRecording(recording_);
    }

    Ledger* ledger() { return &ledger_; }
    const QString& recording() const { return recording_; }

    /// Waits until it is there.
    void show(const Snapshot& snapshot) {
        {
            const std::lock_guard lock(ScriptedFeed::mutex);
            ScriptedFeed::script = {snapshot};
        }
        QSignalSpy sampled(&ledger_, &Ledger::sampled);
        ledger_.setActive(false);
        ledger_.setActive(true);
        QVERIFY(sampled.wait(20'000));
        ledger_.setActive(false);
    }

private:
    static inline int number_ = 0; // each has a feed of its own
    const QString recording_ = QString::number(++number_);
    Ledger ledger_;
};

inline QString text(const LedgerModel& model, const QString& key, const QString& column) {
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data(LedgerModel::KeyRole).toString() == key)
            return model.index(row, model.column(column)).data().toString();
    }
    return QStringLiteral("no such row");
}

inline QStringList keys(const QAbstractItemModel& model) {
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.index(row, 0).data(LedgerModel::KeyRole).toString();
    return all;
}

} // namespace sockledger::test
