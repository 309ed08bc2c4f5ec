// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami
import org.kde.kitemmodels as KItemModels

/** A LedgerModel with sortable columns, a filter and the keyboard. */
ColumnLayout {
    id: root

    required property LedgerModel source
    /** Share of the width, for each column; 0 hides it. */
    required property list<real> widths
    property string sortBy: "rx"
    property bool descending: true
    property string filter
    property string placeholder

    /** Enter or a double click on a row, which is one of `source`. */
    signal activated(int row)

    readonly property alias rows: table.rows

    spacing: 0

    function move(order: int) {
        const row = Math.max(0, Math.min(table.rows - 1, table.currentRow + order));
        selection.setCurrentIndex(table.index(row, 0), ItemSelectionModel.SelectCurrent | ItemSelectionModel.Rows);
        table.positionViewAtRow(row, TableView.Contain);
    }

    function activate(row: int) {
        if (row >= 0) {
            root.activated(proxy.mapToSource(proxy.index(row, 0)).row);
        }
    }

    KItemModels.KSortFilterProxyModel {
        id: proxy
        sourceModel: root.source
        sortRoleName: "sortValue"
        sortColumn: Math.max(0, root.source.column(root.sortBy))
        sortOrder: root.descending ? Qt.DescendingOrder : Qt.AscendingOrder
        filterRoleName: "display"
        filterKeyColumn: -1
        filterString: root.filter
        filterCaseSensitivity: Qt.CaseInsensitive
        // Rows that jump away from under the pointer cannot be clicked
        dynamicSortFilter: !hover.hovered
    }

    QQC2.HorizontalHeaderView {
        id: header
        Layout.fillWidth: true
        syncView: table
        clip: true
        resizableColumns: false
        delegate: QQC2.AbstractButton {
            id: title
            required property int column
            required property var model
            readonly property bool numeric: root.source.headerData(column, Qt.Horizontal, LedgerModel.NumericRole) ?? false
            readonly property bool sorted: root.source.columnId(column) === root.sortBy

            objectName: "header-" + root.source.columnId(column)
            implicitHeight: Kirigami.Units.gridUnit * 1.6
            implicitWidth: 10
            text: model.display ?? ""
            Accessible.role: Accessible.ColumnHeader
            Accessible.name: text
            Accessible.onPressAction: clicked()
            contentItem: RowLayout {
                spacing: Kirigami.Units.smallSpacing
                QQC2.Label {
                    Layout.fillWidth: true
                    text: title.text
                    textFormat: Text.PlainText
                    elide: Text.ElideRight
                    font.bold: title.sorted
                    opacity: title.sorted ? 1 : 0.75
                    horizontalAlignment: title.numeric ? Text.AlignRight : Text.AlignLeft
                }
                Kirigami.Icon {
                    visible: title.sorted
                    source: root.descending ? "arrow-down" : "arrow-up"
                    implicitWidth: Kirigami.Units.iconSizes.small / 2
                    implicitHeight: implicitWidth
                }
            }
            leftPadding: Kirigami.Units.smallSpacing
            rightPadding: Kirigami.Units.smallSpacing
            onClicked: {
                if (sorted) {
                    root.descending = !root.descending;
                } else {
                    root.sortBy = root.source.columnId(column);
                    root.descending = numeric;
                }
            }
        }
    }

    Kirigami.Separator {
        Layout.fillWidth: true
    }

    QQC2.ScrollView {
        Layout.fillWidth: true
        Layout.fillHeight: true

        TableView {
            id: table
            objectName: "table"
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: false
            reuseItems: true
            model: proxy
            columnWidthProvider: column => (root.widths[column] ?? 0) * width
            rowHeightProvider: () => Kirigami.Units.gridUnit * 1.6
            // At once it would be within the layout that it asks for
            onWidthChanged: Qt.callLater(forceLayout)
            selectionBehavior: TableView.SelectRows
            selectionModel: ItemSelectionModel {
                id: selection
            }

            Keys.onUpPressed: root.move(-1)
            Keys.onDownPressed: root.move(1)
            Keys.onPressed: event => {
                if (event.key === Qt.Key_PageUp || event.key === Qt.Key_PageDown) {
                    const page = Math.floor(height / (Kirigami.Units.gridUnit * 1.6));
                    root.move(event.key === Qt.Key_PageUp ? -page : page);
                    event.accepted = true;
                } else if (event.key === Qt.Key_Home || event.key === Qt.Key_End) {
                    root.move(event.key === Qt.Key_Home ? -rows : rows);
                    event.accepted = true;
                }
            }
            Keys.onReturnPressed: root.activate(currentRow)
            Keys.onEnterPressed: root.activate(currentRow)

            HoverHandler {
                id: hover
            }

            delegate: Rectangle {
                id: cell
                required property int row
                required property int column
                required property bool selected
                required property var model

                implicitHeight: Kirigami.Units.gridUnit * 1.6
                implicitWidth: 10
                color: selected ? Kirigami.Theme.highlightColor
                     : row % 2 ? Kirigami.Theme.alternateBackgroundColor : "transparent"
                Accessible.role: Accessible.Cell
                Accessible.name: model.display ?? ""

                RowLayout {
                    anchors.fill: parent
                    anchors.leftMargin: Kirigami.Units.smallSpacing
                    anchors.rightMargin: Kirigami.Units.smallSpacing
                    spacing: Kirigami.Units.smallSpacing

                    Kirigami.Icon {
                        visible: cell.column === 0
                        source: cell.model.iconName ?? ""
                        fallback: "application-x-executable"
                        implicitWidth: Kirigami.Units.iconSizes.small
                        implicitHeight: Kirigami.Units.iconSizes.small
                    }
                    QQC2.Label {
                        Layout.fillWidth: true
                        text: cell.model.display ?? ""
                        textFormat: Text.PlainText
                        elide: Text.ElideRight
                        font.features: { "tnum": 1 }
                        color: cell.selected ? Kirigami.Theme.highlightedTextColor : Kirigami.Theme.textColor
                        horizontalAlignment: cell.model.numeric ? Text.AlignRight : Text.AlignLeft
                        Accessible.ignored: true
                    }
                }
                TapHandler {
                    onTapped: {
                        table.forceActiveFocus();
                        selection.setCurrentIndex(table.index(cell.row, 0),
                                                  ItemSelectionModel.SelectCurrent | ItemSelectionModel.Rows);
                    }
                    onDoubleTapped: root.activate(cell.row)
                }
            }

            Kirigami.PlaceholderMessage {
                anchors.centerIn: parent
                width: parent.width - Kirigami.Units.gridUnit * 4
                visible: table.rows === 0 && text.length > 0
                text: root.filter.length > 0 ? i18ndc("sockledger", "@info", "Nothing matches “%1”", root.filter)
                                             : root.placeholder
            }
        }
    }
}
