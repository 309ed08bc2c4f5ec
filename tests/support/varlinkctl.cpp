// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/varlinkctl.hpp"

#include <QDir>
#include <QStandardPaths>

namespace sockledger::test {

std::vector<std::string> varlinkctl() {
    const QString installed = QStandardPaths::findExecutable(QStringLiteral("varlinkctl"));
    if (!installed.isEmpty())
        return {installed.toStdString()};
    // Its libraries are beside it, and only its own loader may load them.
    const QString usr = QStringLiteral(SOCKLEDGER_UNPACKED "/usr/");
    const QString lib = usr + QStringLiteral("lib/");
    const QStringList libraries = QDir(lib).entryList({QStringLiteral("*-linux-gnu*")}, QDir::Dirs);
    if (libraries.isEmpty())
        return {};
    const QString folder = lib + libraries.front();
    const QStringList loaders = QDir(folder).entryList({QStringLiteral("ld-linux*.so.*")}, QDir::Files);
    if (loaders.isEmpty())
        return {};
    return {(folder + QLatin1Char('/') + loaders.front()).toStdString(), "--library-path",
            (folder + QLatin1Char(':') + folder + QStringLiteral("/systemd")).toStdString(),
            (usr + QStringLiteral("bin/varlinkctl")).toStdString()};
}

} // namespace sockledger::test
