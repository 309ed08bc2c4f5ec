// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "settings.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

namespace sockledger::netdata {

namespace {

/// Takes over a value; gives back what would have been right, or nothing when it was.
using Setter = std::string (*)(Settings&, const std::string&);

std::optional<std::uint64_t> number(std::string_view text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        return std::nullopt;
    return value;
}

template<auto member, std::uint64_t least, std::uint64_t most>
std::string set_number(Settings& settings, const std::string& text) {
    const auto value = number(text, least, most);
    if (!value)
        return "a number from " + std::to_string(least) + " to " + std::to_string(most);
    using Member = std::remove_reference_t<decltype(settings.*member)>;
    settings.*member = static_cast<Member>(*value);
    return {};
}

template<auto member>
std::string set_pattern(Settings& settings, const std::string& text) {
    settings.*member = SimplePattern(text);
    return {};
}

std::string set_forget_after(Settings& settings, const std::string& text) {
    const auto value = number(text, 10, 86400);
    if (!value)
        return "a number of seconds from 10 to 86400";
    settings.forget_after = std::chrono::seconds(*value);
    return {};
}

std::string set_source(Settings& settings, const std::string& text) {
    using Source = FeedOptions::Source;
    static const std::map<std::string, Source> names{
        {"automatic", Source::Automatic}, {"daemon", Source::Daemon}, {"local", Source::Local}};
    const auto found = names.find(text);
    if (found == names.end())
        return "automatic, daemon or local";
    settings.source = found->second;
    return {};
}

std::string set_socket(Settings& settings, const std::string& text) {
    if (!text.starts_with('/') || text.size() > 107)
        return "a path that begins with / and has 107 bytes at most";
    settings.socket = text;
    return {};
}

std::string set_functions(Settings& settings, const std::string& text) {
    if (text != "yes" && text != "no")
        return "yes or no";
    settings.functions = text == "yes";
    return {};
}

/// A word, or Netdata's permissions as a hexadecimal number.
template<auto member>
std::string set_access(Settings& settings, const std::string& text) {
    const bool word = text == "any" || text == "members" || text == "admins";
    const bool bits = text.starts_with("0x") && text.size() > 2 && text.size() < 10 &&
                      text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
    if (!word && !bits)
        return "any, members, admins or a number such as 0x13";
    settings.*member = text;
    return {};
}

const std::map<std::pair<std::string, std::string>, Setter>& setters() {
    static const std::map<std::pair<std::string, std::string>, Setter> known{
        {{"plugin", "update every"}, set_number<&Settings::update_every, 1, 3600>},
        {{"plugin", "source"}, set_source},
        {{"plugin", "socket"}, set_socket},
        {{"applications", "show"}, set_pattern<&Settings::applications>},
        {{"applications", "maximum charts"}, set_number<&Settings::application_charts, 0, 1000>},
        {{"applications", "maximum in overview"}, set_number<&Settings::overview_applications, 1, 100>},
        {{"applications", "forget after"}, set_forget_after},
        {{"interfaces", "show"}, set_pattern<&Settings::interfaces>},
        {{"interfaces", "maximum charts"}, set_number<&Settings::interface_charts, 0, 1000>},
        {{"interfaces", "unattributed warning"}, set_number<&Settings::unattributed_warning, 0, 100>},
        {{"functions", "enabled"}, set_functions},
        {{"functions", "applications access"}, set_access<&Settings::applications_access>},
        {{"functions", "connections access"}, set_access<&Settings::connections_access>},
        {{"functions", "maximum rows"}, set_number<&Settings::function_rows, 1, 20000>},
    };
    return known;
}

std::string add_threshold(std::vector<std::pair<SimplePattern, Threshold>>& thresholds,
                          const SettingLine& line) {
    std::istringstream words(line.value);
    std::string warning;
    std::string critical;
    std::string rest;
    words >> warning >> critical >> rest;
    constexpr std::uint64_t most = 1'000'000'000'000;
    const auto low = number(warning, 0, most);
    const auto high = number(critical, 0, most);
    if (!low || !high || !rest.empty())
        return "two numbers of kilobits/s: warning and critical";
    thresholds.emplace_back(SimplePattern(line.key), Threshold{*low, *high});
    return {};
}

} // namespace

Threshold Settings::threshold_of(std::string_view id, std::string_view name) const {
    for (const auto& [pattern, threshold] : thresholds)
        if (pattern.matches(name) || pattern.matches(id))
            return threshold;
    return {};
}

std::vector<std::string> apply(Settings& settings, const SettingsFile& file) {
    std::vector<std::string> problems = file.problems;
    decltype(settings.thresholds) thresholds;
    for (const SettingLine& line : file.lines) {
        const auto complain = [&](const std::string& what) {
            problems.push_back(file.name + ":" + std::to_string(line.line) + ": " + what);
        };
        std::string expected;
        if (line.section == "thresholds") {
            expected = add_threshold(thresholds, line);
        } else if (const auto setter = setters().find({line.section, line.key}); setter != setters().end()) {
            expected = setter->second(settings, line.value);
        } else {
            complain("[" + line.section + "] has no '" + line.key + "'");
            continue;
        }
        if (!expected.empty())
            complain("'" + line.key + "' takes " + expected + ", not '" + line.value + "'");
    }
    // What the user says goes before what the package says.
    thresholds.insert(thresholds.end(), settings.thresholds.begin(), settings.thresholds.end());
    settings.thresholds = std::move(thresholds);
    return problems;
}

LoadedSettings load_settings(const Environment& environment) {
    LoadedSettings loaded;
    for (const std::string& directory : {environment.stock_config_dir, environment.user_config_dir}) {
        if (directory.empty())
            continue;
        const std::string path = directory + "/sockledger.conf";
        errno = 0;
        std::ifstream file(path, std::ios::binary);
        if (!file) {
            if (errno != ENOENT)
                loaded.problems.push_back(path + ": " + std::strerror(errno));
            continue;
        }
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        std::ranges::move(apply(loaded.settings, parse_settings_file(path, text)),
                          std::back_inserter(loaded.problems));
    }
    if (loaded.settings.socket.empty())
        loaded.settings.socket = environment.host_prefix + default_socket;
    loaded.settings.update_every = std::max(loaded.settings.update_every, environment.update_every);
    return loaded;
}

} // namespace sockledger::netdata
