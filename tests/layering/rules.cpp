// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "layering/rules.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>
#include <string_view>

namespace sockledger::layering {
namespace {

constexpr std::ptrdiff_t longest_file = 400;

struct Include {
    std::string name;
    bool quoted = false;
};

/// Folders in the order of the data. The engine asks `apps` whom a process belongs to.
struct Layer {
    std::string_view folder;
    int rank;
};
constexpr std::array<Layer, 10> layers{{{"kernel", 1},
                                        {"samplers", 2},
                                        {"apps", 3},
                                        {"engine", 4},
                                        {"names", 5},
                                        {"hosting", 6},
                                        {"history", 7},
                                        {"rules", 8},
                                        {"service", 9},
                                        {"c_api", 10}}};
constexpr std::array<std::string_view, 4> hosts{"plugins/", "plasmoid/", "collectd/", "netdata/"};

const Layer* find_layer(std::string_view folder) {
    const auto found =
        std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.folder == folder; });
    return found == layers.end() ? nullptr : &*found;
}

std::string_view first_part(std::string_view path) {
    return path.substr(0, path.find('/'));
}

bool within(const SourceFile& file, std::string_view folder) {
    return file.path.starts_with(folder);
}

bool is_host(const SourceFile& file) {
    return std::any_of(hosts.begin(), hosts.end(), [&](std::string_view host) { return within(file, host); });
}

bool is_cpp(const SourceFile& file) {
    static const std::regex pattern(R"(\.(c|cc|cpp|h|hpp|hpp\.in|h\.in)$)");
    return std::regex_search(file.path, pattern);
}

/// Comments go, string literals stay. By hand: std::regex recurses once per character.
std::string without_comments(std::string_view text) {
    std::string code;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        bool comment = true;
        if (text.substr(at, 2) == "//") {
            end = text.find('\n', at);
        } else if (text.substr(at, 2) == "/*") {
            end = text.find("*/", at + 2);
            end = end == text.npos ? end : end + 2;
        } else {
            comment = false;
            if (text[at] == '"') {
                while (end < text.size() && text[end] != '"')
                    end += text[end] == '\\' ? 2 : 1;
                ++end;
            } else if (text[at] == '\\' || text.substr(at, 3) == "'\"'") {
                end = at + (text[at] == '\\' ? 2 : 3);
            }
        }
        end = std::min(end, text.size());
        if (!comment)
            code += text.substr(at, end - at);
        at = end;
    }
    return code;
}

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex directive(R"((?:^|\n)[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"])");
    std::vector<Include> result;
    for (std::sregex_iterator match(file.text.begin(), file.text.end(), directive), end; match != end;
         ++match)
        result.push_back({(*match)[2], (*match)[1] == "\""});
    return result;
}

template<typename Wrong>
Problems includes_that(const SourceFile& file, const char* why, Wrong wrong) {
    Problems problems;
    if (is_cpp(file)) {
        for (const Include& include : includes_of(file)) {
            if (wrong(include))
                problems.push_back(file.path + ": " + why + ": " + include.name);
        }
    }
    return problems;
}

} // namespace

