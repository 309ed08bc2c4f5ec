// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_indexes.hpp"

#include <QTest>

#include <chrono>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <sys/stat.h>

using namespace sockledger;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t anna = 1000;
constexpr std::uint32_t ben = 1001;

/// A machine with the entries of tests/fixtures/apps/desktop and the programs that they start.
class Machine {
public:
    Machine() {
        fs::copy(SOCKLEDGER_FIXTURES "/apps/desktop", root_, fs::copy_options::recursive);
        for (const char* path :
             {"usr/lib/firefox-esr/firefox-esr", "opt/google/chrome/google-chrome",
              "opt/google/chrome/chrome", "usr/lib/libreoffice/program/soffice", "usr/bin/konsole",
              "usr/bin/xterm", "usr/bin/python3.11", "usr/bin/terminator", "usr/bin/flatpak", "usr/bin/snap",
              "usr/bin/kmail", "usr/bin/gapplication"})
            write(path, "");
        link("../lib/libreoffice/program/soffice", "usr/bin/libreoffice");
        link("../../opt/google/chrome/google-chrome", "usr/bin/google-chrome-stable");
        link("../../usr/bin/snap", "snap/bin/firefox");
        age();
    }
    ~Machine() { fs::remove_all(root_); } // QTemporaryDir does not find names that are no UTF-8

    fs::path path(const std::string& below) const { return root_ + "/" + below; }

    void write(const std::string& below, const std::string& text) {
        fs::create_directories(path(below).parent_path());
        std::ofstream(path(below)) << text;
    }
    void entry(const std::string& file, const std::string& keys) {
        write("usr/share/applications/" + file, "[Desktop Entry]\nType=Application\n" + keys);
    }
    void link(const std::string& target, const std::string& below) {
        fs::create_directories(path(below).parent_path());
        fs::create_symlink(target, path(below));
    }
    /// What was just written has been there for long.
    void age(std::chrono::seconds by = std::chrono::hours(1)) {
        const auto then = fs::file_time_type::clock::now() - by;
        for (const auto& found : fs::recursive_directory_iterator(root_))
            if (found.is_directory() && !found.is_symlink())
                fs::last_write_time(found, then);
    }

    DesktopSettings settings() const {
        DesktopSettings settings;
        settings.root = root_;
        settings.uid = 4242;
        settings.home = [](std::uint32_t uid) -> std::string {
            return uid == anna ? "/home/anna" : uid == ben ? "/home/ben" : "";
        };
        return settings;
    }

private:
    QTemporaryDir dir_;
    std::string root_ = fs::canonical(dir_.path().toStdString()).string();
};

std::string id(const DesktopApp* app) {
    return app ? app->id : "-";
}

} // namespace

class DesktopIndexTest : public QObject {
    Q_OBJECT

private slots:
    void anEntryIsFoundByItsId() {
        DesktopIndexes indexes(machine_.settings());
        const DesktopApp* const app = indexes.of_user(0).by_id("org.kde.konsole");
        QVERIFY(app);
        QCOMPARE(app->name, "Konsole");
        QCOMPARE(app->icon, "utilities-terminal");
        QVERIFY(app->terminal);
        QVERIFY(!indexes.of_user(0).by_id("firefox-esr")->terminal);
        QVERIFY(!indexes.of_user(0).by_id("firefox"));
        QCOMPARE(indexes.of_user(0).by_id("python3.11")->name, "Python (v3.11)"); // NoDisplay is still a name
    }

    void namesComeInTheLanguageThatWasAskedFor() {
        DesktopSettings settings = machine_.settings();
        settings.languages = {"de_AT", "de"};
        QCOMPARE(DesktopIndexes(settings).of_user(0).by_id("firefox-esr")->name,
                 "Firefox ESR auf Österreichisch");
    }

    void foldersBecomePartsOfTheId() {
        DesktopIndexes indexes(machine_.settings());
        QCOMPARE(id(indexes.of_user(0).by_id("kde4-kmail")), "kde4-kmail");
        QCOMPARE(id(indexes.of_user(0).by_exe("/usr/bin/kmail")), "kde4-kmail");
    }

    void aProgramBelongsToTheEntryThatStartsIt_data() {
        QTest::addColumn<QString>("exe");
        QTest::addColumn<QString>("app");
        const auto row = [](const char* exe, const char* app) { QTest::newRow(exe) << exe << app; };
        row("/usr/lib/firefox-esr/firefox-esr", "firefox-esr");
        row("firefox-esr", "firefox-esr");
        row("/usr/bin/xterm", "debian-xterm");
        row("/usr/bin/google-chrome-stable", "google-chrome");
        row("/opt/google/chrome/google-chrome", "google-chrome"); // where the link leads
        row("/opt/google/chrome/chrome", "google-chrome");        // which that script starts
        row("/opt/google/chrome/chrome_crashpad_handler", "google-chrome");
        row("/usr/lib/libreoffice/program/soffice.bin", "libreoffice-startcenter"); // of five entries
        row("libreoffice", "libreoffice-startcenter");
        row("/usr/bin/terminator", "terminator");
        row("/usr/bin/org.gnome.Weather", "org.gnome.Weather");
        row("/usr/lib/chromium/google-chrome", "google-chrome"); // by its name alone
        row("/home/ben/google-chrome", "-");                     // anybody may call his program so
        row("/tmp/xterm", "-");
        row("/usr/bin/unknown", "-");
        row("/usr/bin/python3.11", "-"); // never an interpreter
        row("python3", "-");
        row("/usr/bin/flatpak", "-");
        row("/usr/bin/snap", "-");
        row("/usr/bin/gapplication", "-");
        row("/usr/bin/", "-");
        row("/opt/google/chrome/", "-");
        row("snap:firefox", "-");
        row("snap:firefox/", "-");
        row("", "-");
    }

