// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace sockledger::daemon {

/// What is wrong with a configuration file, and where.
class Findings {
public:
    explicit Findings(std::string file_name) : file_name_(std::move(file_name)) {}

    void error(const toml::source_region& where, std::string_view what) {
        ++errors_;
        add(where, "error", what);
    }
    void warning(const toml::source_region& where, std::string_view what) { add(where, "warning", what); }
    std::size_t errors() const { return errors_; }

    /// In order of place.
    std::vector<std::string> lines() {
        std::ranges::stable_sort(findings_, {}, &Finding::first);
        std::vector<std::string> lines;
        for (const auto& [place, line] : findings_)
            lines.push_back(line);
        return lines;
    }

private:
    using Finding = std::pair<std::pair<std::uint32_t, std::uint32_t>, std::string>;

    void add(const toml::source_region& where, std::string_view kind, std::string_view what) {
        const toml::source_position at = where.begin;
        std::string line = file_name_ + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
        line.append(": ").append(kind).append(": ").append(what);
        findings_.emplace_back(std::pair(at.line, at.column), std::move(line));
    }

    std::string file_name_;
    std::vector<Finding> findings_;
    std::size_t errors_ = 0;
};

/// A table whose keys are asked for one by one. A value of the wrong kind is a finding and leaves the
/// default as it is; a key that nobody asked for is a warning when the section ends.
class Section {
public:
    Section(const toml::table& table, std::string_view name, Findings& findings)
        : table_(table), name_(name), findings_(findings) {}
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;

    ~Section() {
        for (const auto& [key, value] : table_)
            if (!known_.contains(key.str()))
                findings_.warning(key.source(), "unknown key '" + path(key.str()) +
                                                    "' is ignored (known here: " + known() + ")");
    }

    /// Null when it is not there.
    const toml::node* take(std::string_view key) {
        known_.emplace(key);
        return table_.get(key);
    }

    bool has(std::string_view key) const { return table_.contains(key); }

    /// At the value of `key`, or at the table when there is none.
    void error(std::string_view key, std::string_view what) {
        const toml::node* const value = table_.get(key);
        error(value ? *value : table_, key, what);
    }
    /// About the section as a whole.
    void error(std::string_view what) { findings_.error(table_.source(), name_ + ": " + std::string(what)); }

    void take_text(std::string_view key, std::string& into) {
        take_as<std::string>(key, "a text in quotes", [&](const std::string& text) { into = text; });
    }

    void take_flag(std::string_view key, bool& into) {
        take_as<bool>(key, "true or false", [&](bool value) { into = value; });
    }

    /// `assign` takes the number.
    template<typename Assign>
    void take_number(std::string_view key, std::int64_t least, std::int64_t most, Assign assign) {
        const std::string range = "a number from " + std::to_string(least) + " to " + std::to_string(most);
        take_as<std::int64_t>(key, range, [&](std::int64_t value) {
            if (value < least || value > most)
                error(key, "has to be " + range + ", not " + std::to_string(value));
            else
                assign(value);
        });
    }

    /// A text that `parse` turns into a Result; `assign` takes its value.
    template<typename Parse, typename Assign>
    void take_parsed(std::string_view key, Parse parse, Assign assign) {
        take_as<std::string>(key, "a text in quotes", [&](const std::string& text) {
            if (auto value = parse(text))
                assign(*value);
            else
                error(key, value.error().message);
        });
    }

    /// A list of texts, none of them empty.
    void take_texts(std::string_view key, std::vector<std::string>& into) {
        constexpr std::string_view wanted = "has to be a list of texts in quotes, none of them empty";
        const toml::node* const node = take(key);
        if (!node)
            return;
        if (!node->is_array())
            return error(key, wanted);
        for (const toml::node& element : *node->as_array()) {
            const auto* const text = element.as_string();
            if (text && !text->get().empty())
                into.push_back(text->get());
            else
                error(element, key, wanted);
        }
    }

private:
    std::string path(std::string_view key) const {
        return (name_.empty() ? "" : name_ + ".") + std::string(key);
    }

    void error(const toml::node& where, std::string_view key, std::string_view what) {
        findings_.error(where.source(), path(key) + ": " + std::string(what));
    }

    template<typename T, typename Use>
    void take_as(std::string_view key, std::string_view wanted, Use use) {
        const toml::node* const node = take(key);
        if (!node)
            return;
        if (const auto* const value = node->as<T>())
            use(value->get());
        else
            error(key, "has to be " + std::string(wanted));
    }

    std::string known() const {
        std::string list;
        for (const std::string& key : known_)
            list.append(list.empty() ? "" : ", ").append(key);
        return list;
    }

    const toml::table& table_;
    std::string name_;
    Findings& findings_;
    std::set<std::string, std::less<>> known_;
};

} // namespace sockledger::daemon
