// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/**
 * Processes and how many connections they have; one click deeper, the connections of one of them. Or all
 * connections of an application, an interface or the machine.
 */
ColumnLayout {
    id: root

    required property Ledger ledger
    property bool bits: false
    /** Names of remotes, which are asked of the name servers. */
    property bool names: false
    signal namesToggled
    property string filter
    /** Only of this application; empty: all. */
    property string app
    /** Only of this interface, by `key`; empty: all. */
    property string interfaceKey
    /** What people call them. */
    property string title
    /** Whose connections are shown; 0: processes are, or all connections. */
    property int pid: 0
    property string processName
    property bool all: false

    readonly property bool deep: pid !== 0 || all
    readonly property LedgerTable currentTable: deep ? connections : processes

    spacing: 0

    /** The connections of a process; without a `process`, the processes of an application. */
    function show(ofApp: string, name: string, process: int) {
        all = false;
        interfaceKey = "";
        app = ofApp;
        title = processName = name;
        pid = process;
    }

    function showAll(ofApp: string, ofInterface: string, name: string) {
        pid = 0;
        app = ofApp;
        interfaceKey = ofInterface;
        title = name;
        all = true;
    }

    /** To all processes. */
    function reset() {
        pid = 0;
        all = false;
        app = interfaceKey = "";
    }

    function back() {
        if (pid !== 0) {
            pid = 0;
        } else {
            reset();
        }
    }

    RowLayout {
        Layout.fillWidth: true
        Layout.margins: Kirigami.Units.smallSpacing
        visible: root.deep || root.app.length > 0

        QQC2.ToolButton {
            objectName: "back"
            icon.name: LayoutMirroring.enabled ? "go-next" : "go-previous"
            text: i18ndc("sockledger", "@action:button", "Back")
            onClicked: root.back()
        }
        QQC2.Label {
            Layout.fillWidth: true
            textFormat: Text.PlainText
            elide: Text.ElideRight
            text: root.pid !== 0 && !root.processName.endsWith(`(${root.pid})`)
                ? i18ndc("sockledger", "@title process and its number", "%1 (%2)", root.processName, String(root.pid))
                : root.pid !== 0 ? root.processName : root.title
        }
        QQC2.ToolButton {
            objectName: "names"
            visible: root.deep
            checkable: true
            checked: root.names
            icon.name: "globe"
            text: i18ndc("sockledger", "@action:button", "Names of Hosts")
            onClicked: root.namesToggled()
            QQC2.ToolTip.text: i18ndc("sockledger", "@info:tooltip", "Asks the name servers for the names of the addresses")
            QQC2.ToolTip.visible: hovered
            QQC2.ToolTip.delay: Kirigami.Units.toolTipDelay
        }
    }

    LedgerTable {
        id: processes
        objectName: "processes"
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: !root.deep
        source: ProcessModel {
            ledger: root.ledger
            bits: root.bits
            app: root.app
        }
        sortBy: "total"
        filter: root.filter
        widths: [0.155, 0.095, 0.18, 0.05, 0.05, 0.14, 0.11, 0.11, 0.11, 0]
        placeholder: i18ndc("sockledger", "@info", "No process has connections that you may see")
        onActivated: row => {
            const index = source.index(row, 0);
            root.processName = source.data(index, Qt.DisplayRole);
            root.pid = source.data(index, LedgerModel.PidRole);
        }
    }

    LedgerTable {
        id: connections
        objectName: "connections"
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.deep
        source: ConnectionModel {
            // A model that is not shown has nothing to do
            ledger: root.deep ? root.ledger : null
            bits: root.bits
            pid: root.pid
            app: root.app
            interfaceKey: root.interfaceKey
            names: root.names && root.deep
        }
        filter: root.filter
        widths: root.pid === 0 ? [0.16, 0.24, 0.08, 0, 0.1, 0.16, 0.13, 0.13, 0, 0]
                               : [0, 0.25, 0.08, 0.08, 0.1, 0.15, 0.12, 0.12, 0.1, 0]
        placeholder: i18ndc("sockledger", "@info", "There is no connection")
    }
}
