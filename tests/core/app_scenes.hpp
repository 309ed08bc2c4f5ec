// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "apps/evidence.hpp"

#include <QFile>
#include <QStringList>

#include <array>
#include <map>
#include <vector>

namespace sockledger::test {

/// One process and the application that it belongs to, of tests/fixtures/apps/scenes: "[what]" and
/// lines "key = value" below it. Arguments are separated by " | ".
struct AppScene {
    QString what;
    std::map<QString, QString> values;

    QString value(const QString& key) const {
        const auto found = values.find(key);
        return found == values.end() ? QString() : found->second;
    }
    std::string text(const QString& key) const { return value(key).toStdString(); }

    ProcessRecord process() const {
        ProcessRecord record;
        record.process = {value("pid").isEmpty() ? 4711u : value("pid").toUInt(), 1};
        record.parent_pid = value("ppid").isEmpty() ? 4000u : value("ppid").toUInt();
        record.comm = text("comm");
        record.exe = text("exe");
        record.cgroup = text("cgroup");
        record.terminal = value("terminal") == "yes";
        if (!value("argv").isEmpty()) {
            for (const QString& argument : value("argv").split(" | ")) {
                record.command_line.push_back(argument.toStdString());
            }
        }
        return record;
    }
};

inline std::vector<AppScene> read_app_scenes(const QString& file) {
    QFile in(SOCKLEDGER_FIXTURES "/apps/scenes/" + file);
    if (!in.open(QIODevice::ReadOnly)) {
        qFatal("cannot read %s", qPrintable(in.fileName()));
    }
    std::vector<AppScene> scenes;
    for (const QString& line : QString::fromUtf8(in.readAll()).split('\n')) {
        const auto equals = line.indexOf(" = ");
        if (line.startsWith('[')) {
            scenes.push_back({line.mid(1, line.size() - 2), {}});
        } else if (!line.startsWith('#') && equals > 0) {
            scenes.back().values[line.left(equals)] = line.mid(equals + 3);
        } else if (!line.startsWith('#') && !line.isEmpty()) {
            qFatal("%s: no scene has such a line: %s", qPrintable(file), qPrintable(line));
        }
    }
    return scenes;
}

/// What surrounds the process of a scene.
class SceneSurroundings : public Surroundings {
public:
    explicit SceneSurroundings(const AppScene& scene) : scene_(scene) {
        const QStringList parent = scene.value("parent").split(' ');
        if (parent.size() >= 2) {
            parent_.app.id = parent[0].toStdString();
            parent_.exe = parent[1].toStdString();
            parent_.program = parent.back().toStdString();
        }
    }

    std::string flatpak_info(const ProcessRecord&) override {
        return scene_.value("flatpak-info").replace("\\n", "\n").toStdString();
    }
    std::string container_name(const ContainerRef& container) override {
        const QStringList known = scene_.value("container").split(' ');
        const bool same = known.size() == 4 && known[0].toStdString() == container.runtime &&
                          known[1].toStdString() == container.id && known[2].toUInt() == container.uid;
        return same ? known[3].toStdString() : std::string();
    }
    const Relative* parent(const ProcessRecord&) override {
        return parent_.app.id.empty() ? nullptr : &parent_;
    }
    const DesktopApp* entry_by_id(const ProcessRecord&, std::string_view id) override {
        return find([&](const Entry& entry) { return entry.app.id == id; });
    }
    const DesktopApp* entry_by_exe(const ProcessRecord&, std::string_view exe) override {
        return find([&](const Entry& entry) { return entry.exe == exe; });
    }
    const DesktopApp* entry_by_package(const ProcessRecord&, std::string_view package) override {
        return find([&](const Entry& entry) { return entry.package == package; });
    }

private:
    struct Entry {
        DesktopApp app;
        std::string_view exe;
        std::string_view package;
    };
    template<typename Fits>
    static const DesktopApp* find(Fits fits) {
        static const std::array<Entry, 7> entries{{
            {{"firefox-esr", "Firefox ESR", "firefox-esr"}, "/usr/lib/firefox-esr/firefox-esr", ""},
            {{"google-chrome", "Google Chrome", "google-chrome"}, "/opt/google/chrome/chrome", ""},
            {{"org.kde.konsole", "Konsole", "utilities-terminal", true}, "/usr/bin/konsole", ""},
            {{"terminator", "Terminator", "terminator", true}, "/usr/bin/terminator", ""},
            {{"org.gnome.Weather", "Weather", "org.gnome.Weather"}, "", ""},
            {{"org.gimp.GIMP", "GNU Image Manipulation Program", "gimp"}, "", "flatpak:org.gimp.GIMP"},
            {{"firefox_firefox", "Firefox Web Browser", "/snap/firefox/current/default256.png"},
             "",
             "snap:firefox"},
        }};
        for (const Entry& entry : entries) {
            if (fits(entry)) {
                return &entry.app;
            }
        }
        return nullptr;
    }

    const AppScene& scene_;
    Relative parent_;
};

} // namespace sockledger::test
