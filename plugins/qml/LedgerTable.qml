// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls as QQC2
import QtQuick.Layouts
import org.kde.kirigami as Kirigami

/** A LedgerModel with sortable columns, a filter, the keyboard, and rows to copy. */
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
    /** The rows below a row, which is one of `source`, shall be shown or hidden. */
    signal expansionAsked(int row, bool expanded)

    readonly property alias rows: table.rows
    /** The selected row of `source`, as it was when it was selected; -1: none. */
    readonly property int currentRow: selection.currentIndex.valid ? proxy.mapToSource(selection.currentIndex).row : -1

    spacing: 0

    function select(row: int) {
        selection.setCurrentIndex(table.index(row, 0), ItemSelectionModel.ClearAndSelect | ItemSelectionModel.Rows);
        table.positionViewAtRow(row, TableView.Contain);
    }

    function unselect() {
        selection.clear();
    }

    function move(order: int) {
        select(Math.max(0, Math.min(table.rows - 1, table.currentRow + order)));
    }

    function sourceRow(row: int): int {
        return proxy.mapToSource(proxy.index(row, 0)).row;
    }

    function value(row: int, role: int): var {
        return proxy.data(proxy.index(row, 0), role);
    }

    function expand(row: int, expanded: bool) {
        if (row >= 0 && value(row, LedgerModel.ExpandableRole) && value(row, LedgerModel.ExpandedRole) !== expanded) {
            root.expansionAsked(sourceRow(row), expanded);
        }
    }

    /** Hides the rows below a row; from one of those, goes to the row that they are below. */
    function collapse(row: int) {
        if (row >= 0 && value(row, LedgerModel.LevelRole) > 0) {
            while (row > 0 && value(row, LedgerModel.LevelRole) > 0) {
                --row;
            }
            select(row);
        } else {
            expand(row, false);
        }
    }

    function activate(row: int) {
        if (row >= 0) {
            root.activated(sourceRow(row));
        }
    }

    /** Enter opens what is below a row, or else what is behind it. */
    function open(row: int) {
        if (row >= 0 && value(row, LedgerModel.ExpandableRole)) {
            expand(row, !value(row, LedgerModel.ExpandedRole));
        } else {
            activate(row);
        }
    }

    /** The columns that are shown, with tabs between them. */
    function rowText(row: int): string {
        return root.widths.map((width, column) => width > 0 ? proxy.data(proxy.index(row, column), Qt.DisplayRole) ?? "" : null)
                          .filter(text => text !== null).join("\t");
    }

    function copy(row: int) {
        if (row >= 0) {
            Format.copy(rowText(row));
        }
    }

    /** A TableView does not mirror itself: it is flipped, and each of its cells back. */
    component Flip: Scale {
        required property Item item
        origin.x: item.width / 2
        xScale: item.LayoutMirroring.enabled ? -1 : 1
    }

    OrderedModel {
        id: proxy
        sourceModel: root.source
        sortBy: root.sortBy
        descending: root.descending
        filter: root.filter
        // Rows that jump away from under the pointer cannot be clicked
        still: hover.hovered
    }

    QQC2.Menu {
        id: menu
        objectName: "menu"
        QQC2.MenuItem {
            icon.name: "edit-copy"
            text: i18ndc("sockledger", "@action:inmenu", "Copy")
            onTriggered: root.copy(table.currentRow)
        }
    }

    QQC2.HorizontalHeaderView {
        id: header
        Layout.fillWidth: true
        // The scroll bar may be on any side; a layout mirrors its margins
        Layout.leftMargin: LayoutMirroring.enabled ? scroll.rightPadding : scroll.leftPadding
        Layout.rightMargin: LayoutMirroring.enabled ? scroll.leftPadding : scroll.rightPadding
        syncView: table
        clip: true
        resizableColumns: false
        transform: Flip {
            item: header
        }
        delegate: QQC2.AbstractButton {
            id: title
            required property int column
            required property var model
            readonly property bool numeric: root.source.headerData(column, Qt.Horizontal, LedgerModel.NumericRole) ?? false
            readonly property bool share: root.source.headerData(column, Qt.Horizontal, LedgerModel.ShareRole) ?? false
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
                    horizontalAlignment: title.numeric && !title.share ? Text.AlignRight : Text.AlignLeft
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
            transform: Flip {
                item: title
            }
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
        id: scroll
        objectName: "scroll"
        Layout.fillWidth: true
        Layout.fillHeight: true

        TableView {
            id: table
            objectName: "table"
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: false
            pointerNavigationEnabled: false // it would take the selection away
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
                } else if (event.matches(StandardKey.Copy)) {
                    root.copy(currentRow);
                    event.accepted = true;
                }
            }
            Keys.onRightPressed: root.expand(currentRow, true)
            Keys.onLeftPressed: root.collapse(currentRow)
            Keys.onReturnPressed: root.open(currentRow)
            Keys.onEnterPressed: root.open(currentRow)
            Keys.onMenuPressed: menu.popup()

            HoverHandler {
                id: hover
            }

            transform: Flip {
                item: table
            }
            delegate: LedgerCell {
                id: cell
                transform: Flip {
                    item: cell
                }
                indented: root.source.grouped
                onChosen: {
                    table.forceActiveFocus();
                    root.select(row);
                }
                onActivated: root.activate(row)
                onExpansionAsked: expanded => root.expand(row, expanded)
                onMenuAsked: menu.popup()
            }

            Kirigami.PlaceholderMessage {
                objectName: "placeholder"
                parent: scroll // and not what is scrolled, which is empty
                anchors.centerIn: parent
                width: parent.width - Kirigami.Units.gridUnit * 4
                visible: table.rows === 0 && text.length > 0
                text: root.filter.length > 0 ? i18ndc("sockledger", "@info", "Nothing matches “%1”", root.filter)
                                             : root.placeholder
            }
        }
    }
}
