// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "cli_fake_daemon.hpp"
#include "cli_history.hpp"
#include "cli_pipe.hpp"
#include "daemon_commands.hpp"

#include <QTest>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <clocale>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;
using past::midnight;
using past::now;

namespace {

const Format format{{}, &glyphs(true)};

Options parsed(std::vector<std::string> arguments) {
    const auto options = parse_options(arguments, now);
    if (!options)
        qFatal("%s", options.error().message.c_str());
    return *options;
}

} // namespace

class CliDaemonTest : public QObject {
    Q_OBJECT

    FakeDaemon* daemon = nullptr;
    std::optional<Pipe> pipe;
    std::optional<Interrupts> interrupts;

    Result<int> run(const std::vector<std::string>& arguments) {
        const Options options = parsed(arguments);
        pipe.emplace();
        switch (options.command) {
        case Command::Usage:
            return run_usage(options, format, *daemon, pipe->output());
        case Command::Export:
            return run_export(options, *daemon, pipe->output(), *interrupts);
        case Command::Monitor:
            return run_monitor(options, format, *daemon, pipe->output());
        default:
            return run_rules(options, format, *daemon, pipe->output());
        }
    }
    QString output(const std::vector<std::string>& arguments) {
        const auto status = run(arguments);
        return status ? pipe->text() : "error: " + QString::fromStdString(status.error().message);
    }

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() {
        past::live_in("Europe/Berlin");
        interrupts.emplace();
        daemon = new FakeDaemon;
        daemon->answer_usage = [](const UsageQuery&) { return past::by_app(); };
    }
    void cleanup() { delete daemon; }

    void usageAsksWhatTheOptionsSay() {
        QVERIFY(output({"usage"}).startsWith("2026-11-21 00:00 to now\napp "));
        UsageQuery query;
        query.window = today(now);
        QCOMPARE(daemon->queries, std::vector{query});

        daemon->queries.clear();
        QVERIFY(run({"usage", "--by", "interface", "--interface", "eth0", "--last", "24h"}));
        query.window = last(24h, now);
        query.group = UsageGroup::Interface;
        query.interface = "eth0";
        QCOMPARE(daemon->queries, std::vector{query});
    }

    void anAppIsFoundByAnyPartOfItsNameAndAskedById() {
        const auto asked = [&](const char* text) {
            daemon->queries.clear();
            const auto status = run({"usage", "--by", "hour", "--app", text});
            return status ? QString::fromStdString(daemon->queries.back().app.value_or("none"))
                          : QString::fromStdString(status.error().message);
        };
        QCOMPARE(asked("firefox"), "desktop:org.mozilla.firefox");
        QCOMPARE(asked("SSHD"), "unit:sshd.service");
        QCOMPARE(asked("unit:sshd.service"), "unit:sshd.service");
        QCOMPARE(asked("/bin/cu"), "exe:/usr/bin/curl");
        QCOMPARE(asked("kernel"), "kernel");
        QCOMPARE(daemon->queries.size(), std::size_t{2});
        QCOMPARE(daemon->queries[0].group, UsageGroup::App);
        QCOMPARE(daemon->queries[1].bucket.unit, UsageBucket::Unit::Hour);
        QVERIFY(asked("nobody").contains("nothing of that name"));
        const QString ambiguous = asked("r");
        QVERIFY2(ambiguous.contains("Firefox (desktop:org.mozilla.firefox)") &&
                     ambiguous.contains("curl (exe:/usr/bin/curl)"),
                 qPrintable(ambiguous));
    }

    void aWholeNameIsBetterThanAPart() {
        Usage usage;
        usage.rows = {past::row("exe:/usr/bin/ssh", "ssh", 1, 1),
                      past::row("unit:sshd.service", "sshd", 1, 1)};
        QCOMPARE(find_app(usage, "ssh")->app, std::string("exe:/usr/bin/ssh"));
        QCOMPARE(find_app(usage, "sshd")->app, std::string("unit:sshd.service"));
        QVERIFY(!find_app(usage, "ss"));
    }

