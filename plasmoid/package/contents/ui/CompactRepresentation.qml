// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.plasma.components as PC3
import org.sockledger as Sockledger

/**
 * Both rates, as wide as they can ever be: a panel that moves with each number is no good. Or their graph, which
 * is also what a panel has that is too narrow for a rate.
 */
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
    readonly property font smallFont: Kirigami.Theme.smallFont
    readonly property font largeFont: Kirigami.Theme.defaultFont

    /** A way to write a rate. */
    component Wording: TextMetrics {
        required property bool brief
        required property bool arrows
        readonly property string down: arrows ? "↓ " : ""
        readonly property string up: arrows ? "↑ " : ""
        font.features: { "tnum": 1 }
        text: down + (brief ? Sockledger.Format.widestBriefRate() : Sockledger.Format.widestRate(compact.bits))
        function rate(value: real): string {
            return brief ? Sockledger.Format.briefRate(value, compact.bits) : Sockledger.Format.rate(value, compact.bits);
        }
    }
    Wording {
        id: largeRate
        brief: false
        arrows: compact.arrows
        font.family: compact.largeFont.family
        font.pointSize: compact.largeFont.pointSize
    }
    component SmallWording: Wording {
        font.family: compact.smallFont.family
        font.pointSize: compact.smallFont.pointSize
    }
    SmallWording {
        id: smallRate
        brief: false
        arrows: compact.arrows
    }
    SmallWording {
        id: briefRate
        brief: true
        arrows: compact.arrows
    }
    SmallWording {
        id: bareRate
        brief: true
        arrows: false
    }
    /** What a panel at the side has room for; null: for none. */
    readonly property Wording narrow: [smallRate, briefRate, bareRate].find(wording => wording.advanceWidth <= width) ?? null
    readonly property Wording wording: vertical ? narrow ?? bareRate : height >= 2 * largeRate.height ? largeRate : smallRate

    readonly property bool showsRates: content !== 1 && (!vertical || narrow)
    readonly property bool showsGraph: content !== 0 || !showsRates
    /** Two lines where there is room for them. */
    readonly property bool stacked: vertical || height >= 2 * wording.height
    readonly property real lineWidth: Math.ceil(wording.advanceWidth)
    readonly property real ratesWidth: showsRates ? stacked ? lineWidth : 2 * lineWidth + lines.columnSpacing : 0
    readonly property real graphWidth: showsGraph ? Kirigami.Units.gridUnit * 4 : 0

    Layout.minimumWidth: vertical ? 0 : ratesWidth + graphWidth + 2 * Kirigami.Units.smallSpacing
        + (content === 2 ? lines.columnSpacing : 0) + (exact ? 0 : Kirigami.Units.iconSizes.small + lines.columnSpacing)
    Layout.maximumWidth: vertical ? -1 : Layout.minimumWidth
    Layout.minimumHeight: vertical ? (showsRates ? 2 * wording.height : 0) + (showsGraph ? Kirigami.Units.gridUnit * 2 : 0)
        + (exact ? 0 : Kirigami.Units.iconSizes.small) : 0

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

    component Rate: PC3.Label {
        Layout.fillWidth: true
        textFormat: Text.PlainText
        font: compact.wording.font
        maximumLineCount: 1
        horizontalAlignment: compact.vertical ? Text.AlignHCenter : Text.AlignRight
        Accessible.ignored: true
    }

    GridLayout {
        anchors.fill: parent
        anchors.leftMargin: compact.vertical ? 0 : Kirigami.Units.smallSpacing
        anchors.rightMargin: anchors.leftMargin
        columns: compact.vertical ? 1 : 3
        rowSpacing: 0
        columnSpacing: lines.columnSpacing

        Kirigami.Icon {
            objectName: "notExact"
            visible: !compact.exact && compact.ledger.state !== Sockledger.Ledger.Waiting
            source: compact.ledger.state === Sockledger.Ledger.Failed ? "data-error" : "data-warning"
            Layout.alignment: Qt.AlignCenter
            Layout.preferredWidth: Kirigami.Units.iconSizes.small
            Layout.preferredHeight: Kirigami.Units.iconSizes.small
        }
        Loader {
            objectName: "graph"
            active: compact.showsGraph
            visible: active
            Layout.fillHeight: true
            Layout.fillWidth: compact.vertical || !compact.showsRates
            Layout.preferredWidth: compact.graphWidth
            sourceComponent: Sockledger.Sparkline {
                ledger: compact.ledger
            }
        }
        GridLayout {
            id: lines
            visible: compact.showsRates
            Layout.fillWidth: true
            columns: compact.stacked ? 1 : 2
            rowSpacing: 0
            columnSpacing: Kirigami.Units.smallSpacing

            Rate {
                objectName: "download"
                text: compact.wording.down + compact.wording.rate(compact.ledger.rxRate)
                Layout.alignment: compact.stacked ? Qt.AlignBottom : Qt.AlignVCenter
            }
            Rate {
                objectName: "upload"
                text: compact.wording.up + compact.wording.rate(compact.ledger.txRate)
                Layout.alignment: compact.stacked ? Qt.AlignTop : Qt.AlignVCenter
            }
        }
    }
}
