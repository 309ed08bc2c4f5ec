// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.quickcharts as Charts
import org.kde.quickcharts.controls as ChartControls

/** Received and sent, over time: a row of `model` for each point, with `rx` and `tx`, the oldest first. */
ColumnLayout {
    id: root

    required property LedgerModel model
    /** A number of the chart as text. */
    required property var formatValue
    property real chartHeight: Kirigami.Units.gridUnit * 7
    /** Points that there is room for, and then the newest is the first; 0: as many as there are. */
    property int points: 0

    spacing: Kirigami.Units.smallSpacing

    ChartControls.GridLines {
        id: grid
        Layout.fillWidth: true
        Layout.preferredHeight: root.chartHeight
        chart: lines
        direction: ChartControls.GridLines.Vertical
        major.visible: false
        minor.count: 3
        minor.lineWidth: 1
        minor.color: Kirigami.ColorUtils.linearInterpolation(Kirigami.Theme.backgroundColor, Kirigami.Theme.textColor, 0.2)

        Charts.LineChart {
            id: lines
            anchors.fill: parent
            fillOpacity: 0.25
            direction: root.points > 0 ? Charts.XYChart.ZeroAtEnd : Charts.XYChart.ZeroAtStart
            xRange.automatic: root.points === 0
            xRange.to: root.points
            yRange.minimum: 1000
            colorSource: Charts.ArraySource {
                array: [Kirigami.Theme.highlightColor, Kirigami.Theme.positiveTextColor]
            }
            nameSource: Charts.ArraySource {
                array: [i18ndc("sockledger", "@label of a line", "Received"), i18ndc("sockledger", "@label of a line", "Sent")]
            }
            valueSources: [
                Charts.ModelSource {
                    model: root.model
                    roleName: "rx"
                },
                Charts.ModelSource {
                    model: root.model
                    roleName: "tx"
                }
            ]
            Accessible.role: Accessible.Chart
            Accessible.name: i18ndc("sockledger", "@info:whatsthis", "Received and sent over time")
        }
        Rectangle {
            anchors.fill: parent
            visible: root.activeFocus
            color: "transparent"
            border.color: Kirigami.Theme.highlightColor
        }
        ChartControls.AxisLabels {
            anchors.fill: parent
            direction: ChartControls.AxisLabels.VerticalBottomTop
            constrainToBounds: true
            alignment: Qt.AlignLeft | Qt.AlignTop
            source: Charts.ChartAxisSource {
                chart: lines
                axis: Charts.ChartAxisSource.YAxis
                itemCount: 3
            }
            delegate: QQC2.Label {
                font: Kirigami.Theme.smallFont
                opacity: 0.75
                textFormat: Text.PlainText
                text: root.formatValue(Number(ChartControls.AxisLabels.label)) // qmllint disable use-proper-function
            }
        }
    }

    ChartControls.Legend {
        visible: root.points === 0
        Layout.alignment: Qt.AlignHCenter
        chart: lines
        formatValue: () => "" // of one point: nobody asked for that
    }
}
