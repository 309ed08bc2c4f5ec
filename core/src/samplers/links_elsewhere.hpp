// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netns_reader.hpp"
#include "samplers/link_generations.hpp"
#include "samplers/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sockledger {

/// The links of the other network namespaces in which something but loopback is up: containers, not
/// the empty namespaces of sandboxes.
///
/// All namespaces are looked for once, at the first read. Those of later are met through the packets
/// and sockets that others have read, so a namespace that shows up later was made later, or had nothing
/// up until now: the engine relies on that, as it does for a link of our own that shows up later.
class LinksElsewhere {
public:
    static constexpr std::size_t most_namespaces = 256;

    LinksElsewhere(std::unique_ptr<NetnsReader> reader, std::uint32_t own_netns);

    /// Those that are known. Sorted by namespace.
    void read(std::vector<NamespaceLinks>& others);
    /// Adds those that `readings` are the first to tell of.
    void complete(Readings& readings);

    /// What was not read and why; empty when nothing is missing.
    std::string missing() const;

private:
    enum class State {
        Closed,  ///< may not be read
        TooMany, ///< is not read
        Quiet,   ///< nothing but loopback is up; read again when it has moved packets
        Busy,    ///< is read each time
    };
    struct Known {
        std::optional<std::int32_t> id;
        State state = State::Quiet;
        std::vector<LinkInfo> links;
        LinkGenerations generations;
    };
    using Namespaces = std::map<std::uint32_t, Known>;

    Namespaces::iterator add(const NetnsHandle& handle);
    Namespaces::iterator read_one(Namespaces::iterator entry);
    void forget_gone();
    void meet(std::uint32_t netns, const ProcessId& process, std::vector<NamespaceLinks>& others);
    void publish(std::uint32_t netns, const Known& known, std::vector<NamespaceLinks>& others);
    std::size_t count(State state) const;

    std::unique_ptr<NetnsReader> reader_;
    std::uint32_t own_netns_;
    bool listed_ = false;
    Namespaces known_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> not_found_; ///< namespace and process
};

} // namespace sockledger
