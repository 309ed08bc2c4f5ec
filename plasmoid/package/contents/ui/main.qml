// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Layouts
import org.kde.plasma.core as PlasmaCore
import org.kde.plasma.plasmoid
import org.sockledger as Sockledger

PlasmoidItem {
    id: root

    readonly property bool bits: Plasmoid.configuration.bits
    property bool paused: false

    switchWidth: fullRepresentationItem ? fullRepresentationItem.Layout.minimumWidth : 300
    switchHeight: fullRepresentationItem ? fullRepresentationItem.Layout.minimumHeight : 200

    Plasmoid.icon: "network-wired"
    toolTipMainText: i18nc("@info:tooltip", "Network activity")
    toolTipSubText: {
        panelLedger.time; // whom the list below depends on
        const lines = [i18nc("@info:tooltip download and upload rate", "↓ %1 ↑ %2",
                             Sockledger.Format.rate(panelLedger.rxRate, root.bits), Sockledger.Format.rate(panelLedger.txRate, root.bits)),
                       ...panelLedger.busiest(3, root.bits)];
        if (panelLedger.missing.length > 0) {
            lines.push(i18nc("@info:tooltip", "Numbers of applications are not exact"));
        }
        return lines.join("\n");
    }
    toolTipTextFormat: Text.PlainText

    /** For the panel: what never stops, so it asks for little. */
    Sockledger.Ledger {
        id: panelLedger
        objectName: "panelLedger"
        interval: Plasmoid.configuration.interval * 1000
        interfaces: Plasmoid.configuration.interfaces
    }

    /** For the popup: everything, while it is open. */
    Sockledger.Ledger {
        id: popupLedger
        objectName: "popupLedger"
        detailed: true
        active: root.expanded
        paused: root.paused
        interval: panelLedger.interval
    }

    Sockledger.LiveModel {
        id: lastMinutes
        ledger: panelLedger
        paused: root.paused
    }

    Sockledger.AlertNotifier {
        active: Plasmoid.configuration.notifications
        onDetailsWanted: root.expanded = true
    }

    Plasmoid.contextualActions: [
        PlasmaCore.Action {
            text: root.paused ? i18nc("@action", "Resume") : i18nc("@action", "Pause")
            icon.name: root.paused ? "media-playback-start" : "media-playback-pause"
            onTriggered: root.paused = !root.paused
        }
    ]

    compactRepresentation: CompactRepresentation {
        ledger: panelLedger
        bits: root.bits
        content: Plasmoid.configuration.panel
        arrows: Plasmoid.configuration.arrows
        vertical: Plasmoid.formFactor === PlasmaCore.Types.Vertical
        onActivated: root.expanded = !root.expanded
    }
    fullRepresentation: FullRepresentation {
        ledger: popupLedger
        live: lastMinutes
        bits: root.bits
        shown: root.expanded
        paused: root.paused
        names: Plasmoid.configuration.names
        cycleDay: Plasmoid.configuration.cycleDay
        onPauseToggled: root.paused = !root.paused
        onNamesToggled: Plasmoid.configuration.names = !Plasmoid.configuration.names
    }
}
