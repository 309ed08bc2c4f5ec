// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/chromium.hpp"
#include "hosts/netdata_readme.hpp"
#include "hosts/netdata_scene.hpp"
#include "hosts/outcome.hpp"
#include "support/require.hpp"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <optional>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr double kilo = 1000;

bool is_near(double value, double expected, double part = 0.001) {
    return std::abs(value - expected) <= std::abs(expected) * part + 100;
}

double sum(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values)
        total += std::isnan(value) ? 0 : value;
    return total;
}

QByteArray figures(double value, std::int64_t expected) {
    return ' ' + QByteArray::number(value, 'f', 0) + " of " + QByteArray::number(qlonglong(expected));
}

} // namespace

/// sockledger.plugin in a real Netdata, between a daemon and a link on which nothing is unknown. The test
/// functions follow one another in one life of both, as they would on a machine.
class NetdataTest : public QObject {
    Q_OBJECT

    std::optional<NetdataScene> scene_;
    qint64 begin_ = 0;

    /// What `happens` may cost points, but never adds or takes away a byte of what the device counted.
    template<typename Function>
    void no_spike_and_no_fall(Function happens) {
        scene_->send("firefox", 500'000);
        QVERIFY(eventually([&] { return !scene_->chart_of("firefox").isEmpty(); }));
        QVERIFY(eventually([&] { return scene_->is_exact(); }));
        const qint64 begin = now() + 3; // past what has been
        QVERIFY(eventually([&] { return now() > begin; }));
        const Amount before = scene_->moved();
        scene_->send("firefox", 300'000);
        happens();
        // What moves before the first value that is known again is not drawn.
        const qint64 again = now();
        QVERIFY(eventually([&] {
            return scene_->since(scene_->interface_chart("traffic"), again).known("sent") >= 3 &&
                   scene_->is_exact();
        }));
        const Amount middle = scene_->moved();
        scene_->send("firefox", 700'000);
        const Amount after = scene_->moved();
        const auto late = double(after.tx - middle.tx), all = double(after.tx - before.tx);
        for (const char* what : {"interface", "firefox"}) {
            const auto chart = [&] {
                return *what == 'i' ? scene_->interface_chart("traffic") : scene_->chart_of("firefox");
            };
            QVERIFY2(eventually([&] { return scene_->sent(chart(), begin) > late * 0.99; }),
                     what + figures(scene_->sent(chart(), begin), after.tx - middle.tx));
        }
        for (const QString& chart : {scene_->interface_chart("traffic"), scene_->chart_of("firefox")}) {
            const Series series = scene_->since(chart, begin);
            QVERIFY2(-series.bytes("sent") < all * 1.001 + 100, QByteArray::number(-series.bytes("sent")));
            for (const double rate : series.values["sent"])
                QVERIFY(!(rate > 0)); // drawn below the axis; a gap is no number
            for (const double rate : series.values["received"])
                QVERIFY(!(rate < 0));
        }
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf", "netdata");
        scene_.emplace();
        QVERIFY2(eventually([&] { return scene_->is_exact(); }), scene_->netdata->said());
    }

    void applicationsAppearUnderTheirNames() {
        begin_ = now();
        scene_->before = scene_->link.left().counters();
        scene_->send("firefox", 3'000'000);
        scene_->send("backup", 1'000'000);
        QVERIFY(eventually(
            [&] { return !scene_->chart_of("firefox").isEmpty() && !scene_->chart_of("backup").isEmpty(); }));
        const QJsonObject chart = scene_->netdata->get("/api/v1/chart?chart=" + scene_->chart_of("firefox"));
        QCOMPARE(chart["chart_labels"]["app"].toString(), "firefox");
        QCOMPARE(chart["chart_labels"]["accuracy"].toString(), "exact");
        QCOMPARE(chart["family"].toString(), "applications");
        QCOMPARE(chart["units"].toString(), "kilobits/s");
    }

    void applicationsHaveWhatTheDeviceCounted() {
        const auto moved = scene_->moved();
        const auto add_up = [&](const char* dimension) {
            return std::abs(scene_->since(scene_->chart_of("firefox"), begin_).bytes(dimension)) +
                   std::abs(scene_->since(scene_->chart_of("backup"), begin_).bytes(dimension));
        };
        const auto is_all = [&](const char* dimension, std::int64_t bytes) {
            return eventually([&] { return is_near(add_up(dimension), double(bytes)); }, 15s);
        };
        QVERIFY2(is_all("sent", moved.tx), figures(add_up("sent"), moved.tx));
        QVERIFY2(is_all("received", moved.rx), figures(add_up("received"), moved.rx));
    }

    // What belongs to nobody is settled when the link rests, so it may be a sample late.
    void theBooksAddUpToTheInterfacePointByPoint() {
        const auto moved = scene_->moved();
        for (const char* direction : {"received", "sent"}) {
            const double all = std::string(direction) == "sent" ? double(moved.tx) : double(moved.rx);
            const QString books_chart = scene_->interface_chart("books_") + direction;
            QVERIFY(eventually([&] {
                const Series books = scene_->since(books_chart, begin_);
                return is_near(books.bytes("apps") + books.bytes("kernel") + books.bytes("unattributed"),
                               all);
            }));
            const Series books = scene_->since(books_chart, begin_);
            const Series total = scene_->since(scene_->interface_chart("traffic"), begin_);
            QVERIFY(is_near(std::abs(total.bytes(direction)), all));
            QVERIFY(books.times.size() > 3 && total.times.size() > 3);
            const auto points = std::min(books.times.size(), total.times.size()); // a second may have passed
            double booked = 0, counted = 0, counted_before = 0;
            for (std::size_t i = 0; i < points; ++i) {
                QCOMPARE(books.times[i], total.times[i]);
                for (const auto& values : books.values)
                    booked += values[i];
                counted_before = std::exchange(counted, counted + std::abs(total.values[direction][i]));
                QVERIFY2(booked > counted_before * 0.998 - 1 && booked < counted * 1.002 + 1,
                         QByteArray::number(booked) + " of " + QByteArray::number(counted));
            }
        }
    }

    void aWindowIsCutIntoPoints() {
        const qint64 begin = begin_ - begin_ % 3; // points begin at a multiple of what they stand for
        const QString window = QStringLiteral("chart=%1&after=%2&before=%3")
                                   .arg(scene_->interface_chart("traffic"))
                                   .arg(begin)
                                   .arg(begin + 6);
        const auto group = [&](const char* how, int points) {
            auto values =
                scene_->netdata->data(window + "&group=" + how + "&points=" + QString::number(points))
                    .values.value("received");
            return values;
        };
        QVERIFY(eventually([&] { return now() > begin + 8; })); // Netdata has no points of the future
        const auto seconds = group("average", 6);
        QCOMPARE(seconds.size(), std::size_t{6});
        for (const char* how : {"average", "sum", "max"})
            QCOMPARE(group(how, 2).size(), std::size_t{2});
        for (const int half : {0, 1}) {
            const std::vector<double> part(seconds.begin() + half * 3, seconds.begin() + half * 3 + 3);
            QVERIFY(is_near(group("sum", 2)[half] * kilo, sum(part) * kilo));
            QVERIFY(is_near(group("average", 2)[half] * kilo, sum(part) / 3 * kilo));
            QVERIFY(
                is_near(group("max", 2)[half] * kilo, *std::max_element(part.begin(), part.end()) * kilo));
        }
    }

    void alarmsFollowTheThresholds() {
        scene_->send("backup", 100'000);
        QVERIFY(eventually([&] {
            return scene_->alarm(scene_->chart_of("backup"), "sockledger_app_bandwidth") == "CLEAR";
        }));
        const QString chart = scene_->chart_of("backup");
        const auto becomes = [&](const char* status) {
            return eventually([&] { return scene_->alarm(chart, "sockledger_app_bandwidth") == status; });
        };
        scene_->send("backup", 4'000'000); // 3200 kilobits/s over 10 s
        QVERIFY(becomes("WARNING"));
        scene_->send("backup", 15'000'000);
        QVERIFY(becomes("CRITICAL"));
        QVERIFY(becomes("CLEAR"));
    }

    void namesOfAnyKindAreShown() {
        const QStringList names{"with space", "quo\"te's",    "back\\slash`tick",
                                "new\nline",  "Ünïcödé 火狐", QString(200, 'x')};
        const ManyPrograms programs(*scene_, names, 500);
        QMap<QString, QJsonObject> charts;
        const bool shown = eventually([&] {
            charts = scene_->netdata->charts("app_traffic", "app_id");
            const auto is_shown = [&](const QString& name) {
                return charts.contains("exe:" + scene_->directory.filePath("programs/" + name).left(196));
            };
            return std::ranges::all_of(QStringList{"with space", "quo_te_s", "back_slash_tick", "new_x0aline",
                                                   "Ünïcödé 火狐", QString(200, 'x')},
                                       is_shown);
        });
        QVERIFY2(shown, charts.keys().join('\n').toUtf8());
    }

    void sixHundredApplicationsInAMinuteAreFewChartsAndTheRest() {
        const auto plugin = scene_->netdata->plugin();
        const qint64 begin = now() + 2; // past what has been
        QVERIFY(eventually([&] { return now() > begin; }));
        const auto before = scene_->moved();
        QStringList names;
        for (int i = 0; i < 600; ++i)
            names.append(QStringLiteral("program-%1").arg(i));
        ManyPrograms(*scene_, names, 1000).wait();
        const auto sent = double(scene_->moved().tx - before.tx);
        QCOMPARE_GE(sent, 600 * 1042.0);
        const auto is_near_sent = [&](double value) { return is_near(value, sent); };
        const auto booked = [&] {
            return scene_->since(scene_->interface_chart("books_sent"), begin).bytes("apps");
        };
        QVERIFY(eventually([&] { return is_near_sent(booked()); }, 20s));
        // Other machines, whose applications are seen, too, may have sent something.
        const auto other = [&] { return scene_->since("sockledger.apps_sent", begin).bytes("other"); };
        QVERIFY2(eventually([&] { return other() > sent * 0.9; }, 20s), QByteArray::number(other()));
        // Who had to go stays for another minute.
        QCOMPARE_LE(scene_->netdata->charts("app_traffic", "app_id").size(), scene_->most_charts * 4);
        QVERIFY(scene_->netdata->plugin() == plugin);
    }

    void theDaemonIsKilled() {
        no_spike_and_no_fall([&] {
            scene_->ledger->kill();
            QVERIFY(eventually([&] { return !scene_->is_exact(); }));
            QVERIFY(eventually([&] { return scene_->netdata->charts("missing", "reason").size() == 1; }));
            scene_->send("firefox", 200'000);
            scene_->ledger.reset();
            scene_->start_daemon();
            QVERIFY(eventually([&] { return scene_->is_exact(); }));
        });
    }

    // The dashboard has a menu of ours, and draws what was moved.
    void theDashboardDrawsIt() {
        SOCKLEDGER_NEEDS("chromium");
        const char* const firefox_is_drawn = R"((() => {
            const chart = document.querySelector('#chart_sockledger_apps_sent');
            const canvas = chart && chart.querySelector('canvas');
            const legend = chart ? [...chart.querySelectorAll('[class*=DimensionItem]')] : [];
            if (!canvas || !legend.some(item => /^firefox[0-9.]*[1-9]/.test(item.textContent)))
                return false;
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 0; i < pixels.length; i += 4) // the grid is grey
                if (Math.abs(pixels[i] - pixels[i + 2]) > 60)
                    return true;
            return false;
        })())";
        Chromium browser(scene_->left, scene_->directory.filePath("chromium"), 1280, 1400);
        browser.open("http://127.0.0.1:19999/#menu_sockledger;after=-90;before=0;theme=slate");
        QVERIFY(eventually([&] {
            return browser.evaluate("document.querySelector('#menu_sockledger') !== null").toBool();
        }));
        QVERIFY(eventually([&] {
            scene_->send("firefox", 300'000);
            return browser.evaluate(firefox_is_drawn).toBool();
        }));
        QVERIFY(browser.picture().size() > 10'000);
    }

    void theLatestStateOfAnInterfaceIsThere() {
        const auto latest = [&](const char* chart, QLatin1String dimension) {
            const QJsonObject all =
                scene_->netdata->get("/api/v1/allmetrics?format=json&filter=" + scene_->interface_chart("*"));
            const QJsonObject found = all[scene_->interface_chart(chart)].toObject();
            return found["dimensions"].toObject()[dimension].toObject()["value"].toDouble();
        };
        const auto is_moving = [&](QLatin1String dimension) {
            return eventually([&] {
                scene_->send("firefox", 300'000);
                return latest("traffic", dimension) != 0 && latest("packets", dimension) != 0;
            });
        };
        QVERIFY(is_moving(QLatin1String("received")));
        QVERIFY(is_moving(QLatin1String("sent")));
        QCOMPARE(latest("state", QLatin1String("up")), 1.0);
    }

    // A point of a minute is there when the minute is over.
    void whatTheReadmeAsksIsAnswered_data() {
        QTest::addColumn<QString>("command");
        const QStringList commands = readme_blocks("The HTTP API");
        QVERIFY(commands.size() >= 6);
        for (const QString& command : commands)
            QTest::addRow("%s", qPrintable(command.trimmed().section('/', -1))) << command;
    }

    void whatTheReadmeAsksIsAnswered() {
        QFETCH(QString, command);
        command.replace("eth0", QString::fromStdString(scene_->device()));
        scene_->send("firefox", 100'000);
        Outcome outcome;
        const QRegularExpression number_that_is_not_zero("[,:] ?-?[0-9.]*[1-9][0-9.]*[],}]");
        const bool answered = eventually([&] {
            outcome = scene_->left.run([&] { return outcome_of("sh", {"-c", command}); });
            // A name of a chart, or a rate
            return outcome.output.contains(scene_->interface_chart("traffic").toLatin1()) ||
                   number_that_is_not_zero.match(outcome.output).hasMatch();
        });
        QVERIFY2(answered, outcome.output + outcome.complaints);
        QCOMPARE(outcome.status, 0);
    }

    void whatWasSilentGoesAndComesBackWithoutASpike() {
        QVERIFY(eventually([&] { return scene_->chart_of("backup").isEmpty(); }, 120s));
        const qint64 begin = now();
        const auto before = scene_->moved();
        scene_->send("backup", 300'000);
        const auto moved = double(scene_->moved().tx - before.tx);
        QVERIFY(eventually([&] { return !scene_->chart_of("backup").isEmpty(); }));
        const auto volume = [&] { return scene_->sent(scene_->chart_of("backup"), begin); };
        QVERIFY(eventually([&] { return is_near(volume(), moved); }, 15s));
    }

    void thePluginIsEnded() {
        no_spike_and_no_fall([&] {
            const auto plugin = scene_->netdata->plugin();
            QVERIFY(plugin);
            QCOMPARE(::kill(*plugin, SIGTERM), 0);
            QVERIFY(eventually([&] { return scene_->netdata->plugin().value_or(*plugin) != *plugin; }));
        });
    }

    void netdataIsKilledAndThePluginEndsWithIt() {
        no_spike_and_no_fall([&] {
            const auto plugin = scene_->netdata->plugin();
            QVERIFY(plugin);
            scene_->netdata->kill();
            QVERIFY(eventually([&] { return ::kill(*plugin, 0) < 0; }));
            scene_->start_netdata();
            QVERIFY(eventually([&] { return scene_->is_exact(); }));
        });
    }

    // Netdata 1.37 does not start a plugin again that a signal has killed.
    void thePluginIsKilledAndComesBackWithNetdata() {
        no_spike_and_no_fall([&] {
            const auto plugin = scene_->netdata->plugin();
            QVERIFY(plugin);
            QCOMPARE(::kill(*plugin, SIGKILL), 0);
            QVERIFY(eventually([&] { return !scene_->netdata->plugin(); }));
            scene_->netdata->stop();
            scene_->start_netdata();
            QVERIFY(eventually([&] { return scene_->is_exact(); }));
        });
    }
};

QTEST_GUILESS_MAIN(NetdataTest)
#include "netdata_test.moc"
