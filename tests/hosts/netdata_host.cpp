// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/netdata_host.hpp"

#include "hosts/outcome.hpp"
#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <limits>
#include <pwd.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utility>

namespace sockledger::test {
namespace {

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        throw std::runtime_error("cannot write " + path.toStdString());
}

/// A directory that Netdata's user may write to and everybody reads.
QString make_directory(const QString& path) {
    static const passwd* const user = getpwnam("netdata");
    if (!user)
        throw std::runtime_error("there is no user netdata");
    QDir().mkpath(path);
    const QByteArray name = path.toLocal8Bit();
    checked(chmod(name.constData(), 0755), "chmod");
    checked(chown(name.constData(), user->pw_uid, user->pw_gid), "chown");
    return path;
}

/// Of its own collectors none runs: they would read the whole machine.
QByteArray netdata_conf(const QString& directory, const NetdataConfig& config) {
    QByteArray text = "[global]\n hostname = " + config.hostname +
                      "\n[db]\n mode = ram\n retention = 1800\n" +
                      "[web]\n bind to = " + (config.local ? "127.0.0.1" : "0.0.0.0") +
                      "\n default port = " + QByteArray::number(config.port) +
                      "\n[registry]\n enabled = no\n[ml]\n enabled = no\n" +
                      "[health]\n script to execute on alarm = /bin/true\n[directories]\n";
    const QByteArray root = directory.toLocal8Bit();
    for (const auto& [name, folder] :
         std::initializer_list<std::pair<const char*, const char*>>{{"config", "etc"},
                                                                    {"stock config", "stock"},
                                                                    {"cache", "cache"},
                                                                    {"lib", "lib"},
                                                                    {"log", "log"},
                                                                    {"lock", "lock"},
                                                                    {"home", "home"},
                                                                    {"registry", "registry"},
                                                                    {"health config", "etc/health.d"},
                                                                    {"stock health config", "stock/health.d"},
                                                                    {"plugins", "plugins"}}) {
        make_directory(directory + "/" + folder);
        text += QByteArray(" ") + name + " = " + root + "/" + folder + "\n";
    }
    text += "[plugins]\n enable running new plugins = no\n";
    text += config.plugin.isEmpty() ? " sockledger = no\n" : " sockledger = yes\n";
    for (const char* name : {"proc", "diskspace", "cgroups", "tc", "idlejitter", "statsd", "timex", "checks",
                             "profile", "netdata monitoring"})
        text += QByteArray(" ") + name + " = no\n";
    return text;
}

void copy(const QString& from, const QString& to) {
    if (!QFile::exists(to) && !QFile::copy(from, to))
        throw std::runtime_error("cannot copy " + from.toStdString());
}

/// In place of Netdata's own script, which asks the network for the cloud that it is in. Without these 1.37
/// crashes when it streams.
constexpr const char* system_info = R"(#!/bin/sh
for name in HOST_OS_NAME HOST_OS_ID HOST_OS_VERSION SYSTEM_KERNEL_NAME SYSTEM_KERNEL_VERSION; do
    echo "NETDATA_$name=test"
done
)";

void write_files(const QString& directory, const NetdataConfig& config) {
    make_directory(directory);
    write(directory + "/netdata.conf", netdata_conf(directory, config));
    write(directory + "/etc/.opt-out-from-anonymous-statistics", {});
    write(directory + "/etc/sockledger.conf", config.plugin);
    write(directory + "/etc/stream.conf", config.stream);
    const QString source = SOCKLEDGER_NETDATA;
    copy(source + "/sockledger.conf", directory + "/stock/sockledger.conf");
    copy(source + "/health.d/1.37/sockledger.conf", directory + "/stock/health.d/sockledger.conf");
    write(directory + "/plugins/system-info.sh", system_info);
    QFile::setPermissions(directory + "/plugins/system-info.sh",
                          QFile::permissions(SOCKLEDGER_NETDATA_PLUGIN));
    copy(SOCKLEDGER_NETDATA_PLUGIN, directory + "/plugins/sockledger.plugin");
}

/// A word of /proc/PID/stat after the name: 0 is the state, 1 the parent.
QByteArray stat_word(const QString& pid, qsizetype word) {
    QFile file("/proc/" + pid + "/stat");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray line = file.readAll();
    return line.mid(line.lastIndexOf(')') + 2).split(' ').value(word);
}

/// Where the API of a host begins.
QString of(const QString& host) {
    return host.isEmpty() ? QString() : "/host/" + host;
}

} // namespace

