// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "csv.hpp"
#include "daemon_commands.hpp"
#include "service/service_json.hpp"
#include "times.hpp"
#include "usage_table.hpp"

#include <algorithm>

namespace sockledger::cli {

namespace {

constexpr std::size_t most_candidates = 5;

std::string folded_name(const UsageRow& row) {
    return folded(row.name);
}

bool has_part(const UsageRow& row, const std::string& part) {
    return folded(row.app).find(part) != std::string::npos ||
           folded_name(row).find(part) != std::string::npos;
}

Error ambiguous(const std::vector<UsageRow>& found, const std::string& text) {
    std::string message = "--app " + text + ": could be ";
    for (std::size_t i = 0; i < std::min(found.size(), most_candidates); ++i)
        message += (i == 0 ? "" : ", ") + found[i].name + " (" + found[i].app + ")";
    if (found.size() > most_candidates)
        message += " and " + std::to_string(found.size() - most_candidates) + " more";
    return {message, 0};
}

std::string empty_words(const UsageAnswer& answer, const HistoryStatus& history) {
    std::string words = "Nothing is recorded";
    if (answer.query.app)
        words += " of " + displayable(answer.app_name);
    if (answer.query.interface)
        words += " on " + displayable(*answer.query.interface);
    words += " for " + format_window(answer.query.window, answer.now) + ". ";
    if (history.oldest)
        return words + "History begins at " + format_time(*history.oldest) + ".";
    return words + (history.recording ? "There is no history yet." : displayable(history.detail));
}

std::string csv_of(const Usage& usage) {
    std::string text = csv_head();
    for (const UsageRow& row : usage.rows)
        text += csv_line(row);
    return text;
}

std::string json_of(const UsageAnswer& answer) {
    std::string query = "{\"query\":";
    append_parameters(query, answer.query);
    std::string rest;
    append_parameters(rest, answer.usage);
    return json_document("usage", query + "," + rest.substr(1)) + "\n";
}

Result<UsageAnswer> ask_usage(const Options& options, DaemonClient& daemon) {
    UsageAnswer answer;
    answer.now = options.history.now;
    Result<UsageQuestion> question =
        question_of(options, options.history.window.value_or(TimeWindow{}), daemon);
    if (!question)
        return question.error();
    answer.query = std::move(question->query);
    answer.app_name = std::move(question->app_name);
    Result<Usage> usage = daemon.usage(answer.query);
    if (!usage)
        return usage.error();
    answer.usage = std::move(*usage);
    return answer;
}

} // namespace

Result<UsageQuestion> question_of(const Options& options, const TimeWindow& window, DaemonClient& daemon) {
    UsageQuestion question;
    UsageQuery& query = question.query;
    query.window = window;
    if (!options.selection.interface.empty())
        query.interface = options.selection.interface;
    if (!options.selection.app.empty()) {
        const Result<Usage> by_app = daemon.usage(query);
        if (!by_app)
            return by_app.error();
        const Result<UsageRow> app = find_app(*by_app, options.selection.app);
        if (!app)
            return app.error();
        query.app = app->app;
        question.app_name = app->name.empty() ? app->app : app->name;
    }
    query.bucket = options.history.bucket;
    query.group = options.history.group;
    return question;
}

Result<UsageRow> find_app(const Usage& by_app, const std::string& text) {
    const std::string wanted = folded(text);
    std::vector<UsageRow> found;
    const auto search = [&](auto matches) {
        if (found.empty())
            std::ranges::copy_if(by_app.rows, std::back_inserter(found), matches);
    };
    search([&](const UsageRow& row) { return row.app == text; });
    search([&](const UsageRow& row) { return folded_name(row) == wanted; });
    search([&](const UsageRow& row) { return has_part(row, wanted); });
    if (found.empty())
        return Error{"--app " + text + ": nothing of that name is recorded in this time", 0};
    if (found.size() > 1)
        return ambiguous(found, text);
    return found.front();
}

std::string json_document(std::string_view schema, std::string_view object) {
    std::string text = "{\"schema\":\"io.sockledger.";
    text.append(schema).append("\",\"version\":1,");
    return text.append(object.substr(1));
}

Result<int> run_usage(const Options& options, const Format& format, DaemonClient& daemon,
                      const Output& output) {
    const Result<UsageAnswer> answer = ask_usage(options, daemon);
    if (!answer)
        return answer.error();
    std::string text;
    if (options.json) {
        text = json_of(*answer);
    } else if (options.history.csv) {
        text = csv_of(answer->usage);
    } else if (answer->usage.rows.empty()) {
        const Result<DaemonStatus> status = daemon.status();
        if (!status)
            return status.error();
        text = empty_words(*answer, status->history) + "\n";
    } else {
        for (const Line& line : usage_lines(*answer, options.history.limit, output.width(), format))
            text += plain_text(line) + "\n";
    }
    if (auto written = output.write(text); !written)
        return written.error();
    return 0;
}

} // namespace sockledger::cli