    void aProgramBelongsToTheEntryThatStartsIt() {
        DesktopIndexes indexes(machine_.settings());
        QFETCH(QString, exe);
        QFETCH(QString, app);
        QCOMPARE(id(indexes.of_user(0).by_exe(exe.toStdString())), app.toStdString());
    }

    void aPackageIsKnownByItsName() {
        DesktopIndexes indexes(machine_.settings());
        const DesktopIndex& index = indexes.of_user(0);
        QCOMPARE(index.by_package("flatpak:org.gimp.GIMP")->name, "GNU Image Manipulation Program");
        QCOMPARE(id(index.by_package("snap:firefox")), "firefox_firefox"); // not its Gecko driver
        QVERIFY(!index.by_package("snap:gimp"));
        QVERIFY(!index.by_package("xterm"));
        QVERIFY(!index.by_package("/opt/google/chrome"));
        QVERIFY(!index.by_exe("/snap/bin/firefox"));
        QVERIFY(!index.by_exe("gimp-2.10")); // what runs in a package is no program of the machine
    }

    void aUserSeesHisOwnBeforeTheSystems() {
        DesktopIndexes indexes(machine_.settings());
        QCOMPARE(indexes.of_user(anna).by_id("org.kde.konsole")->name, "Anna's Konsole");
        QCOMPARE(indexes.of_user(anna).by_exe("/usr/bin/konsole")->name, "Anna's Konsole");
        QCOMPARE(indexes.of_user(anna).by_id("firefox-esr")->name, "Firefox ESR");
        QVERIFY(!indexes.of_user(anna).by_id("debian-xterm")); // which she deleted for herself
        QVERIFY(!indexes.of_user(anna).by_exe("/usr/bin/xterm"));
    }

    void nobodyNamesTheProgramsOfOthers() {
        DesktopIndexes indexes(machine_.settings());
        QVERIFY(indexes.of_user(anna).by_id("chrome-agimnkijcaahngcdmfeangaknmldooml-Default"));
        for (const std::uint32_t other : {0u, ben, 65534u}) {
            QVERIFY(!indexes.of_user(other).by_id("chrome-agimnkijcaahngcdmfeangaknmldooml-Default"));
            QCOMPARE(indexes.of_user(other).by_exe("/usr/bin/konsole")->name, "Konsole");
            QCOMPARE(id(indexes.of_user(other).by_exe("/usr/bin/xterm")), "debian-xterm");
        }
    }

    void aUseOfAnApplicationIsNotTheApplication() {
        DesktopIndexes indexes(machine_.settings());
        QCOMPARE(indexes.of_user(anna).by_exe("/opt/google/chrome/chrome")->name, "Google Chrome");
    }

    void ourOwnDataDirectoriesAreThoseOfTheEnvironment() {
        Machine machine;
        machine.write("srv/data/applications/mine.desktop", "[Desktop Entry]\nName=Mine\n");
        machine.write("srv/first/applications/firefox-esr.desktop", "[Desktop Entry]\nName=First\n");
        DesktopSettings settings = machine.settings();
        settings.uid = anna;
        settings.data_home = "/srv/data";
        settings.data_dirs = "relative:/srv/first/::/usr/share";
        DesktopIndexes indexes(settings);
        QVERIFY(indexes.of_user(anna).by_id("mine"));
        QVERIFY(!indexes.of_user(ben).by_id("mine"));
        QCOMPARE(indexes.of_user(anna).by_id("org.kde.konsole")->name, "Konsole");
        QCOMPARE(indexes.of_user(ben).by_id("firefox-esr")->name, "First");
        QVERIFY(indexes.of_user(ben).by_package("snap:firefox"));
    }

    void twoThatStartTheSameProgramEquallyWellDoNotNameIt() {
        Machine machine;
        machine.write("usr/bin/viewer", "");
        machine.entry("one.desktop", "Name=One\nExec=viewer --one\n");
        machine.entry("two.desktop", "Name=Two\nExec=viewer --two\n");
        QCOMPARE(id(DesktopIndexes(machine.settings()).of_user(0).by_exe("/usr/bin/viewer")), "-");
        machine.entry("zz.desktop", "Name=Hidden Viewer\nExec=viewer\nNoDisplay=true\n");
        QCOMPARE(id(DesktopIndexes(machine.settings()).of_user(0).by_exe("/usr/bin/viewer")), "-");
        machine.entry("org.example.Viewer.desktop", "Name=Viewer\nExec=viewer --three\n");
        QCOMPARE(id(DesktopIndexes(machine.settings()).of_user(0).by_exe("/usr/bin/viewer")),
                 "org.example.Viewer");
    }

