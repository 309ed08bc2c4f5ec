// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "options.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds now(1'795'271'405);

Result<Options> parse(const char* line) {
    std::vector<std::string> arguments;
    for (const QString& word : QString(line).split(' ', Qt::SkipEmptyParts))
        arguments.push_back(word.toStdString());
    return parse_options(arguments, now);
}

} // namespace

class CliOptionsTest : public QObject {
    Q_OBJECT

private slots:
    void withoutArgumentsItIsTheLiveTable() {
        const auto options = parse("");
        QVERIFY(options);
        QCOMPARE(options->command, Command::Live);
        QVERIFY(options->color && options->exact && !options->json && !options->watch);
        QVERIFY(!options->interval_s);
        QCOMPARE(options->selection, Selection{});
    }

    void everyFilterIsTaken() {
        const auto options =
            parse("connections --app fire --pid 12 --port 443 --state syn-sent --scope internet "
                  "--interface eth0 --all --top 5 --resolve");
        QVERIFY(options);
        const Selection& selection = options->selection;
        QCOMPARE(options->command, Command::Connections);
        QCOMPARE(selection.app, std::string("fire"));
        QCOMPARE(*selection.pid, 12u);
        QCOMPARE(*selection.port, std::uint16_t{443});
        QCOMPARE(*selection.state, SocketState::SynSent);
        QCOMPARE(*selection.scope, Scope::Internet);
        QCOMPARE(options->top, std::optional<std::size_t>(5));
        QVERIFY(options->resolve);
        QCOMPARE(selection.interface, std::string("eth0"));
        QVERIFY(selection.all);
    }

    void unitsAndOutputAreTaken() {
        const auto options = parse("--watch apps --interval=60 --bits --iec --no-color --no-exact");
        QVERIFY(options);
        QVERIFY(options->watch && !options->color && !options->exact);
        QCOMPARE(options->units, (Units{true, true}));
        QCOMPARE(*options->interval_s, 60);
    }

    void everyCommandWorksOnARecording() {
        QCOMPARE(parse("replay a.rec")->command, Command::Live);
        QCOMPARE(parse("replay a.rec")->replay, std::string("a.rec"));
        QCOMPARE(parse("replay a.rec apps --json")->command, Command::Apps);
        QCOMPARE(parse("--replay a.rec doctor")->command, Command::Doctor);
        QCOMPARE(parse("--replay a.rec doctor")->replay, std::string("a.rec"));
        QCOMPARE(parse("record b.rec --duration 10 --interval 2")->record, std::string("b.rec"));
        QCOMPARE(*parse("record b.rec --duration 10")->duration_s, 10);
    }

