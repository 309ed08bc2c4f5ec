// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <vector>

/// Lines of styled text: what a terminal, a test and a pipe get alike.
namespace sockledger::cli {

enum class Style { Plain, Dim, Bold, Title, Down, Up, Warning };

struct Span {
    std::string text; ///< displayable
    Style style = Style::Plain;
};

struct Line {
    std::vector<Span> spans;
    bool selected = false; ///< the cursor's row
};

struct Frame {
    std::vector<Line> lines;
};

/// Without styles, trailing blanks removed.
std::string plain_text(const Line& line);
/// At most `width` columns, cut with a sign.
struct Glyphs;
Line cut_line(Line line, int width, const Glyphs& signs);

} // namespace sockledger::cli
