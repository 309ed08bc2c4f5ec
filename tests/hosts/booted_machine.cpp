// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/booted_machine.hpp"

#include "kernel/cgroup2_mount.hpp"
#include "support/checked.hpp"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/stat.h>

namespace sockledger::test {
namespace {

/// Targets that every service hangs on, with nothing behind them.
constexpr const char* targets[] = {"sysinit", "basic", "sockets", "shutdown", "multi-user"};

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        throw std::runtime_error("cannot write " + path.toStdString());
}

void write_units(const QString& folder, const QString& ready) {
    QDir().mkpath(folder + "/sockledgerd.service.d");
    const QByteArray bare = "[Unit]\nDefaultDependencies=no\n";
    for (const char* target : targets)
        write(folder + QStringLiteral("/%1.target").arg(QLatin1String(target)), bare);
    write(folder + "/test.target", bare + "Wants=sockledgerd.socket sockledgerd.service ready.service\n");
    write(folder + "/ready.service",
          bare + "After=sockledgerd.service\n[Service]\nType=oneshot\nExecStart=/bin/echo up\n" +
              "StandardOutput=file:" + ready.toUtf8() + "\n");
    // A test does not wait for half a minute.
    write(folder + "/sockledgerd.service.d/test.conf", "[Service]\nWatchdogSec=3\n");
}

bool gets_text(const UniqueFd& fifo) {
    pollfd waiting{fifo.get(), POLLIN, 0};
    return poll(&waiting, 1, 20'000) == 1;
}

QString make_cgroup() {
    const auto mount = cgroup2_mount();
    if (!mount)
        throw std::runtime_error(mount.error().message);
    const QString path = QString::fromStdString(*mount) + QStringLiteral("/sockledger-test-%1").arg(getpid());
    checked(mkdir(path.toUtf8().constData(), 0755), "mkdir");
    return path;
}

} // namespace

BootedMachine::BootedMachine(const QString& directory) : cgroup_(make_cgroup()) {
    const QString units = directory + "/units";
    const QString ready = directory + "/ready";
    write_units(units, ready);
    checked(mkfifo(ready.toUtf8().constData(), 0600), "mkfifo");
    const UniqueFd fifo(checked(open(ready.toUtf8().constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open"));

    unshare_.setProcessChannelMode(QProcess::MergedChannels);
    unshare_.start(
        "/bin/sh",
        {"-c",
         "echo $$ > \"$0/cgroup.procs\" && exec unshare --mount --pid --fork --kill-child --cgroup "
         "--net \"$@\"",
         cgroup_, SOCKLEDGER_BOOT, directory, SOCKLEDGER_PREFIX, units});
    if (!gets_text(fifo)) {
        unshare_.kill();
        unshare_.waitForFinished();
        throw std::runtime_error("the machine does not come up:\n" + unshare_.readAll().toStdString());
    }
    const QString task = QStringLiteral("/proc/%1/task/%1/children").arg(unshare_.processId());
    init_ = contents(task).trimmed().toInt();
}

BootedMachine::~BootedMachine() {
    if (init_ > 0)
        ::kill(init_, SIGKILL);
    else
        unshare_.kill();
    unshare_.waitForFinished();
    QStringList folders{cgroup_};
    for (QDirIterator walk(cgroup_, QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
         walk.hasNext();)
        folders.append(walk.next());
    // What lies deeper has the longer path.
    std::sort(folders.begin(), folders.end(),
              [](const QString& a, const QString& b) { return a.size() > b.size(); });
    for (const QString& folder : folders)
        QDir().rmdir(folder);
}

QString BootedMachine::path(const char* inside) const {
    return QStringLiteral("/proc/%1/root%2").arg(init_).arg(QLatin1String(inside));
}

Outcome BootedMachine::systemctl(const QStringList& arguments) const {
    return outcome_of("nsenter",
                      QStringList{"-t", QString::number(init_), "-m", "-p", "-C", "systemctl"} + arguments);
}

pid_t BootedMachine::pid_of(const char* service) const {
    const QString procs =
        cgroup_ + QStringLiteral("/system.slice/%1.service/cgroup.procs").arg(QLatin1String(service));
    return contents(procs).split('\n').front().toInt();
}

} // namespace sockledger::test
