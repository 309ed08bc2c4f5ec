// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "options.hpp"

#include <QTest>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

Result<Options> parse(const char* line) {
    std::vector<std::string> arguments;
    for (const QString& word : QString(line).split(' ', Qt::SkipEmptyParts))
        arguments.push_back(word.toStdString());
    return parse_options(arguments);
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
            parse("connections --app fire --pid 12 --port 443 --state syn-sent --interface eth0 --all");
        QVERIFY(options);
        const Selection& selection = options->selection;
        QCOMPARE(options->command, Command::Connections);
        QCOMPARE(selection.app, std::string("fire"));
        QCOMPARE(*selection.pid, 12u);
        QCOMPARE(*selection.port, std::uint16_t{443});
        QCOMPARE(*selection.state, SocketState::SynSent);
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

    void helpNamesEveryCommandAndOption() {
        const QString help = QString::fromStdString(help_text());
        for (const char* word :
             {"apps",     "processes",  "connections", "interfaces", "doctor",      "record",
              "replay",   "--json",     "--watch",     "--interval", "--bits",      "--iec",
              "--app",    "--pid",      "--port",      "--state",    "--interface", "--all",
              "--replay", "--duration", "--no-exact",  "--no-color"})
            QVERIFY2(help.contains(word), word);
        for (const QString& line : help.split('\n'))
            QVERIFY2(line.size() <= 80, qPrintable(line));
        QVERIFY(parse("--help")->help);
        QVERIFY(parse("-V")->version);
    }
};

QTEST_GUILESS_MAIN(CliOptionsTest)
#include "cli_options_test.moc"
