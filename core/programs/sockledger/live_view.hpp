// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "frame.hpp"
#include "layout.hpp"
#include "table_model.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

/// The live table without its terminal: Snapshots and keys in, Frames out.
namespace sockledger::cli {

enum class KeyCode {
    Character,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Escape,
    Backspace,
    Tab,
    BackTab,
    Other,
};
struct Key {
    KeyCode code = KeyCode::Character;
    std::string text; ///< UTF-8 of one character
    bool operator==(const Key&) const = default;
};

inline constexpr int shortest_interval = 1; ///< seconds
inline constexpr int longest_interval = 60;

struct LiveOptions {
    Format format;
    Selection selection;
    int interval_s = 3;
    bool replay = false; ///< the recording gives the pace
};

class LiveView {
public:
    explicit LiveView(LiveOptions options);

    /// A new picture. While paused it is kept for later.
    void show(SnapshotPtr snapshot);
    /// A sentence for the notice line, such as the end of a recording; empty: none.
    void set_message(std::string message) { message_ = std::move(message); }

    /// False when the person wants to leave.
    bool handle(const Key& key);
    Frame frame(int width, int height);

    int interval_s() const { return options_.interval_s; }
    bool paused() const { return paused_; }
    View view() const { return view_; }

private:
    // What Escape brings back.
    struct Place {
        View view = View::Apps;
        Selection selection;
        std::string crumb;
        std::optional<RowKey> cursor;
    };

    bool handle_filter(const Key& key);
    bool handle_character(const std::string& character);
    void open_row();
    void go_back();
    void switch_view(View view);
    void move_cursor(long rows);
    void next_sort_column(int step);
    void refresh();

    TableModel& model() { return models_[static_cast<std::size_t>(view_)]; }
    Order& order() { return orders_[static_cast<std::size_t>(view_)]; }
    std::size_t cursor_row() const;

    std::vector<Line> head(int width, int height) const;
    Line tabs_line(int width) const;
    Line foot_line(int width) const;
    void scroll_to_cursor(std::size_t visible);

    LiveOptions options_;
    SnapshotPtr shown_;
    SnapshotPtr newest_;
    std::string message_;
    View view_ = View::Apps;
    std::array<TableModel, views> models_;
    std::array<Order, views> orders_;
    std::vector<Place> trail_;
    std::string crumb_;               ///< what was opened to get here
    std::optional<RowKey> cursor_;    ///< key of the row; nothing: the first row, whichever it is
    std::size_t last_cursor_row_ = 0; ///< where the cursor stays when its row has gone
    std::size_t top_ = 0;
    std::size_t page_ = 1;
    int width_ = 80;
    bool paused_ = false;
    bool filtering_ = false;
    bool help_ = false;
};

/// The page that '?' shows.
std::vector<Line> help_lines(const Glyphs& signs);

} // namespace sockledger::cli
