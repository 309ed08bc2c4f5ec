// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/ledger_script.hpp"
#include "engine/recording.hpp"
#include "engine/recording_file.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::chrono_literals;

namespace {

/// A little of everything, over some samples.
std::vector<Readings> some_readings() {
    Script script;
    script.loopback();
    script.link(2, "").default_route = true;
    script.link(2).addresses = {{"192.0.2.1", 24}, {"2001:db8::1", 64}};
    script.link(3).master = 9;
    script.source("sockets").detail = "a \"quoted\" \\ sentence – and more";
    script.socket(7, 100).wire_counted = true;
    script.socket(8, 101).remote = {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 443, true};
    std::vector<Readings> all;
    for (std::uint32_t second = 0; second < 6; ++second) {
        script.process(100 + second, "/usr/bin/ünï", "/system.slice/sshd.service").command_line = {"-a", "",
                                                                                                   "x y"};
        script.receive(100 + second, 2, second * 10, 1500);
        script.row(0, 1).tx_gso_packets = UINT64_MAX;
        script.sockets[0].wire_rx_bytes += 100 * second;
        script.sockets[1].tcp_tx_bytes += second;
        if (second == 3) {
            script.exit(100);
            KernelIdentity identity;
            identity.process = Script::id(555);
            identity.comm = "gone";
            identity.cgroup_id = UINT64_MAX;
            identity.exited = true;
            script.readings.traffic.identities.push_back(identity);
        }
        script.read_sockets = second % 2 == 0;
        script.readings.time.boottime += 1s;
        script.readings.time.realtime += 1s;
        script.readings.sockets.fresh = script.read_sockets;
        script.readings.sockets.sockets = script.read_sockets ? script.sockets : std::vector<SocketRecord>{};
        all.push_back(script.readings);
        script.readings.processes = {};
    }
    return all;
}

QByteArray text_of(const std::vector<Readings>& all) {
    std::string text = encode_recording_header(all.front().time) + "\n";
    for (const Readings& readings : all) {
        text += encode_readings(readings) + "\n";
    }
    return QByteArray::fromStdString(text);
}

} // namespace

class RecordingTest : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;

    std::string write(const QByteArray& text) {
        QFile file(directory_.filePath("recording"));
        if (!file.open(QFile::WriteOnly) || file.write(text) != text.size()) {
            qFatal("cannot write the test's file");
        }
        return file.fileName().toStdString();
    }

    /// What a replay says about this text, after how many frames.
    Error end_of_replay(const QByteArray& text, int* frames = nullptr) {
        auto feed = open_replay(write(text));
        if (!feed) {
            return feed.error();
        }
        for (int count = 0;; ++count) {
            if (auto snapshot = (*feed)->sample(); !snapshot) {
                if (frames) {
                    *frames = count;
                }
                return snapshot.error();
            }
        }
    }

