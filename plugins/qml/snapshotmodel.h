// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "keyedmodel.h"

/** A table of one of the lists of the Ledger's Snapshot. */
template<typename Item>
class SnapshotModel : public KeyedModel<Item>
{
public:
    using KeyedModel<Item>::KeyedModel;

protected:
    virtual const std::vector<Item> &list(const sockledger::Snapshot &snapshot) const = 0;
    /** The item is one of this table. */
    virtual bool shows(const sockledger::Snapshot &, const Item &) const { return true; }

    /** Of the rows; only while there are some. */
    const sockledger::Snapshot &snapshot() const { return *m_snapshot; }

    const sockledger::SnapshotPtr &snapshotPtr() const { return m_snapshot; }

    void refresh() override
    {
        const auto next = this->ledger() ? this->ledger()->snapshot() : nullptr;
        std::vector<const Item *> items;
        if (next) {
            for (const Item &item : list(*next)) {
                if (shows(*next, item)) {
                    items.push_back(&item);
                }
            }
        }
        m_snapshot = next ? next : m_snapshot;
        this->show(items, next);
    }

private:
    sockledger::SnapshotPtr m_snapshot;
};
