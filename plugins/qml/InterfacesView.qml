// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick

/** Interfaces and their books: what applications and the kernel moved, and what remains. */
LedgerTable {
    id: root

    required property Ledger ledger
    property bool bits: false

    source: InterfaceModel {
        ledger: root.ledger
        bits: root.bits
    }
    widths: [0.16, 0.08, 0.13, 0.13, 0.13, 0.11, 0.13, 0.13]
    placeholder: i18ndc("sockledger", "@info", "There is no interface")
}
