// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "frame.hpp"

#include "text.hpp"

namespace sockledger::cli {

std::string plain_text(const Line& line) {
    std::string text;
    for (const Span& span : line.spans)
        text += span.text;
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

Line cut_line(Line line, int width, const Glyphs& signs) {
    int used = 0;
    for (std::size_t i = 0; i < line.spans.size(); ++i) {
        const int columns = text_width(line.spans[i].text);
        if (used + columns > width) {
            line.spans[i].text = fit(line.spans[i].text, width - used, Align::Left, signs);
            line.spans.resize(i + 1);
            break;
        }
        used += columns;
    }
    return line;
}

} // namespace sockledger::cli
