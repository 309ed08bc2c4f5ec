// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "live_view.hpp"

#include "engine/address_text.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

View view_at(std::size_t number) {
    return static_cast<View>(number % views);
}

// Up to the start of the last character.
void remove_last_character(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0u) == 0x80)
        text.pop_back();
    if (!text.empty())
        text.pop_back();
}

} // namespace

LiveView::LiveView(LiveOptions options)
    : options_(std::move(options))
    , models_{TableModel(View::Apps), TableModel(View::Processes), TableModel(View::Connections),
              TableModel(View::Interfaces), TableModel(View::Remotes)} {}

void LiveView::show(SnapshotPtr snapshot) {
    newest_ = std::move(snapshot);
    if (paused_)
        return;
    shown_ = newest_;
    refresh();
}

void LiveView::refresh() {
    if (!shown_)
        return;
    model().update(shown_, options_.selection, order());
    // The cursor stays with its row; when the row has gone, with its place.
    const auto& rows = model().rows();
    if (!cursor_)
        last_cursor_row_ = 0;
    else if (const auto row = model().index_of(*cursor_))
        last_cursor_row_ = *row;
    else if (rows.empty())
        cursor_.reset();
    else
        cursor_ = rows[std::min(last_cursor_row_, rows.size() - 1)].key;
}

std::size_t LiveView::cursor_row() const {
    const auto& rows = models_[static_cast<std::size_t>(view_)].rows();
    return rows.empty() ? 0 : std::min(last_cursor_row_, rows.size() - 1);
}

void LiveView::move_cursor(long rows) {
    const auto count = static_cast<long>(model().rows().size());
    if (count == 0)
        return;
    const long row = std::clamp(static_cast<long>(cursor_row()) + rows, 0L, count - 1);
    last_cursor_row_ = static_cast<std::size_t>(row);
    cursor_ = model().rows()[last_cursor_row_].key;
}

void LiveView::switch_view(View view) {
    if (view != view_)
        model().release(); // an old Snapshot is large
    view_ = view;
    cursor_.reset();
    last_cursor_row_ = top_ = 0;
    refresh();
}

void LiveView::next_sort_column(int step) {
    std::vector<std::string_view> choices{rate_order};
    for (const Placed& placed : steady_layout(view_, width_, options_.format.units))
        choices.push_back(placed.column->id);
    const auto now = std::ranges::find(choices, order().column);
    const auto size = static_cast<long>(choices.size());
    const long at = now != choices.end() ? now - choices.begin() : 0;
    order() = {std::string(choices[static_cast<std::size_t>((at + step + size) % size)]), false};
    refresh();
}

// An app opens into its processes, a process into its connections, an interface into its apps, a remote into
// the connections to it.
void LiveView::open_row() {
    if (model().rows().empty() || view_ == View::Connections)
        return;
    const Row& row = model().rows()[cursor_row()];
    trail_.push_back({view_, options_.selection, crumb_, row.key});
    Selection& selection = options_.selection;
    crumb_ = displayable(name_of(row.item, model().context()));
    selection.text.clear();
    if (const auto* app = std::get_if<const App*>(&row.item)) {
        selection.app_id = (*app)->id;
        switch_view(View::Processes);
    } else if (const auto* process = std::get_if<const Process*>(&row.item)) {
        selection.process = (*process)->id;
        switch_view(View::Connections);
    } else if (const auto* interface = std::get_if<const Interface*>(&row.item)) {
        selection.interface = (*interface)->name;
        switch_view(View::Apps);
    } else if (const auto* remote = std::get_if<const Remote*>(&row.item)) {
        selection.app_id = (*remote)->app;
        selection.text = address_text((*remote)->endpoint);
        switch_view(View::Connections);
    }
}

void LiveView::go_back() {
    if (!options_.selection.text.empty()) {
        options_.selection.text.clear();
        refresh();
        return;
    }
    if (trail_.empty())
        return;
    const Place place = std::move(trail_.back());
    trail_.pop_back();
    const bool all = options_.selection.all;
    options_.selection = place.selection;
    options_.selection.all = all;
    crumb_ = place.crumb;
    switch_view(place.view);
    cursor_ = place.cursor;
    refresh();
}

bool LiveView::handle(const Key& key) {
    if (help_ && key.code != KeyCode::Other) {
        help_ = false;
        return !(key.code == KeyCode::Character && key.text == "q");
    }
    if (filtering_)
        return handle_filter(key);
    const auto page = static_cast<long>(page_);
    const auto number = static_cast<std::size_t>(view_);
    switch (key.code) {
    case KeyCode::Character:
        return handle_character(key.text);
    case KeyCode::Up:
        move_cursor(-1);
        break;
    case KeyCode::Down:
        move_cursor(1);
        break;
    case KeyCode::PageUp:
        move_cursor(-page);
        break;
    case KeyCode::PageDown:
        move_cursor(page);
        break;
    case KeyCode::End:
        move_cursor(static_cast<long>(model().rows().size()));
        break;
    case KeyCode::Home:
        cursor_.reset();
        last_cursor_row_ = 0;
        break;
    case KeyCode::Left:
        next_sort_column(-1);
        break;
    case KeyCode::Right:
        next_sort_column(1);
        break;
    case KeyCode::Tab:
        switch_view(view_at(number + 1));
        break;
    case KeyCode::BackTab:
        switch_view(view_at(number + views - 1));
        break;
    case KeyCode::Enter:
        open_row();
        break;
    case KeyCode::Escape:
    case KeyCode::Backspace:
        go_back();
        break;
    case KeyCode::Other:
        break;
    }
    return true;
}

bool LiveView::handle_filter(const Key& key) {
    std::string& text = options_.selection.text;
    switch (key.code) {
    case KeyCode::Character:
        text += key.text;
        break;
    case KeyCode::Backspace:
        remove_last_character(text);
        break;
    case KeyCode::Enter:
        filtering_ = false;
        break;
    case KeyCode::Escape:
        text.clear();
        filtering_ = false;
        break;
    case KeyCode::Other:
        break;
    default: // moving about ends typing and keeps the filter
        filtering_ = false;
        return handle(key);
    }
    refresh();
    return true;
}

bool LiveView::handle_character(const std::string& character) {
    const char c = character.size() == 1 ? character.front() : '\0';
    switch (c) {
    case 'q':
        return false;
    case '?':
    case 'h':
        help_ = true;
        break;
    case '/':
        filtering_ = true;
        break;
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
        switch_view(view_at(static_cast<std::size_t>(c - '1')));
        break;
    case 's':
    case '>':
        next_sort_column(1);
        break;
    case '<':
        next_sort_column(-1);
        break;
    case 'r':
        order().reverse = !order().reverse;
        refresh();
        break;
    case '+':
        options_.interval_s = std::min(options_.interval_s + 1, longest_interval);
        break;
    case '-':
        options_.interval_s = std::max(options_.interval_s - 1, shortest_interval);
        break;
    case 'a':
    case 'l':
        options_.selection.all = !options_.selection.all;
        refresh();
        break;
    case 'b':
        options_.format.units.bits = !options_.format.units.bits;
        break;
    case 'i':
        options_.format.units.iec = !options_.format.units.iec;
        break;
    case 'k':
        move_cursor(-1);
        break;
    case 'j':
        move_cursor(1);
        break;
    case 'p':
    case ' ':
        paused_ = !paused_;
        if (!paused_ && newest_)
            show(newest_);
        break;
    default:
        break;
    }
    return true;
}

} // namespace sockledger::cli
