// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.plasma.components as PC3
import org.sockledger as Sockledger

/** Both rates, as wide as they can ever be: a panel that moves with each number is no good. Or their graph. */
MouseArea {
    id: compact

    required property Sockledger.Ledger ledger
    required property bool bits
    /** 0: rates, 1: a graph, 2: both. */
    required property int content
    required property bool arrows
    required property bool vertical
    signal activated

    readonly property bool exact: ledger.accuracy === Sockledger.Ledger.Exact
    /** Two lines where there is room for them. */
    readonly property bool stacked: vertical || height >= 2 * metrics.height
    readonly property real lineWidth: Math.ceil(metrics.advanceWidth) + (exact ? 0 : Kirigami.Units.iconSizes.small)

    readonly property real ratesWidth: content === 1 ? 0 : stacked ? lineWidth : 2 * lineWidth + lines.columnSpacing
    readonly property real graphWidth: content === 0 ? 0 : Kirigami.Units.gridUnit * 4

    Layout.minimumWidth: vertical ? 0 : ratesWidth + graphWidth + 2 * Kirigami.Units.smallSpacing
        + (content === 2 ? lines.columnSpacing : 0)
    Layout.maximumWidth: vertical ? -1 : Layout.minimumWidth
    Layout.minimumHeight: vertical ? (content === 1 ? 0 : 2 * metrics.height) + (content === 0 ? 0 : Kirigami.Units.gridUnit * 2) : 0

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
        anchors.fill: parent
        anchors.leftMargin: compact.vertical ? 0 : Kirigami.Units.smallSpacing
        anchors.rightMargin: anchors.leftMargin
        columns: compact.vertical ? 1 : 2
        rowSpacing: 0
        columnSpacing: lines.columnSpacing

        Loader {
            objectName: "graph"
            active: compact.content !== 0
            visible: active
            Layout.fillHeight: true
            Layout.fillWidth: compact.vertical || compact.content === 1
            Layout.preferredWidth: compact.graphWidth
            sourceComponent: Sockledger.Sparkline {
                ledger: compact.ledger
            }
        }
        GridLayout {
            id: lines
            visible: compact.content !== 1
            Layout.fillWidth: true
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
