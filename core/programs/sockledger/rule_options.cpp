// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "command_options.hpp"
#include "engine/enum_names.hpp"
#include "rules/rule.hpp"
#include "service/quantities.hpp"

namespace sockledger::cli {

namespace {

void take_subject(const Arguments& given, Rule& rule) {
    given.at_most_one({"app", "interface", "total", "each"});
    if (given.has("app") || given.has("interface")) {
        rule.subject = given.has("app") ? Rule::Subject::App : Rule::Subject::Interface;
        rule.target = given.text(given.has("app") ? "app" : "interface");
    } else if (given.has("each")) {
        const auto subject = parse_name<Rule::Subject>(given.text("each"));
        if (!subject || *subject == Rule::Subject::Total)
            throw BadArgument{"--each " + given.text("each") + ": not one of app, interface"};
        rule.subject = *subject;
    } else if (!given.has("total")) {
        throw BadArgument{"rules set: about what? --app, --interface, --each or --total"};
    }
}

void take_threshold(const Arguments& given, Rule& rule) {
    for (const auto& [one, other] :
         {std::pair("rate", "amount"), std::pair("rate", "per"), std::pair("amount", "for")})
        given.at_most_one({one, other});
    if (given.has("rate")) {
        rule.threshold = given.parsed("rate", parse_rate);
        rule.seconds = given.number("for", 1u, 3600u, "a number of seconds from 1 to 3600").value_or(10);
    } else if (given.has("amount")) {
        rule.threshold = given.parsed("amount", parse_size);
        const auto measure = parse_name<Rule::Measure>(given.text("per"));
        if (!measure || *measure == Rule::Measure::Rate)
            throw BadArgument{"--amount: needs --per hour, day, month or cycle"};
        rule.measure = *measure;
    } else {
        throw BadArgument{"rules set: how much? --rate, or --amount and --per"};
    }
    if (given.has("cycle-day") != (rule.measure == Rule::Measure::Cycle))
        throw BadArgument{"--per cycle and --cycle-day: each needs the other"};
    rule.cycle_day = given.number("cycle-day", 1u, 31u, day_of_month).value_or(1);
}

} // namespace

void take_rule(const Arguments& given, Rule& rule) {
    take_subject(given, rule);
    take_threshold(given, rule);
    given.at_most_one({"rx", "tx"});
    rule.direction = given.has("rx")   ? Rule::Direction::Rx
                     : given.has("tx") ? Rule::Direction::Tx
                                       : Rule::Direction::Both;
    rule.text = given.text("text");
    rule.enabled = !given.has("disable");
    if (auto valid = validate(rule); !valid)
        throw BadArgument{"rules set: " + valid.error().message};
}

} // namespace sockledger::cli
