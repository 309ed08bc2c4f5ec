// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** What was moved, over a window of time that ends now. */
ColumnLayout {
    id: root

    required property Ledger ledger
    property bool active: true
    property string filter
    readonly property UsageModel timeline: timelineModel

    /** What the sliders stop at. */
    readonly property var windows: [
        { seconds: 3600, text: i18ndc("sockledger", "@item window of time", "Last hour") },
        { seconds: 6 * 3600, text: i18ndc("sockledger", "@item window of time", "Last 6 hours") },
        { seconds: 24 * 3600, text: i18ndc("sockledger", "@item window of time", "Last day") },
        { seconds: 7 * 86400, text: i18ndc("sockledger", "@item window of time", "Last week") },
        { seconds: 30 * 86400, text: i18ndc("sockledger", "@item window of time", "Last 30 days") },
        { seconds: 365 * 86400, text: i18ndc("sockledger", "@item window of time", "Last year") }
    ]
    readonly property var buckets: [
        { seconds: 60, text: i18ndc("sockledger", "@item grouping by time", "By minute") },
        { seconds: 300, text: i18ndc("sockledger", "@item grouping by time", "By 5 minutes") },
        { seconds: 3600, text: i18ndc("sockledger", "@item grouping by time", "By hour") },
        { seconds: 86400, text: i18ndc("sockledger", "@item grouping by time", "By day") }
    ]
    /** No more points than a chart has room for. */
    readonly property int finest: buckets.findIndex(bucket => windows[windowSlider.value].seconds / bucket.seconds <= 750)

    spacing: Kirigami.Units.smallSpacing

    UsageModel {
        id: timelineModel
        ledger: root.ledger
        active: root.active
        span: root.windows[windowSlider.value].seconds
        bucket: root.buckets[Math.max(bucketSlider.value, root.finest)].seconds
        app: table.app
    }
    UsageModel {
        id: byApp
        ledger: root.ledger
        active: root.active
        span: timelineModel.span
        bucket: 0
        group: UsageModel.App
    }

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.smallSpacing
        Layout.rightMargin: Kirigami.Units.smallSpacing
        visible: table.app.length > 0
        QQC2.ToolButton {
            icon.name: LayoutMirroring.enabled ? "go-next" : "go-previous"
            text: i18ndc("sockledger", "@action:button", "All Applications")
            onClicked: table.app = ""
        }
        QQC2.Label {
            Layout.fillWidth: true
            textFormat: Text.PlainText
            text: table.appName
            elide: Text.ElideRight
        }
    }

    TrafficChart {
        objectName: "chart"
        Layout.fillWidth: true
        Layout.margins: Kirigami.Units.smallSpacing
        model: timelineModel
        formatValue: value => Format.bytes(value)
    }

    QQC2.Label {
        objectName: "totals"
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.largeSpacing
        textFormat: Text.PlainText
        elide: Text.ElideRight
        text: timelineModel.problem.length > 0 ? timelineModel.problem
            : i18ndc("sockledger", "@info totals of a window of time", "Received %1, sent %2",
                     Format.bytes(timelineModel.rxBytes), Format.bytes(timelineModel.txBytes))
    }

    GridLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.largeSpacing
        Layout.rightMargin: Kirigami.Units.largeSpacing
        columns: 2
        QQC2.Slider {
            id: windowSlider
            objectName: "windowSlider"
            Layout.fillWidth: true
            to: root.windows.length - 1
            stepSize: 1
            snapMode: QQC2.Slider.SnapAlways
            Accessible.name: i18ndc("sockledger", "@label:slider", "Window of time")
            Accessible.description: root.windows[value].text
        }
        QQC2.Label {
            Layout.preferredWidth: Kirigami.Units.gridUnit * 7
            text: root.windows[windowSlider.value].text
        }
        QQC2.Slider {
            id: bucketSlider
            objectName: "bucketSlider"
            Layout.fillWidth: true
            to: root.buckets.length - 1
            stepSize: 1
            snapMode: QQC2.Slider.SnapAlways
            Accessible.name: i18ndc("sockledger", "@label:slider", "Grouping")
            Accessible.description: root.buckets[value].text
        }
        QQC2.Label {
            Layout.preferredWidth: Kirigami.Units.gridUnit * 7
            text: root.buckets[Math.max(bucketSlider.value, root.finest)].text
        }
    }

    LedgerTable {
        id: table
        property string app
        property string appName
        Layout.fillWidth: true
        Layout.fillHeight: true
        source: byApp
        sortBy: "total"
        filter: root.filter
        widths: [0.46, 0, 0.18, 0.18, 0.18]
        placeholder: byApp.problem.length > 0 ? i18ndc("sockledger", "@info", "History is kept by the daemon, which does not answer")
                                              : i18ndc("sockledger", "@info", "Nothing was moved")
        onActivated: row => {
            const index = byApp.index(row, 0);
            appName = byApp.data(index, Qt.DisplayRole);
            app = byApp.data(index, LedgerModel.AppRole);
        }
    }
}
