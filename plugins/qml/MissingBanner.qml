// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import org.kde.kirigami as Kirigami

/** Says what is missing for exact numbers, and the command that brings it. */
Kirigami.InlineMessage {
    id: root

    required property Ledger ledger
    readonly property string command: "sudo systemctl enable --now sockledgerd.socket"

    visible: ledger.missing.length > 0 || ledger.daemonAway
    type: ledger.state === Ledger.Failed ? Kirigami.MessageType.Error : Kirigami.MessageType.Warning
    text: !ledger.daemonAway ? ledger.missing
        : ledger.accuracy === Ledger.Exact
        ? i18ndc("sockledger", "@info %1 is a command", "Nothing is recorded, because the daemon does not run. Start it with<br/><tt>%1</tt>", command)
        : i18ndc("sockledger", "@info %1 is a command", "Numbers are not exact, because the daemon does not run. Start it with<br/><tt>%1</tt>", command)
    actions: Kirigami.Action {
        visible: root.ledger.daemonAway
        icon.name: "edit-copy"
        text: i18ndc("sockledger", "@action:button", "Copy Command")
        onTriggered: Format.copy(root.command)
    }
}
