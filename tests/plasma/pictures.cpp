// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "plasma/busy_machine.hpp"
#include "plasma/desktop_session.hpp"
#include "support/checked.hpp"

#include <QCoreApplication>
#include <QRegularExpression>

#include <cstdio>
#include <thread>

using namespace sockledger;
using namespace sockledger::test;
using namespace Qt::StringLiterals;

namespace {

/// The words on what is pressed, which differ by language.
struct Words {
    QString widget = u"Network activity"_s;
    QStringList tabs{u"Applications"_s, u"Connections"_s, u"Interfaces"_s, u"History"_s};
};

/// Stock: our sensors in a widget that knows nothing of us.
QString sensor_widget() {
    return DesktopLook::applet(
        u"org.kde.plasma.systemmonitor"_s,
        {{u""_s, u"CurrentPreset=org.kde.plasma.systemmonitor"_s},
         {u"[Appearance]"_s, u"chartFace=org.kde.ksysguard.linechart\ntitle=Sockledger"_s},
         {u"[Sensors]"_s,
          u"highPrioritySensorIds=[\"sockledger-interfaces/all/download\",\"sockledger-interfaces/all/upload\"]"_s}});
}

class Album {
public:
    explicit Album(QString directory) : directory_(std::move(directory)) {}

    void take(const DesktopSession& session, const QString& name) const {
        session.run(u"xdotool"_s, {u"mousemove"_s, u"1270"_s, u"10"_s}); // no tool tip in the picture
        std::this_thread::sleep_for(4s);                                 // for animations, and two samples
        const QString file = directory_ + u'/' + name + u".png"_s;
        const bool taken = session.run(u"import"_s, {u"-window"_s, u"root"_s, file});
        std::printf("%s %s\n", taken ? "made" : "could not make", qPrintable(file));
        std::fflush(stdout);
    }

    /// The panel and every tab of the popup.
    void widget(const DesktopLook& look, const QString& name, const Words& words = {}) const {
        const DesktopSession session(look);
        wait_for_widget(session, words);
        take(session, name + u"-panel"_s);
        session.press(words.widget);
        for (qsizetype tab = 0; tab < words.tabs.size(); ++tab) {
            std::this_thread::sleep_for(2s);
            session.press(words.tabs[tab], u"page tab"_s);
            take(session, name + u"-%1"_s.arg(tab));
        }
        const QStringList ours = session.said().split(u'\n').filter(u"sockledger"_s);
        if (!ours.isEmpty())
            std::printf("said: %s\n", qPrintable(ours.join(u'\n')));
    }

    void settings(const DesktopLook& look, const QString& name, const QStringList& pages) const {
        const DesktopSession session(look);
        session.wait_for([](const QStringList& tree) { return tree.size() > 5; });
        std::this_thread::sleep_for(5s);
        session.run(u"xdotool"_s, {u"mousemove"_s, u"60"_s, u"877"_s, u"click"_s, u"3"_s});
        std::this_thread::sleep_for(3s);
        session.run(u"xdotool"_s, {u"key"_s, u"Down"_s, u"Down"_s, u"Return"_s});
        std::this_thread::sleep_for(4s);
        for (const QString& page : pages) {
            session.press(page);
            take(session, name + u'-' + page.toLower());
        }
        const QStringList ours = session.said().split(u'\n').filter(u"sockledger"_s);
        if (!ours.isEmpty())
            std::printf("said: %s\n", qPrintable(ours.join(u'\n')));
    }

    /// The panel at the edges of the screen, as thin as people make it and as thick.
    void panels(const QString& name) const {
        const DesktopSession session;
        wait_for_widget(session, {});
        for (const QString& edge : {u"bottom"_s, u"left"_s}) {
            for (const int thickness : {24, 30, 44, 64}) {
                for (const int content : {0, 2}) {
                    script(session,
                           u"const panel = panels()[0]; panel.location = '%1'; panel.height = %2;"
                           "const widget = panel.widgets()[0]; widget.currentConfigGroup = ['General'];"
                           "widget.writeConfig('panel', %3); widget.reloadConfig();"_s.arg(edge)
                               .arg(thickness)
                               .arg(content));
                    take(session, u"%1-%2-%3-%4"_s.arg(name, edge).arg(thickness).arg(content));
                }
            }
        }
    }

    /// What a click opens in the list of applications.
    void rows(const QString& name) const {
        const DesktopSession session;
        wait_for_widget(session, {});
        session.press(Words().widget);
        std::this_thread::sleep_for(4s);
        session.press(u"Show Processes"_s);
        take(session, name + u"-expanded"_s);
        session.run(u"xdotool"_s, {u"mousemove"_s, u"100"_s, u"610"_s, u"click"_s, u"3"_s});
        take(session, name + u"-menu"_s);
    }

