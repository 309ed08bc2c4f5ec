// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStringList>

#include <chrono>

namespace sockledger::test {

/// What a program of the host said, and how it ended.
struct Outcome {
    int status = -1; ///< -1: not started, killed, or still running when patience was over
    QByteArray output;
    QByteArray complaints; ///< standard error
};

inline Outcome outcome_of(const QString& program, const QStringList& arguments,
                          const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment(),
                          std::chrono::milliseconds patience = std::chrono::seconds(30)) {
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments, QIODevice::ReadOnly);
    Outcome outcome;
    if (process.waitForFinished(static_cast<int>(patience.count())) &&
        process.exitStatus() == QProcess::NormalExit)
        outcome.status = process.exitCode();
    outcome.output = process.readAllStandardOutput();
    outcome.complaints = process.readAllStandardError();
    return outcome;
}

} // namespace sockledger::test
