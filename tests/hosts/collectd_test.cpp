// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/collectd_fleet.hpp"
#include "hosts/outcome.hpp"
#include "support/require.hpp"
#include "support/spawn.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/wait.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

constexpr int patience = 60'000;

constexpr char metrics[] = "http://127.0.0.1:9103/metrics";

std::vector<double> numbers(const Amount& amount) {
    return {double(amount.rx), double(amount.tx)};
}

std::vector<double> sum(std::vector<double> one, const std::vector<double>& other) {
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i)
        one[i] += other[i];
    return one;
}

double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Each application for itself, above 1 MB/s for a second.
Rule rule() {
    Rule made;
    made.id = "fast";
    made.subject = Rule::Subject::App;
    made.threshold = 1'000'000;
    made.seconds = 1;
    return made;
}

/// Runs until this object goes.
class Program {
public:
    Program(const Namespace& space, std::vector<std::string> command)
        : pid_(spawn(space, std::move(command), {STDIN_FILENO, nowhere_.get(), nowhere_.get()})) {}
    ~Program() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    bool has_ended() const {
        siginfo_t information{};
        return waitid(P_PID, id_t(pid_), &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               information.si_pid == pid_;
    }

private:
    UniqueFd nowhere_{open("/dev/null", O_WRONLY | O_CLOEXEC)};
    pid_t pid_;
};

} // namespace

/// sockledger.so in the real collectd, between a daemon and a link on which nothing is unknown: two hosts on
/// the ends of that link, and one in the middle to which both send. The test functions follow one another in
/// one life of all of them, as they would on a machine.
class CollectdTest : public QObject {
    Q_OBJECT

    std::optional<CollectdFleet> fleet_;
    std::optional<Program> prometheus_;

    QByteArray text(const QString& url) const {
        return fleet_->scene.left
            .run([&] {
                return outcome_of("curl", {"--silent", "--fail", "--max-time", "5", "--globoff", url});
            })
            .output;
    }
    /// The value of the first series that Prometheus answers with; NaN for none.
    double ask_prometheus(const QString& query) const {
        const QJsonObject answer =
            QJsonDocument::fromJson(text("http://127.0.0.1:9090/api/v1/query?query=" +
                                         QString::fromUtf8(QUrl::toPercentEncoding(query))))
                .object();
        const QJsonArray value = answer["data"]["result"][0]["value"].toArray();
        return value.size() == 2 ? value[1].toString().toDouble() : std::nan("");
    }
    /// What promtool complains about in /metrics; "metrics" that are counters without help texts are
    /// collectd's.
    void metricsAreFine() const {
        QProcess check;
        check.start("promtool", {"check", "metrics"});
        QVERIFY(check.waitForStarted());
        const QByteArray page = text(metrics);
        QVERIFY(!page.isEmpty());
        check.write(page);
        check.closeWriteChannel();
        QVERIFY(check.waitForFinished());
        const QByteArray complaints = check.readAllStandardError();
        QVERIFY2(check.exitCode() == 0, complaints.constData());
    }
    /// No counter of a host has ever fallen, and none has grown by more than `most` from one row to the next.
    static void noSpikeAndNoFall(const CollectdHost& host, const QString& identifier, double most) {
        const auto rows = host.csv(identifier);
        QVERIFY(!rows.empty());
        for (std::size_t i = 1; i < rows.size(); ++i)
            for (std::size_t source = 0; source < rows[i].values.size(); ++source) {
                const double grown = rows[i].values[source] - rows[i - 1].values[source];
                QVERIFY2(grown >= 0 && grown <= most, QByteArray::number(grown));
            }
    }
    /// A shell with a name of its own, which sends a datagram and lives for some seconds.
    std::unique_ptr<Program> speaker(const QByteArray& name, const char* seconds) const {
        const std::string path = fleet_->scene.path("bad/") + name.toStdString();
        std::filesystem::copy_file("/bin/bash", path, std::filesystem::copy_options::skip_existing);
        return std::make_unique<Program>(
            fleet_->scene.left,
            std::vector<std::string>{path, "-c",
                                     "exec 3>/dev/udp/" + fleet_->scene.link.right().ipv4 +
                                         "/9; echo hello >&3; sleep " + seconds + "; :"});
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf", "collectd");
        fleet_.emplace();
    }

