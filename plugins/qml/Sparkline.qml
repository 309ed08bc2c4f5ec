// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import org.kde.kirigami as Kirigami
import org.kde.quickcharts as Charts

/** Received and sent over the last minute, without any text. */
Charts.LineChart {
    id: root

    required property Ledger ledger

    fillOpacity: 0.25
    lineWidth: 1
    direction: Charts.XYChart.ZeroAtEnd
    xRange.automatic: false
    xRange.to: live.limit
    yRange.minimum: 1000
    colorSource: Charts.ArraySource {
        array: [Kirigami.Theme.highlightColor, Kirigami.Theme.positiveTextColor]
    }
    valueSources: [
        Charts.ModelSource {
            model: live
            roleName: "rx"
        },
        Charts.ModelSource {
            model: live
            roleName: "tx"
        }
    ]
    Accessible.ignored: true

    LiveModel {
        id: live
        objectName: "live"
        ledger: root.ledger
        span: 60
    }
}