    void nonsenseIsOneLineThatSaysWhatAndWhere_data() {
        QTest::addColumn<QString>("names");
        for (const auto& [line, names] : std::initializer_list<std::pair<const char*, const char*>>{
                 {"appps", "appps"},
                 {"apps processes", "processes"},
                 {"--frobnicate", "--frobnicate"},
                 {"--int 3", "--int"},
                 {"--interval", "--interval"},
                 {"--interval 0", "1 to 60"},
                 {"--interval 61", "61"},
                 {"--interval 3s", "3s"},
                 {"--interval -1", "-1"},
                 {"--interval 99999999999999999999", "--interval"},
                 {"--interval 3 --interval 4", "--interval"},
                 {"--pid abc", "abc"},
                 {"--pid 0", "--pid"},
                 {"--port 65536", "65536"},
                 {"--port 0", "--port"},
                 {"--state listening", "listening"},
                 {"--scope outside", "outside"},
                 {"connections --top 0", "--top"},
                 {"apps --top 5", "--top"},
                 {"apps --resolve", "--resolve"},
                 {"connections --json --resolve", "--resolve"},
                 {"--bits --bytes", "--bytes"},
                 {"--si --iec", "--iec"},
                 {"--app=", "--app"},
                 {"record", "file"},
                 {"replay", "file"},
                 {"replay a --replay b", "--replay"},
                 {"replay a record b", "record"},
                 {"replay a nonsense", "nonsense"},
                 {"replay a --interval 2", "--interval"},
                 {"replay a --no-exact", "--no-exact"},
                 {"record a --json", "--json"},
                 {"record a --app x", "--app"},
                 {"record a --duration 0", "--duration"},
                 {"apps --duration 3", "--duration"},
                 {"doctor --pid 3", "--pid"},
                 {"interfaces --port 3", "--port"},
                 {"apps --json --bits", "--bits"},
                 {"apps --limit 3", "--limit"},
                 {"apps --since today", "--since"},
                 {"apps --csv", "--csv"},
                 {"--socket /a --local", "--local"},
                 {"--socket /a --no-exact", "--no-exact"},
                 {"replay a --local", "--local"},
                 {"record a --socket /a", "--socket"},
                 {"usage --local", "--local"},
                 {"usage --watch", "--watch"},
                 {"usage --pid 3", "--pid"},
                 {"usage --bits", "--bits"},
                 {"usage --no-exact", "--no-exact"},
                 {"usage extra", "extra"},
                 {"usage --by week", "week"},
                 {"usage --since tomorrow", "tomorrow"},
                 {"usage --since today --until yesterday", "ends before"},
                 {"usage --since now", "ends before"},
                 {"usage --since today --last 3h", "--last"},
                 {"usage --until now --today", "--today"},
                 {"usage --today --this-month", "--this-month"},
                 {"usage --last 0s", "0s"},
                 {"usage --last 100y", "100y"},
                 {"usage --last soon", "soon"},
                 {"usage --cycle-day 0", "--cycle-day"},
                 {"usage --cycle-day 32", "32"},
                 {"usage --limit 0", "--limit"},
                 {"usage --limit 5 --json", "--limit"},
                 {"usage --json --csv", "--csv"},
                 {"usage --csv --iec", "--iec"},
                 {"replay a usage", "usage"},
                 {"--replay a usage", "usage"},
                 {"export --by app", "--by"},
                 {"export --limit 3", "--limit"},
                 {"alerts --by app", "--by"},
                 {"alerts --today", "--today"},
                 {"rules list", "list"},
                 {"rules set", "id"},
                 {"rules remove", "id"},
                 {"rules remove a b", "b"},
                 {"rules remove a --rate 3MB", "--rate"},
                 {"rules --total", "--total"},
                 {"rules set a --total", "--rate"},
                 {"rules set a --rate 5MB/s", "--app"},
                 {"rules set a --total --app x --rate 5MB/s", "--total"},
                 {"rules set a --each total --rate 5MB/s", "total"},
                 {"rules set a --total --rate 5MB/s --amount 5GB", "--amount"},
                 {"rules set a --total --rate 5MB/s --per day", "--per"},
                 {"rules set a --total --rate fast", "fast"},
                 {"rules set a --total --rate 0", "threshold"},
                 {"rules set a --total --rate 5MB/s --for 0", "--for"},
                 {"rules set a --total --amount 5GB", "--per"},
                 {"rules set a --total --amount 5GB --per week", "--per"},
                 {"rules set a --total --amount 5GB --per rate", "--per"},
                 {"rules set a --total --amount 5GB --per cycle", "--cycle-day"},
                 {"rules set a --total --amount 5GB --per day --cycle-day 3", "--cycle-day"},
                 {"rules set a --total --amount 5GB --per day --for 3", "--for"},
                 {"rules set a --total --rx --tx --rate 5MB/s", "--tx"},
                 {"rules set a/b --total --rate 5MB/s", "id"},
                 {"monitor eth0 --all", "--all"},
                 {"monitor --by app", "--by"},
             })
            QTest::newRow(line) << names;
    }
    void nonsenseIsOneLineThatSaysWhatAndWhere() {
        QFETCH(QString, names);
        const auto options = parse(QTest::currentDataTag());
        QVERIFY(!options);
        const QString message = QString::fromStdString(options.error().message);
        QVERIFY2(message.contains(names), qPrintable(message));
        QVERIFY2(!message.contains('\n') && !message.isEmpty(), qPrintable(message));
    }

    void theFeedIsTheDaemonUnlessSaidOtherwise() {
        QCOMPARE(parse("apps")->source, FeedOptions::Source::Automatic);
        QCOMPARE(parse("apps")->socket, std::string(default_socket));
        QCOMPARE(parse("apps --local")->source, FeedOptions::Source::Local);
        QCOMPARE(parse("apps --no-exact")->source, FeedOptions::Source::Local);
        QCOMPARE(parse("apps --socket /tmp/s")->source, FeedOptions::Source::Daemon);
        QCOMPARE(parse("usage --socket /tmp/s")->socket, std::string("/tmp/s"));
        QVERIFY(needs_daemon(Command::Usage) && needs_daemon(Command::Monitor));
        QVERIFY(!needs_daemon(Command::Live) && !needs_daemon(Command::Record));
    }

    void usageIsOfTodayByApplication() {
        const auto options = parse("usage");
        QVERIFY(options);
        QCOMPARE(options->command, Command::Usage);
        QCOMPARE(options->history.group, UsageGroup::App);
        QCOMPARE(options->history.bucket.unit, UsageBucket::Unit::Whole);
        QCOMPARE(*options->history.window, today(now));
        QVERIFY(!options->history.limit);
    }

    void everyCutHasTheWindowThatSuitsIt() {
        QCOMPARE(*parse("usage --by interface")->history.window, today(now));
        QCOMPARE(*parse("usage --by hour")->history.window, today(now));
        QCOMPARE(*parse("usage --by minute")->history.window, (TimeWindow{now - 1h, now}));
        QCOMPARE(*parse("usage --by day")->history.window, this_month(now));
        const TimeWindow months = *parse("usage --by month")->history.window;
        QVERIFY(months.from < now - 364 * 24h && months.to == now);
        QCOMPARE(parse("usage --by minute")->history.bucket, (UsageBucket{UsageBucket::Unit::Seconds, 60s}));
        QCOMPARE(parse("usage --by day")->history.group, UsageGroup::Total);
        QCOMPARE(parse("usage --by interface")->history.group, UsageGroup::Interface);
    }

