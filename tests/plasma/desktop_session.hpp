// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <QMap>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <vector>

struct DesktopLook {
    bool vertical = false; ///< the panel
    bool dark = false;
    bool mirrored = false; ///< right to left
    int scale = 1;
    bool accessible = true; ///< which costs
    QString language = {};  ///< "de"; empty: as in the source
    /// In the panel.
    QString applets = applet(QStringLiteral("org.sockledger.applet"),
                             {{QStringLiteral("[General]"), QStringLiteral("interval=1")}});

    /// With groups of settings, "[General]" say, each of them lines.
    static QString applet(const QString& id, const QMap<QString, QString>& settings);
};

/// A real plasmashell on a display that nobody sees, with the widget in its panel.
class DesktopSession {
public:
    /// Why there can be none on this machine; empty when there can.
    static QString missing();

    /// Throws std::runtime_error when something does not start.
    explicit DesktopSession(const DesktopLook& look = {});
    /// Ends what it has started.
    ~DesktopSession();

    /// What a screen reader finds: "ROLE\tNAME\tDESCRIPTION".
    QStringList accessible() const;
    /// Waits until it finds what is wanted.
    bool wait_for(const std::function<bool(const QStringList&)>& wanted) const;
    /// Presses what has this name and can be pressed. With a role, as "page tab", clicks on it.
    bool press(const QString& name, const QString& role = {}) const;
    /// Runs a program in the session, and gives back whether it ended well.
    bool run(const QString& program, const QStringList& arguments) const;
    /// Writes a file of the person's home.
    void put(const QString& path, const QString& text) const;
    /// Starts a program that ends with the session.
    QProcess& start(const QString& program, const QStringList& arguments);
    /// What plasmashell has said until now.
    QString said() const;
    bool runs() const;
    qint64 shell() const { return shell_->processId(); }
    /// Of a program of this session, which D-Bus may have started; 0: there is none.
    qint64 pid_of(const QString& program) const;

private:
    void lay_out(const DesktopLook& look);
    void translate(const QString& language);
    int run(const QString& program, const QStringList& arguments, QString& output) const;

    QTemporaryDir directory_;
    QProcessEnvironment environment_;
    std::vector<std::unique_ptr<QProcess>> programs_; ///< in the order that they were started
    QProcess* shell_ = nullptr;
};

/// The widget asks the daemon where daemons listen: from now on, and only in this process and those that it
/// starts, that is `directory`.
void listen_where_daemons_do(const std::string& directory);