    void usageAsJsonIsTheAnswerWithItsQuestion() {
        const auto document = boost::json::parse(output({"usage", "--json"}).toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.usage");
        QCOMPARE(document.at("version").to_number<int>(), 1);
        QCOMPARE(document.at("query").at("window").at("from").to_number<std::int64_t>(), midnight.count());
        QCOMPARE(document.at("window").at("to").to_number<std::int64_t>(), now.count());
        QCOMPARE(document.at("rows").as_array().size(), std::size_t{5});
        const auto& row = document.at("rows").at(3);
        QCOMPARE(row.at("app").as_string(), "unattributed");
        QCOMPARE(row.at("tx_bytes").to_number<std::int64_t>(), -12'000);
        QCOMPARE(row.at("accuracy").as_string(), "exact");
        QCOMPARE(document.at("rx_bytes").to_number<std::int64_t>(), 5'003'064'000);
        QVERIFY(document.at("gaps").is_array());
    }

    void usageAsCsvHasALineForEachRow() {
        const QString text = output({"usage", "--csv"});
        const QStringList lines = text.split("\r\n", Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines[0].startsWith("from,to,app,"));
        QVERIFY2(lines[2].endsWith(",exe:/usr/bin/curl,curl,,1000000000,25000000,partial"),
                 qPrintable(lines[2]));
    }

    void anEmptyAnswerSaysSinceWhenThereIsHistory() {
        daemon->answer_usage = [](const UsageQuery& query) {
            Usage usage;
            usage.window = query.window;
            return usage;
        };
        daemon->status_.history.oldest = midnight - 48h;
        QCOMPARE(output({"usage", "--since", "2026-11-20 10:00", "--until", "2026-11-20 11:00"}),
                 "Nothing is recorded for 2026-11-20 10:00 to 2026-11-20 11:00. History begins at "
                 "2026-11-19 00:00.\n");
        daemon->status_.history = {};
        daemon->status_.history.detail = "history is not enabled";
        QVERIFY(output({"usage"}).endsWith("to now. history is not enabled\n"));
        daemon->status_.history.recording = true;
        QVERIFY(output({"usage"}).endsWith("to now. There is no history yet.\n"));
        QCOMPARE(output({"usage", "--csv"}).count("\r\n"), 1);
    }

    void whatTheDaemonRefusesIsTheError() {
        daemon->answer_usage = [](const UsageQuery&) -> Result<Usage> {
            return Error{"choose a coarser bucket", 0};
        };
        QCOMPARE(output({"usage", "--by", "minute"}), "error: choose a coarser bucket");
        QCOMPARE(output({"usage", "--app", "x"}), "error: choose a coarser bucket");
    }

    void anExportAsksAPieceAtATime() {
        daemon->status_.history.oldest = midnight - 60 * 24h; // 22 September
        daemon->answer_usage = [](const UsageQuery& query) {
            Usage usage;
            usage.window = query.window;
            UsageRow row = past::row("a", "A", 1, 2);
            row.window = query.window;
            usage.rows = {row};
            return usage;
        };
        const QStringList lines = output({"export"}).split("\r\n", Qt::SkipEmptyParts);
        QCOMPARE(daemon->queries.size(), std::size_t{3}); // of three months
        QCOMPARE(lines.size(), 4);
        QCOMPARE(daemon->queries.front().window.from, midnight - 60 * 24h);
        QCOMPARE(daemon->queries.back().window.to, now);
        for (std::size_t i = 1; i < 3; ++i)
            QCOMPARE(daemon->queries[i].window.from, daemon->queries[i - 1].window.to);
        QCOMPARE(daemon->queries.front().group, UsageGroup::AppInterface);
        QCOMPARE(daemon->queries.front().bucket.unit, UsageBucket::Unit::Day);

        daemon->queries.clear();
        QVERIFY(run({"export", "--by", "minute", "--last", "150m"}));
        QCOMPARE(daemon->queries.size(), std::size_t{3}); // 13:00, 14:00 and 15:00
        daemon->queries.clear();
        QVERIFY(run({"export", "--by", "hour", "--since", "yesterday"}));
        QCOMPARE(daemon->queries.size(), std::size_t{2});
    }

    void whatAnAnswerCoversIsNotAskedAgain() {
        daemon->status_.history.oldest = midnight;
        daemon->answer_usage = [](const UsageQuery&) { return past::by_app(); }; // of the whole day
        const QString text = output({"export", "--by", "minute"});
        QCOMPARE(daemon->queries.size(), std::size_t{1});
        QCOMPARE(text.count("\r\n"), 6);
    }

    void anExportOfNothingIsTheHeadAlone() {
        QCOMPARE(output({"export"}).count("\r\n"), 1);
        QVERIFY(daemon->queries.empty());
        QCOMPARE(output({"export", "--json"}), "");
    }

    void anExportAsJsonHasAnObjectOnEachLine() {
        daemon->status_.history.oldest = midnight;
        const QStringList lines = output({"export", "--json"}).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        for (const QString& line : lines)
            QVERIFY(boost::json::parse(line.toStdString()).at("rx_bytes").is_number());
    }

    void anExportEndsWhenNobodyReads() {
        daemon->status_.history.oldest = midnight;
        Pipe closed;
        closed.close_read();
        const auto status = run_export(parsed({"export"}), *daemon, closed.output(), *interrupts);
        QVERIFY(!status);
        QCOMPARE(status.error().code, EPIPE);
    }

    void rulesAreListed() {
        QVERIFY(output({"rules"}).startsWith("There is no rule"));
        Rule rule = parsed({"rules", "set", "plan", "--total", "--amount", "50GB", "--per", "month"}).rule;
        daemon->rules_ = {rule};
        rule.id = "off";
        rule.enabled = false;
        rule.text = "too\x1b[31mmuch";
        daemon->rules_.push_back(rule);
        const QString text = output({"rules"});
        QVERIFY2(text.contains("plan") && text.contains("50 GB this month"), qPrintable(text));
        QVERIFY2(text.contains(" off ") && text.contains("too?[31mmuch"), qPrintable(text));
        const auto document = boost::json::parse(output({"rules", "--json"}).toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.rules");
        QCOMPARE(document.at("rules").at(1).at("enabled").as_bool(), false);
    }

    void rulesAreSetAndRemoved() {
        QCOMPARE(output({"rules", "set", "fast", "--app", "curl", "--rate", "5MB/s"}), "");
        QCOMPARE(daemon->rules_.back().target, std::string("curl"));
        QCOMPARE(output({"rules", "remove", "fast"}), "");
        QCOMPARE(daemon->removed, std::string("fast"));
        daemon->refused = Error{"only root and the group sockledger may change rules", 0};
        QVERIFY(output({"rules", "remove", "fast"}).contains("only root"));
        QVERIFY(output({"rules", "set", "a", "--total", "--rate", "1MB/s"}).contains("only root"));
    }

    void interfacesAreListedAndChosen() {
        daemon->interfaces_ = {{"eth0", true, true, true, midnight}, {"old0", false, false, false, {}}};
        QCOMPARE(output({"monitor"}), "interface  here  recorded  in total  last traffic\n"
                                      "eth0       yes   yes       yes       2026-11-21 00:00\n"
                                      "old0       no    no        no        –\n");
        const auto document = boost::json::parse(output({"monitor", "--json"}).toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.monitor");
        QVERIFY(document.at("interfaces").at(1).at("last_seen").is_null());
        QCOMPARE(daemon->monitored, std::vector<std::string>{"never set"});
        QCOMPARE(output({"monitor", "eth0", "wl*"}), "");
        QCOMPARE(daemon->monitored, (std::vector<std::string>{"eth0", "wl*"}));
        QCOMPARE(output({"monitor", "--all"}), "");
        QCOMPARE(daemon->monitored, std::vector<std::string>());
    }

    void aDaemonThatIsAwayIsToldFromOneThatRefuses() {
        for (const int code : {ECONNREFUSED, ECONNRESET, ENOENT, EPIPE, ETIMEDOUT})
            QVERIFY(is_away({"", code}));
        for (const int code : {0, EINVAL, ENODATA, EACCES})
            QVERIFY(!is_away({"", code}));
    }
};

QTEST_GUILESS_MAIN(CliDaemonTest)
#include "cli_daemon_test.moc"
