// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "plasma/desktop_session.hpp"

#include "support/checked.hpp"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <fcntl.h>
#include <ranges>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using sockledger::UniqueFd;
using sockledger::test::checked;

namespace {

constexpr int patience = 60'000;

constexpr char layout[] = R"([Containments][1]
formfactor=0
immutability=1
lastScreen=0
location=0
plugin=org.kde.plasma.folder
wallpaperplugin=org.kde.color

[Containments][17]
formfactor=%1
immutability=1
lastScreen=0
location=%2
plugin=org.kde.panel
wallpaperplugin=org.kde.image

%3
[Containments][17][General]
AppletOrder=18
)";

void write(const QString& path, const QString& text) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QFile::WriteOnly) || file.write(text.toUtf8()) < 0)
        throw std::runtime_error(path.toStdString() + " cannot be written");
}

/// The first line that a program says: a display, an address.
QString first_line(QProcess& program) {
    while (!program.canReadLine()) {
        if (!program.waitForReadyRead(patience))
            throw std::runtime_error(program.program().toStdString() + " says nothing");
    }
    return QString::fromUtf8(program.readLine()).trimmed();
}

} // namespace

QString DesktopLook::applet(const QString& id, const QMap<QString, QString>& settings) {
    QString text = u"[Containments][17][Applets][18]\nimmutability=1\nplugin=%1\n"_s.arg(id);
    for (const auto& [group, lines] : settings.asKeyValueRange())
        text += u"\n[Containments][17][Applets][18][Configuration]%1\n%2\n"_s.arg(group, lines);
    return text;
}

QString DesktopSession::missing() {
    for (const char* program : {"Xvfb", "dbus-daemon", "openbox", "plasmashell", "python3"}) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            return u"there is no %1"_s.arg(QString::fromLatin1(program));
    }
    return {};
}

void DesktopSession::lay_out(const DesktopLook& look) {
    const QString config = directory_.filePath(u".config/"_s);
    // Of Plasma: vertical is 3 and the left edge 5, horizontal 2 and the lower edge 4
    write(
        config + u"plasma-org.kde.plasma.desktop-appletsrc"_s,
        QString::fromLatin1(layout).arg(look.vertical ? 3 : 2).arg(look.vertical ? 5 : 4).arg(look.applets));
    if (look.dark) {
        QFile colors(u"/usr/share/color-schemes/BreezeDark.colors"_s);
        if (!colors.open(QFile::ReadOnly))
            throw std::runtime_error("there is no Breeze Dark");
        write(config + u"kdeglobals"_s,
              QString::fromUtf8(colors.readAll()) + u"\n[Icons]\nTheme=breeze-dark\n"_s);
        write(config + u"plasmarc"_s, u"[Theme]\nname=breeze-dark\n"_s);
    }
}

void DesktopSession::translate(const QString& language) {
    // A locale of this name, which need not be installed: catalogues are looked for by the name
    const QString locale = language + u'_' + language.toUpper();
    QDir(directory_.path()).mkpath(u"locales"_s);
    QFile::link(u"/usr/lib/locale/C.utf8"_s, directory_.filePath(u"locales/"_s + locale + u".utf8"_s));
    const QString catalogues = directory_.filePath(u"share/locale/"_s + language + u"/LC_MESSAGES"_s);
    QDir().mkpath(catalogues);
    for (const QString& part : {u"plugins"_s, u"plasmoid"_s}) {
        const QDir folder(QStringLiteral(SOCKLEDGER_SOURCE) + u'/' + part + u"/po/"_s + language);
        for (const QString& file : folder.entryList({u"*.po"_s}))
            run(u"msgfmt"_s,
                {u"-o"_s, catalogues + u'/' + file.chopped(3) + u".mo"_s, folder.filePath(file)});
    }
    environment_.insert(u"LOCPATH"_s, directory_.filePath(u"locales"_s));
    environment_.insert(u"LC_ALL"_s, locale + u".UTF-8"_s);
    environment_.insert(u"LANGUAGE"_s, language);
}

