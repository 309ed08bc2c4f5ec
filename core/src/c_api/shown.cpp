// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "c_api/answer.hpp"
#include "c_api/held_snapshot.hpp"
#include "c_api/rows.hpp"
#include "c_api/sized.hpp"

using namespace sockledger;
using namespace sockledger::c_api;

struct sockledger_shown {
    ShownApps apps;
};

namespace {

ShownApps::Options to_cpp(const sockledger_shown_options& chosen) {
    ShownApps::Options options;
    if (chosen.most != 0)
        options.most = chosen.most;
    if (chosen.forget_seconds != 0)
        options.forget_after = std::chrono::seconds(chosen.forget_seconds);
    if (chosen.wanted)
        options.wanted = [wanted = chosen.wanted, user = chosen.user](const App& app) {
            const sockledger_app row = to_c(app);
            return wanted(row.id, row.name, user) != 0;
        };
    return options;
}

} // namespace

int sockledger_shown_open(const sockledger_shown_options* options, sockledger_shown** shown) {
    if (!shown)
        return -EINVAL;
    *shown = nullptr;
    sockledger_shown_options chosen{};
    if (const int refused = options ? take(options, chosen) : 0; refused != 0)
        return refused;
    return guarded([&] {
        *shown = new sockledger_shown{ShownApps(to_cpp(chosen))};
        return 0;
    });
}

void sockledger_shown_close(sockledger_shown* shown) {
    delete shown;
}

int sockledger_shown_update(sockledger_shown* shown, const sockledger_snapshot* snapshot) {
    if (!shown || !snapshot)
        return -EINVAL;
    return guarded([&] {
        shown->apps.update(*snapshot->data);
        return 0;
    });
}

size_t sockledger_shown_count(const sockledger_shown* shown) {
    return shown ? shown->apps.apps().size() : 0;
}

int sockledger_shown_get(const sockledger_shown* shown, size_t index, sockledger_shown_app* row) {
    if (!shown)
        return -EINVAL;
    const auto& apps = shown->apps.apps();
    return index < apps.size() ? give(row, to_c(apps[index])) : -ENOENT;
}

int sockledger_shown_other(const sockledger_shown* shown, sockledger_shown_app* row) {
    return shown ? give(row, to_c(shown->apps.other())) : -EINVAL;
}
