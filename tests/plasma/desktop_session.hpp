// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <vector>

/// A real plasmashell on a display that nobody sees, with the widget in its panel.
class DesktopSession {
public:
    /// Why there can be none on this machine; empty when there can.
    static QString missing();

    /// Throws std::runtime_error when something does not start.
    DesktopSession();
    /// Ends what it has started.
    ~DesktopSession();

    /// What a screen reader finds: "ROLE\tNAME\tDESCRIPTION".
    QStringList accessible() const;
    /// Waits until it finds what is wanted.
    bool wait_for(const std::function<bool(const QStringList&)>& wanted) const;
    /// Presses what has this name and can be pressed.
    bool press(const QString& name) const;
    /// What plasmashell has said until now.
    QString said() const;
    bool runs() const;

private:
    QProcess& start(const QString& program, const QStringList& arguments);
    int run(const QString& program, const QStringList& arguments, QString& output) const;

    QTemporaryDir directory_;
    QProcessEnvironment environment_;
    std::vector<std::unique_ptr<QProcess>> programs_; ///< in the order that they were started
    QProcess* shell_ = nullptr;
};
