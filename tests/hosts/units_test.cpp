// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "hosts/outcome.hpp"
#include "support/require.hpp"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace sockledger::test;

namespace {

const QString prefix = QStringLiteral(SOCKLEDGER_PREFIX);

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool write(const QString& path, const QByteArray& text) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace

/// What the installation of the daemon puts into the system, in the hands of those who read it.
class UnitsTest : public QObject {
    Q_OBJECT

    QTemporaryDir root_;

    QString installed(const char* path) const { return root_.path() + prefix + QLatin1String(path); }
    QString daemon() const { return installed("/sbin/sockledgerd"); }

    Outcome check(const QByteArray& configuration) const {
        const QString path = root_.filePath("check.toml");
        return write(path, configuration) ? outcome_of(daemon(), {"--check-config", "--config", path})
                                          : Outcome();
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("systemd");
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESTDIR", root_.path());
        const Outcome install =
            outcome_of(SOCKLEDGER_CMAKE, {"--install", SOCKLEDGER_DAEMON_BUILD}, environment);
        QVERIFY2(install.status == 0, install.complaints);
    }

    void exposureIsAtMostTwo() {
        const Outcome outcome =
            outcome_of("systemd-analyze", {"security", "--no-pager", "--offline=yes", "--threshold=20",
                                           installed("/lib/systemd/system/sockledgerd.service")});
        QVERIFY2(outcome.status == 0, outcome.output + outcome.complaints);
        QVERIFY2(outcome.output.contains("Overall exposure level for sockledgerd.service: "), outcome.output);
    }

    void unitsAreWithoutFault() {
        // The program is not where the unit says, but below the root of this test.
        QByteArray unit = contents(installed("/lib/systemd/system/sockledgerd.service"));
        const QByteArray start = "ExecStart=" + (prefix + "/sbin/sockledgerd").toUtf8();
        QVERIFY2(unit.contains(start + "\n"), unit);
        unit.replace(start, "ExecStart=" + daemon().toUtf8());
        const QString folder = root_.filePath("units");
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(write(folder + "/sockledgerd.service", unit));
        QVERIFY(
            QFile::copy(installed("/lib/systemd/system/sockledgerd.socket"), folder + "/sockledgerd.socket"));
        const Outcome outcome =
            outcome_of("systemd-analyze", {"verify", "--man=no", folder + "/sockledgerd.service",
                                           folder + "/sockledgerd.socket"});
        QCOMPARE(outcome.complaints, QByteArray());
        QCOMPARE(outcome.status, 0);
    }

    void theUserAndItsFoldersAreMade() {
        SOCKLEDGER_NEEDS("netns"); // that is, root
        const QString other = root_.filePath("other");
        QVERIFY(QDir().mkpath(other + "/etc"));
        const Outcome users =
            outcome_of("systemd-sysusers", {"--root=" + other, installed("/lib/sysusers.d/sockledger.conf")});
        QVERIFY2(users.status == 0, users.complaints);
        QVERIFY(contents(other + "/etc/passwd").contains("sockledger:x:"));
        QVERIFY(contents(other + "/etc/group").contains("sockledger:x:"));
        const Outcome folders =
            outcome_of("systemd-tmpfiles",
                       {"--create", "--root=" + other, installed("/lib/tmpfiles.d/sockledger.conf")});
        QVERIFY2(folders.status == 0, folders.complaints);
        QVERIFY(QDir(other + "/run/sockledger").exists());
    }

    void theExampleConfigurationIsGood() {
        const QString path = installed("/share/sockledger/sockledgerd.toml");
        const Outcome outcome = outcome_of(daemon(), {"--check-config", "--config", path});
        QCOMPARE(outcome.output, (path + ": good\n").toUtf8());
        QCOMPARE(outcome.complaints, QByteArray());
        QCOMPARE(outcome.status, 0);
    }

    void whatTheExampleProposesIsGood() {
        // Settings are commented out by '#' alone, words by "# ".
        QString text = QString::fromUtf8(contents(installed("/share/sockledger/sockledgerd.toml")));
        static const QRegularExpression setting("^#(?=[a-z\\[])", QRegularExpression::MultilineOption);
        QVERIFY(text.count(setting) > 15);
        text.remove(setting);
        const Outcome outcome = check(text.toUtf8());
        QCOMPARE(outcome.output, (root_.filePath("check.toml") + ": good\n").toUtf8());
        QCOMPARE(outcome.status, 0);
    }

    void theStatusSaysWhatIsWrong() {
        QCOMPARE(check("[sampling]\nintreval = 2\n").status, 0);
        const Outcome bad = check("[sampling]\ninterval = 11\n");
        QCOMPARE(bad.status, 1);
        QVERIFY2(bad.output.contains("check.toml:2:12: error: "), bad.output);
        QCOMPARE(outcome_of(daemon(), {"--check-config", "--config", root_.filePath("none")}).status, 1);
        const Outcome misuse = outcome_of(daemon(), {"--cofnig"});
        QCOMPARE(misuse.status, 2);
        QCOMPARE(misuse.complaints.count('\n'), 1);
    }

    void theManualsAreThere() {
        for (const char* path : {"/share/man/man8/sockledgerd.8", "/share/man/man5/sockledgerd.toml.5"})
            QVERIFY2(QFile::exists(installed(path)), path);
    }
};

QTEST_GUILESS_MAIN(UnitsTest)
#include "units_test.moc"
