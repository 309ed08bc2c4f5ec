// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/records.hpp"

#include "engine/enum_names.hpp"
#include "history/statement.hpp"

#include <SQLiteCpp/Database.h>

#include <string_view>

namespace sockledger {

using std::chrono::seconds;

namespace {

/// Alerts beyond these are forgotten, the oldest first.
constexpr std::int64_t most_alerts = 10'000;

/// The value that has this name; `other` for a name that a newer program wrote.
template<typename Enum>
Enum named(std::string_view name, Enum other) {
    return parse_name<Enum>(name).value_or(other);
}

std::string text(const SQLite::Statement& row, int column) {
    return row.getColumn(column).getString();
}

std::int64_t number(const SQLite::Statement& row, int column) {
    return row.getColumn(column).getInt64();
}

std::string name_of(auto value) {
    return std::string(to_string(value));
}

} // namespace

std::optional<std::string> read_setting(SQLite::Database& database, const std::string& key) {
    SQLite::Statement row(database, "SELECT value FROM setting WHERE key = ?");
    start(row, key);
    return row.executeStep() ? std::optional(text(row, 0)) : std::nullopt;
}

void write_setting(SQLite::Database& database, const std::string& key, const std::string& value) {
    SQLite::Statement put(database, "INSERT OR REPLACE INTO setting VALUES (?, ?)");
    run(put, key, value);
}

std::vector<Rule> read_rules(SQLite::Database& database) {
    SQLite::Statement row(database,
                          "SELECT id, text, subject, target, direction, measure, threshold, seconds, "
                          "cycle_day, enabled FROM rule ORDER BY id");
    std::vector<Rule> rules;
    while (row.executeStep()) {
        Rule rule;
        rule.id = text(row, 0);
        rule.text = text(row, 1);
        rule.subject = named(text(row, 2), Rule::Subject::Total);
        rule.target = text(row, 3);
        rule.direction = named(text(row, 4), Rule::Direction::Both);
        rule.measure = named(text(row, 5), Rule::Measure::Rate);
        rule.threshold = static_cast<std::uint64_t>(number(row, 6));
        rule.seconds = static_cast<std::uint32_t>(number(row, 7));
        rule.cycle_day = static_cast<std::uint32_t>(number(row, 8));
        rule.enabled = number(row, 9) != 0;
        rules.push_back(std::move(rule));
    }
    return rules;
}

void write_rule(SQLite::Database& database, const Rule& rule) {
    SQLite::Statement put(database,
                          "INSERT OR REPLACE INTO rule (id, text, subject, target, direction, measure, "
                          "threshold, seconds, cycle_day, enabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    run(put, rule.id, rule.text, name_of(rule.subject), rule.target, name_of(rule.direction),
        name_of(rule.measure), static_cast<std::int64_t>(rule.threshold), rule.seconds, rule.cycle_day,
        int(rule.enabled));
}

bool erase_rule(SQLite::Database& database, const std::string& id) {
    SQLite::Statement remove(database, "DELETE FROM rule WHERE id = ?");
    run(remove, id);
    return remove.getChanges() > 0;
}

std::vector<Alert> read_alerts(SQLite::Database& database, seconds since) {
    SQLite::Statement row(database,
                          "SELECT number, rule, text, kind, subject, name, active, raised, cleared, "
                          "value, threshold FROM alert WHERE active OR raised >= ? "
                          "ORDER BY raised, number");
    start(row, std::int64_t(since.count()));
    std::vector<Alert> alerts;
    while (row.executeStep()) {
        Alert alert;
        alert.number = static_cast<std::uint64_t>(number(row, 0));
        alert.rule = text(row, 1);
        alert.text = text(row, 2);
        alert.kind = named(text(row, 3), Rule::Subject::Total);
        alert.subject = text(row, 4);
        alert.name = text(row, 5);
        alert.active = number(row, 6) != 0;
        alert.raised = seconds(number(row, 7));
        if (!row.isColumnNull(8))
            alert.cleared = seconds(number(row, 8));
        alert.value = static_cast<std::uint64_t>(number(row, 9));
        alert.threshold = static_cast<std::uint64_t>(number(row, 10));
        alerts.push_back(std::move(alert));
    }
    return alerts;
}

void write_alert(SQLite::Database& database, const Alert& alert) {
    SQLite::Statement put(database,
                          "INSERT OR REPLACE INTO alert (number, rule, text, kind, subject, name, active, "
                          "raised, value, threshold, cleared) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    start(put, static_cast<std::int64_t>(alert.number), alert.rule, alert.text, name_of(alert.kind),
          alert.subject, alert.name, int(alert.active), std::int64_t(alert.raised.count()),
          static_cast<std::int64_t>(alert.value), static_cast<std::int64_t>(alert.threshold));
    if (alert.cleared)
        put.bind(11, std::int64_t(alert.cleared->count()));
    put.executeStep();
    SQLite::Statement forget(database, "DELETE FROM alert WHERE number <= ? AND NOT active");
    run(forget, static_cast<std::int64_t>(alert.number) - most_alerts);
}

void rescue_records(const std::string& damaged, SQLite::Database& to) {
    const auto rescue = [](const auto& copy) {
        try {
            copy();
        } catch (const SQLite::Exception&) {
            // it is among what was damaged
        }
    };
    rescue([&] {
        SQLite::Database from(damaged, SQLite::OPEN_READONLY);
        rescue([&] {
            for (const Rule& rule : read_rules(from))
                write_rule(to, rule);
        });
        rescue([&] {
            for (const Alert& alert : read_alerts(from, seconds(0)))
                write_alert(to, alert);
        });
        SQLite::Statement setting(from, "SELECT key, value FROM setting");
        while (setting.executeStep())
            write_setting(to, text(setting, 0), text(setting, 1));
    });
}

} // namespace sockledger
