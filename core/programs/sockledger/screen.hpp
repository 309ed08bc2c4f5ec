// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "live_view.hpp"

#include <memory>
#include <optional>

namespace sockledger::cli {

/// A terminal that shows Frames and gives keys. Restored when destroyed.
class Screen {
public:
    virtual ~Screen() = default;

    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual void draw(const Frame& frame) = 0;
    /// The next key that is waiting; KeyCode::Other for what is none of ours, such as a resize.
    virtual std::optional<Key> next_key() = 0;
};

/// nullptr when this terminal cannot be moved about on, or the program was built without ncurses.
std::unique_ptr<Screen> open_screen(bool color);

} // namespace sockledger::cli
