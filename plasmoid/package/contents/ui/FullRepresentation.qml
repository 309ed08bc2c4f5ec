// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.plasma.components as PC3
import org.kde.plasma.extras as PlasmaExtras
import org.sockledger as Sockledger

PlasmaExtras.Representation {
    id: full

    required property Sockledger.Ledger ledger
    required property bool bits
    required property bool shown
    required property bool paused
    signal pauseToggled

    Layout.minimumWidth: Kirigami.Units.gridUnit * 28
    Layout.minimumHeight: Kirigami.Units.gridUnit * 22
    Layout.preferredWidth: Kirigami.Units.gridUnit * 40
    Layout.preferredHeight: Kirigami.Units.gridUnit * 28
    collapseMarginsHint: true

    header: PlasmaExtras.PlasmoidHeading {
        ColumnLayout {
            anchors.fill: parent
            RowLayout {
                PlasmaExtras.SearchField {
                    id: search
                    objectName: "search"
                    Layout.fillWidth: true
                    placeholderText: i18nc("@info:placeholder", "Name, PID or port…")
                }
                PC3.ToolButton {
                    objectName: "pause"
                    checkable: true
                    checked: full.paused
                    icon.name: full.paused ? "media-playback-start" : "media-playback-pause"
                    display: QQC2.AbstractButton.IconOnly
                    text: full.paused ? i18nc("@action:button", "Resume") : i18nc("@action:button", "Pause")
                    onClicked: full.pauseToggled()
                    PC3.ToolTip {
                        text: parent.text
                    }
                }
            }
            PC3.TabBar {
                id: tabs
                objectName: "tabs"
                Layout.fillWidth: true
                PC3.TabButton {
                    text: i18nc("@title:tab", "Applications")
                }
                PC3.TabButton {
                    text: i18nc("@title:tab", "Connections")
                }
                PC3.TabButton {
                    text: i18nc("@title:tab", "Interfaces")
                }
                PC3.TabButton {
                    text: i18nc("@title:tab", "History")
                }
            }
        }
    }

    contentItem: ColumnLayout {
        spacing: 0
        Sockledger.MissingBanner {
            objectName: "banner"
            Layout.fillWidth: true
            Layout.margins: visible ? Kirigami.Units.smallSpacing : 0
            ledger: full.ledger
        }
        StackLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            currentIndex: tabs.currentIndex

            Sockledger.ApplicationsView {
                objectName: "applications"
                ledger: full.ledger
                bits: full.bits
                filter: search.text
                onChosen: (app, name) => {
                    connections.pid = 0;
                    connections.app = app;
                    connections.appName = name;
                    tabs.currentIndex = 1;
                }
            }
            Sockledger.ConnectionsView {
                id: connections
                objectName: "connections"
                ledger: full.ledger
                bits: full.bits
                filter: search.text
            }
            Sockledger.InterfacesView {
                objectName: "interfaces"
                ledger: full.ledger
                bits: full.bits
                filter: search.text
            }
            Sockledger.HistoryView {
                objectName: "history"
                ledger: full.ledger
                active: full.shown && tabs.currentIndex === 3
                filter: search.text
            }
        }
    }
}
