// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/link_reader.hpp"
#include "samplers/link_generations.hpp"
#include "samplers/source.hpp"

namespace sockledger {

/// Reads links by the first of several readers that works.
class LinksSource : public Source {
public:
    using Reader = Result<std::unique_ptr<LinkReader>>;

    /// `readers` are in order of preference; one that could not be opened gives the reason. `netns`
    /// is the namespace that they read.
    LinksSource(std::vector<Reader> readers, std::uint32_t netns);

    SourceStatus read(Readings& readings) override;
    int wake_fd() const override;

private:
    struct Way {
        Reader reader;
        std::vector<LinkInfo> links;
    };

    void publish(Way& way, const LinkReport& report, Readings& readings);

    std::vector<Way> ways_;
    const Way* last_used_ = nullptr;
    std::uint32_t netns_;
    std::uint64_t lost_ = 0;
    LinkGenerations generations_;
};

} // namespace sockledger
