// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "config.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::daemon;
using namespace std::chrono_literals;

namespace {

Result<LoadedConfig> parse(const char* text) {
    return parse_config(text, "test.toml");
}

/// The findings of a text, one on each line.
QString findings(const QByteArray& text) {
    const auto loaded = parse_config(text.toStdString(), "f");
    if (!loaded)
        return QString::fromStdString(loaded.error().message);
    QStringList lines;
    for (const std::string& warning : loaded->warnings)
        lines.append(QString::fromStdString(warning));
    return lines.join('\n');
}

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

constexpr char every_key[] = R"(
[interfaces]
monitor = ["eth0", "wl*"]

[history]
enabled = false
minutes = "36h"
hours = "10d"
days = "5y"
flush_seconds = 5

[access]
group = "netadmin"
socket_mode = "0660"

[sampling]
interval = 2

[[rule]]
id = "uplink"
text = "Much is going out"
interface = "eth0"
direction = "tx"
rate = "5MB/s"
for = 30
command = ["/usr/local/bin/notify", "x"]
user = "alice"

[[rule]]
id = "plan"
total = true
amount = "50GB"
per = "cycle"
cycle_day = 17
enabled = false

[[rule]]
id = "any-app"
app = "*"
direction = "rx"
amount = "2GiB"
per = "day"
)";

} // namespace

class DaemonConfigTest : public QObject {
    Q_OBJECT

private slots:
    void nothingGivesTheDefaults() {
        const auto loaded = parse("# nothing\n");
        QVERIFY(loaded);
        const Config& config = loaded->config;
        QVERIFY(loaded->warnings.empty() && loaded->found);
        QVERIFY(config.monitored.empty() && config.rules.empty());
        QVERIFY(config.history.enabled && !config.history.keep_days);
        QCOMPARE(config.history.keep_minutes, 48h);
        QCOMPARE(config.history.keep_hours, 90 * 24h);
        QCOMPARE(config.history.flush, 10s);
        QCOMPARE(config.group, std::string("sockledger"));
        QCOMPARE(config.socket_mode, 0666u);
        QCOMPARE(config.interval, 1s);
    }

    void everyKeyIsTaken() {
        const auto loaded = parse(every_key);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const Config& config = loaded->config;
        QVERIFY(loaded->warnings.empty());
        QCOMPARE(config.monitored, (std::vector<std::string>{"eth0", "wl*"}));
        QVERIFY(!config.history.enabled);
        QCOMPARE(config.history.keep_minutes, 36h);
        QCOMPARE(config.history.keep_hours, 240h);
        QCOMPARE(*config.history.keep_days, 5 * 365 * 24h);
        QCOMPARE(config.history.flush, 5s);
        QCOMPARE(config.group, std::string("netadmin"));
        QCOMPARE(config.socket_mode, 0660u);
        QCOMPARE(config.interval, 2s);
        QCOMPARE(config.rules.size(), std::size_t{3});
    }

    void everyKeyOfARuleIsTaken() {
        const auto loaded = parse(every_key);
        QVERIFY(loaded);
        Rule uplink;
        uplink.id = "uplink";
        uplink.text = "Much is going out";
        uplink.subject = Rule::Subject::Interface;
        uplink.target = "eth0";
        uplink.direction = Rule::Direction::Tx;
        uplink.threshold = 5'000'000;
        uplink.seconds = 30;
        uplink.from_configuration = true;
        const auto& rules = loaded->config.rules;
        QCOMPARE(rules[0].rule, uplink);
        QCOMPARE(rules[0].command.argv, (std::vector<std::string>{"/usr/local/bin/notify", "x"}));
        QCOMPARE(rules[0].command.user, std::string("alice"));

        Rule plan;
        plan.id = "plan";
        plan.measure = Rule::Measure::Cycle;
        plan.threshold = 50'000'000'000;
        plan.cycle_day = 17;
        plan.enabled = false;
        plan.from_configuration = true;
        QCOMPARE(rules[1].rule, plan);
        QVERIFY(rules[1].command.argv.empty());

        Rule each;
        each.id = "any-app";
        each.subject = Rule::Subject::App;
        each.direction = Rule::Direction::Rx;
        each.measure = Rule::Measure::Day;
        each.threshold = 2ull << 30;
        each.from_configuration = true;
        QCOMPARE(rules[2].rule, each);
    }

