// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sockledger::testing {

/// Reads what a plugin writes, and refuses what Netdata would disable it for: unknown keywords, BEGIN of a
/// chart that was not declared, SET of such a dimension, ids that are none, a counter that falls.
class FakeNetdata {
public:
    struct Dimension {
        std::string name;
        bool incremental = false;
        int multiplier = 1;
        int divisor = 1;
        bool obsolete = false;
        std::vector<std::int64_t> values;
    };
    struct Chart {
        std::string title;
        std::string units;
        std::string family;
        std::string context;
        std::string type;
        int priority = 0;
        int update_every = 0;
        bool obsolete = false;
        int declared = 0;
        std::map<std::string, Dimension> dimensions;
        std::map<std::string, std::string> labels;
        std::map<std::string, std::string> variables;
        std::int64_t value(const std::string& dimension) const {
            return dimensions.at(dimension).values.back();
        }
        /// By how much a counter has grown in the last sample.
        std::int64_t growth(const std::string& dimension) const {
            const auto& values = dimensions.at(dimension).values;
            return values.size() < 2 ? 0 : values.back() - values[values.size() - 2];
        }
    };

    /// Throws std::runtime_error with the line that Netdata would not put up with.
    void read(std::string_view text) {
        while (!text.empty()) {
            const auto end = text.find('\n');
            if (end == std::string_view::npos)
                throw std::runtime_error("half a line: " + std::string(text));
            line_ = text.substr(0, end);
            text.remove_prefix(end + 1);
            take(split(line_));
        }
        if (updating_)
            refuse("BEGIN without END");
    }

    const Chart& chart(const std::string& id) const {
        const auto found = charts_.find("sockledger." + id);
        if (found == charts_.end())
            throw std::runtime_error("there is no chart " + id);
        return found->second;
    }
    bool has(const std::string& id) const { return charts_.contains("sockledger." + id); }
    bool shows(const std::string& id) const { return has(id) && !chart(id).obsolete; }
    const std::map<std::string, Chart>& charts() const { return charts_; }
    std::size_t shown() const {
        std::size_t count = 0;
        for (const auto& [id, chart] : charts_)
            count += chart.obsolete ? 0 : 1;
        return count;
    }

private:
    [[noreturn]] void refuse(const std::string& why) const { throw std::runtime_error(why + ": " + line_); }
    void require(bool holds, const char* why) const {
        if (!holds)
            refuse(why);
    }

    std::vector<std::string> split(const std::string& line) const {
        std::vector<std::string> words;
        for (std::size_t at = 0; at < line.size();) {
            if (line[at] == ' ') {
                ++at;
                continue;
            }
            require(line.find_first_of("\\\t\r") == std::string::npos, "a character that means something");
            const bool quoted = line[at] == '\'' || line[at] == '"';
            const auto begin = quoted ? at + 1 : at;
            auto end = line.find(quoted ? line[at] : ' ', begin);
            if (end == std::string::npos) {
                require(!quoted, "a quote without an end");
                end = line.size();
            }
            words.push_back(line.substr(begin, end - begin));
            at = end + 1;
            require(!quoted || at >= line.size() || line[at] == ' ', "a quote inside of a word");
        }
        return words;
    }

    static bool is_id(std::string_view text) {
        return !text.empty() && text.size() <= 200 &&
               text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                   std::string_view::npos;
    }

    void take(const std::vector<std::string>& words) {
        if (words.empty())
            return;
        const std::string& keyword = words.front();
        if (keyword == "CHART")
            declare(words);
        else if (keyword == "DIMENSION")
            add_dimension(words);
        else if (keyword == "CLABEL")
            add_label(words);
        else if (keyword == "CLABEL_COMMIT")
            require(declaring_ && words.size() == 1, "CLABEL_COMMIT in a wrong place");
        else if (keyword == "VARIABLE")
            set_variable(words);
        else if (keyword == "BEGIN")
            begin(words);
        else if (keyword == "SET")
            set(words);
        else if (keyword == "END") {
            require(updating_ != nullptr && words.size() == 1, "END without BEGIN");
            updating_ = nullptr;
        } else
            require(keyword == "FUNCTION", "a keyword that is none");
    }

