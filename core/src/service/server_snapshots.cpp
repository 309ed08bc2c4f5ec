// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_snapshots.hpp"

#include "engine/interval_rates.hpp"

#include <algorithm>

namespace sockledger {

SeenSnapshots::Seen SeenSnapshots::keep(const SnapshotPtr& snapshot) {
    std::erase_if(kept_, [](const auto& kept) { return kept.expired(); });
    if (auto newest = kept_.empty() ? nullptr : kept_.back().lock(); newest && *newest == snapshot)
        return newest;
    if (kept_.size() == most) {
        if (const auto oldest = kept_.front().lock())
            oldest->reset();
        kept_.pop_front();
    }
    auto kept = std::make_shared<SnapshotPtr>(snapshot);
    kept_.push_back(kept);
    return kept;
}

Message SnapshotMessages::message(const SnapshotPtr& now, const SnapshotPtr& before, const View& view,
                                  bool continues) {
    if (now != now_) {
        clear();
        now_ = now;
    }
    const std::uint64_t since = before ? before->sequence : 0;
    const auto made = std::ranges::find_if(made_, [&](const Made& candidate) {
        return candidate.before == since && candidate.continues == continues && candidate.view == view;
    });
    if (made != made_.end())
        return made->message;

    SnapshotPtr shown = with_rates_since(now, before);
    if (!view.visible.all)
        shown = std::make_shared<const Snapshot>(visible_part(*shown, view.visible));
    std::string parameters = "{\"snapshot\":";
    append_json(parameters, *shown, "snapshot", view.sections, view.selection);
    parameters += '}';
    auto message = std::make_shared<const std::string>(varlink::reply_message(parameters, continues));
    if (made_.size() < most && bytes_ + message->size() <= most_bytes) {
        bytes_ += message->size();
        made_.push_back({since, view, continues, message});
    }
    return message;
}

void SnapshotMessages::clear() {
    now_.reset();
    made_.clear();
    bytes_ = 0;
}

} // namespace sockledger
