// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "live_view.hpp"
#include "support/sample_snapshot.hpp"

#include <QRegularExpression>
#include <QTest>
#include <clocale>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

SnapshotPtr share(Snapshot snapshot) {
    return std::make_shared<const Snapshot>(std::move(snapshot));
}

void type(LiveView& view, std::string_view text) {
    for (char c : text)
        QVERIFY(view.handle({KeyCode::Character, std::string(1, c)}));
}

QStringList lines(LiveView& view, int width = 80, int height = 24) {
    QStringList text;
    for (const Line& line : view.frame(width, height).lines)
        text << QString::fromStdString(plain_text(line));
    return text;
}

QString screen(LiveView& view, int width = 80, int height = 24) {
    return lines(view, width, height).join('\n');
}

QString selected(LiveView& view) {
    for (const Line& line : view.frame(80, 24).lines)
        if (line.selected)
            return QString::fromStdString(plain_text(line));
    return {};
}

Snapshot with_rates(double firefox, double sshd, std::uint64_t sequence) {
    Snapshot made = sample::snapshot();
    made.sequence = sequence;
    for (App& app : made.apps)
        if (app.name == "Firefox")
            app.traffic.rx_rate = firefox;
        else if (app.name == "sshd")
            app.traffic.rx_rate = sshd;
    return made;
}

} // namespace

class CliLiveTest : public QObject {
    Q_OBJECT

    LiveView view{{}};

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() {
        view = LiveView({});
        view.show(share(sample::snapshot()));
    }

    void theCulpritIsOnTheFirstRow() {
        const QStringList shown = lines(view);
        const auto titles = shown.indexOf(QRegularExpression("^app .*"));
        QVERIFY2(titles > 0, qPrintable(screen(view)));
        QVERIFY(shown[titles + 1].startsWith("Firefox"));
        QVERIFY(shown[titles + 1].contains("12.0 MB/s"));
        QVERIFY(shown[0].contains("12.4 MB/s") && shown[0].contains("310 kB/s") &&
                shown[0].contains("exact"));
    }

    void theBooksOfAnInterfaceAreOnOneLine() {
        const QStringList shown = lines(view);
        const auto row = shown.indexOf(QRegularExpression("^eth0 .*"));
        QVERIFY(row > 0);
        QVERIFY2(shown[row].contains("1.28 GB") && shown[row].endsWith("0 B"), qPrintable(shown[row]));
        QVERIFY(shown[row - 1].contains("kernel") && shown[row - 1].contains("unattr."));
    }

    void nothingIsEverWiderOrHigherThanTheScreen() {
        view.show(share(sample::unprivileged()));
        for (const char* keys : {"1", "2", "3", "4", "?"}) {
            type(view, keys);
            for (int width = 1; width < 200; width += 7)
                for (int height = 1; height < 60; height += 5) {
                    const Frame frame = view.frame(width, height);
                    QVERIFY(frame.lines.size() <= static_cast<std::size_t>(height));
                    for (const Line& line : frame.lines)
                        QVERIFY(text_width(plain_text(line)) <= width);
                }
        }
    }

    void withoutPrivilegeOneLineSaysWhatRootWouldGive() {
        view.show(share(sample::unprivileged()));
        const QString text = screen(view);
        QCOMPARE(text.count("CAP_BPF"), 1);
        QVERIFY(text.contains("≥ lower bounds"));
        QVERIFY(text.contains("≥12.0 MB/s"));
        const QStringList shown = lines(view);
        const auto row = shown.indexOf(QRegularExpression("^eth0 .*"));
        QVERIFY2(shown[row].endsWith("–"), qPrintable(shown[row])); // the books are not known, and not zero
    }

    void anEmptyTableIsNotTakenForSilence() {
        Snapshot blind = sample::unprivileged();
        blind.apps.clear();
        view.show(share(blind));
        QVERIFY(screen(view).contains("nothing that you may see"));
    }

    void theNumberKeysAndTabSwitchTheView() {
        type(view, "3");
        QCOMPARE(view.view(), View::Connections);
        QVERIFY(screen(view).contains("198.51.100.7:443"));
        QVERIFY(view.handle({KeyCode::Tab, {}}));
        QCOMPARE(view.view(), View::Interfaces);
        QVERIFY(view.handle({KeyCode::Tab, {}}));
        QCOMPARE(view.view(), View::Remotes);
        QVERIFY(view.handle({KeyCode::Tab, {}}));
        QCOMPARE(view.view(), View::Apps);
        QVERIFY(view.handle({KeyCode::BackTab, {}}));
        QCOMPARE(view.view(), View::Remotes);
        type(view, "4");
        QCOMPARE(view.view(), View::Interfaces);
    }

