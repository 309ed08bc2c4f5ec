// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "ledgermodel.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

/**
 * A table of items that have an id and belong to something that is shared, a Snapshot say. Rows point into
 * it, so nothing is copied; what changed is found by the ids, which are never used again.
 */
template<typename Item>
class KeyedModel : public LedgerModel
{
public:
    using LedgerModel::LedgerModel;

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_rows.size());
    }

protected:
    const Item &item(int row) const { return *m_rows[std::size_t(row)]; }

    /** Shows `items`, which are in the order of their ids and live as long as `owner`. */
    void show(const std::vector<const Item *> &items, std::shared_ptr<const void> owner)
    {
        const auto previous = std::exchange(m_owner, std::move(owner)); // until the rows are taken over
        removeGone(items);
        const auto changed = takeOver(items);
        append(items);
        announce(changed);
        Q_EMIT refreshed();
    }

private:
    static auto id(const Item *item) { return item->id; }

    static const Item *find(const std::vector<const Item *> &items, const Item *like)
    {
        const auto found = std::ranges::lower_bound(items, like->id, {}, id);
        return found != items.end() && (*found)->id == like->id ? *found : nullptr;
    }

    void removeGone(const std::vector<const Item *> &items)
    {
        for (int last = rowCount() - 1; last >= 0; --last) {
            if (find(items, m_rows[std::size_t(last)])) {
                continue;
            }
            int first = last;
            while (first > 0 && !find(items, m_rows[std::size_t(first) - 1])) {
                --first;
            }
            beginRemoveRows({}, first, last);
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
            endRemoveRows();
            last = first;
        }
    }

    /** The rows now point into the new snapshot. Which of them look different? */
    std::vector<bool> takeOver(const std::vector<const Item *> &items)
    {
        std::vector<bool> changed;
        for (const Item *&row : m_rows) {
            const Item *now = find(items, row);
            changed.push_back(!(*now == *row));
            row = now;
        }
        return changed;
    }

    void append(const std::vector<const Item *> &items)
    {
        std::vector<const Item *> known = m_rows;
        std::ranges::sort(known, {}, id);
        std::vector<const Item *> added;
        std::ranges::copy_if(items, std::back_inserter(added),
                             [&](const Item *item) { return !find(known, item); });
        if (!added.empty()) {
            const int first = rowCount();
            beginInsertRows({}, first, first + int(added.size()) - 1);
            m_rows.insert(m_rows.end(), added.begin(), added.end());
            endInsertRows();
        }
    }

    void announce(const std::vector<bool> &changed)
    {
        for (std::size_t row = 0; row < changed.size(); ++row) {
            const std::size_t first = row;
            while (row < changed.size() && changed[row]) {
                ++row;
            }
            if (row != first) {
                Q_EMIT dataChanged(index(int(first), 0), index(int(row) - 1, columnCount() - 1));
            }
        }
    }

    std::shared_ptr<const void> m_owner;
    std::vector<const Item *> m_rows;
};
