// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "alerts.hpp"
#include "cli_fake_daemon.hpp"
#include "cli_history.hpp"
#include "cli_pipe.hpp"
#include "daemon_commands.hpp"

#include <QTest>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <clocale>
#include <csignal>

using namespace sockledger;
using namespace sockledger::cli;
using namespace std::chrono_literals;
using past::midnight;
using past::now;

namespace {

const Format format{{}, &glyphs(true)};
const Measures measures{{"fast", Rule::Measure::Rate}, {"plan", Rule::Measure::Month}};

Alert alert(std::uint64_t number, const char* rule, std::chrono::seconds raised) {
    Alert made;
    made.number = number;
    made.rule = rule;
    made.text = "curl received more than 5 MB/s";
    made.subject = "exe:/usr/bin/curl";
    made.name = "curl";
    made.raised = raised;
    made.value = 6'000'000;
    made.threshold = 5'000'000;
    return made;
}

Alert cleared(Alert alert, std::chrono::seconds at) {
    alert.active = false;
    alert.cleared = at;
    return alert;
}

std::vector<int> numbers(const std::vector<Alert>& news) {
    std::vector<int> list; // below zero: cleared
    for (const Alert& one : news)
        list.push_back(one.active ? static_cast<int>(one.number) : -static_cast<int>(one.number));
    return list;
}

} // namespace

class CliAlertsTest : public QObject {
    Q_OBJECT

    FakeDaemon* daemon = nullptr;
    std::optional<Interrupts> interrupts;

    QString run(const std::vector<std::string>& arguments, QString* messages = nullptr) {
        Pipe out;
        Pipe err;
        const auto options = parse_options(arguments, now);
        const auto status = run_alerts(*options, format, *daemon, out.output(), err.output(), *interrupts);
        if (messages)
            *messages = err.text();
        return status ? out.text() : "error: " + QString::fromStdString(status.error().message);
    }

    void then(const Alert& alert) {
        daemon->then([alert] { return std::optional<Alert>(alert); });
    }
    // Held back until the next wait.
    void then_interrupt() {
        daemon->then([] {
            if (std::raise(SIGINT) != 0)
                qFatal("raise");
            return std::optional<Alert>();
        });
    }

private slots:
    void initTestCase() { QVERIFY(std::setlocale(LC_CTYPE, "C.UTF-8")); }
    void init() {
        past::live_in("Europe/Berlin");
        interrupts.emplace();
        daemon = new FakeDaemon;
        Rule fast;
        fast.id = "fast";
        daemon->rules_ = {fast};
    }
    void cleanup() { delete daemon; }

    void activeOnesComeFirstAndThenTheNewest() {
        const std::vector alerts{cleared(alert(1, "fast", midnight), midnight + 1h),
                                 alert(2, "plan", midnight + 1h),
                                 cleared(alert(3, "gone", midnight + 2h), midnight + 3h)};
        QCOMPARE(past::text(alert_lines(alerts, measures, 120, format)),
                 "         raised           cleared          rule  what                           "
                 "  measured\n"
                 "▲ active 2026-11-21 01:00                  plan  curl received more than 5 MB/s "
                 "   6.00 MB\n"
                 "  over   2026-11-21 02:00 2026-11-21 03:00 gone  curl received more than 5 MB/s "
                 "         –\n"
                 "  over   2026-11-21 00:00 2026-11-21 01:00 fast  curl received more than 5 MB/s "
                 " 6.00 MB/s\n");
    }

    void fortyColumnsWithoutUtf8AreEnough() {
        const Format plain{{}, &glyphs(false)};
        const QString text = past::text(alert_lines({alert(1, "fast", midnight)}, measures, 40, plain));
        QCOMPARE(text, "         raised           what\n"
                       "! active 2026-11-21 00:00 curl received~\n");
    }