    void aRemoteOpensIntoItsConnections() {
        type(view, "5");
        QVERIFY(screen(view).contains("internet"));
        QVERIFY(view.handle({KeyCode::Enter, {}})); // the busiest one, of Firefox
        QCOMPARE(view.view(), View::Connections);
        QVERIFY(screen(view).contains("198.51.100.7:443"));
        QVERIFY(!screen(view).contains("203.0.113.9"));
        QVERIFY(view.handle({KeyCode::Escape, {}})); // the address is a filter
        QVERIFY(view.handle({KeyCode::Escape, {}}));
        QCOMPARE(view.view(), View::Remotes);
    }

    void aFilterWorksWhileItIsTyped() {
        type(view, "/SsH");
        QVERIFY(screen(view).contains("/SsH_"));
        QVERIFY(!screen(view).contains("Firefox"));
        QVERIFY(view.handle({KeyCode::Backspace, {}}));
        QVERIFY(view.handle({KeyCode::Backspace, {}}));
        type(view, "q"); // a letter like any other while filtering
        QVERIFY(screen(view).contains("nothing matches"));
        QVERIFY(view.handle({KeyCode::Escape, {}}));
        QVERIFY(screen(view).contains("Firefox"));
    }

    void aWideCharacterIsDeletedAsOne() {
        type(view, "/");
        QVERIFY(view.handle({KeyCode::Character, "日"}));
        QVERIFY(screen(view).contains("/日_"));
        QVERIFY(view.handle({KeyCode::Backspace, {}}));
        QVERIFY(screen(view).contains("/_"));
    }

    void enterOpensAnAppAndEscapeComesBack() {
        QVERIFY(view.handle({KeyCode::Enter, {}}));
        QCOMPARE(view.view(), View::Processes);
        QVERIFY(screen(view).contains("of Firefox"));
        QVERIFY(!screen(view).contains("sshd"));
        QVERIFY(view.handle({KeyCode::Enter, {}}));
        QCOMPARE(view.view(), View::Connections);
        QVERIFY(screen(view).contains("of firefox"));
        QVERIFY(screen(view).contains(":443") && !screen(view).contains("5353"));
        QVERIFY(view.handle({KeyCode::Escape, {}}));
        QCOMPARE(view.view(), View::Processes);
        QVERIFY(view.handle({KeyCode::Escape, {}}));
        QCOMPARE(view.view(), View::Apps);
        QVERIFY(screen(view).contains("sshd"));
        QVERIFY(view.handle({KeyCode::Escape, {}})); // nowhere further back, and no way out either
    }

    void anInterfaceOpensIntoItsApps() {
        type(view, "4");
        QVERIFY(view.handle({KeyCode::Enter, {}}));
        QCOMPARE(view.view(), View::Apps);
        QVERIFY(screen(view).contains("of eth0"));
    }

    void theCursorStaysWithItsRow() {
        QVERIFY(view.handle({KeyCode::Down, {}}));
        QVERIFY(selected(view).startsWith("sshd"));
        for (std::uint64_t sequence = 3; sequence < 8; ++sequence)
            view.show(share(with_rates(0, 99e6, sequence)));
        QVERIFY(selected(view).startsWith("sshd"));
        QVERIFY(view.handle({KeyCode::Down, {}}));
        QVERIFY(selected(view).startsWith("Firefox")); // sshd is the first now
    }

    void untouchedTheCursorIsOnWhoeverIsFirst() {
        QVERIFY(selected(view).startsWith("Firefox"));
        for (std::uint64_t sequence = 3; sequence < 8; ++sequence)
            view.show(share(with_rates(0, 99e6, sequence)));
        QVERIFY(selected(view).startsWith("sshd"));
    }

    void theCursorSurvivesTheEndOfItsRow() {
        QVERIFY(view.handle({KeyCode::End, {}}));
        QVERIFY(selected(view).startsWith("curl"));
        Snapshot fewer = sample::snapshot();
        fewer.sequence = 3;
        std::erase_if(fewer.apps, [](const App& app) { return app.name == "curl"; });
        view.show(share(fewer));
        QVERIFY(!selected(view).isEmpty());
        fewer.apps.clear();
        view.show(share(fewer));
        QVERIFY(screen(view).contains("nothing to show"));
        QVERIFY(view.handle({KeyCode::Enter, {}}));
        QVERIFY(view.handle({KeyCode::Down, {}}));
    }