    void declare(const std::vector<std::string>& words) {
        require(!updating_, "CHART inside of BEGIN");
        require(words.size() == 13, "CHART takes 12 words");
        require(words[1].starts_with("sockledger.") && is_id(words[1].substr(11)), "no id of a chart");
        require(words[2].empty() && words[6].starts_with("sockledger.") && is_id(words[6].substr(11)),
                "no context");
        require(words[11] == "sockledger.plugin" && !words[12].empty(), "no plugin, no module");
        require(words[7] == "line" || words[7] == "area" || words[7] == "stacked", "no type of a chart");
        require(words[10].empty() || words[10] == "obsolete", "an option that is none");
        if (words[10] == "obsolete")
            require(charts_.contains(words[1]) && !charts_[words[1]].obsolete, "obsolete, but not shown");
        Chart& chart = charts_[words[1]];
        chart.title = words[3];
        chart.units = words[4];
        chart.family = words[5];
        chart.context = words[6];
        chart.type = words[7];
        chart.priority = std::stoi(words[8]);
        chart.update_every = std::stoi(words[9]);
        chart.obsolete = words[10] == "obsolete";
        ++chart.declared;
        declaring_ = chart.obsolete ? nullptr : &chart;
        fresh_ = declaring_;
    }
    void add_dimension(const std::vector<std::string>& words) {
        require(declaring_ != nullptr, "DIMENSION without CHART");
        require(words.size() == 7 && is_id(words[1]) && !words[2].empty(), "DIMENSION takes 6 words");
        require(words[3] == "incremental" || words[3] == "absolute", "no algorithm");
        require(words[6].empty() || words[6] == "obsolete", "an option that is none");
        Dimension& dimension = declaring_->dimensions[words[1]];
        dimension.name = words[2];
        dimension.incremental = words[3] == "incremental";
        dimension.multiplier = std::stoi(words[4]);
        dimension.divisor = std::stoi(words[5]);
        dimension.obsolete = !words[6].empty();
    }
    void add_label(const std::vector<std::string>& words) {
        require(declaring_ != nullptr && words.size() == 4 && is_id(words[1]) && words[3] == "1", "CLABEL");
        declaring_->labels[words[1]] = words[2];
    }
    void set_variable(const std::vector<std::string>& words) {
        Chart* const chart = updating_ ? updating_ : declaring_;
        require(chart && words.size() == 5 && words[1] == "CHART" && words[3] == "=", "VARIABLE");
        chart->variables[words[2]] = words[4];
    }
    void begin(const std::vector<std::string>& words) {
        require(!updating_, "BEGIN inside of BEGIN");
        require(words.size() == 2 || words.size() == 3, "BEGIN takes one or two words");
        require(charts_.contains(words[1]), "BEGIN of a chart that is not known");
        Chart& chart = charts_[words[1]];
        require(!chart.obsolete, "BEGIN of a chart that is obsolete");
        require(fresh_ != &chart || words.size() == 2, "a time since before the chart was declared");
        require(words.size() == 2 || std::stoull(words[2]) > 0, "no time since the sample before");
        fresh_ = nullptr;
        declaring_ = nullptr;
        updating_ = &chart;
    }
    void set(const std::vector<std::string>& words) {
        require(updating_ != nullptr && words.size() == 4 && words[2] == "=", "SET");
        const auto found = updating_->dimensions.find(words[1]);
        require(found != updating_->dimensions.end(), "SET of a dimension that is not known");
        require(!found->second.obsolete, "SET of a dimension that is obsolete");
        std::size_t read = 0;
        const std::int64_t value = std::stoll(words[3], &read);
        require(read == words[3].size(), "SET of no integer");
        auto& values = found->second.values;
        require(!found->second.incremental || values.empty() || value >= values.back(),
                "a counter that falls");
        values.push_back(value);
    }

    std::map<std::string, Chart> charts_;
    std::string line_;
    Chart* declaring_ = nullptr;
    Chart* fresh_ = nullptr;
    Chart* updating_ = nullptr;
};

} // namespace sockledger::testing
