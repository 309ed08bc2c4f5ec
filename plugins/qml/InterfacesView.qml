// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick

/** Interfaces and their books: what applications and the kernel moved, and what remains. */
LedgerTable {
    id: root

    required property Ledger ledger
    property bool bits: false
    /** The selected interface, by `key`; empty: none. */
    property string currentInterface
    property string currentName
    /** An interface, by `key`, was activated. */
    signal chosen(string key, string name)

    source: InterfaceModel {
        ledger: root.ledger
        bits: root.bits
    }
    widths: [0.16, 0.08, 0.13, 0.13, 0.13, 0.11, 0.13, 0.13]
    onActivated: row => {
        const index = source.index(row, 0);
        chosen(source.data(index, LedgerModel.KeyRole), source.data(index, Qt.DisplayRole));
    }
    onCurrentRowChanged: {
        const index = source.index(currentRow, 0);
        currentInterface = currentRow < 0 ? "" : source.data(index, LedgerModel.KeyRole);
        currentName = currentRow < 0 ? "" : source.data(index, Qt.DisplayRole);
    }
    placeholder: i18ndc("sockledger", "@info", "There is no interface")
}
