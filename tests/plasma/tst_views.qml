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

    function test_theFilterLeavesWhatMatches() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        const first = texts(made, 0)[0];
        made.filter = first.toUpperCase();
        compare(texts(made, 0), [first]);
        made.filter = "nothing is called like this";
        tryCompare(made, "rows", 0);
    }

    function test_enterOpensWhatTheKeysHaveChosen() {
        const made = view(applications);
        tryVerify(() => made.rows > 1);
        chosen.target = made;
        chosen.clear();
        const table = findChild(made, "table");
        table.forceActiveFocus();
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        compare(chosen.count, 1);
        compare(chosen.signalArguments[0][1], texts(made, 0)[1]);
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
