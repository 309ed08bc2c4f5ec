// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "cli_pipe.hpp"
#include "commands.hpp"
#include "support/sample_snapshot.hpp"

#include <QElapsedTimer>
#include <QTest>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

const Format format{{}, &glyphs(true)};
const Output messages(-1);

sample::FakeFeed recording(std::size_t count) {
    std::vector<Snapshot> snapshots;
    for (std::uint64_t i = 1; i <= count; ++i) {
        snapshots.push_back(sample::snapshot());
        snapshots.back().sequence = i;
        snapshots.back().interval = std::chrono::nanoseconds(1);
    }
    sample::FakeFeed feed(std::move(snapshots));
    feed.end_with({"the recording has ended", ENODATA});
    return feed;
}

Options replay(Command command) {
    Options options;
    options.command = command;
    options.replay = "a.rec";
    return options;
}

// Leaves as soon as it is shown what it waits for.
class FakeScreen : public Screen {
public:
    explicit FakeScreen(QString quit_when) : quit_when_(std::move(quit_when)) {}

    int width() const override { return 80; }
    int height() const override { return 24; }
    void draw(const Frame& frame) override {
        ++drawn;
        last.clear();
        for (const Line& line : frame.lines)
            last += QString::fromStdString(plain_text(line)) + "\n";
        if (last.contains(quit_when_))
            QVERIFY(input.output().write("q"));
    }
    std::optional<Key> next_key() override {
        char character = 0;
        if (read(input.read_end(), &character, 1) != 1)
            return std::nullopt;
        return Key{KeyCode::Character, {character}};
    }

    Pipe input;
    QString last;
    int drawn = 0;

private:
    QString quit_when_;
};

// Says at once and always that there is something to pick up.
class EagerFeed : public Feed {
public:
    explicit EagerFeed(sample::FakeFeed feed) : feed_(std::move(feed)) {
        if (!pipe_.output().write("!"))
            qFatal("pipe");
    }
    Result<SnapshotPtr> sample() override { return feed_.sample(); }
    SnapshotPtr latest() const override { return feed_.latest(); }
    int wake_fd() const override { return pipe_.read_end(); }

private:
    sample::FakeFeed feed_;
    Pipe pipe_;
};

} // namespace

class CliCommandsTest : public QObject {
    Q_OBJECT

    std::optional<Interrupts> interrupts; // made in a test, so that its handlers come after Qt's

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() { interrupts.emplace(); }

