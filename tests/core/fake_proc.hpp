// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/files.hpp"
#include "samplers/reading.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <string>

namespace sockledger::test {

/// A /proc with the processes that a test puts there, for readers that take a descriptor of it.
class FakeProc {
public:
    FakeProc() : root_(std::move(open_directory(AT_FDCWD, QFile::encodeName(dir_.path())).value())) {}

    int fd() const { return root_.get(); }
    UniqueFd duplicate() const { return UniqueFd(fcntl(root_.get(), F_DUPFD_CLOEXEC, 0)); }
    QString path(const ProcessId& process, const QString& file) const {
        return QStringLiteral("%1/%2/%3").arg(dir_.path()).arg(process.pid).arg(file);
    }

    /// A process with every file, of user 4242 (who has no name), child of 7.
    void add(const ProcessId& process, const std::string& comm, const std::string& exe = "/usr/bin/program") {
        QDir(dir_.path()).mkpath(QString::number(process.pid) + "/fd");
        write_stat(process, comm);
        write(process, "status", "Name:\tx\nUid:\t1\t4242\t1\t1\n");
        write(process, "cgroup", "0::/test.slice\n");
        write(process, "cmdline", comm + std::string("\0--flag\0", 8));
        QFile::remove(path(process, "exe"));
        if (!exe.empty()) {
            QFile::link(QString::fromStdString(exe), path(process, "exe"));
        }
    }

    void write_stat(const ProcessId& process, const std::string& comm, char state = 'S',
                    bool kernel_thread = false) {
        write(process, "stat",
              std::to_string(process.pid) + " (" + comm + ") " + state + " 7 1 1 0 -1 " +
                  (kernel_thread ? "2097152" : "0") + " 0 0 0 0 0 0 0 0 20 0 1 0 " +
                  std::to_string(process.start_ticks) + " 0 0\n");
    }

    /// Makes descriptor `fd` of a process a link to `target`, in place of what it was.
    void hold(const ProcessId& process, int fd, const std::string& target) {
        drop(process, fd);
        QFile::link(QString::fromStdString(target), path(process, "fd/" + QString::number(fd)));
    }
    void hold(const ProcessId& process, int fd, std::uint64_t inode) {
        hold(process, fd, "socket:[" + std::to_string(inode) + "]");
    }
    void drop(const ProcessId& process, int fd) { remove(process, "fd/" + QString::number(fd)); }

    /// From now on the size of a directory of descriptors counts for their number, as since Linux 6.2.
    void count_descriptors() { QDir(dir_.path()).mkpath("self/fd/0"); }

    /// Replaces the file as a whole: a reader that has the old one open keeps it.
    void write(const ProcessId& process, const QString& file, const std::string& content) {
        QFile::remove(path(process, file));
        QFile out(path(process, file));
        if (!out.open(QIODevice::WriteOnly) || out.write(content.data(), qint64(content.size())) < 0) {
            qFatal("cannot write %s", qPrintable(out.fileName()));
        }
    }

    void remove(const ProcessId& process, const QString& file) { QFile::remove(path(process, file)); }
    void remove(const ProcessId& process) { QDir(path(process, ".")).removeRecursively(); }

private:
    QTemporaryDir dir_;
    UniqueFd root_;
};

} // namespace sockledger::test
