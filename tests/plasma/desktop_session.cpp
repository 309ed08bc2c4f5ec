// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "plasma/desktop_session.hpp"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>

#include <ranges>
#include <stdexcept>

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

constexpr char panel[] = R"([Containments][1]
formfactor=0
immutability=1
lastScreen=0
location=0
plugin=org.kde.plasma.folder
wallpaperplugin=org.kde.color

[Containments][17]
formfactor=2
immutability=1
lastScreen=0
location=4
plugin=org.kde.panel
wallpaperplugin=org.kde.image

[Containments][17][Applets][18]
immutability=1
plugin=org.sockledger.applet

[Containments][17][Applets][18][Configuration][General]
interval=1

[Containments][17][General]
AppletOrder=18
)";

/// The first line that a program says: a display, an address.
QString first_line(QProcess& program) {
    while (!program.canReadLine()) {
        if (!program.waitForReadyRead(patience))
            throw std::runtime_error(program.program().toStdString() + " says nothing");
    }
    return QString::fromUtf8(program.readLine()).trimmed();
}

} // namespace

QString DesktopSession::missing() {
    for (const char* program : {"Xvfb", "dbus-daemon", "openbox", "plasmashell", "python3"}) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            return u"there is no %1"_s.arg(QString::fromLatin1(program));
    }
    return {};
}

DesktopSession::DesktopSession() : environment_(QProcessEnvironment::systemEnvironment()) {
    const QString home = directory_.path();
    QDir(home).mkpath(u".config"_s);
    QDir(home).mkpath(u"runtime"_s);
    QFile::setPermissions(home + u"/runtime"_s, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile layout(home + u"/.config/plasma-org.kde.plasma.desktop-appletsrc"_s);
    if (!layout.open(QFile::WriteOnly) || layout.write(panel) < 0)
        throw std::runtime_error("the layout cannot be written");
    layout.close();

    const std::initializer_list<std::pair<const char*, QString>> settings{
        {"HOME", home},
        {"XDG_RUNTIME_DIR", home + u"/runtime"_s},
        {"XDG_DATA_DIRS", QStringLiteral(SOCKLEDGER_SHARE ":/usr/local/share:/usr/share")},
        {"QML_IMPORT_PATH", QStringLiteral(SOCKLEDGER_BIN)},
        {"QT_PLUGIN_PATH", QStringLiteral(SOCKLEDGER_BIN)},
        {"QT_QPA_PLATFORM", u"xcb"_s},
        {"QT_FORCE_STDERR_LOGGING", u"1"_s},
        {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON", u"1"_s},
        {"LIBGL_ALWAYS_SOFTWARE", u"1"_s},
        {"XDG_CURRENT_DESKTOP", u"KDE"_s},
        {"XDG_MENU_PREFIX", u"plasma-"_s},
        {"XDG_SESSION_TYPE", u"x11"_s},
        {"KDE_FULL_SESSION", u"true"_s},
        {"KDE_SESSION_VERSION", u"6"_s},
        {"KDE_DEBUG", u"1"_s},
        {"LC_ALL", u"C.UTF-8"_s}};
    for (const auto& [name, value] : settings)
        environment_.insert(QString::fromLatin1(name), value);
    environment_.remove(u"QT_QUICK_BACKEND"_s);
    environment_.remove(u"QT_QUICK_CONTROLS_STYLE"_s);

    QProcess& display = start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1280x900x24"_s,
                                          u"-nolisten"_s, u"tcp"_s});
    environment_.insert(u"DISPLAY"_s, u':' + first_line(display));
    QProcess& bus = start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
    environment_.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, first_line(bus));
    start(u"openbox"_s, {});
    shell_ = &start(u"plasmashell"_s, {u"--no-respawn"_s});
}

DesktopSession::~DesktopSession() {
    for (const auto& program : programs_ | std::views::reverse) {
        program->terminate();
        if (!program->waitForFinished(5000)) {
            program->kill();
            program->waitForFinished();
        }
    }
}

QProcess& DesktopSession::start(const QString& program, const QStringList& arguments) {
    QProcess& started = *programs_.emplace_back(std::make_unique<QProcess>());
    started.setProcessEnvironment(environment_);
    const QString log = directory_.filePath(program + u".log"_s);
    started.setStandardErrorFile(log, QFile::Append);
    started.start(program, arguments);
    if (!started.waitForStarted(patience))
        throw std::runtime_error(program.toStdString() + " does not start");
    return started;
}

int DesktopSession::run(const QString& program, const QStringList& arguments, QString& output) const {
    QProcess process;
    process.setProcessEnvironment(environment_);
    process.start(program, arguments);
    if (!process.waitForFinished(patience))
        throw std::runtime_error(program.toStdString() + " does not end");
    output = QString::fromUtf8(process.readAllStandardOutput());
    return process.exitCode();
}

QStringList DesktopSession::accessible() const {
    QString output;
    run(QStringLiteral(SOCKLEDGER_ACCESSIBLE), {u"plasmashell"_s}, output);
    return output.split(u'\n', Qt::SkipEmptyParts);
}

bool DesktopSession::press(const QString& name) const {
    QString output;
    return run(QStringLiteral(SOCKLEDGER_ACCESSIBLE), {u"plasmashell"_s, name}, output) == 0;
}

bool DesktopSession::wait_for(const std::function<bool(const QStringList&)>& wanted) const {
    QElapsedTimer watch;
    watch.start();
    while (!wanted(accessible())) {
        if (watch.hasExpired(patience) || !runs())
            return false;
    }
    return true;
}

bool DesktopSession::runs() const {
    return shell_->state() == QProcess::Running;
}

QString DesktopSession::said() const {
    QFile log(directory_.filePath(u"plasmashell.log"_s));
    return log.open(QFile::ReadOnly) ? QString::fromUtf8(log.readAll()) : QString();
}
