// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "cli_fake_daemon.hpp"
#include "cli_history.hpp"
#include "cli_pipe.hpp"
#include "commands.hpp"
#include "doctor.hpp"
#include "history_feed.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>
#include <cerrno>
#include <clocale>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;

namespace {

const Format format{{}, &glyphs(true)};

Snapshot from_daemon() {
    Snapshot made = sample::snapshot();
    made.interval = 1s;
    made.sources.insert(made.sources.begin(), {"daemon", Accuracy::Exact, 0, 0, 1ms, "from sockledgerd"});
    return made;
}

/// Snapshots, with an Error in the place of each that is absent.
class BrokenFeed : public Feed {
public:
    BrokenFeed(std::vector<std::optional<Snapshot>> steps, Error error)
        : steps_(std::move(steps)), error_(std::move(error)) {}

    Result<SnapshotPtr> sample() override {
        if (next_ == steps_.size())
            return Error{"the test is over", 0};
        const auto& step = steps_[next_++];
        if (!step)
            return error_;
        return std::make_shared<const Snapshot>(*step);
    }
    SnapshotPtr latest() const override { return nullptr; }
    int wake_fd() const override { return -1; }

private:
    std::vector<std::optional<Snapshot>> steps_;
    Error error_;
    std::size_t next_ = 0;
};

Options parsed(std::vector<std::string> arguments) {
    const auto options = parse_options(arguments, past::now);
    if (!options)
        qFatal("%s", options.error().message.c_str());
    return *options;
}

} // namespace

class CliFeedTest : public QObject {
    Q_OBJECT

    std::optional<Interrupts> interrupts;
    QString shown;
    QString messages;

    Result<int> run(const std::vector<std::string>& arguments, Feed& feed) {
        Pipe out;
        Pipe err;
        auto status = run_report(parsed(arguments), format, feed, out.output(), err.output(), *interrupts);
        shown = out.text();
        messages = err.text();
        return status;
    }

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() { interrupts.emplace(); }

    void theFirstAnswerOfADaemonHasRatesAndIsShown() {
        BrokenFeed feed({from_daemon()}, {});
        const auto status = run({"apps"}, feed);
        QVERIFY(status && *status == 0);
        QVERIFY(shown.contains("Firefox"));
    }

    void aDaemonThatIsRestartedDoesNotEndTheWatch() {
        // EPIPE too: it is not the output that broke
        BrokenFeed feed({from_daemon(), std::nullopt, from_daemon()}, {"/run/s: Broken pipe", EPIPE});
        const auto status = run({"apps", "--watch", "--interval", "1"}, feed);
        QVERIFY(!status);
        QCOMPARE(status.error().message, std::string("the test is over"));
        QCOMPARE(shown.count("Firefox"), 1); // the first one waits for a rate of this interval
        QCOMPARE(messages, "sockledger: /run/s: Broken pipe; trying again\n");
    }

    void withoutWatchingItIsAnErrorAndNoClosedOutput() {
        BrokenFeed feed({std::nullopt}, {"/run/s: Broken pipe", EPIPE});
        const auto status = run({"apps"}, feed);
        QVERIFY(!status);
        QCOMPARE(status.error().code, 0);
        QCOMPARE(messages, "");
    }

    void anErrorOfTheLocalEngineEndsTheWatch() {
        BrokenFeed feed({sample::snapshot(), std::nullopt}, {"no such file", ENOENT});
        const auto status = run({"apps", "--watch", "--interval", "1"}, feed);
        QVERIFY(!status);
        QCOMPARE(status.error().message, std::string("no such file"));
    }

    void theDoctorOfADaemonSpeaksOfHistory() {
        past::live_in("Europe/Berlin");
        BrokenFeed daemon_feed({from_daemon()}, {});
        FakeDaemon daemon;
        daemon.status_.history.recording = true;
        daemon.status_.history.detail = "recording to /var/lib/x";
        daemon.status_.history.size_bytes = 12'000'000;
        daemon.status_.history.oldest = past::midnight;
        HistoryFeed feed(daemon_feed, daemon, {});
        const auto status = run({"doctor"}, feed);
        QVERIFY(status && *status == 0);
        QVERIFY(shown.startsWith("daemon      works"));
        QVERIFY2(shown.contains("recording to /var/lib/x; 12.0 MB since 2026-11-21 00:00"),
                 qPrintable(shown));
        QVERIFY(shown.contains("Everything works"));
    }

    void aHistoryThatIsStuckIsSaid() {
        FakeDaemon daemon;
        daemon.status_.history.detail = "disk full since 03:00";
        daemon.status_.history.waiting = 7;
        BrokenFeed daemon_feed({from_daemon(), from_daemon()}, {});
        HistoryFeed feed(daemon_feed, daemon, {});
        const auto status = run({"doctor"}, feed);
        QVERIFY(status && *status == 0);
        QVERIFY2(shown.contains("history     missing") && shown.contains("7 rows could not be written"),
                 qPrintable(shown));
        daemon.away = Error{"gone", ECONNRESET};
        QVERIFY(!run({"doctor"}, feed));
    }

    void onlyWhatIsShownIsAskedFor() {
        const auto asked = [](const std::vector<std::string>& arguments) {
            const Sections sections = sections_of(parsed(arguments));
            return std::pair(sections.processes, sections.connections);
        };
        QCOMPARE(asked({}), std::pair(true, true));
        QCOMPARE(asked({"apps"}), std::pair(false, false));
        QCOMPARE(asked({"apps", "--pid", "3"}), std::pair(true, false));
        QCOMPARE(asked({"apps", "--port", "443"}), std::pair(false, true));
        QCOMPARE(asked({"apps", "--interface", "eth0"}), std::pair(false, true));
        QCOMPARE(asked({"processes"}), std::pair(true, false));
        QCOMPARE(asked({"processes", "--state", "listen"}), std::pair(true, true));
        QCOMPARE(asked({"connections"}), std::pair(true, true));
        QCOMPARE(asked({"interfaces"}), std::pair(false, false));
        QVERIFY(!sections_of(parsed({"doctor"})).interfaces);
    }
};

QTEST_GUILESS_MAIN(CliFeedTest)
#include "cli_feed_test.moc"