double Series::bytes(const QString& dimension) const {
    double sum = 0;
    for (const double rate : values.value(dimension))
        sum += std::isnan(rate) ? 0 : rate;
    return sum * 1000 / 8;
}

std::ptrdiff_t Series::known(const QString& dimension) const {
    return std::ranges::count_if(values.value(dimension), [](double rate) { return !std::isnan(rate); });
}

NetdataHost::NetdataHost(const Namespace& space, QString directory, const NetdataConfig& config)
    : space_(space)
    , directory_(std::move(directory))
    , address_(QStringLiteral("http://127.0.0.1:%1").arg(config.port)) {
    write_files(directory_, config);
    const QByteArray output = directory_.toLocal8Bit() + "/output";
    const UniqueFd log(
        checked(open(output.constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644), "open output"));
    pid_ =
        spawn(space_,
              {"/usr/sbin/netdata", "-D", "-u", "netdata", "-c", (directory_ + "/netdata.conf").toStdString(),
               "-P", (directory_ + "/lib/netdata.pid").toStdString()},
              {STDIN_FILENO, log.get(), log.get()});
    if (eventually([&] { return !text("/api/v1/info").isEmpty(); }))
        return;
    kill();
    throw std::runtime_error("Netdata does not answer:\n" + said().toStdString());
}

NetdataHost::~NetdataHost() {
    kill();
}

void NetdataHost::end(int signal) {
    if (pid_ <= 0)
        return;
    ::kill(pid_, signal);
    checked(waitpid(std::exchange(pid_, -1), nullptr, 0), "waitpid");
}

void NetdataHost::stop() {
    end(SIGTERM);
}

void NetdataHost::kill() {
    end(SIGKILL);
}

std::optional<pid_t> NetdataHost::plugin() const {
    const QByteArray parent = QByteArray::number(pid_);
    for (const QString& pid : QDir("/proc").entryList(QDir::Dirs)) {
        QFile command("/proc/" + pid + "/cmdline");
        if (stat_word(pid, 1) == parent && stat_word(pid, 0) != "Z" && command.open(QIODevice::ReadOnly) &&
            command.readAll().startsWith(directory_.toLocal8Bit() + "/plugins/"))
            return pid.toInt();
    }
    return std::nullopt;
}

QByteArray NetdataHost::text(const QString& path) const {
    return space_
        .run([&] {
            return outcome_of("curl",
                              {"--silent", "--fail", "--max-time", "5", "--globoff", address_ + path});
        })
        .output;
}

QJsonObject NetdataHost::get(const QString& path) const {
    return QJsonDocument::fromJson(text(path)).object();
}

Series NetdataHost::data(const QString& query, const QString& host) const {
    const QJsonObject answer = get(of(host) + "/api/v1/data?" + query + "&format=json&options=seconds,flip");
    const QJsonArray labels = answer["labels"].toArray();
    const QJsonArray rows = answer["data"].toArray();
    Series series;
    for (const QJsonValue& row : rows) {
        series.times.push_back(row[0].toInteger());
        for (int i = 1; i < labels.size(); ++i)
            series.values[labels[i].toString()].push_back(
                row[i].isDouble() ? row[i].toDouble() : std::numeric_limits<double>::quiet_NaN());
    }
    return series;
}

Series NetdataHost::since(const QString& query, qint64 begin, const QString& host) const {
    const qint64 end = now();
    return data(
        QStringLiteral("%1&after=%2&before=%3&points=%4").arg(query).arg(begin).arg(end).arg(end - begin),
        host);
}

QMap<QString, QJsonObject> NetdataHost::charts(const QString& context, const QString& label,
                                               const QString& host) const {
    QMap<QString, QJsonObject> found;
    const QJsonObject all = get(of(host) + "/api/v1/charts")["charts"].toObject();
    for (const QJsonValue& chart : all)
        if (chart["context"].toString() == "sockledger." + context)
            found.insert(chart["chart_labels"][label].toString(), chart.toObject());
    return found;
}

QByteArray NetdataHost::said() const {
    QByteArray all;
    for (const char* name : {"/output", "/log/error.log"}) {
        QFile file(directory_ + name);
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

qint64 now() {
    return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
}

bool eventually(const std::function<bool()>& condition, std::chrono::seconds most) {
    for (const auto end = std::chrono::steady_clock::now() + most; !condition();) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        QTest::qWait(200);
    }
    return true;
}

} // namespace sockledger::test
