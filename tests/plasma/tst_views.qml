// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtTest
import org.sockledger

/** The views over a recording. */
TestCase {
    id: suite
    name: "Views"
    when: windowShown
    width: 900
    height: 500
    visible: true

    Component {
        id: ledgers
        Ledger {
            recording: fixtures + "/netdata/machine.jsonl"
            detailed: true
            interval: 500
        }
    }
    Component {
        id: applications
        ApplicationsView {
            width: 900
            height: 400
        }
    }
    Component {
        id: connections
        ConnectionsView {
            width: 900
            height: 400
        }
    }
    Component {
        id: interfaces
        InterfacesView {
            width: 900
            height: 400
        }
    }
    Component {
        id: chart
        LiveChart {
            id: liveChart
            property Ledger ledger
            width: 900
            title: "eth0"
            model: LiveModel {
                ledger: liveChart.ledger
            }
        }
    }
    SignalSpy {
        id: activated
        signalName: "activated"
    }
    SignalSpy {
        id: namesToggled
        signalName: "namesToggled"
    }
    Component {
        id: banner
        MissingBanner {
            width: 900
        }
    }
    SignalSpy {
        id: chosen
        signalName: "chosen"
    }

    property Ledger ledger

    function init() {
        // What views of the test before had is not taken from them before they go
        if (ledger) {
            ledger.destroy();
        }
        chosen.target = null;
        chosen.clear();
        ledger = ledgers.createObject(suite);
        tryVerify(() => ledger.rxRate > 0, 20000);
        ledger.paused = true;
    }

    function view(component) {
        const made = createTemporaryObject(component, suite, { ledger: ledger });
        verify(made);
        return made;
    }

    function texts(made, column) {
        const table = findChild(made, "table");
        const found = [];
        for (let row = 0; row < table.model.rowCount(); ++row) {
            found.push(table.model.data(table.index(row, column), Qt.DisplayRole));
        }
        return found;
    }

    function test_applicationsAreSortedByTheHeaderThatIsClicked() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        const before = texts(made, 0);
        waitForRendering(made);
        mouseClick(findChild(made, "header-name"));
        compare(made.sortBy, "name");
        const ascending = texts(made, 0);
        compare(ascending, before.slice().sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1));
        mouseClick(findChild(made, "header-name"));
        compare(texts(made, 0), ascending.slice().reverse());
    }

    function test_aTitleStandsAboveItsColumn_data() {
        return [
            { tag: "left to right", mirrored: false },
            { tag: "right to left", mirrored: true }
        ];
    }

    function test_aTitleStandsAboveItsColumn(data) {
        const made = view(applications);
        made.LayoutMirroring.enabled = data.mirrored;
        made.LayoutMirroring.childrenInherit = true;
        tryVerify(() => made.rows > 1);
        // As styles do whose scroll bars cover nothing
        findChild(made, "scroll")[data.mirrored ? "leftPadding" : "rightPadding"] = 20;
        waitForRendering(made);
        const table = findChild(made, "table");
        const left = item => item.mapToItem(made, 0, 0).x;
        const cell = column => table.itemAtIndex(table.index(0, column));
        const title = column => findChild(made, "header-" + made.source.columnId(column));
        for (const column of [0, 1, 5]) {
            tryVerify(() => Math.abs(left(title(column)) - left(cell(column))) < 0.01);
            compare(title(column).width, cell(column).width);
        }
        compare(left(cell(0)) > left(cell(5)), data.mirrored);
    }

    function test_theFilterLeavesWhatMatches() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        const first = texts(made, 0)[0];
        made.filter = first.toUpperCase();
        compare(texts(made, 0), [first]);
        made.filter = "nothing is called like this";
        tryCompare(made, "rows", 0);
    }

    /** Not mouseDoubleClickSequence(): its clicks are too far apart for a TapHandler. */
    function doubleTap(item) {
        for (let tap = 0; tap < 2; ++tap) {
            touchEvent(item).press(0, item).commit();
            touchEvent(item).release(0, item).commit();
        }
    }

    /** The first row with others below it, or -1. */
    function expandable(made) {
        for (let row = 0; row < made.rows; ++row) {
            if (made.value(row, LedgerModel.ExpandableRole)) {
                return row;
            }
        }
        return -1;
    }

    function test_theKeysOpenAnApplicationIntoItsProcesses() {
        const made = view(applications);
        tryVerify(() => expandable(made) >= 0);
        const row = expandable(made);
        const before = made.rows;
        const names = texts(made, 0);
        made.select(row);
        findChild(made, "table").forceActiveFocus();
        keyClick(Qt.Key_Right);
        tryVerify(() => made.rows > before);
        compare(texts(made, 0)[row], names[row]);
        compare(made.value(row + 1, LedgerModel.LevelRole), 1);
        verify(made.value(row + 1, LedgerModel.PidRole) > 0);

        chosen.target = made;
        chosen.clear();
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        compare(chosen.count, 1);
        compare(chosen.signalArguments[0][2], made.value(row + 1, LedgerModel.PidRole));

        keyClick(Qt.Key_Left); // to the application
        keyClick(Qt.Key_Left);
        tryCompare(made, "rows", before);
        keyClick(Qt.Key_Return);
        tryVerify(() => made.rows > before);
        keyClick(Qt.Key_Return);
        tryCompare(made, "rows", before);
        compare(texts(made, 0), names);
    }

    function test_aClickOpensAnApplication() {
        const made = view(applications);
        tryVerify(() => expandable(made) >= 0);
        const row = expandable(made);
        const before = made.rows;
        waitForRendering(made);
        const cell = findChild(made, "table").itemAtIndex(findChild(made, "table").index(row, 0));
        mouseClick(findChild(cell, "expander"));
        tryVerify(() => made.rows > before);
        compare(chosen.count, 0);
    }

    function test_aDoubleClickChoosesAnApplication() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        waitForRendering(made);
        chosen.target = made;
        const table = findChild(made, "table");
        const name = texts(made, 0)[1];
        doubleTap(table.itemAtIndex(table.index(1, 2)));
        compare(chosen.count, 1);
        compare(chosen.signalArguments[0][1], name);
        compare(chosen.signalArguments[0][2], 0);
    }

    function test_theBusiestHasTheLongestBar() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        waitForRendering(made);
        const table = findChild(made, "table");
        const bars = row => {
            const cell = table.itemAtIndex(table.index(row, 1));
            return findChild(cell, "rxBar").width + findChild(cell, "txBar").width;
        };
        verify(bars(0) > 0);
        verify(bars(0) >= bars(1));
        compare(texts(made, 1)[0], "100 %");
    }

    function test_aClickSelectsTheRow() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        waitForRendering(made);
        const table = findChild(made, "table");
        mouseClick(table.itemAtIndex(table.index(1, 2)));
        for (const column of [0, 2, 5]) {
            verify(table.itemAtIndex(table.index(1, column)).selected);
        }
        verify(!table.itemAtIndex(table.index(0, 0)).selected);
        compare(made.currentApp, made.value(1, LedgerModel.AppRole));
        const app = made.currentApp;
        made.descending = false; // what moves stays selected only until another is
        tryVerify(() => made.value(1, LedgerModel.AppRole) !== app);
        made.select(1);
        for (let row = 0; row < made.rows; ++row) {
            compare(table.itemAtIndex(table.index(row, 0)).selected, row === 1);
        }
        made.unselect();
        compare(made.currentApp, "");
    }

    function test_anEmptyTableSaysSoInItsMiddle() {
        const made = view(applications);
        made.filter = "nothing is called like this";
        tryCompare(made, "rows", 0);
        const message = findChild(made, "placeholder");
        tryVerify(() => message.visible && message.mapToItem(made, 0, 0).y > made.height / 3);
    }

    function test_aRowIsCopiedAsText_data() {
        return [
            { tag: "applications", component: applications },
            { tag: "connections", component: connections },
            { tag: "interfaces", component: interfaces }
        ];
    }

    function test_aRowIsCopiedAsText(data) {
        const made = view(data.component);
        const shown = made.currentTable ?? made;
        tryVerify(() => shown.rows > 0);
        Format.copy("what was there before");
        shown.select(0);
        findChild(shown, "table").forceActiveFocus();
        keySequence(StandardKey.Copy);
        const paste = createTemporaryQmlObject("import QtQuick; TextEdit {}", suite);
        paste.paste();
        const fields = paste.text.split("\t");
        compare(fields.length, shown.widths.filter(width => width > 0).length);
        compare(fields[0], texts(shown, 0)[0]);
    }

    function test_aProcessOpensItsConnections() {
        const made = view(connections);
        tryVerify(() => made.currentTable.rows > 0);
        const table = findChild(made.currentTable, "table");
        table.forceActiveFocus();
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_Return);
        verify(made.pid > 0);
        tryVerify(() => made.currentTable.rows > 0);
        mouseClick(findChild(made, "back"));
        compare(made.pid, 0);
    }

    function test_allConnectionsOfAnApplicationSayWhoseTheyAre() {
        const apps = view(applications);
        tryVerify(() => expandable(apps) >= 0);
        const row = expandable(apps);
        const app = apps.value(row, LedgerModel.AppRole);
        const made = view(connections);
        made.showAll(app, "", "that one");
        tryVerify(() => made.currentTable.rows > 0);
        compare(made.currentTable.objectName, "connections");
        for (let at = 0; at < made.currentTable.rows; ++at) {
            compare(made.currentTable.value(at, LedgerModel.AppRole), app);
        }
        verify(made.currentTable.widths[0] > 0);
        mouseClick(findChild(made, "back"));
        compare(made.currentTable.objectName, "processes");
    }

    function test_namesOfHostsAreAskedForByAButton() {
        const made = view(connections);
        made.showAll("", "", "all");
        waitForRendering(made);
        namesToggled.target = made;
        mouseClick(findChild(made, "names"));
        compare(namesToggled.count, 1);
    }

    function test_aDoubleClickOnTheLiveChartAsksForItsConnections() {
        const made = view(chart);
        waitForRendering(made);
        activated.target = made;
        activated.clear();
        doubleTap(findChild(made, "chart"));
        compare(activated.count, 1);
        findChild(made, "chart").forceActiveFocus();
        keyClick(Qt.Key_Return);
        compare(activated.count, 2);
    }

    function test_theLiveChartSaysWhatItShows() {
        const made = view(chart);
        tryVerify(() => made.model.count > 0);
        compare(findChild(made, "rates").text, "↓ " + Format.rate(ledger.rxRate) + " ↑ " + Format.rate(ledger.txRate));
        compare(findChild(made, "all").visible, false);
        made.part = true;
        compare(findChild(made, "all").visible, true);
    }

    function test_interfacesShowTheirBooks() {
        const made = view(interfaces);
        tryVerify(() => made.rows > 0);
        verify(texts(made, 0).indexOf("eth0") >= 0);
    }

    function test_withExactNumbersThereIsNoBanner() {
        const made = view(banner);
        compare(ledger.accuracy, Ledger.Exact);
        compare(made.visible, false);
    }
}