    void anEmptyListMonitorsAllAndAnEmptyGroupAllowsNobody() {
        const auto loaded =
            parse("[interfaces]\nmonitor = []\n[access]\ngroup = \"\"\n[history]\ndays = \"forever\"\n");
        QVERIFY(loaded && loaded->warnings.empty());
        QVERIFY(loaded->config.monitored.empty());
        QVERIFY(loaded->config.group.empty());
        QVERIFY(!loaded->config.history.keep_days);
    }

    void unknownKeysAreWarnedAboutWithTheirPlace() {
        const auto loaded =
            parse("[history]\n  minuts = \"2d\"\n\n[histroy]\n[[rule]]\nid = \"a\"\ntotal = true\n"
                  "rate = \"1MB\"\nfro = 3\n");
        QVERIFY(loaded);
        QCOMPARE(
            loaded->warnings,
            (std::vector<std::string>{
                "test.toml:2:3: warning: unknown key 'history.minuts' is ignored (known here: days, enabled, "
                "flush_seconds, hours, minutes)",
                "test.toml:4:2: warning: unknown key 'histroy' is ignored (known here: access, history, "
                "interfaces, rule, sampling)",
                "test.toml:9:1: warning: unknown key 'rule.fro' is ignored (known here: amount, app, "
                "command, "
                "cycle_day, direction, enabled, for, id, interface, per, rate, text, total, user)"}));
    }