    void whatTwoProgramsMoveReachesTheFiles() {
        QTRY_VERIFY_WITH_TIMEOUT(!fleet_->left->csv(fleet_->device()).empty() &&
                                     !fleet_->right->csv(fleet_->device()).empty(),
                                 patience);
        fleet_->scene.send("surfer", 1'000'000);
        fleet_->scene.send("archiver", 500'000);
        const Amount moved = fleet_->moved();
        QTRY_COMPARE_WITH_TIMEOUT(fleet_->left->csv_growth(fleet_->device()), numbers(moved), patience);
        const auto parts = [&] {
            return sum(fleet_->left->csv_growth(fleet_->device("-apps")),
                       sum(fleet_->left->csv_growth(fleet_->device("-kernel")),
                           fleet_->left->csv_growth(fleet_->device("-unattributed"))));
        };
        QTRY_COMPARE_WITH_TIMEOUT(parts(), numbers(moved), patience);
        // The stock plugin beside it
        const QString stock = "interface-" + QString::fromStdString(fleet_->scene.device()) + "/if_octets";
        QTRY_COMPARE_WITH_TIMEOUT(fleet_->left->csv_growth(stock), numbers(moved), patience);
        const auto apps = [&] {
            return sum(fleet_->left->csv_growth(CollectdFleet::app("surfer")),
                       fleet_->left->csv_growth(CollectdFleet::app("archiver")));
        };
        QTRY_COMPARE_WITH_TIMEOUT(apps(), fleet_->left->csv_growth(fleet_->device("-apps")), patience);
        const auto surfer = fleet_->left->csv_growth(CollectdFleet::app("surfer"));
        QVERIFY2(surfer[1] > 1'000'000 && surfer[1] < 1'100'000, QByteArray::number(surfer[1]));
    }

    void theSameReachesTheSocketAndTheRoundRobinFiles() {
        const QStringList identifiers = fleet_->left->identifiers();
        for (const char* identifier :
             {"left/sockledger-all/if_octets", "left/sockledger-all/bool-exact",
              "left/sockledger_app-surfer/if_octets", "left/sockledger_app-other/if_octets",
              "left/sockledger_app-surfer/ps_count", "left/sockledger_app-surfer/current_connections"})
            QVERIFY2(identifiers.contains(QLatin1String(identifier)), identifier);
        QCOMPARE(fleet_->left->rates("left/sockledger-all/bool-exact").value("value", -1), 1.0);
        QCOMPARE(fleet_->left->rates("left/sockledger_app-surfer/if_octets").keys(),
                 QStringList({"rx", "tx"}));

        const QString file = fleet_->path("left/rrd/left/sockledger_app-surfer/if_octets.rrd");
        const auto volume = [&] { // of "time: rx tx" for each second
            double sum = 0;
            for (const QByteArray& line :
                 outcome_of("rrdtool", {"fetch", file, "AVERAGE", "-s", "-300", "-r", "1"})
                     .output.split('\n'))
                if (const double rate = line.mid(line.lastIndexOf(' ')).toDouble(); rate > 0)
                    sum += rate;
            return sum;
        };
        QTRY_VERIFY_WITH_TIMEOUT(volume() > 990'000, patience);
        QVERIFY2(volume() < 1'100'000, QByteArray::number(volume()));
    }

    void aCenterHasWhatTheDevicesOfBothHostsCounted() {
        const QString right_device = CollectdFleet::identifier(fleet_->scene.link.right());
        const auto rows_of_left = fleet_->left->csv(fleet_->device());
        const auto latest = [&](const QString& identifier, const QString& host) {
            const auto rows = fleet_->center->csv(identifier, host);
            return rows.empty() ? std::vector<double>() : rows.back().values;
        };
        QTRY_COMPARE_WITH_TIMEOUT(latest(fleet_->device(), "left"), rows_of_left.back().values, patience);
        QTRY_COMPARE_WITH_TIMEOUT(latest(right_device, "right"),
                                  fleet_->right->csv(right_device).back().values, patience);
        // What one end sent the other has received
        const Amount moved = fleet_->moved();
        QCOMPARE(fleet_->center->csv_growth(fleet_->device(), "left"), numbers(moved));
        QCOMPARE(fleet_->center->csv_growth(right_device, "right"), numbers({moved.tx, moved.rx}));
        QTRY_COMPARE_WITH_TIMEOUT(fleet_->center->csv_growth(CollectdFleet::app("surfer"), "left"),
                                  fleet_->left->csv_growth(CollectdFleet::app("surfer")), patience);
        QVERIFY(!fleet_->center->said().contains("Dataset not found"));
    }

    void prometheusScrapesIt() {
        SOCKLEDGER_NEEDS("prometheus");
        metricsAreFine();
        QFile config(fleet_->path("prometheus.yml"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("scrape_configs:\n - job_name: collectd\n   scrape_interval: 1s\n"
                     "   static_configs:\n    - targets: ['127.0.0.1:9103']\n");
        config.close();
        prometheus_.emplace(fleet_->scene.left, std::vector<std::string>{
                                                    "/usr/bin/prometheus",
                                                    "--config.file=" + fleet_->scene.path("prometheus.yml"),
                                                    "--storage.tsdb.path=" + fleet_->scene.path("prometheus"),
                                                    "--web.listen-address=127.0.0.1:9090"});
        QTRY_COMPARE_WITH_TIMEOUT(ask_prometheus("up"), 1.0, patience);
        const QString sent = "collectd_sockledger_app_if_octets_tx_total{sockledger_app=\"surfer\"}";
        QTRY_COMPARE_WITH_TIMEOUT(ask_prometheus(sent),
                                  fleet_->left->csv(CollectdFleet::app("surfer")).back().values[1], patience);
        fleet_->scene.send("surfer", 1'000'000);
        QTRY_VERIFY_WITH_TIMEOUT(ask_prometheus("increase(" + sent + "[1m])") > 500'000, patience);
        const QString device_sent = "collectd_sockledger_if_octets_tx_total{sockledger=\"" +
                                    QString::fromStdString(fleet_->scene.device()) + "\",type=\"%1\"}";
        const auto books = [&](const char* part) {
            return ask_prometheus(device_sent.arg(QLatin1String(part)));
        };
        QTRY_COMPARE_WITH_TIMEOUT(books("apps") + books("kernel") + books("unattributed"), books(""),
                                  patience);
    }

    void theQueriesOfTheReadmeAreAnswered() {
        if (!prometheus_)
            QSKIP("without Prometheus");
        QFile readme(SOCKLEDGER_COLLECTD_README);
        QVERIFY(readme.open(QIODevice::ReadOnly));
        QString text = QString::fromUtf8(readme.readAll());
        text = text.section("## Prometheus", 1).section("In Grafana", 0, 0);
        int queries = 0;
        for (const QString& part : text.split(QRegularExpression("\\n    # .*\\n")).mid(1)) {
            QString query = part.simplified();
            query.replace("firefox", "surfer")
                .replace("eth0", QString::fromStdString(fleet_->scene.device()));
            const bool answered = query.endsWith("== 0") || !std::isnan(ask_prometheus(query));
            QVERIFY2(answered, qPrintable(query));
            ++queries;
        }
        QCOMPARE(queries, 9);
    }

    void aThresholdOfAnApplicationNotifies() {
        const auto notified = [&](const char* severity) {
            return fleet_->left->said().contains(QByteArray("severity = ") + severity +
                                                 ", host = left, plugin = sockledger_app, "
                                                 "plugin_instance = archiver, type = if_octets");
        };
        QVERIFY(!notified("FAILURE"));
        fleet_->scene.send("archiver", 20'000'000);
        QTRY_VERIFY_WITH_TIMEOUT(notified("FAILURE"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(notified("OKAY"), patience);
    }

    void badNamesHurtNobody() {
        std::filesystem::create_directory(fleet_->scene.path("bad"));
        std::vector<std::unique_ptr<Program>> speakers;
        for (const QByteArray& name :
             {QByteArray("new\nline"), QByteArray("bad\xff\xfeutf8"), QByteArray("qu\"o'te\\ =,{}"),
              QByteArray("long") + QByteArray(200, 'g'), QByteArray("b\303\274cher"),
              QByteArray("tab\tulator")})
            speakers.push_back(speaker(name, "5"));
        for (const char* part : {"new", "bad", "qu\"o'te\\ =,{}", "gggg", "b\303\274cher", "tab"})
            QTRY_VERIFY2_WITH_TIMEOUT(!fleet_->left->identifiers().filter(QString::fromUtf8(part)).isEmpty(),
                                      part, patience);
        for (const QString& identifier : fleet_->left->identifiers())
            QVERIFY2(identifier.count('/') == 2 && !identifier.contains(QChar::ReplacementCharacter) &&
                         identifier.toUtf8().size() < 200,
                     qPrintable(identifier));
        if (prometheus_) {
            metricsAreFine();
            QTRY_VERIFY_WITH_TIMEOUT(ask_prometheus("count_over_time(up[10s])") >= 5, patience);
            QCOMPARE(ask_prometheus("min_over_time(up[10s])"), 1.0);
        }
    }

    void thousandsOfApplicationsTakeNoMoreSeriesThanWereAskedFor() {
        const auto memory = [&] {
            QFile status(QStringLiteral("/proc/%1/status").arg(fleet_->left->pid()));
            const bool open = status.open(QIODevice::ReadOnly);
            const QByteArray text = open ? status.readAll() : QByteArray();
            return text.mid(text.indexOf("VmRSS:") + 6).simplified().split(' ').value(0).toInt();
        };
        const auto series = [&] {
            return fleet_->left->identifiers().filter("/sockledger_app-").filter("/if_octets").size();
        };
        const int before = memory();
        // As fast as this machine makes processes: several hundred a second
        std::filesystem::create_directory(fleet_->scene.path("many"));
        std::filesystem::copy_file("/bin/bash", fleet_->scene.path("many/base"));
        Program churn(fleet_->scene.left,
                      {"/bin/bash", "-c",
                       "cd " + fleet_->scene.path("many") +
                           " && for i in {1..1500}; do ln base app$i && ./app$i -c 'echo > /dev/udp/" +
                           fleet_->scene.link.right().ipv4 + "/9'; rm app$i; done"});
        QTRY_VERIFY_WITH_TIMEOUT(churn.has_ended(), 2 * patience);
        fleet_->scene.send("surfer", 100'000);
        const double sent = fleet_->left->csv(CollectdFleet::app("surfer")).back().values[1];
        QTRY_VERIFY_WITH_TIMEOUT(fleet_->left->csv(CollectdFleet::app("surfer")).back().values[1] > sent,
                                 patience);
        QVERIFY2(series() <= 2 * CollectdFleet::top_applications,
                 QByteArray::number(series())); // those that left expire later
        // The engine keeps the totals of each application that ever was: some kB
        QVERIFY2(memory() < before + 60'000, QByteArray::number(memory() - before));
        QVERIFY(!fleet_->left->said().contains("Value too old"));
    }

    void daemonsThatDieAndComeBackMakeNoSpike() {
        const CollectdHost& left = *fleet_->left;
        const QString device = fleet_->device(), app = CollectdFleet::app("surfer");
        const auto newRow = [&](const QString& identifier) {
            const double begin = now();
            QTRY_VERIFY_WITH_TIMEOUT(left.csv(identifier).back().time > begin, patience);
        };
        const double lost = double(fleet_->moved().tx) - left.csv_growth(device)[1];
        fleet_->daemon->kill();
        newRow(device); // of its own engine
        newRow(app);
        const double before = left.csv_growth(app)[1];
        fleet_->scene.send("surfer", 200'000);
        QTRY_VERIFY_WITH_TIMEOUT(left.csv_growth(app)[1] >= before + 200'000, patience);
        fleet_->daemon = fleet_->scene.daemon();
        fleet_->scene.send("surfer", 300'000); // while the plugin finds it
        QCOMPARE(fleet_->daemon->stop(), 0);
        fleet_->daemon = fleet_->scene.daemon();
        for (int i = 0; i < 8; ++i)
            newRow(app);
        const double moved = double(fleet_->moved().tx);
        noSpikeAndNoFall(left, device, moved);
        noSpikeAndNoFall(left, app, 2'000'000);
        const double growth = left.csv_growth(device)[1];
        QVERIFY2(growth <= moved && growth > moved - lost - 500'000, QByteArray::number(growth - moved));
    }

    void alertsOfTheDaemonAreNotifications() {
        QVERIFY(fleet_->daemon->client().set_rule(rule()));
        const auto said = [&](const char* severity, const char* text) {
            return fleet_->left->said().contains(
                QByteArray("severity = ") + severity +
                ", host = left, plugin = sockledger_app, plugin_instance = surfer, type = "
                "if_octets, type_instance = fast, message = " +
                text);
        };
        // The plugin may still be looking for the daemon
        for (int i = 0; i < 10 && !said("WARNING", "surfer: "); ++i) {
            fleet_->scene.send("surfer", 5'000'000);
            (void)QTest::qWaitFor([&] { return said("WARNING", "surfer: "); }, 5000);
        }
        QVERIFY(said("WARNING", "surfer: "));
        QTRY_VERIFY_WITH_TIMEOUT(said("OKAY", "cleared: surfer: "), patience);
    }

    void noApplicationThatEndedRaisedAFalseAlarm() {
        QVERIFY(!fleet_->left->said().contains("has not been updated"));
    }

    void cleanupTestCase() {
        if (fleet_)
            std::filesystem::remove_all(fleet_->scene.path("bad")); // Qt does not find what is no UTF-8
    }
};

QTEST_GUILESS_MAIN(CollectdTest)
#include "collectd_test.moc"
