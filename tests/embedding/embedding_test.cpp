// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/outcome.hpp"
#include "support/daemon_process.hpp"
#include "support/require.hpp"
#include "support/scenario.hpp"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>

#include <fcntl.h>
#include <sched.h>

using namespace sockledger::test;

namespace {

const QString source = QStringLiteral(SOCKLEDGER_EMBEDDING);
const QString recording = QStringLiteral(SOCKLEDGER_FIXTURES "/recordings/version1.jsonl");
constexpr std::chrono::minutes to_build{2};

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

/// The indented blocks of a section.
QStringList examples_of(const char* path, const char* section) {
    QStringList examples;
    const QString text = QString::fromUtf8(contents(path)).section(QLatin1String(section) + '\n', 1);
    bool within = false;
    for (const QString& line : text.section("\n## ", 0, 0).split('\n')) {
        const bool indented = line.startsWith("    ");
        if (indented && !within)
            examples.append(QString());
        within = indented || (within && line.isEmpty());
        if (within)
            examples.last() += line.mid(4) + '\n';
    }
    return examples;
}

} // namespace

/// Programs of others, which know of Sockledger what was installed.
class EmbeddingTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QProcessEnvironment environment_ = QProcessEnvironment::systemEnvironment();
    QString apps_;

    QString installed(const QString& path) const { return dir_.filePath("prefix/" + path); }
    QString library(const QString& path = {}) const {
        return installed(QStringLiteral(SOCKLEDGER_LIBRARY_DIR "/") + path);
    }
    Outcome run(const QString& program, const QStringList& arguments,
                std::chrono::milliseconds patience = to_build) const {
        return outcome_of(program, arguments, environment_, patience);
    }

    /// Builds a program of C99 as pkg-config says; gives its path.
    QString built(const QString& text) const {
        const QString program = dir_.filePath(QFileInfo(text).baseName());
        const Outcome compiler =
            run("sh", {"-c",
                       "exec " SOCKLEDGER_CC " -std=c99 -Wall -Wextra -Wpedantic -Werror -o \"$1\" \"$0\" "
                       "$(pkg-config --cflags --libs sockledger)",
                       text, program});
        if (compiler.status != 0)
            qFatal("%s", compiler.complaints.constData());
        return program;
    }

    /// Status 9: it has found something.
    Outcome by_valgrind(const QStringList& command) const {
        return run("valgrind", QStringList{"--quiet", "--error-exitcode=9", "--leak-check=full",
                                           "--errors-for-leak-kinds=definite,indirect,possible"} +
                                   command);
    }

