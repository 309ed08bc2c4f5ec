// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** Received and sent in the last minutes. A double click or Enter asks for the connections behind it. */
ColumnLayout {
    id: root

    required property LiveModel model
    property bool bits: false
    /** What people call what is shown. */
    property string title
    /** It is a part, and there is a way back to all. */
    property bool part: false

    signal activated
    signal allAsked

    spacing: 0

    RowLayout {
        Layout.fillWidth: true
        Layout.minimumHeight: all.implicitHeight // with and without it
        Layout.leftMargin: Kirigami.Units.smallSpacing
        Layout.rightMargin: Kirigami.Units.smallSpacing
        QQC2.ToolButton {
            id: all
            objectName: "all"
            visible: root.part
            icon.name: LayoutMirroring.enabled ? "go-next" : "go-previous"
            display: QQC2.AbstractButton.IconOnly
            text: i18ndc("sockledger", "@action:button", "Show All")
            onClicked: root.allAsked()
            QQC2.ToolTip.text: text
            QQC2.ToolTip.visible: hovered
        }
        QQC2.Label {
            objectName: "title"
            Layout.fillWidth: true
            textFormat: Text.PlainText
            elide: Text.ElideRight
            text: root.title
        }
        QQC2.Label {
            objectName: "rates"
            textFormat: Text.PlainText
            font.features: { "tnum": 1 }
            text: i18ndc("sockledger", "@info download and upload rate", "↓ %1 ↑ %2",
                         Format.rate(root.model.rxRate, root.bits, root.model.accuracy),
                         Format.rate(root.model.txRate, root.bits, root.model.accuracy))
        }
    }
    TrafficChart {
        objectName: "chart"
        Layout.fillWidth: true
        Layout.margins: Kirigami.Units.smallSpacing
        chartHeight: Kirigami.Units.gridUnit * 4
        model: root.model
        points: root.model.limit
        formatValue: value => Format.rate(value, root.bits)
        activeFocusOnTab: true
        Keys.onReturnPressed: root.activated()
        Keys.onEnterPressed: root.activated()

        TapHandler {
            onDoubleTapped: root.activated()
        }
        HoverHandler {
            id: hover
        }
        QQC2.ToolTip.text: i18ndc("sockledger", "@info:tooltip", "Double-click for the connections behind it")
        QQC2.ToolTip.visible: hover.hovered
        QQC2.ToolTip.delay: Kirigami.Units.toolTipDelay
    }
}