    void aRecordingShownOnceShowsItsEnd() {
        Pipe pipe;
        auto feed = recording(3);
        Options options = replay(Command::Apps);
        options.json = true;
        const auto status = run_report(options, format, feed, pipe.output(), messages, *interrupts);
        QVERIFY(status && *status == 0);
        const QString text = pipe.text();
        QCOMPARE(text.count('\n'), 1);
        const auto document = boost::json::parse(text.toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.apps");
        QCOMPARE(document.at("sequence").to_number<int>(), 3);
    }

    void watchedARecordingGivesOneJsonObjectALine() {
        Pipe pipe;
        auto feed = recording(4);
        Options options = replay(Command::Connections);
        options.json = options.watch = true;
        QVERIFY(run_report(options, format, feed, pipe.output(), messages, *interrupts));
        const auto lines = pipe.text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        for (const QString& line : lines)
            QVERIFY(boost::json::parse(line.toStdString()).at("connections").is_array());
    }

    void everyCommandWritesATable_data() {
        QTest::addColumn<int>("command");
        QTest::addColumn<QString>("has");
        QTest::newRow("apps") << static_cast<int>(Command::Apps) << "Firefox";
        QTest::newRow("processes") << static_cast<int>(Command::Processes) << "2044";
        QTest::newRow("connections") << static_cast<int>(Command::Connections) << "198.51.100.7:443";
        QTest::newRow("interfaces") << static_cast<int>(Command::Interfaces) << "wireguard";
        QTest::newRow("doctor") << static_cast<int>(Command::Doctor) << "BPF counts every packet";
        QTest::newRow("plain live") << static_cast<int>(Command::Live) << "Firefox";
    }
    void everyCommandWritesATable() {
        QFETCH(int, command);
        QFETCH(QString, has);
        Pipe pipe;
        auto feed = recording(1);
        const auto status = run_report(replay(static_cast<Command>(command)), format, feed, pipe.output(),
                                       messages, *interrupts);
        QVERIFY(status && *status == 0);
        const QString text = pipe.text();
        QVERIFY2(text.contains(has), qPrintable(text));
        QVERIFY2(text.contains("exact"), qPrintable(text)); // accuracy is always said
    }

    void whatIsMissingIsSaidInOneLine() {
        Pipe pipe;
        sample::FakeFeed feed({sample::unprivileged()});
        feed.end_with({"", ENODATA});
        QVERIFY(run_report(replay(Command::Apps), format, feed, pipe.output(), messages, *interrupts));
        const QString text = pipe.text();
        QCOMPARE(text.count("CAP_BPF"), 1);
        QVERIFY(text.contains("≥12.0 MB/s"));
    }

    void aDamagedRecordingShowsWhatItHasAndFails() {
        Pipe pipe;
        auto feed = recording(2);
        feed.end_with({"a.rec:3: not JSON", 0});
        const auto status =
            run_report(replay(Command::Apps), format, feed, pipe.output(), messages, *interrupts);
        QVERIFY(!status);
        QCOMPARE(status.error().message, std::string("a.rec:3: not JSON"));
        QVERIFY(pipe.text().contains("Firefox"));
    }

    void anInterfaceThatIsNotThereIsNamed() {
        Pipe pipe;
        auto feed = recording(1);
        Options options = replay(Command::Apps);
        options.selection.interface = "nosuch0";
        const auto status = run_report(options, format, feed, pipe.output(), messages, *interrupts);
        QVERIFY(!status);
        QVERIFY(QString::fromStdString(status.error().message).contains("nosuch0"));
        QVERIFY(QString::fromStdString(status.error().message).contains("eth0")); // what there is instead
    }

    void anEmptyRecordingIsAnErrorAndNotAnEmptyTable() {
        Pipe pipe;
        auto feed = recording(0);
        QVERIFY(!run_report(replay(Command::Apps), format, feed, pipe.output(), messages, *interrupts));
        QVERIFY(pipe.text().isEmpty());
    }

    void aClosedPipeIsItsOwnError() {
        Pipe pipe;
        pipe.close_read();
        auto feed = recording(2);
        const auto status =
            run_report(replay(Command::Apps), format, feed, pipe.output(), messages, *interrupts);
        QVERIFY(!status);
        QCOMPARE(status.error().code, EPIPE);
    }

    void aReportOfThisMachineEndsWhenNobodyReads() {
        Pipe pipe;
        pipe.close_read();
        auto feed = recording(2);
        Options options;
        options.command = Command::Apps;
        options.watch = true;
        options.interval_s = 60;
        const auto status = run_report(options, format, feed, pipe.output(), messages,
                                       *interrupts); // at once, not after 60 s
        QVERIFY(status && *status == 0);
    }

    void theDoctorNeedsOneSampleOnlyAndFailsWhenNothingWorks() {
        Pipe pipe;
        Snapshot machine = sample::snapshot();
        for (SourceStatus& source : machine.sources)
            source.accuracy = Accuracy::Unavailable;
        sample::FakeFeed feed({machine});
        Options options;
        options.command = Command::Doctor;
        const auto status = run_report(options, format, feed, pipe.output(), messages, *interrupts);
        QVERIFY(status && *status == 1);
        const QString text = pipe.text();
        QCOMPARE(text.count("missing"), 4);
        QVERIFY(text.contains("Nothing works here."));
    }

    void theLiveTableShowsARecordingToItsEnd() {
        auto feed = recording(5);
        FakeScreen screen("end of the recording");
        const auto status =
            run_live(replay(Command::Live), format, feed, screen, screen.input.read_end(), *interrupts);
        QVERIFY(status && *status == 0);
        QVERIFY(screen.drawn >= 5);
        QVERIFY(screen.last.contains("Firefox"));
    }

    void damageIsShownInTheLiveTableAndReturned() {
        auto feed = recording(2);
        feed.end_with({"a.rec:4: cut off", 0});
        FakeScreen screen("a.rec:4: cut off");
        const auto status =
            run_live(replay(Command::Live), format, feed, screen, screen.input.read_end(), *interrupts);
        QVERIFY(!status);
        QCOMPARE(status.error().message, std::string("a.rec:4: cut off"));
    }

    void newsComeBeforeTheirTurnButNotAsAFlood() {
        EagerFeed feed(recording(3)); // then an Error, which the live table shows
        FakeScreen screen("the recording has ended");
        Options options;
        options.interval_s = 60;
        QElapsedTimer time;
        time.start();
        QVERIFY(run_live(options, format, feed, screen, screen.input.read_end(), *interrupts));
        QVERIFY(time.elapsed() >= 1000 && time.elapsed() < 30'000);
    }

    void aDaemonThatIsAwayIsANoticeOfTheLiveTable() {
        auto feed = recording(1);
        feed.end_with({"/run/s: Connection refused", ECONNREFUSED});
        FakeScreen screen("Connection refused; trying again");
        const auto status = run_live({}, format, feed, screen, screen.input.read_end(), *interrupts);
        QVERIFY(status && *status == 0);
        QVERIFY(screen.last.contains("Firefox"));
    }

    void theLiveTableEndsWhenItsTerminalHasGone() {
        auto feed = recording(1);
        FakeScreen screen("never");
        screen.input.close_write(); // readable for ever, and never a key
        Options options;
        options.interval_s = 60;
        QVERIFY(run_live(options, format, feed, screen, screen.input.read_end(), *interrupts));
        QVERIFY(screen.drawn < 100);
    }

    void aSignalEndsTheLiveTable() {
        auto feed = recording(1);
        FakeScreen screen("never");
        Options options;
        options.interval_s = 60;
        QCOMPARE(std::raise(SIGTERM), 0); // held back until the first wait
        const auto status = run_live(options, format, feed, screen, screen.input.read_end(), *interrupts);
        QVERIFY(status && *status == 0);
        QCOMPARE(interrupts->ended_by(), SIGTERM);
        QCOMPARE(screen.drawn, 1);
    }
};

QTEST_GUILESS_MAIN(CliCommandsTest)
#include "cli_commands_test.moc"
