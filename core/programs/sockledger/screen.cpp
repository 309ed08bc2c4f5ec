// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "screen.hpp"

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

namespace sockledger::cli {

namespace {

enum Pair : short { DownPair = 1, UpPair, WarningPair };

struct KeyName {
    wint_t code;
    KeyCode key;
};
constexpr std::array function_keys{
    KeyName{KEY_UP, KeyCode::Up},        KeyName{KEY_DOWN, KeyCode::Down},
    KeyName{KEY_LEFT, KeyCode::Left},    KeyName{KEY_RIGHT, KeyCode::Right},
    KeyName{KEY_PPAGE, KeyCode::PageUp}, KeyName{KEY_NPAGE, KeyCode::PageDown},
    KeyName{KEY_HOME, KeyCode::Home},    KeyName{KEY_END, KeyCode::End},
    KeyName{KEY_ENTER, KeyCode::Enter},  KeyName{KEY_BACKSPACE, KeyCode::Backspace},
    KeyName{KEY_BTAB, KeyCode::BackTab},
};
constexpr std::array control_keys{
    KeyName{L'\n', KeyCode::Enter}, KeyName{L'\r', KeyCode::Enter},   KeyName{L'\t', KeyCode::Tab},
    KeyName{27, KeyCode::Escape},   KeyName{127, KeyCode::Backspace}, KeyName{8, KeyCode::Backspace},
};

template<typename Table>
KeyCode look_up(const Table& table, wint_t code) {
    for (const KeyName& name : table)
        if (name.code == code)
            return name.key;
    return KeyCode::Other;
}

class CursesScreen : public Screen {
public:
    explicit CursesScreen(SCREEN* screen, bool color) : screen_(screen) {
        cbreak();
        noecho();
        nonl();
        nodelay(stdscr, TRUE);
        keypad(stdscr, TRUE);
        set_escdelay(25);
        curs_set(0);
        color_ = color && has_colors();
        if (color_) {
            start_color();
            use_default_colors();
            init_pair(DownPair, COLOR_CYAN, -1);
            init_pair(UpPair, COLOR_MAGENTA, -1);
            init_pair(WarningPair, COLOR_YELLOW, -1);
        }
    }

    ~CursesScreen() override {
        endwin();
        delscreen(screen_);
    }

    int width() const override { return getmaxx(stdscr); }
    int height() const override { return getmaxy(stdscr); }

    void draw(const Frame& frame) override {
        erase();
        int row = 0;
        for (const Line& line : frame.lines) {
            if (row >= height())
                break;
            move(row++, 0);
            const attr_t base = line.selected ? A_REVERSE : A_NORMAL;
            for (const Span& span : line.spans) {
                attrset(static_cast<int>(base | attributes(span.style, line.selected)));
                addstr(span.text.c_str());
            }
            if (line.selected) // the bar goes to the edge
                for (int column = getcurx(stdscr); column < width() && getcury(stdscr) == row - 1; ++column)
                    addch(' ' | A_REVERSE);
        }
        refresh();
    }

    std::optional<Key> next_key() override {
        wint_t code = 0;
        const int kind = get_wch(&code);
        if (kind == ERR)
            return std::nullopt;
        if (kind == KEY_CODE_YES)
            return Key{look_up(function_keys, code), {}};
        if (code < 32 || code == 127)
            return Key{look_up(control_keys, code), {}};
        std::array<char, 16> bytes{};
        std::mbstate_t state{};
        const std::size_t length = std::wcrtomb(bytes.data(), static_cast<wchar_t>(code), &state);
        if (length == static_cast<std::size_t>(-1))
            return Key{KeyCode::Other, {}};
        return Key{KeyCode::Character, {bytes.data(), length}};
    }

private:
    attr_t attributes(Style style, bool selected) const {
        // On the cursor's bar a hue would be a background, and hard to read.
        const bool hue = color_ && !selected;
        switch (style) {
        case Style::Plain:
            return A_NORMAL;
        case Style::Dim:
            return selected ? A_NORMAL : A_DIM;
        case Style::Bold:
            return A_BOLD;
        case Style::Title:
            return A_UNDERLINE;
        case Style::Down:
            return hue ? COLOR_PAIR(DownPair) : A_NORMAL;
        case Style::Up:
            return hue ? COLOR_PAIR(UpPair) : A_NORMAL;
        case Style::Warning:
            return hue ? COLOR_PAIR(WarningPair) : A_BOLD;
        }
        return A_NORMAL;
    }

    SCREEN* screen_;
    bool color_ = false;
};

bool can_move_about() {
    const char* name = std::getenv("TERM");
    return name && *name && std::string_view(name) != "dumb";
}

} // namespace

std::unique_ptr<Screen> open_screen(bool color) {
    if (!can_move_about())
        return nullptr;
    // newterm() and not initscr(), which ends the program when it does not know the terminal.
    SCREEN* screen = newterm(nullptr, stdout, stdin);
    if (!screen)
        return nullptr;
    const char* clear = tigetstr(const_cast<char*>("cup"));
    if (!clear || clear == reinterpret_cast<char*>(-1)) {
        endwin();
        delscreen(screen);
        return nullptr;
    }
    return std::make_unique<CursesScreen>(screen, color);
}

} // namespace sockledger::cli
