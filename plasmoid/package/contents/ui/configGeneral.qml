// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kcmutils as KCM
import org.kde.kirigami as Kirigami
import org.sockledger as Sockledger

KCM.SimpleKCM {
    id: page

    property alias cfg_interval: interval.value
    property alias cfg_bits: bits.checked
    property alias cfg_panel: panel.currentIndex
    property alias cfg_arrows: arrows.checked
    property var cfg_interfaces: []

    /** What exists, and what was chosen when it did. */
    readonly property var names: ledger.knownInterfaces.concat(
        Array.from(cfg_interfaces).filter(name => ledger.knownInterfaces.indexOf(name) < 0))

    function choose(name: string, chosen: bool) {
        const others = Array.from(cfg_interfaces).filter(other => other !== name);
        cfg_interfaces = chosen ? others.concat([name]) : others;
    }

    Sockledger.Ledger {
        id: ledger
    }

    Kirigami.FormLayout {
        QQC2.SpinBox {
            id: interval
            objectName: "interval"
            Kirigami.FormData.label: i18nc("@label:spinbox", "Update every:")
            from: 1
            to: 60
            textFromValue: value => i18ncp("@item:valuesuffix", "%1 second", "%1 seconds", value)
            valueFromText: text => parseInt(text)
        }
        QQC2.CheckBox {
            id: bits
            Kirigami.FormData.label: i18nc("@title:group", "Rates:")
            text: i18nc("@option:check", "In bits per second")
        }
        QQC2.ComboBox {
            id: panel
            objectName: "panel"
            Kirigami.FormData.label: i18nc("@label:listbox", "Show in the panel:")
            model: [i18nc("@item:inlistbox", "Rates"), i18nc("@item:inlistbox", "Graph"), i18nc("@item:inlistbox", "Rates and graph")]
        }
        QQC2.CheckBox {
            id: arrows
            enabled: panel.currentIndex !== 1
            text: i18nc("@option:check", "Show arrows")
        }
        // One row of the form: what a Repeater makes later would come after the rows below
        ColumnLayout {
            Kirigami.FormData.label: i18nc("@title:group", "Interfaces:")
            Kirigami.FormData.labelAlignment: Qt.AlignTop
            Repeater {
                model: page.names
                QQC2.CheckBox {
                    required property string modelData
                    objectName: "interface-" + modelData
                    text: ledger.knownInterfaces.indexOf(modelData) < 0
                        ? i18nc("@option:check %1 is a network interface", "%1 (absent)", modelData) : modelData
                    checked: Array.from(page.cfg_interfaces).indexOf(modelData) >= 0
                    onToggled: page.choose(modelData, checked)
                }
            }
            QQC2.Label {
                text: i18nc("@info", "When none is chosen, the panel shows those with a default route.")
                font: Kirigami.Theme.smallFont
                wrapMode: Text.WordWrap
            }
        }
    }
}
