// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "apps/desktop_command.hpp"
#include "apps/desktop_entry.hpp"

#include <QTest>

using namespace sockledger;

namespace {

const std::vector<std::string> no_languages;

std::optional<DesktopEntry> parse(const std::string& keys,
                                  const std::vector<std::string>& languages = no_languages) {
    return parse_desktop_entry("[Desktop Entry]\n" + keys, languages);
}

std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts)
        all += part + ' ';
    return all;
}

} // namespace

class DesktopEntryTest : public QObject {
    Q_OBJECT

private slots:
    void theKeysOfTheEntryAreRead() {
        const auto entry =
            parse("Type=Application\nName=Web\nIcon=/usr/share/web.png\nExec=web %u\nTryExec=web\n"
                  "NoDisplay=true\nCategories=System;TerminalEmulator;\nX-Flatpak=org.gnome.Epiphany\n");
        QVERIFY(entry);
        QCOMPARE(entry->name, "Web");
        QCOMPARE(entry->icon, "/usr/share/web.png");
        QCOMPARE(entry->exec, "web %u");
        QCOMPARE(entry->try_exec, "web");
        QCOMPARE(entry->package, "flatpak:org.gnome.Epiphany");
        QVERIFY(!entry->displayed && entry->terminal && !entry->deleted);
        QCOMPARE(parse("Name=Fire\nX-SnapInstanceName=firefox")->package, "snap:firefox");
    }

    void actionsAndOtherGroupsDoNotCount() {
        const auto entry =
            parse_desktop_entry("# comment\n\n[Other]\nName=no\n[Desktop Entry]\nName=yes\nExec=a\n"
                                "[Desktop Action new]\nName=New Window\nExec=b\n"
                                "[Desktop Entry]\nName=again\n",
                                no_languages);
        QVERIFY(entry);
        QCOMPARE(entry->name, "yes");
        QCOMPARE(entry->exec, "a");
    }

    void blanksAroundLinesAndEqualSignsAndCarriageReturnsAreIgnored() {
        const auto entry = parse("  Name = My App \r\n\tExec=\tapp\r\n#Name=no\n=x\nnonsense\n");
        QCOMPARE(entry->name, "My App");
        QCOMPARE(entry->exec, "app");
    }

    void escapesAreResolved() {
        QCOMPARE(parse("Name=\\sa\\sb\\\\c\\q\\")->name, " a b\\c\\q\\");
        QCOMPARE(parse("Name=a\\nb\\tc\\rd")->name, "a\\x0ab\\x09c\\x0dd"); // controls are made visible
    }

    void whatIsNoApplicationIsNothing() {
        QVERIFY(!parse("Type=Link\nName=Home page\nURL=https://example.org"));
        QVERIFY(!parse("Type=Directory\nName=Games"));
        QVERIFY(!parse("Exec=nameless"));
        QVERIFY(!parse_desktop_entry("Name=no group", no_languages));
        QVERIFY(!parse_desktop_entry("", no_languages));
    }

    void aDeletedEntryNeedsNoName() {
        const auto entry = parse("Hidden=true");
        QVERIFY(entry && entry->deleted);
    }

    void badNamesAreMadePrintableOrLeftOut() {
        QCOMPARE(parse("Name=caf\xe9 \x1b[31m")->name, "caf\\xe9 \\x1b[31m");
        QCOMPARE(parse("Name=" + std::string(256, 'x'))->name.size(), std::size_t(256));
        QVERIFY(!parse("Name=" + std::string(257, 'x')));
        QCOMPARE(parse("Name=x\nIcon=" + std::string(257, 'x'))->icon, "");
    }

