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

    property alias cfg_notifications: notifications.checked
    property alias cfg_cycleDay: cycleDay.value

    Sockledger.RuleSet {
        id: rules
        objectName: "rules"
        Component.onCompleted: refresh()
    }
    Sockledger.Ledger {
        id: ledger
    }
    Sockledger.AppModel {
        id: apps
        ledger: ledger
    }

    ColumnLayout {
        Kirigami.InlineMessage {
            Layout.fillWidth: true
            visible: rules.problem.length > 0
            type: Kirigami.MessageType.Warning
            text: rules.problem
        }
        Kirigami.FormLayout {
            QQC2.CheckBox {
                id: notifications
                Kirigami.FormData.label: i18nc("@title:group", "Alerts:")
                text: i18nc("@option:check", "Show them as notifications")
            }
            QQC2.SpinBox {
                id: cycleDay
                Kirigami.FormData.label: i18nc("@label:spinbox", "Billing cycle begins on day:")
                from: 1
                to: 31
            }
            Item {
                Kirigami.FormData.isSection: true
                Kirigami.FormData.label: i18nc("@title:group", "Tell me when")
            }
            QQC2.ComboBox {
                id: application
                objectName: "ruleApplication"
                Kirigami.FormData.label: i18nc("@label:listbox", "Application:")
                Layout.fillWidth: true
                editable: true
                textRole: "display"
                model: apps
                currentIndex: -1
                Accessible.description: i18nc("@info", "Empty for the whole computer")
            }
            QQC2.Label {
                text: i18nc("@info", "Empty: the whole computer.")
                font: Kirigami.Theme.smallFont
            }
            RowLayout {
                Kirigami.FormData.label: i18nc("@label:spinbox", "has moved:")
                QQC2.SpinBox {
                    id: amount
                    objectName: "ruleAmount"
                    from: 1
                    to: 100000
                    value: 20
                    stepSize: 10
                    textFromValue: value => i18nc("@item:valuesuffix an amount of data", "%1 GB", (value / 10).toLocaleString(Qt.locale(), "f", 1))
                    valueFromText: text => Math.round(parseFloat(text.replace(",", ".")) * 10)
                }
                QQC2.ComboBox {
                    id: period
                    objectName: "rulePeriod"
                    currentIndex: 1
                    model: [
                        i18nc("@item:inlistbox", "in an hour"),
                        i18nc("@item:inlistbox", "in a day"),
                        i18nc("@item:inlistbox", "in a month"),
                        i18nc("@item:inlistbox", "in a billing cycle")
                    ]
                }
                QQC2.Button {
                    objectName: "ruleAdd"
                    icon.name: "list-add"
                    text: i18nc("@action:button", "Add")
                    onClicked: rules.add(application.editText.trim(), amount.value * 1e8, period.currentIndex,
                                         cycleDay.value)
                }
            }
        }
        Repeater {
            model: rules.rules
            RowLayout {
                id: rule
                required property var modelData
                Layout.alignment: Qt.AlignHCenter
                QQC2.Label {
                    text: rule.modelData.text
                    textFormat: Text.PlainText
                }
                QQC2.ToolButton {
                    enabled: !rule.modelData.fixed
                    icon.name: "edit-delete-remove"
                    display: QQC2.AbstractButton.IconOnly
                    text: i18nc("@action:button", "Remove")
                    onClicked: rules.remove(rule.modelData.id)
                    QQC2.ToolTip.visible: hovered
                    QQC2.ToolTip.text: rule.modelData.fixed
                        ? i18nc("@info:tooltip", "This rule stands in the configuration of the daemon") : text
                }
            }
        }
    }
}
