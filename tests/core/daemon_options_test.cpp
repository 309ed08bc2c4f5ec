// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "daemon_options.hpp"

#include <QTest>

using namespace sockledger;

namespace {

Result<daemon::Options> parse(const std::vector<std::string>& arguments, const char* state = nullptr) {
    return daemon::parse_options(arguments, state);
}

} // namespace

class DaemonOptionsTest : public QObject {
    Q_OBJECT

private slots:
    void withoutArgumentsItIsTheDaemonOfTheMachine() {
        const auto options = parse({});
        QVERIFY(options);
        QVERIFY(options->exact && !options->help && !options->version && !options->check_config);
        QCOMPARE(options->socket, std::string("/run/sockledger/io.sockledger"));
        QCOMPARE(options->state, std::string("/var/lib/sockledger"));
        QCOMPARE(options->config, std::string("/etc/sockledger/sockledgerd.toml"));
        QVERIFY(!options->config_required);
    }

    void everyOptionIsTaken() {
        const auto options = parse({"--foreground", "--socket", "/tmp/s", "--state=/tmp/d", "--config",
                                    "c.toml", "--check-config", "--no-exact"});
        QVERIFY(options);
        QVERIFY(!options->exact && options->check_config && options->config_required);
        QCOMPARE(options->socket, std::string("/tmp/s"));
        QCOMPARE(options->state, std::string("/tmp/d"));
        QCOMPARE(options->config, std::string("c.toml"));
        QVERIFY(parse({"-h"})->help && parse({"--help"})->help);
        QVERIFY(parse({"-V"})->version && parse({"--version"})->version);
    }

    void theServiceManagerSaysWhereStateIs() {
        QCOMPARE(parse({}, "/var/lib/private/a")->state, std::string("/var/lib/private/a"));
        QCOMPARE(parse({}, "/var/lib/a:/var/lib/b")->state, std::string("/var/lib/a"));
        QCOMPARE(parse({}, "")->state, std::string("/var/lib/sockledger"));
        QCOMPARE(parse({"--state", "/tmp/d"}, "/var/lib/a")->state, std::string("/tmp/d"));
    }

    void misuseIsOneLineThatSaysWhat_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("names");
        const auto row = [](const QStringList& arguments, const char* names) {
            QTest::addRow("%s", qPrintable(arguments.join(' '))) << arguments << QString(names);
        };
        row({"--sokcet", "/tmp/s"}, "--sokcet");
        row({"--sock", "/tmp/s"}, "--sock");
        row({"--socket"}, "--socket");
        row({"--socket="}, "--socket");
        row({"--state", ""}, "--state");
        row({"--config", ""}, "--config");
        row({"--foreground=yes"}, "--foreground");
        row({"--socket", "/a", "--socket", "/b"}, "--socket");
        row({"start"}, "only options");
        row({"--", "--help"}, "only options");
    }
    void misuseIsOneLineThatSaysWhat() {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        std::vector<std::string> words;
        for (const QString& argument : arguments)
            words.push_back(argument.toStdString());
        const auto options = parse(words);
        QVERIFY(!options);
        const QString message = QString::fromStdString(options.error().message);
        QVERIFY2(message.contains(names), qPrintable(message));
        QVERIFY(!message.contains('\n'));
    }

    void helpNamesEveryOption() {
        const QString help = QString::fromStdString(daemon::help_text());
        for (const char* name : {"--config PATH", "--check-config", "--socket PATH", "--state DIR",
                                 "--no-exact", "--foreground", "--help", "--version"})
            QVERIFY2(help.contains(name), name);
    }
};

QTEST_GUILESS_MAIN(DaemonOptionsTest)
#include "daemon_options_test.moc"