    void everyWindowIsTaken() {
        const auto window = [](const char* line) { return *parse(line)->history.window; };
        QCOMPARE(window("usage --last 24h"), last(24h, now));
        QCOMPARE(window("usage --last 2w"), last(14 * 24h, now));
        QCOMPARE(window("usage --today"), today(now));
        QCOMPARE(window("usage --this-month"), this_month(now));
        QCOMPARE(window("usage --cycle-day 17"), this_cycle(17, now));
        QCOMPARE(window("usage --since -3h"), (TimeWindow{now - 3h, now}));
        QCOMPARE(window("usage --since -3h --until -1h"), (TimeWindow{now - 3h, now - 1h}));
        QCOMPARE(window("usage --until -1h"), (TimeWindow{0s, now - 1h}));
        QCOMPARE(window("usage --since=2025-11-21T15:30+01:00").from, std::chrono::seconds(1763735400));
        QCOMPARE(window("alerts"), last(7 * 24h, now));
        QCOMPARE(window("alerts --last 1h"), last(1h, now));
        QVERIFY(!parse("export")->history.window);
    }

    void aWordOfSeveralIsOneArgument() {
        const auto options =
            parse_options({"usage", "--since", "2026-11-20 14:30", "--app", "Web Content"}, now);
        QVERIFY(options);
        QCOMPARE(options->selection.app, std::string("Web Content"));
    }

    void anExportIsByDayAppAndInterface() {
        const auto options = parse("export --json --interface eth0");
        QVERIFY(options);
        QCOMPARE(options->history.group, UsageGroup::AppInterface);
        QCOMPARE(options->history.bucket.unit, UsageBucket::Unit::Day);
        QCOMPARE(parse("export --by hour")->history.bucket.unit, UsageBucket::Unit::Hour);
        QCOMPARE(options->selection.interface, std::string("eth0"));
    }

    void aRuleIsTaken() {
        const auto rate = parse("rules set fast --app firefox --rate 5MB/s --for 30 --rx --text Hey");
        QVERIFY2(rate, rate ? "" : rate.error().message.c_str());
        QCOMPARE(rate->command, Command::SetRule);
        Rule wanted;
        wanted.id = "fast";
        wanted.text = "Hey";
        wanted.subject = Rule::Subject::App;
        wanted.target = "firefox";
        wanted.direction = Rule::Direction::Rx;
        wanted.threshold = 5'000'000;
        wanted.seconds = 30;
        QCOMPARE(rate->rule, wanted);

        const auto amount =
            parse("rules set plan --total --amount 50GB --per cycle --cycle-day 17 --disable");
        QVERIFY(amount);
        wanted = {};
        wanted.id = "plan";
        wanted.measure = Rule::Measure::Cycle;
        wanted.threshold = 50'000'000'000;
        wanted.cycle_day = 17;
        wanted.enabled = false;
        QCOMPARE(amount->rule, wanted);

        QCOMPARE(parse("rules set a --each app --amount 1GiB --per day")->rule.target, std::string());
        QCOMPARE(parse("rules set a --each interface --rate 10Mbit/s")->rule.threshold, 1'250'000u);
        QCOMPARE(parse("rules remove plan")->rule.id, std::string("plan"));
        QCOMPARE(parse("rules")->command, Command::Rules);
    }

    void monitorTakesNames() {
        QVERIFY(parse("monitor")->names.empty() && !parse("monitor")->selection.all);
        QCOMPARE(parse("monitor eth0 wl*")->names, (std::vector<std::string>{"eth0", "wl*"}));
        QVERIFY(parse("monitor --all")->selection.all);
    }

    void helpNamesEveryCommandAndOption() {
        const QString help = QString::fromStdString(help_text());
        for (const char* word :
             {"apps",       "processes",    "connections", "interfaces", "doctor",     "record",
              "replay",     "--json",       "--watch",     "--interval", "--bits",     "--iec",
              "--app",      "--pid",        "--port",      "--state",    "--scope",    "--top",
              "--resolve",  "--interface",  "--all",       "--replay",   "--duration", "--no-exact",
              "--no-color", "usage",        "export",      "alerts",     "rules set",  "rules remove",
              "monitor",    "--socket",     "--local",     "--since",    "--until",    "--last",
              "--today",    "--this-month", "--cycle-day", "--by",       "--limit",    "--csv",
              "--rate",     "--amount",     "--per",       "--each",     "--disable"})
            QVERIFY2(help.contains(word), word);
        for (const QString& line : help.split('\n'))
            QVERIFY2(line.size() <= 80, qPrintable(line));
        QVERIFY(parse("--help")->help);
        QVERIFY(parse("-V")->version);
    }
};

QTEST_GUILESS_MAIN(CliOptionsTest)
#include "cli_options_test.moc"