    void sensors(const QString& name) const {
        DesktopSession session({.applets = sensor_widget()});
        session.start(u"ksystemstats"_s, {u"--remain"_s});
        std::this_thread::sleep_for(20s);
        session.run(u"xdotool"_s, {u"mousemove"_s, u"16"_s, u"877"_s, u"click"_s, u"1"_s});
        std::this_thread::sleep_for(15s);
        take(session, name);
    }

private:
    static void wait_for_widget(const DesktopSession& session, const Words& words) {
        if (!session.wait_for([&](const QStringList& tree) {
                return tree.indexOf(QRegularExpression(u".*\t"_s + words.widget + u"\t.*"_s)) >= 0;
            }))
            throw std::runtime_error("no widget: " + session.accessible().join(u'\n').toStdString());
    }

    static void script(const DesktopSession& session, const QString& text) {
        session.run(u"gdbus"_s,
                    {u"call"_s, u"--session"_s, u"--dest"_s, u"org.kde.plasmashell"_s, u"--object-path"_s,
                     u"/PlasmaShell"_s, u"--method"_s, u"org.kde.PlasmaShell.evaluateScript"_s, text});
    }

    QString directory_;
};

/// System Monitor in the namespace of the traffic, because KDE's own capture sees one namespace.
void system_monitor(const Album& album, const Namespace& space) {
    enter(space);
    see_all_processes();
    DesktopSession session({.applets = {}});
    QFile page(u"/usr/share/plasma-systemmonitor/processes.page"_s);
    if (!page.open(QFile::ReadOnly))
        throw std::runtime_error("there is no System Monitor");
    session.put(u".local/share/plasma-systemmonitor/processes.page"_s,
                QString::fromUtf8(page.readAll()) + uR"(
[Face-94051759765872][org.kde.ksysguard.processtable][General]
sortedColumns=name,pid,netInbound,netOutbound,sockledgerDownload,sockledgerUpload,sockledgerConnections
columnWidths=0.16,0.1,0.11,0.11,0.2,0.2,0.12
columnDisplay={"name":"text","pid":"text","netInbound":"text","netOutbound":"text","sockledgerDownload":"text","sockledgerUpload":"text","sockledgerConnections":"text"}
sortColumn=sockledgerUpload
sortDirection=1
)"_s);
    session.start(u"plasma-systemmonitor"_s, {u"--page-id"_s, u"processes.page"_s});
    std::this_thread::sleep_for(40s);               // on a busy machine it is a blank page until then
    session.run(u"xdotool"_s, {u"type"_s, u"i"_s}); // most of the programs of the picture, and few others
    session.run(u"xdotool"_s, {u"mousemove"_s, u"900"_s, u"160"_s, u"click"_s, u"1"_s}); // the most first
    album.take(session, u"system-monitor"_s);
}

int pictures(const QString& directory, const QStringList& wanted) {
    const BusyMachine machine;
    listen_where_daemons_do(machine.scene.path());
    const auto daemon = machine.scene.daemon();
    std::this_thread::sleep_for(5s);
    const Album album(directory);
    const auto asked = [&](const char* name) {
        return wanted.isEmpty() || wanted.contains(QString::fromLatin1(name));
    };
    if (asked("light"))
        album.widget({}, u"light"_s);
    if (asked("dark"))
        album.widget({.dark = true}, u"dark"_s);
    if (asked("vertical"))
        album.widget({.vertical = true}, u"vertical"_s);
    if (asked("mirrored"))
        album.widget({.mirrored = true}, u"mirrored"_s);
    if (asked("fine"))
        album.widget({.scale = 2}, u"fine"_s);
    if (asked("german"))
        album.widget({.language = u"de"_s}, u"german"_s,
                     {u"Netzwerkaktivität"_s,
                      {u"Anwendungen"_s, u"Verbindungen"_s, u"Schnittstellen"_s, u"Verlauf"_s}});
    if (asked("panels"))
        album.panels(u"panels"_s);
    if (asked("rows"))
        album.rows(u"rows"_s);
    if (asked("sensors"))
        album.sensors(u"sensors"_s);
    if (asked("settings"))
        album.settings({}, u"settings"_s, {u"General"_s, u"Alerts"_s});
    if (asked("system-monitor")) // which leaves this namespace
        system_monitor(album, machine.scene.left);
    return 0;
}

} // namespace

/// plasma_pictures DIRECTORY [NAME...]: the widget in looks of all kinds, to be looked at.
int main(int argc, char** argv) {
    if (const auto status = play_a_part(argc, argv))
        return *status;
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2)
        return 2;
    return pictures(arguments[1], arguments.mid(2));
}
