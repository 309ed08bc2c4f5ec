// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** Processes and how many connections they have; one click deeper, the connections of one of them. */
ColumnLayout {
    id: root

    required property Ledger ledger
    property bool bits: false
    property string filter
    /** Only those of this application, which people call `appName`; empty: all. */
    property string app
    property string appName
    /** Whose connections are shown; 0: processes are. */
    property int pid: 0
    property string processName

    readonly property LedgerTable currentTable: pid === 0 ? processes : connections

    spacing: 0

    function back() {
        if (pid !== 0) {
            pid = 0;
        } else {
            app = "";
        }
    }

    RowLayout {
        Layout.fillWidth: true
        Layout.margins: Kirigami.Units.smallSpacing
        visible: root.pid !== 0 || root.app.length > 0

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
            text: root.pid !== 0 ? i18ndc("sockledger", "@title process and its number", "%1 (%2)", root.processName, String(root.pid))
                                 : root.appName
        }
    }

    LedgerTable {
        id: processes
        objectName: "processes"
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: root.pid === 0
        source: ProcessModel {
            ledger: root.ledger
            bits: root.bits
            app: root.app
        }
        sortBy: "total"
        filter: root.filter
        widths: [0.18, 0.09, 0.13, 0.07, 0.07, 0.15, 0.09, 0.11, 0.11, 0]
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
        visible: root.pid !== 0
        source: ConnectionModel {
            // A model that is not shown has nothing to do
            ledger: root.pid === 0 ? null : root.ledger
            bits: root.bits
            pid: root.pid
        }
        filter: root.filter
        widths: [0, 0.26, 0.08, 0.1, 0.08, 0.15, 0.12, 0.12, 0.09, 0]
        placeholder: i18ndc("sockledger", "@info", "This process has no connection")
    }
}
