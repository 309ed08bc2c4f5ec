// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QFile>
#include <QStringList>

namespace sockledger::test {

/// The indented blocks below a heading of netdata/README.md, so that tests use what it says.
inline QStringList readme_blocks(const QString& heading) {
    QFile file(QStringLiteral(SOCKLEDGER_NETDATA "/README.md"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString section = QString::fromUtf8(file.readAll()).section("\n## " + heading + "\n", 1, 1);
    QStringList blocks;
    bool inside = false;
    for (const QString& line : section.section("\n## ", 0, 0).split('\n')) {
        const bool indented = line.startsWith("    ");
        if (indented && !inside)
            blocks.append(QString());
        if (indented)
            blocks.last() += line.mid(4) + '\n';
        inside = indented;
    }
    return blocks;
}

} // namespace sockledger::test
