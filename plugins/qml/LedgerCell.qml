// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** A cell of a LedgerTable. */
Rectangle {
    id: cell

    required property int row
    required property int column
    required property bool selected
    required property var model
    /** Rows of this table have others below them, and leave room for what opens them. */
    property bool indented: false

    signal chosen
    signal activated
    signal expansionAsked(bool expanded)
    signal menuAsked

    readonly property bool share: model.share ?? false
    readonly property string hint: model.toolTip ? model.toolTip
        : label.truncated ? label.text
        : share && model.accuracy !== Ledger.Exact ? i18ndc("sockledger", "@info:tooltip of a number", "A share of numbers that are not exact")
        : model.numeric && model.accuracy === Ledger.Partial ? i18ndc("sockledger", "@info:tooltip of a number", "At least this much: a lower bound")
        : model.numeric && model.accuracy === Ledger.Estimated ? i18ndc("sockledger", "@info:tooltip of a number", "Estimated from what the interfaces moved")
        : ""

    implicitHeight: Kirigami.Units.gridUnit * 1.6
    implicitWidth: 10
    color: selected ? Kirigami.Theme.highlightColor
         : row % 2 ? Kirigami.Theme.alternateBackgroundColor : "transparent"
    Accessible.role: Accessible.Cell
    Accessible.name: model.display ?? ""
    Accessible.description: hint

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Kirigami.Units.smallSpacing
            + (cell.indented && cell.column === 0 ? cell.model.level * Kirigami.Units.iconSizes.small : 0)
        anchors.rightMargin: Kirigami.Units.smallSpacing
        spacing: Kirigami.Units.smallSpacing

        QQC2.AbstractButton {
            objectName: "expander"
            visible: cell.indented && cell.column === 0
            enabled: cell.model.expandable ?? false
            implicitWidth: Kirigami.Units.iconSizes.small
            implicitHeight: Kirigami.Units.iconSizes.small
            focusPolicy: Qt.NoFocus
            text: cell.model.expanded ? i18ndc("sockledger", "@action:button", "Hide Processes")
                                      : i18ndc("sockledger", "@action:button", "Show Processes")
            Accessible.ignored: !enabled
            contentItem: Kirigami.Icon {
                visible: parent.enabled
                source: cell.model.expanded ? "arrow-down" : LayoutMirroring.enabled ? "arrow-left" : "arrow-right"
                isMask: true
                color: label.color
            }
            onClicked: {
                cell.chosen();
                cell.expansionAsked(!cell.model.expanded);
            }
        }
        Kirigami.Icon {
            visible: cell.column === 0 && valid
            source: cell.model.iconName ?? ""
            fallback: cell.model.iconName ? "system-run" : ""
            implicitWidth: Kirigami.Units.iconSizes.small
            implicitHeight: Kirigami.Units.iconSizes.small
        }
        QQC2.Label {
            id: label
            Layout.fillWidth: true
            visible: !cell.share
            text: cell.model.display ?? ""
            textFormat: Text.PlainText
            elide: Text.ElideRight
            font.features: { "tnum": 1 }
            color: cell.selected ? Kirigami.Theme.highlightedTextColor : Kirigami.Theme.textColor
            horizontalAlignment: cell.model.numeric ? Text.AlignRight : Text.AlignLeft
            Accessible.ignored: true
        }
        QQC2.Label {
            objectName: "shareSign"
            visible: cell.share && cell.model.accuracy !== Ledger.Exact
            text: "≈"
            color: label.color
            Accessible.ignored: true
        }
        Row {
            id: bars
            Layout.fillWidth: true
            visible: cell.share
            // Received and sent, in the colours of the charts
            Repeater {
                model: cell.share ? [cell.model.rxShare, cell.model.txShare] : []
                Rectangle {
                    required property double modelData
                    required property int index
                    objectName: index === 0 ? "rxBar" : "txBar"
                    width: modelData * bars.width
                    height: Kirigami.Units.gridUnit / 2
                    color: cell.selected ? Kirigami.Theme.highlightedTextColor
                         : index === 0 ? Kirigami.Theme.highlightColor : Kirigami.Theme.positiveTextColor
                    opacity: cell.selected && index === 1 ? 0.6 : 1
                }
            }
        }
    }
    HoverHandler {
        id: hover
    }
    QQC2.ToolTip.visible: hover.hovered && hint.length > 0
    QQC2.ToolTip.text: hint
    QQC2.ToolTip.delay: Kirigami.Units.toolTipDelay
    TapHandler {
        onTapped: cell.chosen()
        onDoubleTapped: cell.activated()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: {
            cell.chosen();
            cell.menuAsked();
        }
    }
}
