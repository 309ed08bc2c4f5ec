// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "support/netns.hpp"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace sockledger::test {

/// What a Netdata is given besides its directories.
struct NetdataConfig {
    QByteArray hostname = "one";
    int port = 19999;
    QByteArray plugin; ///< sockledger.conf; empty: without our plugin
    QByteArray stream; ///< stream.conf
    bool local = true; ///< reached from its own namespace only
};

/// Points of a chart, the oldest first; a gap is NaN.
struct Series {
    std::vector<qint64> times;
    QMap<QString, std::vector<double>> values; ///< by dimension

    /// The sum of a dimension of kilobits/s with a point for each second.
    double bytes(const QString& dimension) const;
    /// How many points of a dimension are no gap.
    std::ptrdiff_t known(const QString& dimension) const;
};

/// A real Netdata as its own user, in a network namespace, with directories of its own and our plugin as
/// its only collector. Failures are exceptions.
class NetdataHost {
public:
    /// Starts it and waits until it answers. `directory` is made and outlives it; a second one of the
    /// same directory goes on with the first one's state.
    NetdataHost(const Namespace& space, QString directory, const NetdataConfig& config);
    /// Kills what is left.
    ~NetdataHost();
    NetdataHost(const NetdataHost&) = delete;
    NetdataHost& operator=(const NetdataHost&) = delete;

    pid_t pid() const { return pid_; }
    /// The process of our plugin, if there is one.
    std::optional<pid_t> plugin() const;

    /// Tells it to end and waits.
    void stop();
    /// Ends it without a word.
    void kill();

    /// An answer of the HTTP API to `path`: "/api/v1/charts".
    QByteArray text(const QString& path) const;
    QJsonObject get(const QString& path) const;
    /// What /api/v1/data says to `query` ("chart=sockledger.traffic&after=-10"), in seconds.
    Series data(const QString& query, const QString& host = {}) const;
    /// Each second since `begin` of what `query` names; of `host`, when this one is a parent.
    Series since(const QString& query, qint64 begin, const QString& host = {}) const;
    /// All charts of a context ("app_traffic"), by the label that tells them apart ("app").
    QMap<QString, QJsonObject> charts(const QString& context, const QString& label,
                                      const QString& host = {}) const;

    /// What it has said until now, and our plugin with it.
    QByteArray said() const;

private:
    void end(int signal);

    const Namespace& space_;
    QString directory_;
    QString address_;
    pid_t pid_ = -1;
};

/// Seconds since 1970.
qint64 now();

/// Asks again and again, for at most a minute, until `condition` holds.
bool eventually(const std::function<bool()>& condition, std::chrono::seconds most = std::chrono::seconds(60));

} // namespace sockledger::test