private slots:
    void readingsComeBackEqual() {
        for (const Readings& readings : some_readings()) {
            const auto decoded = decode_readings(encode_readings(readings));
            QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
            QCOMPARE(*decoded, readings);
        }
    }

    void aReplayGivesTheSameSnapshots() {
        const std::vector<Readings> all = some_readings();
        auto feed = open_replay(write(text_of(all)));
        QVERIFY(feed);
        QCOMPARE((*feed)->latest(), nullptr);
        QCOMPARE((*feed)->wake_fd(), -1);
        Ledger ledger;
        for (const Readings& readings : all) {
            auto snapshot = (*feed)->sample();
            QVERIFY(snapshot);
            QCOMPARE(**snapshot, *ledger.apply(readings));
            QCOMPARE((*feed)->latest(), *snapshot);
        }
        QCOMPARE((*feed)->sample().error().code, ENODATA);
        QCOMPARE((*feed)->sample().error().code, ENODATA);
        QVERIFY((*feed)->latest());
    }

    void aRecordingIsWrittenLineByLine() {
        const std::string path = directory_.filePath("written").toStdString();
        const std::vector<Readings> all = some_readings();
        auto writer = RecordingWriter::create(path, all.front().time);
        QVERIFY(writer);
        for (const Readings& readings : all) {
            QVERIFY(writer->append(readings));
        }
        QFile file(QString::fromStdString(path)); // nothing is held back: a kill loses one line at most
        QVERIFY(file.open(QFile::ReadOnly));
        QCOMPARE(file.readAll(), text_of(all));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
    }

    void aFileThatCannotBeWrittenIsAnError() {
        const auto writer = RecordingWriter::create(directory_.filePath("no/such/folder").toStdString(), {});
        QVERIFY(!writer);
        QCOMPARE(writer.error().code, ENOENT);
        QVERIFY(writer.error().message.ends_with("no/such/folder: No such file or directory"));
        auto full = RecordingWriter::create("/dev/full", {});
        QVERIFY(!full);
        QCOMPARE(full.error().code, ENOSPC);
    }

    void aRecordingThatIsCutAnywhereEndsEarlyOrSaysWhere() {
        const std::vector<Readings> all = some_readings();
        const QByteArray whole = text_of(all);
        for (int length = 0; length < whole.size(); length += 97) {
            const QByteArray cut = whole.left(length);
            int frames = 0;
            const Error error = end_of_replay(cut, &frames);
            const auto lines = cut.count('\n');
            QVERIFY(frames <= lines);
            if (error.code == ENODATA) {
                QVERIFY(cut.endsWith('\n') || whole[length] == '\n');
            } else if (length > 0) {
                const std::string place = "recording:" + std::to_string(lines + 1) + ": ";
                QVERIFY2(error.message.find(place) != std::string::npos, error.message.c_str());
            }
        }
    }

    void damageIsReportedWithItsLine() {
        const std::vector<Readings> all = some_readings();
        QByteArray text = text_of(all);
        const auto third = text.indexOf('\n', text.indexOf('\n') + 1) + 1;
        text.insert(third + 5, QByteArray("\0\xff{", 3));
        int frames = 0;
        const Error error = end_of_replay(text, &frames);
        QCOMPARE(frames, 1);
        QVERIFY(error.code != ENODATA);
        QVERIFY2(error.message.find("recording:3: no JSON") != std::string::npos, error.message.c_str());
    }

    void wrongTypesSayWhereAndWhat_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("problem");
        QTest::newRow("no object") << "[]"
                                   << "not an object";
        QTest::newRow("array for object") << R"({"links":[]})"
                                          << "links: not an object";
        QTest::newRow("object for array") << R"({"links":{"links":{}}})"
                                          << "links.links: not an array";
        QTest::newRow("text for number") << R"({"links":{"netns":"x"}})"
                                         << "links.netns: not an integer in range";
        QTest::newRow("negative") << R"({"links":{"netns":-1}})"
                                  << "links.netns: not an integer in range";
        QTest::newRow("too large") << R"({"links":{"netns":4294967296}})"
                                   << "links.netns: not an integer in range";
        QTest::newRow("fraction") << R"({"links":{"netns":1.5}})"
                                  << "links.netns: not an integer in range";
        QTest::newRow("number for truth") << R"({"sockets":{"fresh":1}})"
                                          << "sockets.fresh: not true or false";
        QTest::newRow("number for text") << R"({"links":{"links":[{},{"name":1}]}})"
                                         << "links.links[1].name: not a string";
        QTest::newRow("unknown state") << R"({"sockets":{"sockets":[{"state":99}]}})"
                                       << "sockets.sockets[0].state: unknown value 99";
        QTest::newRow("odd address") << R"({"sockets":{"sockets":[{"local":{"address":"abc"}}]}})"
                                     << "sockets.sockets[0].local.address: not an address in hexadecimal";
        QTest::newRow("no hexadecimal") << R"({"sockets":{"sockets":[{"local":{"address":"xx"}}]}})"
                                        << "sockets.sockets[0].local.address: not an address in hexadecimal";
        QTest::newRow("long address")
            << R"({"sockets":{"sockets":[{"local":{"address":"0000000000000000000000000000000000"}}]}})"
            << "sockets.sockets[0].local.address: not an address in hexadecimal";
        QTest::newRow("time before time") << R"({"time":{"boottime":-1}})"
                                          << "time: out of range";
        QTest::newRow("end of time") << R"({"time":{"realtime":9223372036854775807}})"
                                     << "time: out of range";
    }

    void wrongTypesSayWhereAndWhat() {
        QFETCH(QString, line);
        QFETCH(QString, problem);
        const auto readings = decode_readings(line.toStdString());
        QVERIFY(!readings);
        QCOMPARE(QString::fromStdString(readings.error().message), problem);
    }

    void nestingWithoutEndIsAnErrorAndNoCrash() {
        QVERIFY(!decode_readings(std::string(1000000, '[')));
        QVERIFY(!decode_readings(R"({"links":)" + std::string(1000000, '{')));
    }

    void unknownMembersAreIgnoredAndMissingOnesHaveDefaults() {
        const auto readings =
            decode_readings(R"({"later":[1,{}],"links":{"netns":7,"links":[{"ifindex":2,"colour":"red"}]}})");
        QVERIFY(readings);
        Readings expected;
        expected.links.netns = 7;
        expected.links.links.emplace_back().ifindex = 2;
        QCOMPARE(*readings, expected);
    }

    void bytesThatAreNoUtf8DoNotSpoilTheFile() {
        Readings readings;
        readings.processes.described.emplace_back().comm = std::string("a\xff\n\"\0\x01", 6);
        const std::string line = encode_readings(readings);
        QVERIFY(line.find('\n') == line.npos);
        const auto decoded = decode_readings(line);
        QVERIFY(decoded);
        QCOMPARE(decoded->processes.described[0].comm, "a\\xff\\x0a\"\\x00\\x01");
    }

    void otherFilesAreNoRecordings_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("problem");
        const QString other = "recording:1: this is no recording of Sockledger";
        QTest::newRow("empty") << QByteArray() << "recording: the file is empty";
        QTest::newRow("text") << QByteArray("hello\nworld\n") << other;
        QTest::newRow("binary") << QByteArray("\x7f"
                                              "ELF\0\1\n\n",
                                              8)
                                << other;
        QTest::newRow("other JSON") << QByteArray("{\"format\":\"har\",\"version\":1}\n") << other;
        QTest::newRow("number") << QByteArray("1\n") << other;
        QTest::newRow("from the future")
            << QByteArray("{\"format\":\"sockledger-recording\",\"version\":2}\n")
            << "recording:1: the recording has version 2, this program reads version 1";
        QTest::newRow("without version")
            << QByteArray("{\"format\":\"sockledger-recording\"}\n")
            << "recording:1: the recording has version 0, this program reads version 1";
    }

    void otherFilesAreNoRecordings() {
        QFETCH(QByteArray, text);
        QFETCH(QString, problem);
        const auto feed = open_replay(write(text));
        QVERIFY(!feed);
        QCOMPARE(QString::fromStdString(feed.error().message), directory_.path() + "/" + problem);
    }

    void whatIsNoFileIsAnError() {
        const auto missing = open_replay(directory_.filePath("missing").toStdString());
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ENOENT);
        const auto folder = open_replay(directory_.path().toStdString());
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, EISDIR);
    }

    void aLineThatNeverEndsIsAnError() {
        QByteArray text = text_of(some_readings()).left(200).split('\n').first() + "\n";
        text += QByteArray(300000, ' ');
        auto reader = RecordingReader::open(write(text), 200000);
        QVERIFY(reader);
        const auto readings = reader->next();
        QVERIFY(!readings);
        QVERIFY(readings.error().message.ends_with("recording:2: the line is longer than 200000 bytes"));
    }

    void aRecordingOfTheFirstVersionStaysReadable() {
        auto feed = open_replay(SOCKLEDGER_FIXTURES "/recordings/version1.jsonl");
        QVERIFY2(feed, feed ? "" : feed.error().message.c_str());
        auto snapshot = (*feed)->sample();
        QVERIFY(snapshot);
        auto last = (*feed)->sample();
        QVERIFY(last);
        const App* app = (*last)->app("unit:sshd.service");
        QVERIFY(app);
        QCOMPARE(app->traffic.rx_bytes, 15140u);
        QCOMPARE((*last)->total.rx_rate, 15140.0);
        QCOMPARE((*last)->connections.size(), 2u);
        QCOMPARE(to_string((*last)->connections[1].remote), "[2001:db8::1]:443");
        QCOMPARE((*feed)->sample().error().code, ENODATA);
    }
};

QTEST_GUILESS_MAIN(RecordingTest)
#include "recording_test.moc"
