// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "rules/hook.hpp"

#include "kernel/child_user.hpp"
#include "kernel/unique_fd.hpp"
#include "kernel/users.hpp"

#include <boost/asio/io_context.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sockledger;
using namespace std::chrono_literals;

namespace {

Alert alert() {
    Alert made;
    made.rule = "much";
    made.text = "curl received more than 5 GB this month";
    made.kind = Rule::Subject::App;
    made.subject = "exe:/usr/bin/curl";
    made.name = "curl";
    made.raised = 1'800'000'000s;
    made.value = 5'000'000'001;
    made.threshold = 5'000'000'000;
    return made;
}

/// A runner, a folder for what its commands leave behind, and what it said.
struct Scene {
    explicit Scene(HookLimits limits = {})
        : runner(
              context, [this](const std::string& problem) { problems << QString::fromStdString(problem); },
              limits) {}

    std::string path(const char* name) { return folder.filePath(QString::fromLatin1(name)).toStdString(); }
    QByteArray contents(const char* name) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no such file)");
    }
    /// Runs one command to its end.
    void run(std::vector<std::string> argv, const Alert& about = alert(), const std::string& user = {}) {
        runner.run(about, {std::move(argv), user});
        context.run();
        context.restart();
    }

    QTemporaryDir folder;
    boost::asio::io_context context;
    QStringList problems;
    HookRunner runner;
};

QByteArray field(const QByteArray& status, const char* name) {
    for (const QByteArray& line : status.split('\n'))
        if (line.startsWith(QByteArray(name) + ':'))
            return line.mid(line.indexOf(':') + 1).trimmed();
    return "(no such field)";
}

} // namespace

class HookTest : public QObject {
    Q_OBJECT

private slots:
    void theEnvironmentSaysWhatHappened() {
        qputenv("LD_LIBRARY_PATH", "/nowhere");
        Scene scene;
        scene.run({"/usr/bin/cp", "/proc/self/environ", scene.path("out")});
        qunsetenv("LD_LIBRARY_PATH");
        QCOMPARE(scene.problems, QStringList());
        QCOMPARE(scene.contents("out").split('\0'),
                 (QByteArrayList{"PATH=/usr/bin:/bin", "SOCKLEDGER_RULE=much", "SOCKLEDGER_STATE=raised",
                                 "SOCKLEDGER_SUBJECT=exe:/usr/bin/curl", "SOCKLEDGER_NAME=curl",
                                 "SOCKLEDGER_VALUE=5000000001", "SOCKLEDGER_THRESHOLD=5000000000",
                                 "SOCKLEDGER_TEXT=curl received more than 5 GB this month",
                                 "SOCKLEDGER_TIME=1800000000", ""}));
    }

    void aClearedAlertSaysWhenItEnded() {
        Scene scene;
        Alert cleared = alert();
        cleared.active = false;
        cleared.cleared = 1'800'000'060s;
        scene.run({"/usr/bin/cp", "/proc/self/environ", scene.path("out")}, cleared);
        const QByteArrayList environment = scene.contents("out").split('\0');
        QVERIFY(environment.contains("SOCKLEDGER_STATE=cleared"));
        QVERIFY(environment.contains("SOCKLEDGER_TIME=1800000060"));
    }

