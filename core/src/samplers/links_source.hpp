// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/forwarding.hpp"
#include "kernel/link_reader.hpp"
#include "samplers/link_generations.hpp"
#include "samplers/links_elsewhere.hpp"
#include "samplers/source.hpp"

#include <optional>

namespace sockledger {

/// Reads links by the first of several readers that works, and those of other namespaces.
class LinksSource : public Source {
public:
    using Reader = Result<std::unique_ptr<LinkReader>>;

    /// `readers` are in order of preference; one that could not be opened gives the reason. `netns`
    /// is the namespace that they read, `forwarding` its switch.
    LinksSource(std::vector<Reader> readers, std::uint32_t netns,
                Result<std::unique_ptr<NetnsReader>> others = std::unique_ptr<NetnsReader>(),
                Forwarding forwarding = {});

    SourceStatus read(Readings& readings) override;
    void complete(Readings& readings) override;
    int wake_fd() const override;

private:
    struct Way {
        Reader reader;
        std::vector<LinkInfo> links;
    };

    std::string read_others(LinksReading& links);
    void publish(Way& way, const LinkReport& report, Readings& readings);

    std::vector<Way> ways_;
    const Way* last_used_ = nullptr;
    std::uint32_t netns_;
    std::uint64_t lost_ = 0;
    LinkGenerations generations_;
    std::optional<LinksElsewhere> elsewhere_;
    std::string why_not_elsewhere_;
    Forwarding forwarding_;
};

} // namespace sockledger
