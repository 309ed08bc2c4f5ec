// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/apps_source.hpp"

#include "apps/identity.hpp"

namespace sockledger {

namespace {

class AppsSource : public Source {
public:
    SourceStatus read(Readings& readings) override {
        for (const ProcessRecord& record : readings.processes.described)
            readings.apps.decided.push_back({record.process, identify(record)});
        SourceStatus status;
        status.name = "apps";
        status.accuracy = Accuracy::Exact;
        status.detail = "applications by cgroup and program";
        return status;
    }
};

} // namespace

std::unique_ptr<Source> make_apps_source() {
    return std::make_unique<AppsSource>();
}

} // namespace sockledger
