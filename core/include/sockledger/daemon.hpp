// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/engine.hpp>
#include <sockledger/feed.hpp>
#include <sockledger/history.hpp>
#include <sockledger/rules.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// sockledgerd, seen from a client.

namespace sockledger {

/// Where the daemon listens unless it is told otherwise.
inline constexpr char default_socket[] = "/run/sockledger/io.sockledger";

/// Which lists of a Snapshot a host needs; the others stay empty.
struct Sections {
    bool interfaces = true;
    bool apps = true;
    bool processes = true;
    bool connections = true;
    bool operator==(const Sections&) const = default;
};

struct FeedOptions {
    enum class Source {
        Automatic, ///< the daemon if it answers, else the local engine
        Daemon,    ///< the daemon or an Error
        Local,     ///< the local engine
    };
    Source source = Source::Automatic;
    std::string socket = default_socket;
    Sections sections;    ///< of a daemon's Snapshots
    EngineOptions engine; ///< of the local engine
};

/// The Feed that this process can have. A daemon's Snapshot has the rates since the sample before of
/// this very Feed, and a source named "daemon" in front of the daemon's own.
/// A daemon's sample() asks and waits for the answer, at most 10 s; while the daemon is away it gives
/// an Error with the errno, and connects again at the next call.
/// Threads: as Engine::open().
Result<std::unique_ptr<Feed>> open_feed(const FeedOptions& options = {});

/// A Feed for hosts whose counters must never fall and never leap: Netdata, collectd, a widget that
/// stays for weeks. It asks the daemon while that answers and, with Source::Automatic, counts by itself
/// while it does not; it looks for the daemon again every few seconds. Totals are those of the first
/// source; after a change, or a restart of the daemon, they go on from where they were, and what the
/// newcomer had counted before is not added. A Traffic with parts of several tiers has the worst label.
/// sample() fails only when no source gives a Snapshot. Threads: as open_feed().
Result<std::unique_ptr<Feed>> open_lasting_feed(const FeedOptions& options = {});

struct DaemonStatus {
    std::string version;
    std::uint32_t pid = 0;
    std::chrono::seconds started{}; ///< CLOCK_REALTIME
    std::uint32_t clients = 0;      ///< connections, this one included
    bool privileged = false;        ///< this client may see everything and change settings
    HistoryStatus history;
    std::vector<SourceStatus> sources;
    bool operator==(const DaemonStatus&) const = default;
};

/// A connection to the daemon for everything that is not a Feed. Each call waits for its answer, at
/// most 10 s; one that fails says what the daemon said. A lost connection is made anew at the next call.
/// Threads: one at a time.
class DaemonClient {
public:
    /// Fails with the errno of connect() when nobody answers at `socket`.
    static Result<std::unique_ptr<DaemonClient>> connect(const std::string& socket = default_socket);
    virtual ~DaemonClient() = default;

    virtual Result<DaemonStatus> status() = 0;
    virtual Result<Usage> usage(const UsageQuery& query) = 0;
    virtual Result<std::vector<KnownInterface>> interfaces() = 0;
    /// Names of the interfaces to record from now on, in total and history; a `*` stands for any text.
    /// None: every interface but loopback. Takes root or the group. Survives restarts.
    virtual Result<void> set_monitored_interfaces(const std::vector<std::string>& names) = 0;

    virtual Result<std::vector<Rule>> rules() = 0;
    /// Adds a rule, or replaces the one of the same id. Takes root or the group.
    virtual Result<void> set_rule(const Rule& rule) = 0;
    virtual Result<void> remove_rule(const std::string& id) = 0;
    /// Active ones, and those that were raised since then; oldest first.
    virtual Result<std::vector<Alert>> alerts(std::chrono::seconds since) = 0;

    /// Begins a stream of alerts on a connection of its own: the active ones first, then each one when
    /// it is raised and again when it is cleared.
    virtual Result<void> subscribe_alerts() = 0;
    /// Polls readable when next_alert() has something. -1 before subscribe_alerts().
    virtual int alerts_fd() const = 0;
    /// The next alert of the stream; absent when none has arrived. Does not wait.
    virtual Result<std::optional<Alert>> next_alert() = 0;
};

} // namespace sockledger