    void theBestLanguageWinsWhereverItStands() {
        const std::string keys =
            "Name[de]=D\nName[de_AT]=DA\nName=N\nName[sr@latin]=SL\nName[sr]=S\nName[]=E\nName[x=B\n";
        const auto name = [&](std::string_view lang, std::string_view language = {}) {
            return parse(keys, desktop_languages(language, {}, {}, lang))->name;
        };
        QCOMPARE(name("C"), "N");
        QCOMPARE(name(""), "N");
        QCOMPARE(name("C.UTF-8"), "N");
        QCOMPARE(name("de_AT.UTF-8"), "DA");
        QCOMPARE(name("de_DE.UTF-8"), "D");
        QCOMPARE(name("sr_RS@latin"), "SL");
        QCOMPARE(name("sr_RS.UTF-8"), "S");
        QCOMPARE(name("fr_FR"), "N");
        QCOMPARE(name("en_GB", "fr:sr@latin:de"), "SL");
        QCOMPARE(name("C", "de"), "N"); // gettext: LANGUAGE does not count in the C locale
    }

    void languagesComeInTheOrderOfTheSpecification() {
        QCOMPARE(joined(desktop_languages({}, {}, {}, "de_AT.UTF-8@euro")), "de_AT@euro de_AT de@euro de ");
        QCOMPARE(joined(desktop_languages({}, {}, "fr", "de")), "fr ");
        QCOMPARE(joined(desktop_languages({}, "it_IT", "fr", "de")), "it_IT it ");
        QCOMPARE(joined(desktop_languages("de_AT:de_DE", {}, {}, "en_US")), "de_AT de de_DE ");
        QCOMPARE(joined(desktop_languages(":@x:", {}, {}, "en")), "");
    }

    void theProgramOfACommandIsFound_data() {
        QTest::addColumn<QString>("exec");
        QTest::addColumn<QString>("program");
        QTest::addColumn<bool>("plain");
        const auto row = [](const char* exec, const char* program, bool plain) {
            QTest::newRow(exec) << exec << program << plain;
        };
        row("firefox", "firefox", true);
        row("/usr/lib/firefox/firefox %u", "/usr/lib/firefox/firefox", true);
        row("  xterm   -e  top", "xterm", false);
        row("libreoffice --writer %U", "libreoffice", false);
        row("\"/opt/My App/my\\\"app\" %F", "/opt/My App/my\"app", true);
        row("'/opt/My App/it\\s' x", "/opt/My App/it\\s", false);
        row("/opt/My\\ App/app", "/opt/My App/app", true);
        row("\"a\"'b'c", "abc", true);
        row("env GDK_BACKEND=x11 gimp-2.10 %U", "gimp-2.10", true);
        row("/usr/bin/env -u LANG -i A=b /opt/app", "/opt/app", true);
        row("env A=b", "", false);
        row("env", "", false);
        row("", "", false);
        row("\"open", "open", true);
        row("a\\", "a\\", true);
        row("python3 /opt/app/main.py", "", false);
        row("sh -c \"exec foo\"", "", false);
        row("/usr/bin/flatpak run --command=gimp org.gimp.GIMP @@u %U @@", "", false);
        row("env BAMF_DESKTOP_FILE_HINT=/x.desktop snap run firefox", "", false);
        row("/usr/lib/electron28/electron /usr/lib/app", "", false);
    }

    void theProgramOfACommandIsFound() {
        QFETCH(QString, exec);
        QFETCH(QString, program);
        QFETCH(bool, plain);
        const DesktopCommand command = parse_exec(exec.toStdString());
        QCOMPARE(command.program, program.toStdString());
        QCOMPARE(command.plain, plain);
    }

    void interpretersRunOthersWithOrWithoutTheirVersion() {
        for (const char* program : {"python3", "/usr/bin/python3.11", "electron28", "java", "bash",
                                    "perl5.36.0", "tclsh8.6", "gjs-console", "", "/", "7"})
            QVERIFY2(runs_others(program), program);
        for (const char* program : {"firefox", "pythonista", "/usr/bin/python-gui", "gimp-2.10", "shotwell"})
            QVERIFY2(!runs_others(program), program);
    }
};

QTEST_GUILESS_MAIN(DesktopEntryTest)
#include "desktop_entry_test.moc"