    void theListIsOfSevenDays() {
        QVERIFY(run({"alerts"}).startsWith("No alert since 2026-11-14 15:30:05."));
        QCOMPARE(daemon->alerts_since, std::vector{now - 7 * 24h});
        daemon->alerts_ = {alert(1, "fast", midnight)};
        QVERIFY(run({"alerts", "--last", "1d"}).contains("▲ active"));
        QCOMPARE(daemon->alerts_since.back(), now - 24h);
        const auto document = boost::json::parse(run({"alerts", "--json"}).toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.alerts");
        QCOMPARE(document.at("alerts").at(0).at("value").to_number<int>(), 6'000'000);
        QVERIFY(document.at("alerts").at(0).at("cleared").is_null());
    }

    void anAlertIsOneCleanLine() {
        Alert odd = alert(1, "fast", midnight);
        odd.text = "a\x1b[31mb\nc";
        QCOMPARE(QString::fromStdString(alert_line(odd, measures, format)),
                 "2026-11-21 00:00:00 ▲ raised  fast: a?[31mb?c (6.00 MB/s)");
        QCOMPARE(QString::fromStdString(alert_line(cleared(odd, midnight + 5s), measures, format)),
                 "2026-11-21 00:00:05 ▼ cleared fast: a?[31mb?c");
        odd.rule = "gone";
        QVERIFY(QString::fromStdString(alert_line(odd, measures, format)).endsWith("b?c"));
    }

    void nothingIsSaidTwiceAndNothingIsLeftOut() {
        AlertNews news;
        using List = std::vector<int>;
        const Alert one = alert(1, "fast", midnight);
        const Alert two = alert(2, "fast", midnight + 1h);
        QCOMPARE(numbers(news.take(one)), List{1});
        QCOMPARE(numbers(news.take(one)), List{});
        QCOMPARE(numbers(news.take(two)), List{2});
        QCOMPARE(news.since(), midnight);
        QCOMPARE(numbers(news.take(cleared(one, midnight + 2h))), List{-1});
        QCOMPARE(numbers(news.take(cleared(one, midnight + 2h))), List{});
        QCOMPARE(news.since(), midnight + 1h);
        QCOMPARE(numbers(news.take(cleared(alert(3, "fast", midnight + 3h), midnight + 4h))), (List{3, -3}));
    }

    void theWatchGoesOnUntilInterrupted() {
        const Alert one = alert(1, "fast", midnight);
        then(one);
        then(cleared(one, midnight + 5s));
        then_interrupt();
        QString messages;
        QCOMPARE(run({"alerts", "--watch"}, &messages),
                 "2026-11-21 00:00:00 ▲ raised  fast: curl received more than 5 MB/s (6.00 MB/s)\n"
                 "2026-11-21 00:00:05 ▼ cleared fast: curl received more than 5 MB/s\n");
        QCOMPARE(messages, "");
        QCOMPARE(interrupts->ended_by(), SIGINT);
    }

    void watchedJsonIsAnObjectALine() {
        then(alert(1, "fast", midnight));
        then(alert(2, "fast", midnight));
        then_interrupt();
        const QStringList lines = run({"alerts", "--watch", "--json"}).split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        const auto document = boost::json::parse(lines[1].toStdString());
        QCOMPARE(document.at("schema").as_string(), "io.sockledger.alert");
        QCOMPARE(document.at("alert").at("number").to_number<int>(), 2);
    }

    void aRestartOfTheDaemonIsNoticedAndNothingIsMissed() {
        const Alert one = alert(1, "fast", midnight);
        const Alert two = alert(2, "fast", midnight + 1h);
        then(one);
        daemon->then([this, one, two]() -> Result<std::optional<Alert>> {
            // What happens while it is away
            daemon->alerts_ = {cleared(one, midnight + 10s), two};
            return Error{"sockledgerd has closed the connection", ECONNRESET};
        });
        then(two); // the new stream begins with what is active
        then_interrupt();
        QString messages;
        const QStringList lines = run({"alerts", "--watch"}, &messages).split('\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.size() == 3, qPrintable(lines.join("\n")));
        QVERIFY(lines[1].contains("▼ cleared") && lines[2].startsWith("2026-11-21 01:00:00 ▲ raised"));
        QCOMPARE(messages, "sockledger: sockledgerd has closed the connection; trying again\n"
                           "sockledger: the daemon is back\n");
        QCOMPARE(daemon->subscriptions, 2);
        QCOMPARE(daemon->alerts_since, std::vector{midnight});
    }

    void whatTheDaemonRefusesEndsTheWatch() {
        daemon->away = Error{"the daemon is too old", 0};
        QCOMPARE(run({"alerts", "--watch"}), "error: the daemon is too old");
    }

    void theWatchEndsWhenNobodyReads() {
        then(alert(1, "fast", midnight));
        Pipe closed;
        closed.close_read();
        const auto status = run_alerts(*parse_options({"alerts", "--watch"}, now), format, *daemon,
                                       closed.output(), Output(-1), *interrupts);
        QVERIFY(status && *status == 0);
    }
};

QTEST_GUILESS_MAIN(CliAlertsTest)
#include "cli_alerts_test.moc"
