// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick

/** Applications by what they move now. */
LedgerTable {
    id: root

    required property Ledger ledger
    property bool bits: false
    /** An application, by id, was activated. */
    signal chosen(string app, string name)

    source: AppModel {
        ledger: root.ledger
        bits: root.bits
    }
    widths: [0.3, 0.15, 0.15, 0.13, 0.14, 0.13]
    placeholder: i18ndc("sockledger", "@info", "No application uses the network")
    onActivated: row => {
        const index = source.index(row, 0);
        chosen(source.data(index, LedgerModel.AppRole), source.data(index, Qt.DisplayRole));
    }
}
