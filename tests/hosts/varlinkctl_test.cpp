// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/outcome.hpp"
#include "support/checked.hpp"
#include "support/daemon_process.hpp"
#include "support/require.hpp"
#include "support/varlinkctl.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <sys/socket.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// The words of varlinkctl, with `arguments` after them.
QStringList called_with(const QStringList& arguments) {
    QStringList words;
    for (const std::string& word : varlinkctl())
        words.append(QString::fromStdString(word));
    return words + arguments;
}

QJsonObject object_of(const QByteArray& text) {
    return QJsonDocument::fromJson(text).object();
}

} // namespace

/// A varlink client that others wrote, and the daemon.
class VarlinkctlTest : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;
    std::optional<Namespace> space_;
    UniqueFd listener_; ///< so that there is an application to be seen
    std::unique_ptr<DaemonProcess> daemon_;

    QString socket() const { return QString::fromStdString(daemon_->socket()); }

    static Outcome run(const QStringList& arguments) {
        const QStringList words = called_with(arguments);
        return outcome_of(words.front(), words.mid(1));
    }
    Outcome call(const char* method, const char* parameters = "{}") const {
        return run({"--json=short", "call", socket(), method, parameters});
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "varlinkctl");
        space_.emplace();
        listener_ = space_->run([] {
            UniqueFd socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
            checked(listen(socket.get(), 1), "listen");
            return socket;
        });
        daemon_ = std::make_unique<DaemonProcess>(*space_, directory_.path().toStdString());
    }

    void infoNamesTheProgram() {
        const Outcome outcome = run({"--json=short", "info", socket()});
        QVERIFY2(outcome.status == 0, outcome.complaints);
        QCOMPARE(object_of(outcome.output)["product"].toString(), QString("sockledgerd"));
    }

    void interfacesAreListed() {
        const Outcome outcome = run({"list-interfaces", socket()});
        QVERIFY2(outcome.status == 0, outcome.complaints);
        QCOMPARE(outcome.output, QByteArray("io.sockledger\norg.varlink.service\n"));
    }

    void descriptionsAreWithoutFault_data() {
        QTest::addColumn<QString>("interface");
        QTest::addColumn<QByteArray>("member");
        QTest::newRow("ours") << "io.sockledger" << QByteArray("method GetSnapshot(");
        QTest::newRow("of varlink") << "org.varlink.service" << QByteArray("method GetInfo()");
    }
    void descriptionsAreWithoutFault() {
        QFETCH(QString, interface);
        QFETCH(QByteArray, member);
        const Outcome written =
            run({"validate-idl", QStringLiteral(SOCKLEDGER_INTERFACES "/") + interface + ".varlink"});
        QVERIFY2(written.status == 0, written.complaints);
        const Outcome served = run({"introspect", socket(), interface});
        QVERIFY2(served.status == 0, served.complaints);
        QVERIFY2(served.output.contains(member), served.output);
        QCOMPARE(served.complaints, QByteArray());
    }

    void aCallIsAnswered() {
        const Outcome outcome = call("io.sockledger.GetStatus");
        QVERIFY2(outcome.status == 0, outcome.complaints);
        const QJsonObject status = object_of(outcome.output);
        QCOMPARE(status["pid"].toInt(), daemon_->pid());
        QVERIFY(status["privileged"].toBool());
    }

    void aSnapshotHasWhatWasAskedFor() {
        const Outcome outcome =
            call("io.sockledger.GetSnapshot", R"({"sections": ["interfaces"], "filter": {"all": true}})");
        QVERIFY2(outcome.status == 0, outcome.complaints);
        const QJsonObject snapshot = object_of(outcome.output)["snapshot"].toObject();
        int own = 0; // other namespaces of the machine may have interfaces too
        for (const QJsonValue interface : snapshot["interfaces"].toArray()) {
            if (interface.toObject()["netns"] != snapshot["netns"])
                continue;
            QCOMPARE(interface.toObject()["name"].toString(), QString("lo"));
            ++own;
        }
        QCOMPARE(own, 1);
        QVERIFY(!snapshot.contains("apps"));
    }

    void withoutSectionsASnapshotHasAll() {
        const Outcome outcome = call("io.sockledger.GetSnapshot", R"({"filter": {"all": true}})");
        QVERIFY2(outcome.status == 0, outcome.complaints);
        const QJsonObject snapshot = object_of(outcome.output)["snapshot"].toObject();
        for (const char* section : {"interfaces", "apps", "processes", "connections"})
            QVERIFY2(!snapshot[QLatin1String(section)].toArray().isEmpty(), section);
    }

    void historyIsAnswered() {
        const Outcome outcome =
            call("io.sockledger.GetUsage", R"({"window": {"from": 0, "to": 4000000000}, "bucket": "day"})");
        QVERIFY2(outcome.status == 0, outcome.complaints);
        QVERIFY(object_of(outcome.output)["rows"].isArray());
    }

    void aSubscriptionGoesOn() {
        const QStringList words =
            called_with({"--json=short", "--more", "call", socket(), "io.sockledger.Subscribe",
                         R"({"sections": ["interfaces"], "interval_ms": 1000})"});
        QProcess process;
        process.start(words.front(), words.mid(1), QIODevice::ReadOnly);
        QList<double> sequence;
        while (sequence.size() < 3) {
            QVERIFY2(process.canReadLine() || process.waitForReadyRead(10'000),
                     process.readAllStandardError());
            // Each reply is a line that begins with a record separator (RFC 7464).
            while (process.canReadLine())
                sequence.append(
                    object_of(process.readLine().mid(1))["snapshot"].toObject()["sequence"].toDouble());
        }
        process.kill();
        process.waitForFinished();
        QVERIFY(sequence[0] > 0 && sequence[0] < sequence[1] && sequence[1] < sequence[2]);
    }

    void errorsAreThoseOfTheDescription_data() {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QByteArray>("error");
        const auto row = [](const char* method, const char* parameters, const char* error) {
            QTest::newRow(error) << QByteArray(method) << QByteArray(parameters) << QByteArray(error);
        };
        row("io.sockledger.RemoveRule", R"({"id": "none"})", "io.sockledger.NoSuchRule");
        row("io.sockledger.Subscribe", "{}", "org.varlink.service.ExpectedMore");
        row("io.sockledger.GetEverything", "{}", "org.varlink.service.MethodNotFound");
        row("io.example.Get", "{}", "org.varlink.service.InterfaceNotFound");
        row("io.sockledger.ListAlerts", R"({"since": "yesterday"})", "org.varlink.service.InvalidParameter");
        row("io.sockledger.SetRule",
            R"({"rule": {"id": "a", "subject": "total", "measure": "rate", "threshold": 0}})",
            "io.sockledger.BadRequest");
    }
    void errorsAreThoseOfTheDescription() {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, parameters);
        QFETCH(QByteArray, error);
        const Outcome outcome = call(method, parameters);
        QVERIFY(outcome.status > 0);
        QVERIFY2(outcome.complaints.contains(error), outcome.complaints);
    }
};

QTEST_GUILESS_MAIN(VarlinkctlTest)
#include "varlinkctl_test.moc"
