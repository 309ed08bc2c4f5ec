// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "engine/snapshot_pool.hpp"

#include <mutex>
#include <utility>

namespace sockledger {

// One is enough: while a Snapshot is the published one, the next is built in the other.
struct SnapshotPool::Shelf {
    std::mutex mutex;
    std::unique_ptr<Slot> spare;
};

std::shared_ptr<SnapshotPool::Slot> SnapshotPool::take() {
    if (!shelf_) {
        shelf_ = std::make_shared<Shelf>();
    }
    std::unique_ptr<Slot> slot;
    {
        const std::lock_guard lock(shelf_->mutex);
        slot = std::move(shelf_->spare);
    }
    if (!slot) {
        slot = std::make_unique<Slot>();
    }
    return {slot.release(), [shelf = shelf_](Slot* old) {
                std::unique_ptr<Slot> used(old);
                const std::lock_guard lock(shelf->mutex);
                shelf->spare.swap(used); // freed after the lock when there was one already
            }};
}

} // namespace sockledger
