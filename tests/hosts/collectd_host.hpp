// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace sockledger::test {

/// A row of a CSV file of collectd's: its time, and the values of its data sources.
struct CsvRow {
    double time = 0;
    std::vector<double> values;
};

/// A real collectd in a network namespace, with a directory of its own for all that it writes and our plugin
/// beside those of the distribution. Failures are exceptions.
class CollectdHost {
public:
    struct Options {
        QByteArray name = "left"; ///< Hostname
        QByteArray config;   ///< after what is said for every one: directories, Interval 1, logfile, unixsock
        QByteArray plugin;   ///< within <Plugin sockledger>; without ours when it is null
        QString module = {}; ///< the directory of another build of our plugin
        QString preload = {};   ///< LD_PRELOAD
        bool privileged = true; ///< else it is root without a single capability
        bool foreground = true; ///< else it becomes a daemon
    };

    /// Starts it and waits until it answers. `directory` is made and outlives it; a second one of the same
    /// directory goes on with the files of the first.
    CollectdHost(const Namespace& space, QString directory, const Options& options);
    /// Kills what is left.
    ~CollectdHost();
    CollectdHost(const CollectdHost&) = delete;
    CollectdHost& operator=(const CollectdHost&) = delete;

    pid_t pid() const { return pid_; }
    /// Tells it to end; its exit status, -1 when a signal ended it or it did not end within 20 s. Of a daemon
    /// 0, when it has ended.
    int stop();

    /// All identifiers that collectdctl lists: "left/sockledger-all/if_octets". Empty when it fails.
    QStringList identifiers() const;
    /// What collectdctl says to a value: {"rx": 1.5, "tx": 2}.
    QMap<QString, double> rates(const QString& identifier) const;
    /// What the plugin csv has written of an identifier without its host, over all days.
    std::vector<CsvRow> csv(const QString& identifier, const QString& host = {}) const;
    /// The growth of each data source over all rows; empty while there are none.
    std::vector<double> csv_growth(const QString& identifier, const QString& host = {}) const;

    const QString& directory() const { return directory_; }
    /// Its log, and what it and its plugins wrote to standard output and error.
    QByteArray said() const;

private:
    bool alive();
    bool answers() const;
    void wait_until_ready(bool foreground);

    const Namespace& space_;
    QString directory_;
    QString name_;
    pid_t pid_ = -1;
    bool child_ = true;
    std::optional<int> status_;
};

/// <Plugin csv> with counters as they are, for CollectdHost::csv().
inline constexpr char csv_config[] =
    "LoadPlugin csv\n<Plugin csv>\n DataDir \"csv\"\n StoreRates false\n</Plugin>\n";

} // namespace sockledger::test
