// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick

/** Applications by what they move now; each opens into its processes. */
LedgerTable {
    id: root

    required property Ledger ledger
    property bool bits: false
    /** Somebody looks. */
    property bool active: true
    /** The selected application, by id; empty: none. */
    property string currentApp
    property string currentName
    /** An application, by id, was activated, or one of its processes. */
    signal chosen(string app, string name, int pid)

    source: AppModel {
        ledger: root.ledger
        bits: root.bits
        today: UsageModel {
            objectName: "today"
            ledger: root.ledger
            active: root.active
            today: true
            bucket: 0
            group: UsageModel.App
        }
    }
    sortBy: "share"
    widths: [0.32, 0.12, 0.15, 0.15, 0.13, 0.13, 0, 0]
    placeholder: i18ndc("sockledger", "@info", "No application uses the network")
    onActivated: row => {
        const index = source.index(row, 0);
        chosen(source.data(index, LedgerModel.AppRole), source.data(index, Qt.DisplayRole),
               source.data(index, LedgerModel.PidRole));
    }
    onExpansionAsked: (row, expanded) => source.expand(source.data(source.index(row, 0), LedgerModel.AppRole), expanded)
    onCurrentRowChanged: {
        const index = source.index(currentRow, 0);
        currentApp = currentRow < 0 ? "" : source.data(index, LedgerModel.AppRole);
        currentName = currentRow < 0 ? "" : source.data(index, Qt.DisplayRole);
    }
}
