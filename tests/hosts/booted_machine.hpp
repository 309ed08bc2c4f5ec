// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "hosts/outcome.hpp"

#include <QProcess>
#include <QString>
#include <QStringList>

#include <sys/types.h>

namespace sockledger::test {

/// A machine in namespaces, in which systemd runs the units that were installed below `directory`, and
/// which has come up when the constructor returns. It ends with this object and leaves nothing behind.
/// Failures are exceptions.
class BootedMachine {
public:
    explicit BootedMachine(const QString& directory);
    ~BootedMachine();
    BootedMachine(const BootedMachine&) = delete;
    BootedMachine& operator=(const BootedMachine&) = delete;

    /// A file of the machine, by its path from here.
    QString path(const char* inside) const;
    Outcome systemctl(const QStringList& arguments) const;
    /// The first process of a service, by its number here.
    pid_t pid_of(const char* service) const;

private:
    QString cgroup_;
    QProcess unshare_;
    pid_t init_ = -1;
};

} // namespace sockledger::test
