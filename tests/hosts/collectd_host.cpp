// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/collectd_host.hpp"

#include "hosts/outcome.hpp"
#include "support/checked.hpp"
#include "support/spawn.hpp"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <utility>

namespace sockledger::test {
namespace {

constexpr int patience = 20'000;

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write_config(const QString& directory, const CollectdHost::Options& options) {
    const QByteArray root = directory.toLocal8Bit();
    const QByteArray stock = SOCKLEDGER_COLLECTD_STOCK;
    const QByteArray module =
        options.module.isEmpty() ? SOCKLEDGER_COLLECTD_MODULE : options.module.toLocal8Bit();
    QByteArray text = "Hostname \"" + options.name + "\"\nFQDNLookup false\nBaseDir \"" + root +
                      "\"\nPIDFile \"" + root + "/pid\"\nPluginDir \"" + stock +
                      "\"\nInterval 1\n"
                      "LoadPlugin logfile\n<Plugin logfile>\n LogLevel info\n File \"" +
                      root +
                      "/log\"\n</Plugin>\n"
                      "LoadPlugin unixsock\n<Plugin unixsock>\n SocketFile \"" +
                      root + "/socket\"\n DeleteSocket true\n</Plugin>\n" + options.config;
    if (!options.plugin.isNull())
        text += "\nPluginDir \"" + module + "\"\nLoadPlugin sockledger\n<Plugin sockledger>\n" +
                options.plugin + "\n</Plugin>\n";
    QFile file(directory + "/collectd.conf");
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        throw std::runtime_error("cannot write " + file.fileName().toStdString());
}

} // namespace

CollectdHost::CollectdHost(const Namespace& space, QString directory, const Options& options)
    : space_(space), directory_(std::move(directory)), name_(options.name), child_(options.foreground) {
    QDir().mkpath(directory_);
    write_config(directory_, options);
    QFile::remove(directory_ + "/socket");
    QFile::remove(directory_ + "/pid");
    const UniqueFd output(checked(open((directory_ + "/output").toLocal8Bit().constData(),
                                       O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644),
                                  "open output"));
    std::vector<std::string> command{"/usr/bin/env"};
    if (!options.preload.isEmpty())
        command.insert(command.end(), {"LD_PRELOAD=" + options.preload.toStdString(),
                                       "ASAN_OPTIONS=detect_leaks=1", "TSAN_OPTIONS=exitcode=66"});
    if (!options.privileged)
        command.insert(command.end(), {"setpriv", "--bounding-set=-all", "--inh-caps=-all"});
    command.insert(command.end(), {"/usr/sbin/collectd", "-C", directory_.toStdString() + "/collectd.conf"});
    if (options.foreground)
        command.push_back("-f");
    pid_ = spawn(space_, std::move(command), {STDIN_FILENO, output.get(), output.get()});
    wait_until_ready(options.foreground);
}

void CollectdHost::wait_until_ready(bool foreground) {
    if (!foreground) {
        int status = 0; // of the parent, which ends once it has forked
        checked(waitpid(std::exchange(pid_, -1), &status, 0), "waitpid");
        (void)QTest::qWaitFor([&] { return (pid_ = contents(directory_ + "/pid").trimmed().toInt()) > 0; },
                              patience);
    }
    if (!QTest::qWaitFor([&] { return answers() || !alive(); }, patience) || !alive())
        throw std::runtime_error("collectd does not answer:\n" + said().toStdString());
}

CollectdHost::~CollectdHost() {
    if (pid_ > 0 && alive()) {
        ::kill(pid_, SIGKILL);
        if (child_)
            waitpid(pid_, nullptr, 0);
    }
}

bool CollectdHost::alive() {
    if (pid_ <= 0 || status_)
        return false;
    if (!child_)
        return ::kill(pid_, 0) == 0;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_)
        status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return !status_;
}

bool CollectdHost::answers() const {
    return outcome_of("collectdctl", {"-s", directory_ + "/socket", "listval"}).status == 0;
}

int CollectdHost::stop() {
    ::kill(pid_, SIGTERM);
    if (!QTest::qWaitFor([this] { return !alive(); }, patience))
        return -1;
    return status_.value_or(0);
}

QStringList CollectdHost::identifiers() const {
    const Outcome outcome = outcome_of("collectdctl", {"-s", directory_ + "/socket", "listval"});
    return outcome.status == 0 ? QString::fromUtf8(outcome.output).split('\n', Qt::SkipEmptyParts)
                               : QStringList();
}

QMap<QString, double> CollectdHost::rates(const QString& identifier) const {
    QMap<QString, double> rates;
    const Outcome outcome = outcome_of("collectdctl", {"-s", directory_ + "/socket", "getval", identifier});
    for (const QByteArray& line : outcome.output.split('\n'))
        if (const auto equals = line.indexOf('='); equals > 0)
            rates.insert(QString::fromUtf8(line.left(equals)), line.mid(equals + 1).toDouble());
    return rates;
}

std::vector<CsvRow> CollectdHost::csv(const QString& identifier, const QString& host) const {
    const QFileInfo file(directory_ + "/csv/" + (host.isEmpty() ? name_ : host) + "/" + identifier);
    std::vector<CsvRow> rows;
    for (const QString& day : file.dir().entryList({file.fileName() + "-20*"}, QDir::Files, QDir::Name))
        for (const QByteArray& line : contents(file.dir().filePath(day)).split('\n')) {
            const QList<QByteArray> words = line.split(',');
            if (words.size() < 2 || words[0] == "epoch")
                continue;
            CsvRow row{words[0].toDouble(), {}};
            for (const QByteArray& word : words.mid(1))
                row.values.push_back(word.toDouble());
            rows.push_back(std::move(row));
        }
    return rows;
}

std::vector<double> CollectdHost::csv_growth(const QString& identifier, const QString& host) const {
    const auto rows = csv(identifier, host);
    std::vector<double> growth;
    for (std::size_t i = 0; !rows.empty() && i < rows.front().values.size(); ++i)
        growth.push_back(rows.back().values.at(i) - rows.front().values.at(i));
    return growth;
}

QByteArray CollectdHost::said() const {
    return contents(directory_ + "/log") + contents(directory_ + "/output");
}

} // namespace sockledger::test