    void badValuesAreErrorsWithTheirPlaceAndWhatIsAllowed_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("finding");
        const auto row = [](const char* name, const QByteArray& text, const char* finding) {
            QTest::newRow(name) << text << QString(finding);
        };
        row("syntax", "[history]\nenabled = yes\n", "f:2:11: error: ");
        row("invalid UTF-8", "[access]\ngroup = \"\xff\"\n", "f:2:9: error: ");
        row("twice", "[history]\nhours = \"90d\"\nhours = \"90d\"\n", "f:3:");
        row("section is a value", "history = 3\n", "f:1:11: error: history: has to be a section, [history]");
        row("flag", "[history]\nenabled = 1\n", "f:2:11: error: history.enabled: has to be true or false");
        row("duration as a number", "[history]\nminutes = 2\n",
            "f:2:11: error: history.minutes: has to be a text in quotes");
        row("duration", "[history]\nminutes = \"2 days\"\n",
            "f:2:11: error: history.minutes: '2 days' is not a time such as 30s, 90m, 36h, 10d, 2w or 5y");
        row("days", "[history]\ndays = \"ever\"\n",
            "f:2:8: error: history.days: 'ever' is not a time such as 30s, 90m, 36h, 10d, 2w or 5y, or "
            "forever");
        row("minutes too short", "[history]\nminutes = \"59m\"\n",
            "f:2:11: error: history.minutes: has to be at least 1h");
        row("hours below minutes", "[history]\nhours = \"47h\"\n",
            "f:2:9: error: history.hours: has to be at least 1d, and no shorter than minutes");
        row("hours below a day", "[history]\nminutes = \"1h\"\nhours = \"23h\"\n",
            "f:3:9: error: history.hours: ");
        row("days below hours", "[history]\ndays = \"89d\"\n",
            "f:2:8: error: history.days: has to be at least 31d, and no shorter than hours");
        row("flush", "[history]\nflush_seconds = 11\n",
            "f:2:17: error: history.flush_seconds: has to be a number from 1 to 10, not 11");
        row("flush never", "[history]\nflush_seconds = 0\n", "f:2:17: error: ");
        row("fraction", "[sampling]\ninterval = 1.5\n",
            "f:2:12: error: sampling.interval: has to be a number from 1 to 10");
        row("mode", "[access]\nsocket_mode = \"0777\"\n",
            "f:2:15: error: access.socket_mode: '0777' is not an octal mode such as 0666 or 0660");
        row("mode of nobody", "[access]\nsocket_mode = \"0066\"\n", "f:2:15: error: ");
        row("mode in decimal", "[access]\nsocket_mode = \"680\"\n", "f:2:15: error: ");
        row("mode and more", "[access]\nsocket_mode = \"0666 \"\n", "f:2:15: error: ");
        row("group", "[access]\ngroup = 100\n", "f:2:9: error: access.group: has to be a text in quotes");
        row("monitor", "[interfaces]\nmonitor = \"eth0\"\n",
            "f:2:11: error: interfaces.monitor: has to be a list of texts in quotes, none of them empty");
        row("monitor a number", "[interfaces]\nmonitor = [\"eth0\", 1]\n",
            "f:2:20: error: interfaces.monitor: ");
        row("monitor nothing", "[interfaces]\nmonitor = [\"\"]\n", "f:2:12: error: interfaces.monitor: ");
        row("rule is a section", "[rule]\nid = \"a\"\n",
            "f:1:1: error: rule: has to be written as [[rule]], once for each");
    }
    void badValuesAreErrorsWithTheirPlaceAndWhatIsAllowed() {
        QFETCH(QByteArray, text);
        QFETCH(QString, finding);
        QVERIFY(!parse_config(text.toStdString(), "f"));
        const QString found = findings(text);
        QVERIFY2(found.startsWith(finding), qPrintable(found));
        QVERIFY2(!found.contains('\n'), qPrintable(found));
    }

    void badRulesAreErrorsWithTheirPlace_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("finding");
        const auto row = [](const char* name, const QByteArray& rule, const char* finding) {
            QTest::newRow(name) << rule << QString(finding);
        };
        row("no id", "total = true\nrate = \"1MB\"", "f:1:1: error: rule.id: is missing");
        row("bad id", "id = \"a b\"\ntotal = true\nrate = \"1MB\"", "f:1:1: error: rule: ");
        row("no subject", "id = \"a\"\nrate = \"1MB\"",
            "f:1:1: error: rule: needs one of app, interface and total = true");
        row("total is false", "id = \"a\"\ntotal = false\nrate = \"1MB\"",
            "f:1:1: error: rule: needs one of");
        row("two subjects", "id = \"a\"\napp = \"x\"\ninterface = \"y\"\nrate = \"1MB\"",
            "f:1:1: error: rule: needs one of");
        row("no target", "id = \"a\"\napp = \"\"\nrate = \"1MB\"",
            "f:3:7: error: rule.app: has to be a name, or \"*\" for each by itself");
        row("no threshold", "id = \"a\"\ntotal = true", "f:1:1: error: rule: needs either rate or amount");
        row("two thresholds", "id = \"a\"\ntotal = true\nrate = \"1MB\"\namount = \"1MB\"\nper = \"day\"",
            "f:1:1: error: rule: needs either rate or amount");
        row("zero", "id = \"a\"\ntotal = true\nrate = \"0\"", "f:1:1: error: rule: ");
        row("amount per nothing", "id = \"a\"\ntotal = true\namount = \"1MB\"",
            "f:1:1: error: rule.per: goes with amount, and is one of hour, day, month, cycle");
        row("amount per rate", "id = \"a\"\ntotal = true\namount = \"1MB\"\nper = \"rate\"",
            "f:5:7: error: rule.per: ");
        row("amount per week", "id = \"a\"\ntotal = true\namount = \"1MB\"\nper = \"week\"",
            "f:5:7: error: rule.per: 'week' is not one of hour, day, month, cycle");
        row("rate per day", "id = \"a\"\ntotal = true\nrate = \"1MB\"\nper = \"day\"",
            "f:5:7: error: rule.per: goes with");
        row("amount for seconds", "id = \"a\"\ntotal = true\namount = \"1MB\"\nper = \"day\"\nfor = 3",
            "f:6:7: error: rule.for: goes with rate");
        row("for too long", "id = \"a\"\ntotal = true\nrate = \"1MB\"\nfor = 3601",
            "f:5:7: error: rule.for: has to be a number from 1 to 3600, not 3601");
        row("cycle day of a day", "id = \"a\"\ntotal = true\namount = \"1MB\"\nper = \"day\"\ncycle_day = 3",
            "f:6:13: error: rule.cycle_day: goes with per = \"cycle\"");
        row("cycle day 32", "id = \"a\"\ntotal = true\namount = \"1MB\"\nper = \"cycle\"\ncycle_day = 32",
            "f:6:13: error: rule.cycle_day: has to be a number from 1 to 31, not 32");
        row("rate", "id = \"a\"\ntotal = true\nrate = \"fast\"",
            "f:4:8: error: rule.rate: 'fast' is not a rate such as 10kB/s, 1.5MB/s or 20Mbit/s");
        row("direction", "id = \"a\"\ntotal = true\nrate = \"1MB\"\ndirection = \"up\"",
            "f:5:13: error: rule.direction: 'up' is not one of rx, tx, both");
        row("relative command", "id = \"a\"\ntotal = true\nrate = \"1MB\"\ncommand = [\"notify\"]",
            "f:5:11: error: rule.command: has to begin with the whole path of a program");
        row("no command", "id = \"a\"\ntotal = true\nrate = \"1MB\"\ncommand = []",
            "f:5:11: error: rule.command: ");
        row("shell text", "id = \"a\"\ntotal = true\nrate = \"1MB\"\ncommand = \"/bin/x y\"",
            "f:5:11: error: rule.command: ");
        row("user of nothing", "id = \"a\"\ntotal = true\nrate = \"1MB\"\nuser = \"alice\"",
            "f:5:8: error: rule.user: goes with command, and names who runs it");
    }
    void badRulesAreErrorsWithTheirPlace() {
        QFETCH(QByteArray, rule);
        QFETCH(QString, finding);
        const QByteArray text = "[[rule]]\n" + rule + "\n";
        QVERIFY(!parse_config(text.toStdString(), "f"));
        const QString found = findings(text);
        QVERIFY2(found.startsWith(finding), qPrintable(found));
    }

    void everythingThatIsWrongIsListedInOrder() {
        const QStringList lines = findings("[sampling]\n"
                                           "interval = 99\n"
                                           "[history]\n"
                                           "minuts = \"1d\"\n"
                                           "hours = \"x\"\n"
                                           "[[rule]]\n"
                                           "id = \"a\"\n"
                                           "[[rule]]\n"
                                           "id = \"a\"\n"
                                           "total = true\n"
                                           "rate = \"1MB\"\n")
                                      .split('\n');
        QStringList places;
        for (const QString& line : lines)
            places.append(line.section(':', 0, 3));
        QCOMPARE(places, (QStringList{"f:2:12: error", "f:4:1: warning", "f:5:9: error", "f:6:1: error",
                                      "f:6:1: error", "f:8:1: error"}));
        QVERIFY2(lines.last().contains("'a' is the id of another rule"), qPrintable(lines.last()));
    }

    void anyPieceOfAFileIsReadOrRefused() {
        const std::string_view text = every_key;
        for (std::size_t length = 0; length <= text.size(); ++length) {
            const auto loaded = parse_config(text.substr(0, length), "f");
            QVERIFY(loaded || loaded.error().message.starts_with("f:"));
        }
        for (std::size_t at = 0; at < text.size(); ++at) {
            std::string damaged(text);
            damaged[at] = static_cast<char>(damaged[at] ^ 0x95);
            const auto loaded = parse_config(damaged, "f");
            QVERIFY(loaded || loaded.error().message.starts_with("f:"));
        }
    }

    void deepNestingIsRefused() {
        const QString found = findings("a = " + QByteArray(100'000, '['));
        QVERIFY2(found.startsWith("f:1:"), qPrintable(found));
    }

    void aFileThatIsNotThereGivesTheDefaultsUnlessItWasNamed() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("none.toml").toStdString();
        const auto loaded = load_config(path, false);
        QVERIFY(loaded && !loaded->found && loaded->config.history.enabled);
        const auto required = load_config(path, true);
        QVERIFY(!required);
        QCOMPARE(required.error().message, path + ": No such file or directory");
        QCOMPARE(check_config(path, false).text, path + ": not there, so the defaults hold\n");
    }

    void whatIsNoFileIsRefused() {
        const QTemporaryDir directory;
        QVERIFY(!load_config(directory.path().toStdString(), false));
        const QString large = directory.filePath("large.toml");
        write(large, QByteArray((1 << 20) + 1, '#'));
        const auto loaded = load_config(large.toStdString(), false);
        QVERIFY(!loaded);
        QVERIFY(loaded.error().message.ends_with("longer than 1 MiB, that is no configuration"));
    }

    void checkingSaysWhetherTheDaemonStartsWithIt() {
        const QTemporaryDir directory;
        const QString name = directory.filePath("c.toml");
        const std::string path = name.toStdString();
        write(name, every_key);
        QVERIFY(check_config(path, true).good);
        QCOMPARE(check_config(path, true).text, path + ": good\n");
        write(name, "[sampling]\nintreval = 2\n");
        QVERIFY(check_config(path, true).good);
        QCOMPARE(check_config(path, true).text,
                 path + ":2:1: warning: unknown key 'sampling.intreval' is ignored (known here: interval)\n" +
                     path + ": good\n");
        write(name, "[sampling]\ninterval = 0\n");
        QVERIFY(!check_config(path, true).good);
        QCOMPARE(check_config(path, true).text,
                 path + ":2:12: error: sampling.interval: has to be a number from 1 to 10, not 0\n");
    }
};

QTEST_GUILESS_MAIN(DaemonConfigTest)
#include "daemon_config_test.moc"