DesktopSession::DesktopSession(const DesktopLook& look)
    : environment_(QProcessEnvironment::systemEnvironment()) {
    const QString home = directory_.path();
    QDir(home).mkpath(u"runtime"_s);
    QFile::setPermissions(home + u"/runtime"_s, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    lay_out(look);

    const std::initializer_list<std::pair<const char*, QString>> settings{
        {"HOME", home},
        {"XDG_RUNTIME_DIR", home + u"/runtime"_s},
        {"XDG_DATA_DIRS", home + QStringLiteral("/share:" SOCKLEDGER_SHARE ":/usr/local/share:/usr/share")},
        {"QML_IMPORT_PATH", QStringLiteral(SOCKLEDGER_BIN)},
        {"QT_PLUGIN_PATH", QStringLiteral(SOCKLEDGER_BIN)},
        {"QT_QPA_PLATFORM", u"xcb"_s},
        {"QT_FORCE_STDERR_LOGGING", u"1"_s},
        {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON", look.accessible ? u"1"_s : u"0"_s},
        {"LIBGL_ALWAYS_SOFTWARE", u"1"_s},
        {"XDG_CURRENT_DESKTOP", u"KDE"_s},
        {"XDG_MENU_PREFIX", u"plasma-"_s},
        {"XDG_SESSION_TYPE", u"x11"_s},
        {"KDE_FULL_SESSION", u"true"_s},
        {"KDE_SESSION_VERSION", u"6"_s},
        {"KDE_DEBUG", u"1"_s},
        {"QT_SCALE_FACTOR", QString::number(look.scale)},
        {"LC_ALL", u"C.UTF-8"_s}};
    for (const auto& [name, value] : settings)
        environment_.insert(QString::fromLatin1(name), value);
    environment_.remove(u"QT_QUICK_BACKEND"_s);
    environment_.remove(u"QT_QUICK_CONTROLS_STYLE"_s);
    if (!look.language.isEmpty())
        translate(look.language);

    const QString screen = u"%1x%2x24"_s.arg(1280 * look.scale).arg(900 * look.scale);
    QProcess& display =
        start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, screen, u"-nolisten"_s, u"tcp"_s});
    environment_.insert(u"DISPLAY"_s, u':' + first_line(display));
    QProcess& bus = start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
    environment_.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, first_line(bus));
    start(u"openbox"_s, {});
    QStringList arguments{u"--no-respawn"_s};
    if (look.mirrored)
        arguments << u"-reverse"_s;
    shell_ = &start(u"plasmashell"_s, arguments);
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

void DesktopSession::put(const QString& path, const QString& text) const {
    write(directory_.filePath(path), text);
}

bool DesktopSession::run(const QString& program, const QStringList& arguments) const {
    QString output;
    return run(program, arguments, output) == 0;
}

QStringList DesktopSession::accessible() const {
    QString output;
    run(QStringLiteral(SOCKLEDGER_ACCESSIBLE), {u"plasmashell"_s}, output);
    return output.split(u'\n', Qt::SkipEmptyParts);
}

bool DesktopSession::press(const QString& name, const QString& role) const {
    QStringList arguments{u"plasmashell"_s, name};
    if (!role.isEmpty())
        arguments << role;
    return run(QStringLiteral(SOCKLEDGER_ACCESSIBLE), arguments);
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

qint64 DesktopSession::pid_of(const QString& program) const {
    const QStringList processes = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString& pid : processes) {
        QFile environment(u"/proc/%1/environ"_s.arg(pid));
        if (QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).endsWith(u'/' + program) &&
            environment.open(QFile::ReadOnly) && environment.readAll().contains(directory_.path().toUtf8()))
            return pid.toLongLong();
    }
    return 0;
}

QString DesktopSession::said() const {
    QFile log(directory_.filePath(u"plasmashell.log"_s));
    return log.open(QFile::ReadOnly) ? QString::fromUtf8(log.readAll()) : QString();
}

void listen_where_daemons_do(const std::string& directory) {
    checked(unshare(CLONE_NEWNS), "unshare");
    mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr); // nothing to do in a chroot, and refused
    // What see_all_processes() looks for stays
    const UniqueFd processes(open("/run/host-proc", O_PATH | O_CLOEXEC));
    checked(mount("tmpfs", "/run", "tmpfs", 0, nullptr), "mount");
    if (processes) {
        checked(mkdir("/run/host-proc", 0755), "mkdir");
        const std::string from = "/proc/self/fd/" + std::to_string(processes.get());
        checked(mount(from.c_str(), "/run/host-proc", nullptr, MS_BIND | MS_REC, nullptr), "mount");
    }
    checked(symlink(directory.c_str(), "/run/sockledger"), "symlink");
}
