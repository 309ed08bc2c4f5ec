// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "app_scenes.hpp"

#include "apps/identity.hpp"

#include <QTest>

#include <algorithm>
#include <random>

using namespace sockledger;
using namespace sockledger::test;

namespace {

const QStringList scene_files = {"containers.txt", "packages.txt", "programs.txt",
                                 "scripts.txt",    "sessions.txt", "units.txt"};

AppIdentity identify(const AppScene& scene) {
    SceneSurroundings surroundings(scene);
    return sockledger::identify(scene.process(), surroundings);
}

// What hosts rely on, whatever a process calls itself.
bool is_fit(const AppIdentity& app) {
    const auto fits = [](const std::string& text, std::size_t longest) {
        const auto utf8 = QByteArray::fromStdString(text);
        return !text.empty() && text.size() <= longest && QString::fromUtf8(utf8).toUtf8() == utf8;
    };
    return fits(app.id, 300) && fits(app.name, 120);
}

} // namespace

/// The rules of identify() one by one are the scenes of tests/fixtures/apps/scenes.
class IdentityTest : public QObject {
    Q_OBJECT

private slots:
    void everySceneIsItsApplication_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("number");
        for (const QString& file : scene_files) {
            int number = 0;
            for (const AppScene& scene : read_app_scenes(file)) {
                QTest::newRow(qPrintable(file.chopped(4) + ": " + scene.what)) << file << number++;
            }
        }
    }

    void everySceneIsItsApplication() {
        QFETCH(QString, file);
        QFETCH(int, number);
        const AppScene scene = read_app_scenes(file).at(std::size_t(number));
        const AppIdentity app = identify(scene);
        QCOMPARE(QString::fromStdString(app.id), scene.value("app"));
        if (scene.values.contains("name")) {
            QCOMPARE(QString::fromStdString(app.name), scene.value("name"));
        }
        if (scene.values.contains("icon")) {
            QCOMPARE(QString::fromStdString(app.icon), scene.value("icon"));
        }
    }

    void aRecordAloneIsEnough() {
        ProcessRecord process;
        process.exe = "/usr/bin/curl";
        QCOMPARE(sockledger::identify(process), (AppIdentity{"exe:/usr/bin/curl", "curl", ""}));
        process.cgroup = "/user.slice/app-gnome-firefox-1.scope";
        QCOMPARE(sockledger::identify(process), (AppIdentity{"desktop:firefox", "firefox", "firefox"}));
        QCOMPARE(sockledger::identify({}), unknown_app());
    }

    void aLongNameIsCutWhereACharacterEnds() {
        ProcessRecord process;
        for (int i = 0; i < 1000; ++i) {
            process.exe += "/ü";
        }
        process.exe += "/the-end";
        for (int i = 0; i < 4; ++i) {
            process.exe += "x";
            const AppIdentity app = sockledger::identify(process);
            QVERIFY2(is_fit(app), app.id.c_str());
            QVERIFY(app.id.starts_with("exe:…"));
            QVERIFY(app.id.ends_with(process.exe.substr(process.exe.size() - 8)));
        }
    }

    void nothingThatAProcessWritesBreaksARule() {
        // Each field of each scene in place of each other one, cut anywhere.
        std::vector<std::string> texts = {"", "/", "-", "--", " ", "…", "\\x", "@", ".scope", "app-", ":"};
        for (const QString& file : scene_files) {
            for (const AppScene& scene : read_app_scenes(file)) {
                for (const auto& [key, value] : scene.values) {
                    texts.push_back(value.toStdString());
                }
            }
        }
        std::mt19937 random(20260101); // the same run each time
        const auto any = [&] {
            const std::string& text = texts[random() % texts.size()];
            // Recorded text is valid UTF-8, so it is cut between ASCII characters.
            const bool ascii = std::ranges::all_of(text, [](char c) { return c >= 0; });
            return ascii && random() % 2 == 0 ? text.substr(random() % (text.size() + 1)) : text;
        };
        const AppScene nothing;
        for (int i = 0; i < 20000; ++i) {
            ProcessRecord process;
            process.comm = any();
            process.exe = any();
            process.cgroup = any() + "/" + any() + "/" + any();
            for (auto arguments = random() % 5; arguments > 0; --arguments) {
                process.command_line.push_back(any());
            }
            process.terminal = random() % 2 == 0;
            AppScene scene;
            scene.values["flatpak-info"] = QString::fromStdString(any());
            scene.values["parent"] = QString::fromStdString(any());
            SceneSurroundings surroundings(random() % 2 == 0 ? scene : nothing);
            const AppIdentity app = sockledger::identify(process, surroundings);
            QVERIFY2(is_fit(app), (app.id + " named " + app.name).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(IdentityTest)
#include "identity_test.moc"