    void aNameThatLooksLikeACommandIsAName_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("substitution") << QByteArray("$(touch /tmp/owned)`id`");
        QTest::newRow("quotes") << QByteArray("'\"\\ ; rm -rf / & | > <");
        QTest::newRow("lines") << QByteArray("a\nPATH=/tmp\n\rb\t\x1b[31m");
        QTest::newRow("no UTF-8") << QByteArray("\xff\xfe\x80");
        QTest::newRow("long") << QByteArray(200, 'x');
        QTest::newRow("empty") << QByteArray();
    }

    void aNameThatLooksLikeACommandIsAName() {
        QFETCH(QByteArray, name);
        Scene scene;
        Alert about = alert();
        about.name = name.toStdString();
        about.subject = "exe:" + about.name;
        scene.run({"/usr/bin/cp", "/proc/self/environ", scene.path("out")}, about);
        QCOMPARE(scene.problems, QStringList());
        const QByteArrayList environment = scene.contents("out").split('\0');
        QCOMPARE(environment.size(), 10); // with what is after the last one
        QVERIFY(environment.contains("SOCKLEDGER_NAME=" + name));
        QVERIFY(environment.contains("SOCKLEDGER_SUBJECT=exe:" + name));
    }

    void argumentsReachTheProgramAsWritten() {
        Scene scene;
        scene.run({"/usr/bin/cp", "--", "/proc/self/cmdline", scene.path("$(id) $SOCKLEDGER_NAME *;\n'\"")});
        QCOMPARE(scene.problems, QStringList());
        QVERIFY(scene.contents("$(id) $SOCKLEDGER_NAME *;\n'\"").startsWith("/usr/bin/cp"));
    }

    void theChildHasNothingOfItsParent() {
        Scene scene;
        QFile secret(scene.folder.filePath(QStringLiteral("secret")));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        // On purpose without O_CLOEXEC, and on both sides of the pipe that start() makes
        const UniqueFd low(fcntl(secret.handle(), F_DUPFD, 3));
        const UniqueFd high(fcntl(secret.handle(), F_DUPFD, 200));
        QVERIFY(low && high);
        scene.run(
            {"/usr/bin/find", "/proc/self/fd/", "-type", "l", "-fprintf", scene.path("out"), "%f %l\n"});
        QCOMPARE(scene.problems, QStringList());
        QByteArrayList lines = scene.contents("out").split('\n');
        QCOMPARE(lines.takeFirst(), "0 /dev/null");
        for (const QByteArray& line : lines) {
            const bool output = line.startsWith("1 ") || line.startsWith("2 ");
            const bool foreign =
                line.contains("secret") || line.contains("pipe:[") || line.contains("anon_inode");
            QVERIFY2(output || !foreign, line);
        }
    }

    void theChildHasNoCapabilityAndGainsNone() {
        Scene scene;
        scene.run({"/usr/bin/cp", "/proc/self/status", scene.path("out")});
        const QByteArray status = scene.contents("out");
        for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
            QCOMPARE(field(status, set), "0000000000000000");
        QCOMPARE(field(status, "NoNewPrivs"), "1");
    }

    void theChildHeedsEverySignal() {
        sigset_t held;
        sigemptyset(&held);
        for (int number : {SIGTERM, SIGCHLD, SIGUSR1})
            sigaddset(&held, number);
        sigset_t before;
        pthread_sigmask(SIG_BLOCK, &held, &before);
        const auto old = std::signal(SIGPIPE, SIG_IGN);
        Scene scene;
        scene.run({"/usr/bin/cp", "/proc/self/status", scene.path("out")});
        std::signal(SIGPIPE, old);
        sigset_t after;
        pthread_sigmask(SIG_SETMASK, &before, &after);
        QVERIFY(sigismember(&after, SIGTERM)); // ours are as they were
        QVERIFY(!sigismember(&after, SIGINT));
        const QByteArray status = scene.contents("out");
        QCOMPARE(field(status, "SigBlk"), "0000000000000000");
        QCOMPARE(field(status, "SigIgn"), "0000000000000000");
    }

    void theChildHasASessionOfItsOwn() {
        Scene scene;
        scene.run({"/usr/bin/cp", "/proc/self/stat", scene.path("out")});
        const QByteArrayList stat = scene.contents("out").split(' ');
        QVERIFY(stat.size() > 6);
        QCOMPARE(stat[5], stat[0]);
        QCOMPARE(stat[4], stat[0]);
        QCOMPARE(stat[6], "0"); // no terminal
    }

    void whatIsNoCommandIsNotRun_data() {
        QTest::addColumn<QStringList>("argv");
        QTest::addColumn<QString>("problem");
        QTest::newRow("nothing") << QStringList() << "a command begins with an absolute path";
        QTest::newRow("relative") << QStringList{"cp"} << "a command begins with an absolute path";
        QTest::newRow("absent") << QStringList{"/nonexistent/x"}
                                << "cannot be run: No such file or directory";
        QTest::newRow("folder") << QStringList{"/usr"} << "cannot be run: Permission denied";
        QTest::newRow("no program") << QStringList{"/etc/passwd"} << "cannot be run: Permission denied";
    }

    void whatIsNoCommandIsNotRun() {
        QFETCH(QStringList, argv);
        QFETCH(QString, problem);
        Scene scene;
        std::vector<std::string> words;
        for (const QString& word : argv)
            words.push_back(word.toStdString());
        scene.run(words);
        QCOMPARE(scene.problems.size(), 1);
        QVERIFY2(scene.problems.first().startsWith(QStringLiteral("rule much: ")),
                 scene.problems.first().toUtf8());
        QVERIFY2(scene.problems.first().endsWith(problem), scene.problems.first().toUtf8());
        QCOMPARE(scene.runner.running(), 0U);
    }

    void anUnknownUserIsAnError() {
        const HookCommand command{{"/usr/bin/true"}, "no such user"};
        QVERIFY(!validate(command));
        Scene scene;
        scene.run(command.argv, alert(), command.user);
        QCOMPARE(scene.problems,
                 QStringList{"rule much: the command was not run: there is no user 'no such user'"});
    }

    void ownUserTakesNoPrivilege() {
        Scene scene;
        const std::string name = UserNames().name(getuid());
        if (!find_user(name))
            QSKIP("this process's user is in no database");
        scene.run({"/usr/bin/true"}, alert(), name);
        QCOMPARE(scene.problems, QStringList());
    }

    void aCommandThatFailsIsReported() {
        Scene scene;
        scene.run({"/usr/bin/false"});
        QCOMPARE(scene.problems, QStringList{"rule much: /usr/bin/false ended with status 1"});
        scene.problems.clear();
        scene.run({"/usr/bin/true"});
        QCOMPARE(scene.problems, QStringList());
    }

    void aCommandThatTakesTooLongIsKilled() {
        Scene scene(HookLimits{4, 20ms});
        scene.run({"/usr/bin/sleep", "1000"});
        QCOMPARE(scene.problems, (QStringList{"rule much: /usr/bin/sleep takes too long and is killed",
                                              "rule much: /usr/bin/sleep was ended by signal 9"}));
        QCOMPARE(scene.runner.running(), 0U);
    }

    void whatACommandStartedIsKilledWithIt() {
        Scene scene(HookLimits{4, 200ms});
        std::array<int, 2> ends{};
        QCOMPARE(pipe2(ends.data(), O_CLOEXEC), 0);
        const UniqueFd read_end(ends[0]);
        const int output = dup(STDOUT_FILENO);
        QVERIFY(output >= 0);
        dup2(ends[1], STDOUT_FILENO); // the grandchild's too: the pipe ends when both have
        scene.runner.run(alert(),
                         {{"/usr/bin/env", "-S", "/usr/bin/timeout --foreground 2000 sleep 1000"}, {}});
        dup2(output, STDOUT_FILENO);
        close(output);
        close(ends[1]);
        scene.context.run();
        char byte = 0;
        QCOMPARE(read(read_end.get(), &byte, 1), 0);
        QCOMPARE(scene.problems.size(), 2);
    }

    void atMostSoManyRunAtATime() {
        Scene scene(HookLimits{2, 50ms});
        const HookCommand sleep{{"/usr/bin/sleep", "1000"}, {}};
        for (int i = 0; i < 5; ++i)
            scene.runner.run(alert(), sleep);
        QCOMPARE(scene.runner.running(), 2U);
        QCOMPARE(scene.runner.dropped(), 3U);
        QCOMPARE(scene.problems.size(), 3);
        QCOMPARE(scene.problems.last(), "rule much: the command was not run: 2 others are still running "
                                        "(3 not run so far)");
        scene.context.run();
        scene.context.restart();
        QCOMPARE(scene.runner.running(), 0U);
        scene.problems.clear();
        scene.run({"/usr/bin/true"});
        QCOMPARE(scene.problems, QStringList());
    }

    void otherChildrenAreLeftAlone() {
        const pid_t other = fork();
        if (other == 0)
            _exit(42);
        Scene scene;
        scene.run({"/usr/bin/true"});
        int status = 0;
        QCOMPARE(waitpid(other, &status, 0), other);
        QCOMPARE(WEXITSTATUS(status), 42);
    }

    void aRunnerMayGoBeforeItsCommand() {
        boost::asio::io_context context;
        QStringList problems;
        {
            HookRunner runner(context, [&](const std::string&) { problems << "late"; }, {4, 1ms});
            runner.run(alert(), {{"/usr/bin/true"}, {}});
            QCOMPARE(runner.running(), 1U);
        }
        context.run();
        QCOMPARE(problems, QStringList());
    }
};

QTEST_GUILESS_MAIN(HookTest)
#include "hook_test.moc"