private slots:
    void initTestCase() {
        const Outcome install =
            run(SOCKLEDGER_CMAKE, {"--install", SOCKLEDGER_PACKAGE, "--prefix", installed({})});
        QVERIFY2(install.status == 0, install.complaints);
        environment_.insert("PKG_CONFIG_PATH", library("pkgconfig"));
        environment_.insert("LD_LIBRARY_PATH", library());
        environment_.insert("PYTHONPATH", source);
        environment_.insert("PYTHONDONTWRITEBYTECODE", "1");
        apps_ = built(source + "/apps.c");
    }

    void whatIsExportedIsWhatTheHeaderSays() {
        const Outcome nm =
            run("nm", {"-D", "--defined-only", "--format=just-symbols", library("libsockledger.so")});
        QCOMPARE(nm.output, contents(QStringLiteral(SOCKLEDGER_FIXTURES "/c_api/symbols")));

        QStringList declared{"SOCKLEDGER_1"};
        for (const char* header : {"sockledger.h", "sockledger_snapshot.h"}) {
            const QString text = QString::fromUtf8(contents(installed("include/sockledger/") + header));
            static const QRegularExpression function("SOCKLEDGER_API[^(]*?(sockledger_\\w+)\\(");
            for (auto it = function.globalMatch(text); it.hasNext();)
                declared.append(it.next().captured(1) + "@@SOCKLEDGER_1");
        }
        declared.sort();
        QCOMPARE(QString::fromUtf8(nm.output).split('\n', Qt::SkipEmptyParts), declared);
    }

    void whoEmbedsItLoadsNoDatabase() {
        const Outcome headers = run("objdump", {"-p", library("libsockledger.so")});
        QVERIFY(headers.output.contains("SONAME               libsockledger.so.1\n"));
        QVERIFY(!headers.output.contains("sqlite"));
        QVERIFY(!headers.output.contains("cares"));
    }

    void aProgramOfC99ByPkgConfig() {
        const Outcome shown = run(apps_, {recording});
        QCOMPARE(shown.status, 0);
        for (const char* line :
             {"interface eth0 15140 ", "address 192.0.2.1/24\n", "app unit:sshd.service 15140 ",
              "process sshd 15140 ", "other ESTABLISHED 15000 ", "source traffic: "})
            QVERIFY2(shown.output.contains(line), line + QByteArray(": ") + shown.output);
        QCOMPARE(run(apps_, {"/none"}).complaints, QByteArray("/none: No such file or directory\n"));
    }

    void valgrindFindsNoFault_data() {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("a recording") << QStringList{apps_, recording} << 0
                                     << QByteArray("app unit:sshd.service 15140 ");
        QTest::newRow("no recording") << QStringList{apps_, "/none"} << 1 << QByteArray();
        QTest::newRow("this machine") << QStringList{apps_} << 0 << QByteArray("interface lo ");
    }
    void valgrindFindsNoFault() {
        SOCKLEDGER_NEEDS("valgrind");
        QFETCH(QStringList, command);
        QFETCH(int, status);
        QFETCH(QByteArray, shown);
        const Outcome outcome = by_valgrind(command);
        QVERIFY2(outcome.status == status, outcome.complaints);
        QVERIFY2(outcome.output.contains(shown), outcome.output);
    }

    void valgrindFindsNoFaultWithADaemon() {
        SOCKLEDGER_NEEDS("valgrind", "netns");
        const Namespace machine;
        const DaemonProcess daemon(machine, dir_.path().toStdString());
        const Outcome outcome =
            by_valgrind({built(source + "/history.c"), QString::fromStdString(daemon.socket())});
        QVERIFY2(outcome.status == 0, outcome.complaints);
        QVERIFY2(outcome.output.contains("other "), outcome.output);
    }

    void anotherProjectByCMake() {
        const QString build = dir_.filePath("outside");
        const Outcome configured = run(SOCKLEDGER_CMAKE, {"-S", source + "/outside", "-B", build, "-G",
                                                          "Ninja", "-DCMAKE_PREFIX_PATH=" + installed({})});
        QVERIFY2(configured.status == 0, configured.complaints);
        const Outcome built = run(SOCKLEDGER_CMAKE, {"--build", build});
        QVERIFY2(built.status == 0, built.output);
        const Outcome by_c = run(build + "/by_c", {recording});
        const Outcome by_cpp = run(build + "/by_cpp", {recording});
        QVERIFY2(by_c.output.contains("unit:sshd.service 15140 "), by_c.output + by_c.complaints);
        QCOMPARE(by_cpp.output, by_c.output);
    }

    void theExamplesOfTheReadmeWork() {
        SOCKLEDGER_NEEDS("python3");
        const QStringList examples = examples_of(SOCKLEDGER_EMBEDDING "/../../core/README.md", "## Embed it");
        QCOMPARE(examples.size(), 2);
        QVERIFY(write(dir_.filePath("example.c"), examples[0].toUtf8()));
        const Outcome in_c = run(built(dir_.filePath("example.c")), {});
        QVERIFY2(in_c.status == 0, in_c.complaints);
        const Outcome in_python = run("python3", {"-c", examples[1]});
        QVERIFY2(in_python.output.contains("\n1 "), in_python.output + in_python.complaints);
    }

    // The row that psutil and sysinfo lack.
    void pythonReadsTheBytesOfAProcess() {
        SOCKLEDGER_NEEDS("netns", "bpf", "python3");
        const Namespace left, right;
        const VethPair link(left, right);
        link.set_offloads(Offloads::Off);
        Scenario bulk;
        bulk.client = bulk.server = {"tcp-bulk", "bytes=500000"};
        ScenarioRun traffic(bulk, link.left(), link.right());
        QVERIFY(link.wait_until_quiet());

        QProcess python;
        python.setProcessEnvironment(environment_);
        python.setChildProcessModifier([space = left.path()] {
            const int fd = open(space.c_str(), O_RDONLY | O_CLOEXEC);
            if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
                _exit(125);
        });
        const auto bytes = [&] {
            while (!python.canReadLine() && python.waitForReadyRead(60'000)) {
            }
            return python.readLine().trimmed().split(' ');
        };
        const QByteArray pid = QByteArray::number(traffic.client().pid());
        python.start("python3", {source + "/process_bytes.py", QString::fromLatin1(pid)});
        const auto before = bytes();
        QVERIFY2(before.size() == 3, python.readAllStandardError());
        const DeviceCounters device_before = link.left().counters();
        traffic.play();
        QVERIFY(link.wait_until_quiet());
        const DeviceCounters moved = link.left().counters() - device_before;
        python.write("\n");
        const auto after = bytes();
        traffic.leave();
        python.closeWriteChannel();
        QVERIFY(python.waitForFinished() && python.exitCode() == 0);

        QCOMPARE(after.value(0), pid);
        QVERIFY(moved.tx_bytes > 500'000);
        QCOMPARE(after.value(1).toULongLong() - before[1].toULongLong(), moved.rx_bytes);
        QCOMPARE(after.value(2).toULongLong() - before[2].toULongLong(), moved.tx_bytes);
    }
};

QTEST_GUILESS_MAIN(EmbeddingTest)
#include "embedding_test.moc"
