// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** What was moved, over a window of time that ends now, by application or by interface. */
ColumnLayout {
    id: root

    required property Ledger ledger
    property bool active: true
    property string filter
    /** What the chart is of: an application by id, an interface by name, or all; what people call it. */
    property string app
    property string interfaceName
    property string title
    /** The day of the month on which a billing cycle begins. */
    property int cycleDay: 1
    readonly property UsageModel timeline: timelineModel
    readonly property UsageModel parts: partsModel
    property alias rules: ruleSet.rules

    /** What the sliders stop at. */
    readonly property var windows: [
        { seconds: 3600, text: i18ndc("sockledger", "@item window of time", "Last hour") },
        { seconds: 6 * 3600, text: i18ndc("sockledger", "@item window of time", "Last 6 hours") },
        { seconds: 86400, today: true, text: i18ndc("sockledger", "@item window of time", "Today") },
        { seconds: 86400, text: i18ndc("sockledger", "@item window of time", "Last day") },
        { seconds: 7 * 86400, text: i18ndc("sockledger", "@item window of time", "Last week") },
        { seconds: 31 * 86400, cycle: true, text: i18ndc("sockledger", "@item window of time", "This cycle") },
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
    readonly property int finest: buckets.findIndex(bucket => window.seconds / bucket.seconds <= 750)
    readonly property var window: windows[windowSlider.value]
    /** Amounts at which the daemon tells of what is shown. */
    readonly property list<string> thresholds: ruleSet.rules.filter(rule =>
        root.app.length > 0 ? rule.subject === "app" && (rule.target === root.app || rule.target === root.title)
            : root.interfaceName.length > 0 ? rule.subject === "interface" && rule.target === root.interfaceName
            : rule.subject === "total").map(rule => rule.amount)

    spacing: Kirigami.Units.smallSpacing

    function open(ofApp: string, ofInterface: string, name: string) {
        app = ofApp;
        interfaceName = ofInterface;
        title = name;
    }

    UsageModel {
        id: timelineModel
        ledger: root.ledger
        active: root.active
        span: root.window.seconds
        today: root.window.today ?? false
        cycleDay: root.window.cycle ? root.cycleDay : 0
        bucket: root.buckets[Math.max(bucketSlider.value, root.finest)].seconds
        app: root.app
        interfaceName: root.interfaceName
    }
    UsageModel {
        id: partsModel
        ledger: root.ledger
        active: root.active
        span: timelineModel.span
        today: timelineModel.today
        cycleDay: timelineModel.cycleDay
        bucket: 0
        group: groupBox.currentIndex === 1 ? UsageModel.Interface : UsageModel.App
    }

    RuleSet {
        id: ruleSet
        socket: root.ledger.socket
    }
    onActiveChanged: {
        if (active) {
            ruleSet.refresh();
        }
    }
    Component.onCompleted: activeChanged()

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.smallSpacing
        Layout.rightMargin: Kirigami.Units.smallSpacing
        visible: root.app.length > 0 || root.interfaceName.length > 0
        QQC2.ToolButton {
            objectName: "showAll"
            icon.name: LayoutMirroring.enabled ? "go-next" : "go-previous"
            text: i18ndc("sockledger", "@action:button", "Show All")
            onClicked: root.open("", "", "")
        }
        QQC2.Label {
            Layout.fillWidth: true
            textFormat: Text.PlainText
            text: root.title
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

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.largeSpacing
        Layout.rightMargin: Kirigami.Units.largeSpacing
        QQC2.Label {
            objectName: "totals"
            Layout.fillWidth: true
            textFormat: Text.PlainText
            elide: Text.ElideRight
            text: timelineModel.problem.length > 0 ? timelineModel.problem
                : i18ndc("sockledger", "@info totals of a window of time", "Received %1, sent %2, together %3",
                         Format.bytes(timelineModel.rxBytes, timelineModel.accuracy),
                         Format.bytes(timelineModel.txBytes, timelineModel.accuracy),
                         Format.bytes(timelineModel.rxBytes + timelineModel.txBytes, timelineModel.accuracy))
        }
        QQC2.ComboBox {
            id: groupBox
            objectName: "group"
            model: [i18ndc("sockledger", "@item:inlistbox", "By application"), i18ndc("sockledger", "@item:inlistbox", "By interface")]
            Accessible.name: i18ndc("sockledger", "@label:listbox", "Rows of the table")
        }
    }

    QQC2.Label {
        objectName: "thresholds"
        Layout.fillWidth: true
        Layout.leftMargin: Kirigami.Units.largeSpacing
        visible: root.thresholds.length > 0
        textFormat: Text.PlainText
        elide: Text.ElideRight
        font: Kirigami.Theme.smallFont
        text: i18ndc("sockledger", "@info %1 is a list of amounts", "You are told at: %1", root.thresholds.join(", "))
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
        Layout.fillWidth: true
        Layout.fillHeight: true
        source: partsModel
        sortBy: "total"
        filter: root.filter
        widths: [0.46, 0, 0.18, 0.18, 0.18]
        placeholder: root.parts.problem.length > 0 ? i18ndc("sockledger", "@info", "History is kept by the daemon, which does not answer")
                                              : i18ndc("sockledger", "@info", "Nothing was moved")
        onActivated: row => {
            const index = root.parts.index(row, 0);
            root.open(root.parts.data(index, LedgerModel.AppRole), root.parts.data(index, LedgerModel.InterfaceRole),
                      root.parts.data(index, Qt.DisplayRole));
        }
    }
}