std::vector<SourceFile> read_tree(const std::filesystem::path& top) {
    namespace fs = std::filesystem;
    static const std::regex written(
        R"((^|/)(CMakeLists\.txt|bootstrap|run|[^/]+\.(c|cc|cpp|h|hpp|in|cmake|py|sh|qml|js|service|socket|conf))$)");
    std::vector<SourceFile> files;
    for (auto entry = fs::recursive_directory_iterator(top); entry != fs::recursive_directory_iterator();
         ++entry) {
        const std::string path = entry->path().lexically_relative(top).generic_string();
        const bool skipped = path == ".git" || path == "LICENSES" || path == "tests/fixtures" ||
                             path == "build" || fs::exists(entry->path() / "CMakeCache.txt");
        if (entry->is_directory() && skipped)
            entry.disable_recursion_pending();
        if (!entry->is_regular_file() || !std::regex_search(path, written))
            continue;
        std::ifstream file(entry->path(), std::ios::binary);
        files.push_back({path, {std::istreambuf_iterator<char>(file), {}}});
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}

Problems check_flow(const SourceFile& file) {
    if (is_host(file))
        return includes_that(file, "a host may include public headers only", [](const Include& include) {
            return include.quoted && find_layer(first_part(include.name));
        });
    constexpr std::string_view source = "core/src/";
    if (!within(file, source))
        return {};
    const Layer* own = find_layer(first_part(std::string_view(file.path).substr(source.size())));
    if (!own)
        return {file.path + ": no such layer"};
    return includes_that(file, "comes later in the flow", [&](const Include& include) {
        // The data that a source fills, and that its codec therefore has to know
        if (own->folder == "kernel" && include.name == "samplers/reading.hpp")
            return false;
        const Layer* used = include.quoted ? find_layer(first_part(include.name)) : nullptr;
        return used && used->rank > own->rank;
    });
}

Problems check_kernel_surface(const SourceFile& file) {
    if (within(file, "core/src/kernel/") || within(file, "tests/") || !is_cpp(file))
        return {};
    static const std::regex header(R"(^(linux|asm|bpf|libmnl|netinet|net|arpa)/|^sys/socket\.h$)");
    Problems problems = includes_that(file, "belongs to core/src/kernel", [](const Include& include) {
        return !include.quoted && std::regex_search(include.name, header);
    });
    static const std::regex path(R"re("(?:\()?/(?:proc|sys)[/"])re");
    const std::string code = without_comments(file.text);
    for (std::sregex_iterator match(code.begin(), code.end(), path), end; match != end; ++match)
        problems.push_back(file.path + ": only core/src/kernel names /proc and /sys: " + match->str());
    return problems;
}

Problems check_public_header(const SourceFile& file) {
    if (!within(file, "core/include/"))
        return {};
    static const std::regex allowed(R"(^sockledger/[a-z_]+\.(h|hpp)$|^[a-z_0-9]+$|^std(int|def|bool)\.h$)");
    return includes_that(file, "not for a public header", [](const Include& include) {
        return include.quoted || !std::regex_search(include.name, allowed);
    });
}

Problems check_database(const SourceFile& file) {
    if (within(file, "core/src/history/") || within(file, "tests/"))
        return {};
    static const std::regex header(R"(^SQLiteCpp/|^sqlite3(ext)?\.h$)");
    return includes_that(file, "belongs to core/src/history",
                         [](const Include& include) { return std::regex_search(include.name, header); });
}

Problems check_host_libraries(const SourceFile& file) {
    if (within(file, "tests/") || within(file, "plugins/") || within(file, "plasmoid/") ||
        within(file, "collectd/"))
        return {};
    static const std::regex host(
        R"(^Q[A-Z]\w*$|^Qt\w*/|^K[A-Z]\w*(/|$)|^(ksysguard|processcore|systemstats|collectd)/)");
    return includes_that(file, "only a host includes it",
                         [](const Include& include) { return std::regex_search(include.name, host); });
}

Problems check_length(const SourceFile& file) {
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    if (lines <= longest_file)
        return {};
    return {file.path + ": " + std::to_string(lines) + " lines, " + std::to_string(longest_file) +
            " are allowed"};
}

Problems check_licence(const SourceFile& file) {
    // In two parts, so that licence checkers do not take this line for a declaration
    static const std::regex declared("SPDX"
                                     "-FileCopyrightText: The Sockledger authors[^\n]*\n[^\n]*"
                                     "SPDX"
                                     "-License-Identifier: (LGPL-2.1-or-later|GPL-2.0-only|CC0-1.0)\\s");
    std::smatch match;
    if (std::regex_search(file.text, match, declared) &&
        std::count(file.text.begin(), file.text.begin() + match.position(), '\n') < 3)
        return {};
    return {file.path + ": does not begin with its copyright and licence"};
}

} // namespace sockledger::layering
