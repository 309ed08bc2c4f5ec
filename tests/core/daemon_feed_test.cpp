// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/served.hpp"

#include <sockledger/daemon.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace sockledger;
using namespace sockledger::test;
using namespace std::string_literals;

class DaemonFeedTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();

    FeedOptions options(FeedOptions::Source source = FeedOptions::Source::Daemon) const {
        FeedOptions made;
        made.source = source;
        made.socket = path_;
        made.engine.exact_traffic = made.engine.sockets = false;
        return made;
    }

private slots:
    void aSnapshotArrivesWhole() {
        Served served(path_);
        const auto feed = open_feed(options());
        QVERIFY(feed.has_value());
        QCOMPARE((*feed)->latest(), SnapshotPtr());
        const auto sample = (*feed)->sample();
        QVERIFY(sample.has_value());
        QCOMPARE((*feed)->latest(), *sample);
        QCOMPARE((*feed)->wake_fd(), -1);
        Snapshot expected = sample::snapshot();
        expected.sequence = 1;
        expected.sources.insert(expected.sources.begin(), (*sample)->sources.front());
        QVERIFY(**sample == expected);
    }

    void theDaemonIsASource() {
        Served served(path_);
        const auto feed = open_feed(options());
        const auto sample = (*feed)->sample();
        QVERIFY(sample.has_value());
        QCOMPARE((*sample)->sources.size(), std::size_t{5});
        const SourceStatus& daemon = (*sample)->sources.front();
        QCOMPARE(daemon.name, "daemon");
        QCOMPARE(daemon.detail, "from sockledgerd at " + path_);
        QVERIFY(daemon.took.count() > 0);
    }

    void onlyTheSectionsThatWereAskedForCome() {
        Served served(path_);
        FeedOptions wanted = options();
        wanted.sections = {false, true, false, false};
        const auto feed = open_feed(wanted);
        const auto sample = (*feed)->sample();
        QVERIFY(sample.has_value());
        QVERIFY(!(*sample)->apps.empty());
        QVERIFY((*sample)->interfaces.empty());
        QVERIFY((*sample)->processes.empty());
        QVERIFY((*sample)->connections.empty());
    }

    void ratesAreThoseBetweenTheSamplesOfThisFeed() {
        Served served(path_);
        const auto feed = open_feed(options());
        const auto other = open_feed(options());
        QVERIFY((*feed)->sample().has_value());
        for (int second = 0; second < 3; ++second) {
            served.run([](Service& service) { service.backend.advance(); });
            QVERIFY((*other)->sample().has_value());
        }
        const auto sample = (*feed)->sample();
        QCOMPARE((*sample)->interval, std::chrono::seconds(3));
        QCOMPARE(*(*sample)->total.rx_rate, 1000.0);
        QCOMPARE(*(*sample)->total.tx_rate, 0.0);
        QCOMPARE((*sample)->total.rx_bytes, sample::snapshot().total.rx_bytes + 3000);
        QCOMPARE((*other)->latest()->interval, std::chrono::seconds(1));
    }

    void sequencesGrowOverARestartOfTheDaemon() {
        auto served = std::make_unique<Served>(path_);
        served->run([](Service& service) {
            for (int second = 0; second < 5; ++second)
                service.backend.advance();
        });
        const auto feed = open_feed(options());
        std::uint64_t last = 0;
        for (int round = 0; round < 3; ++round) {
            const auto sample = (*feed)->sample();
            QVERIFY(sample.has_value());
            QVERIFY((*sample)->sequence > last);
            last = (*sample)->sequence;
            served.reset();
            const auto gone = (*feed)->sample();
            QVERIFY(!gone);
            QVERIFY(gone.error().code != 0);
            QCOMPARE((*feed)->latest(), *sample); // the newest that there is
            served = std::make_unique<Served>(path_);
        }
    }

    void withoutADaemonThereIsAnErrno() { QCOMPARE(open_feed(options()).error().code, ENOENT); }

    void withoutADaemonTheLocalEngineStandsIn() {
        const auto feed = open_feed(options(FeedOptions::Source::Automatic));
        QVERIFY(feed.has_value());
        const auto sample = (*feed)->sample();
        QVERIFY(sample.has_value());
        QCOMPARE((*sample)->source("daemon"), nullptr);
    }

    void withADaemonItIsChosen() {
        Served served(path_);
        const auto feed = open_feed(options(FeedOptions::Source::Automatic));
        QVERIFY((*(*feed)->sample())->source("daemon"));
        const auto local = open_feed(options(FeedOptions::Source::Local));
        QCOMPARE((*(*local)->sample())->source("daemon"), nullptr);
    }

    void aSocketThatHangsIsNotWaitedForLong() {
        const Impostor silent(path_, "", false);
        const auto began = Deadline::clock::now();
        const auto feed = open_feed(options(FeedOptions::Source::Automatic));
        QVERIFY(feed.has_value());
        QCOMPARE((*(*feed)->sample())->source("daemon"), nullptr);
        QVERIFY(Deadline::clock::now() - began < std::chrono::seconds(8));
    }

    void anImpostorIsNotTakenForTheDaemon() {
        const Impostor impostor(path_, "220 mail.example.org ESMTP\0"s);
        QCOMPARE((*(*open_feed(options(FeedOptions::Source::Automatic)))->sample())->source("daemon"),
                 nullptr);
        QVERIFY(!open_feed(options()));
    }

    void aSnapshotThatCannotBeUnderstoodIsAnError_data() {
        QTest::addColumn<QByteArray>("snapshot");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("none") << QByteArray("{}") << QByteArray("an answer without a snapshot");
        QTest::newRow("a number") << QByteArray(R"({"snapshot":1})") << QByteArray("not an object");
        QTest::newRow("an empty one") << QByteArray(R"({"snapshot":{}})") << QByteArray("is missing");
    }
    void aSnapshotThatCannotBeUnderstoodIsAnError() {
        QFETCH(QByteArray, snapshot);
        QFETCH(QByteArray, says);
        // Good as an answer to GetStatus too, of which only the form is looked at
        const Impostor impostor(path_, "{\"parameters\":" + snapshot.toStdString() + "}\0"s, false);
        const auto feed = open_feed(options());
        QVERIFY(feed.has_value());
        // The impostor answers a connection once; the feed makes another one
        const auto sample = (*feed)->sample();
        QVERIFY(!sample);
        const std::string& message = sample.error().message;
        QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(DaemonFeedTest)
#include "daemon_feed_test.moc"