    void aPauseHoldsThePictureAndThenCatchesUp() {
        type(view, "p");
        QVERIFY(view.paused());
        Snapshot later = sample::snapshot();
        later.sequence = 3;
        later.total.rx_rate = 77e6;
        view.show(share(later));
        QVERIFY(screen(view).contains("PAUSED"));
        QVERIFY(screen(view).contains("12.4 MB/s"));
        type(view, "p");
        QVERIFY(lines(view)[0].contains("77.0 MB/s"));
    }

    void theIntervalStaysBetween1And60Seconds() {
        type(view, "---------");
        QCOMPARE(view.interval_s(), 1);
        type(view, std::string(100, '+'));
        QCOMPARE(view.interval_s(), 60);
        QVERIFY(lines(view)[0].endsWith("60 s"));
    }

    void loopbackAndUnitsAreKeysAway() {
        QVERIFY(!screen(view).contains("lo  "));
        type(view, "a");
        QVERIFY(screen(view).contains("\nlo  "));
        type(view, "b");
        QVERIFY(screen(view).contains("99.2 Mbit/s"));
        type(view, "i");
        QVERIFY(screen(view).contains("94.6 Mibit/s"));
    }

    void sortingGoesThroughTheColumnsThatAreThere() {
        type(view, "s"); // by name
        QVERIFY2(screen(view).contains("app▼"), qPrintable(screen(view)));
        QVERIFY(selected(view).startsWith("curl"));
        type(view, "r");
        QVERIFY(screen(view).contains("app▲"));
        type(view, "<");
        QVERIFY(screen(view).contains("▼↓ rate") && screen(view).contains("▼↑ rate"));
        type(view, "<"); // round to the last column of this width
        QVERIFY2(screen(view).contains("▼procs"), qPrintable(screen(view)));
    }

    void thousandsOfRowsScroll() {
        Snapshot many = sample::snapshot();
        many.apps.clear();
        for (int i = 0; i < 3000; ++i) {
            const std::string id = "exe:" + std::to_string(10'000 + i);
            many.apps.push_back(sample::app(id, id, {}, sample::traffic(10, 10, 5000 - i, 0), {}));
        }
        view.show(share(many));
        QVERIFY(screen(view).contains("1/3000"));
        QVERIFY(view.handle({KeyCode::PageDown, {}}));
        QVERIFY(selected(view).isEmpty() == false);
        QVERIFY(view.handle({KeyCode::End, {}}));
        QVERIFY(screen(view).contains("3000/3000"));
        QVERIFY(selected(view).startsWith("exe:12999"));
        QVERIFY(view.handle({KeyCode::Home, {}}));
        QVERIFY(selected(view).startsWith("exe:10000"));
    }

    void manyInterfacesLeaveRoomForTheApps() {
        Snapshot many = sample::snapshot();
        for (std::uint32_t i = 10; i < 1010; ++i) {
            Interface more = many.interfaces[1];
            more.id.ifindex = i;
            more.name = "veth" + std::to_string(i);
            many.interfaces.push_back(more);
        }
        view.show(share(many));
        const QString text = screen(view);
        QVERIFY(text.contains("more"));
        QVERIFY(text.contains("\neth0 ")); // what the totals are made of comes first
        QVERIFY(text.contains("Firefox"));
    }

    void helpIsAKeyAwayAndAnyKeyEndsIt() {
        type(view, "?");
        QVERIFY(screen(view).contains("unattributed"));
        QVERIFY(view.handle({KeyCode::Other, {}})); // a resize does not
        QVERIFY(screen(view).contains("unattributed:"));
        type(view, "x");
        QVERIFY(screen(view).contains("Firefox"));
    }

    void qLeaves() { QVERIFY(!view.handle({KeyCode::Character, "q"})); }

    void beforeTheFirstPictureThereIsSomethingToSee() {
        LiveView empty{{}};
        QVERIFY(screen(empty).contains("reading"));
        type(empty, "12s<>ra/x");
        QVERIFY(empty.handle({KeyCode::Enter, {}}));
        QVERIFY(empty.handle({KeyCode::Enter, {}}));
    }

    void withoutUtf8EverySignIsAscii() {
        LiveOptions options;
        options.format.signs = &glyphs(false);
        LiveView plain(options);
        Snapshot machine = sample::unprivileged();
        std::erase_if(machine.apps, [](const App& app) { return app.id == "exe:/tmp/odd"; });
        plain.show(share(machine));
        for (const char* key : {"1", "2", "3", "4", "?"}) {
            type(plain, key);
            for (const QChar c : screen(plain))
                QVERIFY2(c.unicode() < 0x7f, qPrintable(screen(plain)));
        }
    }
};

QTEST_GUILESS_MAIN(CliLiveTest)
#include "cli_live_test.moc"
