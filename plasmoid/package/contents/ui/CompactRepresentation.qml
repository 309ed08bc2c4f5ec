// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.plasma.components as PC3
import org.sockledger as Sockledger

/** Both rates, as wide as they can ever be: a panel that moves with each number is no good. */
MouseArea {
    id: compact

    required property Sockledger.Ledger ledger
    required property bool bits
    required property bool arrows
    required property bool vertical
    signal activated

    readonly property bool exact: ledger.accuracy === Sockledger.Ledger.Exact
    /** Two lines where there is room for them. */
    readonly property bool stacked: vertical || height >= 2 * metrics.height
    readonly property real lineWidth: Math.ceil(metrics.advanceWidth) + (exact ? 0 : Kirigami.Units.iconSizes.small)

    Layout.minimumWidth: vertical ? 0 : (stacked ? lineWidth : 2 * lineWidth + lines.columnSpacing) + 2 * Kirigami.Units.smallSpacing
    Layout.maximumWidth: vertical ? -1 : Layout.minimumWidth
    Layout.minimumHeight: vertical ? 2 * metrics.height : 0

    hoverEnabled: true
    activeFocusOnTab: true
    onClicked: activated()
    Keys.onPressed: event => {
        switch (event.key) {
        case Qt.Key_Space:
        case Qt.Key_Enter:
        case Qt.Key_Return:
        case Qt.Key_Select:
            activated();
            event.accepted = true;
        }
    }

    TextMetrics {
        id: metrics
        font.family: Kirigami.Theme.smallFont.family
        font.pointSize: Kirigami.Theme.smallFont.pointSize
        font.features: { "tnum": 1 }
        text: (compact.arrows ? "↓ " : "") + Sockledger.Format.widestRate(compact.bits)
    }

    component Rate: PC3.Label {
        Layout.fillWidth: true
        textFormat: Text.PlainText
        font.family: metrics.font.family
        font.pointSize: metrics.font.pointSize
        font.features: { "tnum": 1 }
        fontSizeMode: Text.HorizontalFit
        minimumPointSize: 4
        maximumLineCount: 1
        horizontalAlignment: Text.AlignRight
        Accessible.ignored: true
    }

    GridLayout {
        id: lines
        anchors.fill: parent
        anchors.leftMargin: compact.vertical ? 0 : Kirigami.Units.smallSpacing
        anchors.rightMargin: anchors.leftMargin
        columns: compact.stacked ? 1 : 2
        rowSpacing: 0
        columnSpacing: Kirigami.Units.smallSpacing

        Rate {
            objectName: "download"
            text: (compact.arrows ? "↓ " : "") + Sockledger.Format.rate(compact.ledger.rxRate, compact.bits)
            Layout.alignment: compact.stacked ? Qt.AlignBottom : Qt.AlignVCenter
        }
        Rate {
            objectName: "upload"
            text: (compact.arrows ? "↑ " : "") + Sockledger.Format.rate(compact.ledger.txRate, compact.bits)
            Layout.alignment: compact.stacked ? Qt.AlignTop : Qt.AlignVCenter
        }
    }

    Kirigami.Icon {
        objectName: "notExact"
        visible: !compact.exact && compact.ledger.state !== Sockledger.Ledger.Waiting
        source: compact.ledger.state === Sockledger.Ledger.Failed ? "data-error" : "data-warning"
        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        width: Kirigami.Units.iconSizes.small
        height: width
    }
}
