// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sockledger {

/// The alerts that a host has told people of and that are not over: so that each is told once when it is
/// raised and once when it is cleared, whatever the connection to the daemon does in between. `Told` is what
/// the host keeps of one: a message, an open notification. It needs nothing of the library but this header.
/// Threads: one at a time.
template<typename Told>
class StandingAlerts {
public:
    /// A stream begins: the daemon tells all active ones anew.
    void begin_stream() {
        for (auto& [key, standing] : standing_)
            standing.in_stream = false;
    }

    /// An active one was received. Null: it was told of already; else put there what is told now, before
    /// the next call.
    Told* raised(std::string rule, std::string subject) {
        const auto [at, added] = standing_.try_emplace({std::move(rule), std::move(subject)});
        at->second.in_stream = true;
        return added ? &at->second.told : nullptr;
    }

    /// One that is over was received: what was told of it, if anything.
    std::optional<Told> cleared(std::string rule, std::string subject) {
        auto over = standing_.extract({std::move(rule), std::move(subject)});
        return over ? std::optional(std::move(over.mapped().told)) : std::nullopt;
    }

    /// All active ones of the stream were received: what was told of those that were cleared while nobody
    /// listened.
    std::vector<Told> end_of_active() {
        std::vector<Told> over;
        for (auto at = standing_.begin(); at != standing_.end();) {
            if (at->second.in_stream) {
                ++at;
            } else {
                over.push_back(std::move(at->second.told));
                at = standing_.erase(at);
            }
        }
        return over;
    }

private:
    struct Standing {
        Told told{};
        bool in_stream = true;
    };
    std::map<std::pair<std::string, std::string>, Standing> standing_; ///< by rule and subject
};

} // namespace sockledger