    void aFolderWithTwoApplicationsIsNobodys() {
        Machine machine;
        machine.entry("a.desktop", "Name=A\nExec=/opt/tools/a\n");
        machine.entry("b.desktop", "Name=B\nExec=/opt/tools/b\n");
        DesktopIndexes indexes(machine.settings());
        QCOMPARE(id(indexes.of_user(0).by_exe("/opt/tools/b")), "b");
        QCOMPARE(id(indexes.of_user(0).by_exe("/opt/tools/helper")), "-");
    }

    void foldersOfManyProgramsAreNobodys() {
        Machine machine;
        machine.entry("a.desktop", "Name=A\nExec=/usr/libexec/agent\n");
        machine.entry("b.desktop", "Name=B\nExec=/usr/lib/x86_64-linux-gnu/b\n");
        machine.entry("c.desktop", "Name=C\nExec=/home/ben/Downloads/c\n");
        machine.entry("d.desktop", "Name=D\nExec=/opt/d\n");
        DesktopIndexes indexes(machine.settings());
        for (const char* exe : {"/usr/libexec/other", "/usr/lib/x86_64-linux-gnu/other",
                                "/home/ben/Downloads/other", "/opt/other"})
            QCOMPARE(id(indexes.of_user(0).by_exe(exe)), "-");
        QCOMPARE(id(indexes.of_user(0).by_exe("/home/ben/Downloads/c")), "c");
    }

    void nothingIsReadAgainUntilSomethingChanges() {
        Machine machine;
        DesktopIndexes indexes(machine.settings());
        QVERIFY(indexes.of_user(anna).by_id("org.kde.konsole"));
        QVERIFY(!indexes.refresh());
        machine.entry("new.desktop", "Name=New\nExec=new\n");
        machine.age(std::chrono::minutes(1));
        QVERIFY(indexes.refresh());
        QVERIFY(!indexes.refresh());
        QVERIFY(indexes.of_user(0).by_id("new"));
        QVERIFY(indexes.of_user(anna).by_id("new"));
        fs::remove(machine.path("home/anna/.local/share/applications/org.kde.konsole.desktop"));
        QVERIFY(indexes.refresh());
        QCOMPARE(indexes.of_user(anna).by_id("org.kde.konsole")->name, "Konsole");
    }

    void aDirectoryThatIsNewOrChangedJustNowIsReadAgain() {
        Machine machine;
        DesktopIndexes indexes(machine.settings());
        machine.write("usr/local/share/applications/sub/late.desktop", "[Desktop Entry]\nName=");
        machine.age(-std::chrono::hours(1)); // as young as can be, however slow this test is
        QVERIFY(indexes.refresh());
        QVERIFY(!indexes.of_user(0).by_id("sub-late"));
        // The rest of the file changes no directory.
        machine.write("usr/local/share/applications/sub/late.desktop", "[Desktop Entry]\nName=Late\n");
        QVERIFY(indexes.refresh());
        QVERIFY(indexes.of_user(0).by_id("sub-late"));
    }

    void whatIsNoFileCannotStopTheReader() {
        Machine machine;
        const auto at = [&](const char* name) {
            return machine.path(std::string("usr/share/applications/") + name);
        };
        QCOMPARE(mkfifo(at("pipe.desktop").c_str(), 0600), 0);
        fs::create_symlink("/dev/zero", at("zero.desktop"));
        fs::create_symlink("nowhere", at("broken.desktop"));
        fs::create_symlink(".", at("circle"));
        fs::create_directory(at("folder.desktop"));
        machine.entry("long.desktop", "Name=Long\n#" + std::string(256 << 10, 'x'));
        machine.entry("w\xff\n.desktop", "Name=Odd\n");
        DesktopIndexes indexes(machine.settings());
        const DesktopIndex& index = indexes.of_user(0);
        for (const char* name : {"pipe", "zero", "broken", "folder", "long"})
            QVERIFY2(!index.by_id(name), name);
        QCOMPARE(index.by_id("w\\xff\\x0a")->name, "Odd");
        QVERIFY(index.by_id("firefox-esr"));
    }

    void aMachineWithoutADesktopHasNoApplications() {
        const QTemporaryDir empty;
        DesktopSettings settings;
        settings.root = empty.path().toStdString();
        settings.home = [](std::uint32_t) { return std::string("/nonexistent"); };
        DesktopIndexes indexes(settings);
        QVERIFY(!indexes.of_user(0).by_exe("/usr/bin/firefox"));
        QVERIFY(!indexes.of_user(0).by_id(""));
        QVERIFY(!indexes.refresh());
    }

private:
    const Machine machine_; // of the tests that change nothing
};

QTEST_GUILESS_MAIN(DesktopIndexTest)
#include "desktop_index_test.moc"
