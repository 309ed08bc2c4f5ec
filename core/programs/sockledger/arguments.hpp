// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <sockledger/result.hpp>

#include <boost/program_options/variables_map.hpp>

#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The words and options of a command line, before anybody knows what they mean together.
namespace sockledger::cli {

/// What is wrong and where, in one line. Thrown inside parse_options() only.
struct BadArgument {
    std::string message;
};

class Arguments {
public:
    /// Throws BadArgument or boost::program_options::error.
    explicit Arguments(const std::vector<std::string>& arguments);

    const std::vector<std::string>& words() const { return words_; }
    bool has(const std::string& name) const { return given_.contains(name); }
    /// Names of all options that were given.
    std::vector<std::string> given() const;

    /// Empty when it was not given; throws when it was given without a value.
    std::string text(const std::string& name) const;

    template<typename Number>
    std::optional<Number> number(const std::string& name, Number least, Number most, const char* what) const {
        if (!has(name))
            return std::nullopt;
        const std::string value = text(name);
        Number parsed{};
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (error != std::errc() || end != value.data() + value.size() || parsed < least || parsed > most)
            throw BadArgument{"--" + name + " " + value + ": not " + what};
        return parsed;
    }

    /// What `parse` makes of it; its Error with the option's name in front.
    template<typename Parse>
    auto parsed(const std::string& name, Parse parse) const {
        auto result = parse(text(name));
        if (!result)
            throw BadArgument{"--" + name + ": " + result.error().message};
        return std::move(*result);
    }

    /// Throws when more than one of them was given.
    void at_most_one(const std::vector<std::string>& names) const;

private:
    boost::program_options::variables_map given_;
    std::vector<std::string> words_;
};

/// All options, as --help lists them.
std::string describe_options();

} // namespace sockledger::cli
