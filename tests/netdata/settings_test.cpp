// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "environment.hpp"
#include "settings.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace sockledger;
using namespace sockledger::netdata;

namespace {

Environment environment_of(const std::map<std::string, std::string>& variables) {
    return read_environment([&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

std::vector<std::string> problems_of(const char* text) {
    Settings settings;
    return apply(settings, parse_settings_file("sockledger.conf", text));
}

void write(const QString& path, const char* text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class SettingsTest : public QObject {
    Q_OBJECT

private slots:
    void theFirstWordOfAPatternThatMatchesDecides_data() {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("verdict");
        const auto row = [](const char* pattern, const char* name, int verdict) {
            QTest::addRow("%s of %s", name, pattern) << QByteArray(pattern) << QByteArray(name) << verdict;
        };
        row("*", "eth0", 1);
        row("*", "", 1);
        row("", "eth0", 0);
        row("eth0", "eth0", 1);
        row("eth0", "eth01", 0);
        row("!lo *", "lo", -1);
        row("!lo *", "eth0", 1);
        row("* !lo", "lo", 1);
        row("veth*", "veth", 1);
        row("*fox", "firefox", 1);
        row("*fox", "foxes", 0);
        row("a*b*c", "aXbYc", 1);
        row("a*b*c", "abc", 1);
        row("a*b*c", "acb", 0);
        row("ab*ba", "aba", 0);
        row("*a*a*", "a", 0);
        row("*a*a*", "banana", 1);
        row("my\\ app", "my app", 1);
        row("my\\*", "my*", 1);
        row("my\\*", "mya", 0);
        row("!", "x", 0);
        row("  \t one   two ", "two", 1);
    }
    void theFirstWordOfAPatternThatMatchesDecides() {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, name);
        QFETCH(int, verdict);
        QCOMPARE(SimplePattern(pattern.toStdString()).verdict(name.toStdString()), verdict);
    }

    void aFileInNetdatasStyleIsRead() {
        Settings settings;
        const auto problems = apply(settings, parse_settings_file("sockledger.conf", R"(
# a comment
[plugin]
    update every = 5
    source=daemon
  socket = /run/other.socket
[applications]
    show = !curl *
    maximum charts = 7
    forget after = 60
[interfaces]
	show = eth*
[functions]
    enabled = no
    connections access = 0x13
[thresholds]
    backup* = 100 200
    * = 1 2
)"));
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
        QCOMPARE(settings.update_every, 5U);
        QVERIFY(settings.source == FeedOptions::Source::Daemon);
        QCOMPARE(settings.socket, std::string("/run/other.socket"));
        QVERIFY(!settings.applications.matches("curl") && settings.applications.matches("wget"));
        QCOMPARE(settings.application_charts, std::size_t{7});
        QVERIFY(settings.forget_after == std::chrono::seconds(60));
        QVERIFY(settings.interfaces.matches("eth1") && !settings.interfaces.matches("lo"));
        QVERIFY(!settings.functions);
        QCOMPARE(settings.connections_access, std::string("0x13"));
        QVERIFY((settings.threshold_of("unit:b.service", "backup-night") == Threshold{100, 200}));
        QVERIFY((settings.threshold_of("exe:/usr/bin/curl", "curl") == Threshold{1, 2}));
    }

    void whatIsWrongIsSaidWithFileAndLine_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* text, const char* problem) {
            QTest::addRow("%s", text) << QByteArray(text) << QByteArray(problem);
        };
        row("[plugin", "sockledger.conf:1: expected [section]");
        row("\n[]", "sockledger.conf:2: expected [section]");
        row("[plugin]\nnonsense", "sockledger.conf:2: expected 'name = value'");
        row("= 5", "sockledger.conf:1: a value without a name");
        row("[plugin]\ncolour = red", "sockledger.conf:2: [plugin] has no 'colour'");
        row("[plugin]\nupdate every = 0",
            "sockledger.conf:2: 'update every' takes a number from 1 to 3600, not '0'");
        row("[plugin]\nupdate every = 5s",
            "sockledger.conf:2: 'update every' takes a number from 1 to 3600, not '5s'");
        row("[plugin]\nsource = cloud",
            "sockledger.conf:2: 'source' takes automatic, daemon or local, not 'cloud'");
        row("[functions]\nconnections access = all", "sockledger.conf:2: 'connections access' takes any, "
                                                     "members, admins or a number such as 0x13, not "
                                                     "'all'");
        row("[thresholds]\ncurl = 5",
            "sockledger.conf:2: 'curl' takes two numbers of kilobits/s: warning and critical, not '5'");
    }
    void whatIsWrongIsSaidWithFileAndLine() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, problem);
        const auto problems = problems_of(text.constData());
        QCOMPARE(problems.size(), std::size_t{1});
        QCOMPARE(QByteArray::fromStdString(problems.front()), problem);
    }

    void whatIsWrongKeepsWhatWasBefore() {
        Settings settings;
        (void)apply(settings, parse_settings_file("a", "[applications]\nmaximum charts = 9"));
        (void)apply(settings, parse_settings_file("b", "[applications]\nmaximum charts = many"));
        QCOMPARE(settings.application_charts, std::size_t{9});
    }

    void theUsersFileGoesBeforeTheStockFile() {
        const QTemporaryDir stock;
        const QTemporaryDir user;
        write(stock.filePath("sockledger.conf"),
              "[applications]\nmaximum charts = 3\nshow = a*\n[thresholds]\n* = 1 1\n");
        write(user.filePath("sockledger.conf"),
              "[applications]\nmaximum charts = 4\n[thresholds]\nx = 2 2\n");
        Environment environment;
        environment.stock_config_dir = stock.path().toStdString();
        environment.user_config_dir = user.path().toStdString();
        const LoadedSettings loaded = load_settings(environment);
        QVERIFY(loaded.problems.empty());
        QCOMPARE(loaded.settings.application_charts, std::size_t{4});
        QVERIFY(!loaded.settings.applications.matches("b"));
        QVERIFY((loaded.settings.threshold_of("", "x") == Threshold{2, 2}));
        QVERIFY((loaded.settings.threshold_of("", "y") == Threshold{1, 1}));
    }

    void withoutAnyFileThereAreDefaults() {
        const LoadedSettings loaded = load_settings({});
        QVERIFY(loaded.problems.empty());
        QCOMPARE(loaded.settings.socket, std::string(default_socket));
        QCOMPARE(loaded.settings.update_every, 1U);
    }

    void theStockFileSaysNothingButDefaults() {
        QFile file(SOCKLEDGER_NETDATA_DIR "/sockledger.conf");
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        QVERIFY(parse_settings_file("", text.toStdString()).lines.empty());
        // Every example in it is right, and there is one for every setting that there is.
        text.replace("    # ", "    ");
        Settings settings;
        std::size_t wrong = 0;
        std::size_t right = 0;
        for (const SettingLine& line : parse_settings_file("", text.toStdString()).lines) {
            SettingsFile one{"", {line}, {}};
            (apply(settings, one).empty() ? right : wrong) += 1;
        }
        QCOMPARE(wrong, std::size_t{0});
        QCOMPARE(right, std::size_t{16});
        QCOMPARE(settings.application_charts, Settings{}.application_charts);
        QCOMPARE(settings.function_rows, Settings{}.function_rows);
    }

    void inAContainerTheSocketIsThatOfTheHost() {
        Environment environment;
        environment.host_prefix = "/host";
        QCOMPARE(load_settings(environment).settings.socket, std::string("/host") + default_socket);
    }

    void theEnvironmentOfNetdata137IsRead() {
        const Environment read = environment_of({{"NETDATA_USER_CONFIG_DIR", "/etc/netdata"},
                                                 {"NETDATA_STOCK_CONFIG_DIR", "/usr/lib/netdata/conf.d"},
                                                 {"NETDATA_LIB_DIR", "/var/lib/netdata"},
                                                 {"NETDATA_UPDATE_EVERY", "2"},
                                                 {"NETDATA_ERRORS_THROTTLE_PERIOD", "600"},
                                                 {"NETDATA_ERRORS_PER_PERIOD", "50"}});
        QCOMPARE(read.user_config_dir, std::string("/etc/netdata"));
        QCOMPARE(read.update_every, 2U);
        QVERIFY(!read.logfmt);
        QCOMPARE(read.log_lines, std::size_t{50});
        QVERIFY(read.log_period == std::chrono::seconds(600));
    }

    void theEnvironmentOfNetdata2IsRead() {
        const Environment read =
            environment_of({{"NETDATA_LOG_METHOD", "stderr"}, {"NETDATA_LOG_LEVEL", "warning"}});
        QVERIFY(read.logfmt);
        QVERIFY(read.log_level == LogLevel::Warning);
    }

    void nonsenseInTheEnvironmentKeepsDefaults() {
        const Environment read =
            environment_of({{"NETDATA_UPDATE_EVERY", "-7"}, {"NETDATA_LOG_LEVEL", "loud"}});
        QCOMPARE(read.update_every, 1U);
        QVERIFY(read.log_level == LogLevel::Info);
    }

    void theSlowerOfNetdataAndTheUserCounts() {
        Environment environment;
        environment.update_every = 10;
        QCOMPARE(load_settings(environment).settings.update_every, 10U);
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "settings_test.moc"
