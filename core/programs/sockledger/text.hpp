// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Text as a terminal shows it: columns rather than bytes, and nothing that the terminal would obey.
namespace sockledger::cli {

/// The signs that need more than ASCII, and what stands in for them.
struct Glyphs {
    std::string_view missing;    ///< a number that is not known
    std::string_view cut;        ///< text was cut here
    std::string_view at_least;   ///< Accuracy::Partial
    std::string_view about;      ///< Accuracy::Estimated
    std::string_view down;       ///< received
    std::string_view up;         ///< sent
    std::string_view down_title; ///< the same above a narrow column
    std::string_view up_title;
    std::string_view descending; ///< the sorted column, biggest first
    std::string_view ascending;
    std::string_view raised;  ///< an alert began
    std::string_view cleared; ///< an alert ended
    std::string_view dot;     ///< between two facts on a line
    std::string_view bar;     ///< one column of a bar
    std::string_view eighths; ///< its parts, one to seven eighths of a column; may be empty
};
const Glyphs& glyphs(bool utf8);

/// The locale's character set, as setlocale() left it, is UTF-8.
bool locale_is_utf8();

enum class Align { Left, Right };

/// `text` with every character that has no width here (control characters, escape sequences, broken
/// UTF-8, what the locale cannot show) replaced by '?'.
std::string displayable(std::string_view text);
/// In lower case, ASCII only: to compare the names that programs have.
std::string folded(std::string_view text);
/// Columns of a displayable text.
int text_width(std::string_view text);
/// Displayable, padded or cut to exactly `width` columns.
std::string fit(std::string_view text, int width, Align align, const Glyphs& signs);
/// Lines of a displayable text, broken at blanks; a longer word is left for the terminal to cut.
std::vector<std::string> wrapped(std::string_view text, int width);
/// A bar of `share` (0 to 1) of `width` columns; what is more than nothing shows.
std::string bar(double share, int width, const Glyphs& signs);

} // namespace sockledger::cli
