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
    /** The last minutes, also of when nobody looked. */
    required property Sockledger.LiveModel live
    required property bool bits
    required property bool shown
    required property bool paused
    required property bool names
    required property int cycleDay
    signal pauseToggled
    signal namesToggled

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
                    id: pause
                    objectName: "pause"
                    checkable: true
                    checked: full.paused
                    icon.name: full.paused ? "media-playback-start" : "media-playback-pause"
                    display: QQC2.AbstractButton.IconOnly
                    text: full.paused ? i18nc("@action:button", "Resume") : i18nc("@action:button", "Pause")
                    onClicked: full.pauseToggled()
                    PC3.ToolTip {
                        text: pause.text
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
        Sockledger.LiveChart {
            id: chart
            objectName: "live"
            // What is selected, or what the connections are of
            readonly property string app: [applications.currentApp, connections.app, "", ""][tabs.currentIndex]
            readonly property string interfaceKey: ["", connections.interfaceKey, interfaces.currentInterface, ""][tabs.currentIndex]
            Layout.fillWidth: true
            visible: tabs.currentIndex !== 3 && full.height >= Kirigami.Units.gridUnit * 24
            model: full.live
            bits: full.bits
            readonly property bool filtered: app.length > 0 || interfaceKey.length > 0
            part: filtered && tabs.currentIndex !== 1 // there the table has the way back
            title: filtered ? [applications.currentName, connections.title, interfaces.currentName, ""][tabs.currentIndex]
                        : i18nc("@title of a chart", "This Computer")
            onAllAsked: {
                applications.unselect();
                interfaces.unselect();
            }
            onActivated: {
                connections.showAll(app, interfaceKey, title);
                tabs.currentIndex = 1;
            }
            Binding {
                target: full.live
                property: "app"
                value: chart.app
            }
            Binding {
                target: full.live
                property: "interfaceKey"
                value: chart.interfaceKey
            }
        }
        StackLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            currentIndex: tabs.currentIndex

            Sockledger.ApplicationsView {
                id: applications
                objectName: "applications"
                ledger: full.ledger
                bits: full.bits
                filter: search.text
                active: full.shown && tabs.currentIndex === 0
                onChosen: (app, name, pid) => {
                    connections.show(app, name, pid);
                    tabs.currentIndex = 1;
                }
            }
            Sockledger.ConnectionsView {
                id: connections
                objectName: "connections"
                ledger: full.ledger
                bits: full.bits
                names: full.names
                onNamesToggled: full.namesToggled()
                filter: search.text
            }
            Sockledger.InterfacesView {
                id: interfaces
                objectName: "interfaces"
                ledger: full.ledger
                bits: full.bits
                filter: search.text
                onChosen: (key, name) => {
                    connections.showAll("", key, name);
                    tabs.currentIndex = 1;
                }
            }
            Sockledger.HistoryView {
                objectName: "history"
                ledger: full.ledger
                active: full.shown && tabs.currentIndex === 3
                cycleDay: full.cycleDay
                filter: search.text
            }
        }
    }
}
