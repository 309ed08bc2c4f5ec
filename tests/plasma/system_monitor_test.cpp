// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "plasma/busy_machine.hpp"
#include "support/checked.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"
#include "support/spawn.hpp"

#include <processcore/process_data_model.h>

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>

using namespace sockledger::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int datagram = 1000;
constexpr int wire = datagram + 8 + 20 + 14; // UDP, IPv4 and Ethernet headers

/// Sends as many datagrams as each line of its input says, over a socket that is never connected.
int send_datagrams(const char* address) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    inet_pton(AF_INET, address, &to.sin_addr);
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    if (bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any) != 0) // so that the kernel lists it
        return 1;
    const std::string payload(datagram, 'x');
    int count = 0;
    while (std::scanf("%d", &count) == 1)
        for (int i = 0; i < count; ++i) {
            if (sendto(fd, payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) !=
                datagram)
                return 1;
            if (i % 20 == 19)
                usleep(1000); // no queue of a device takes all at once
        }
    return 0;
}

qint64 pid_of(const QString& program) {
    const QStringList entries = QDir(u"/proc"_s).entryList(QDir::Dirs);
    for (const QString& pid : entries)
        if (QFile::symLinkTarget(u"/proc/%1/exe"_s.arg(pid)).endsWith(u'/' + program))
            return pid.toLongLong();
    return 0;
}

/// A program of its own name that sends when it is told to.
class Sender {
public:
    Sender(const VethPair& link, const QString& program) {
        QFile::copy(QCoreApplication::applicationFilePath(), program);
        Pipe input = make_pipe();
        pid_ = spawn(*link.left().space, {program.toStdString(), "--send", link.right().ipv4},
                     {.input = input.read_end.get()});
        input_ = std::move(input.write_end);
    }
    ~Sender() {
        input_ = {};
        waitpid(pid_, nullptr, 0);
    }
    void send(int count) const {
        const std::string line = std::to_string(count) + "\n";
        checked(write(input_.get(), line.data(), line.size()), "write");
    }

private:
    sockledger::UniqueFd input_;
    pid_t pid_ = 0;
};

} // namespace

/// The real ksystemstats and its stock client, and the real table of processes, with real traffic.
class SystemMonitorTest : public QObject {
    Q_OBJECT

    std::optional<Namespace> left_, right_;
    std::optional<VethPair> link_;
    QTemporaryDir directory_;

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns", "bpf");
        left_.emplace();
        right_.emplace();
        link_.emplace(*left_, *right_);
        link_->set_offloads(Offloads::Off);
    }

    void kstatsviewerShowsWhatAnApplicationHasSent() {
        const Sender sender(*link_, directory_.filePath(u"udp_sender"_s));
        QProcess bus;
        bus.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s});
        QVERIFY(bus.waitForReadyRead());
        QProcessEnvironment session = QProcessEnvironment::systemEnvironment();
        session.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, QString::fromUtf8(bus.readLine()).trimmed());
        QProcess stats;
        stats.setProcessEnvironment(session);
        stats.start(u"ksystemstats"_s, {u"--remain"_s});
        QVERIFY(stats.waitForStarted());

        // The kernel says where the program is as the initial root sees it, which need not be ours.
        const QRegularExpression path(u"^sockledger/exe:\\S*%2Fudp_sender/totalUpload\\b"_s,
                                      QRegularExpression::MultilineOption);
        QProcess list;
        list.setProcessEnvironment(session);
        const auto find = [&] {
            list.start(u"kstatsviewer"_s, {u"--list"_s});
            list.waitForFinished();
            return path.match(QString::fromUtf8(list.readAllStandardOutput())).captured();
        };
        QString sensor;
        QTRY_VERIFY_WITH_TIMEOUT((sensor = find(), !sensor.isEmpty()), 20'000);

        QProcess viewer;
        viewer.setProcessEnvironment(session);
        viewer.start(u"kstatsviewer"_s, {u"--remain"_s, sensor});
        QByteArray last;
        const auto newest = [&] {
            while (viewer.canReadLine())
                last = viewer.readLine().trimmed();
            return QString::fromUtf8(last).section(u' ', 1).toDouble();
        };
        QTRY_VERIFY_WITH_TIMEOUT((newest(), !last.isEmpty()), 20'000);
        const auto before = link_->left().counters();
        const double shown_before = newest();
        sender.send(1000);
        QTRY_COMPARE_WITH_TIMEOUT(newest() - shown_before, 1000.0 * wire, 20'000);
        QCOMPARE((link_->left().counters() - before).tx_bytes, std::uint64_t(1000 * wire));

        for (QProcess* process : {&viewer, &stats, &bus}) {
            process->terminate();
            process->waitForFinished();
        }
    }

    // KDE's own columns are measured beside: they have nothing of a socket that is not connected.
    void theTableOfProcessesShowsWhatKdesOwnColumnsMiss() {
        const Sender sender(*link_, directory_.filePath(u"column_sender"_s));
        enter(*left_); // KDE's capture sees one namespace
        see_all_processes();
        const qint64 pid = pid_of(u"column_sender"_s);
        QVERIFY(pid > 0);
        KSysGuard::ProcessDataModel model;
        QVERIFY(model.availableAttributes().contains(u"sockledgerUploaded"_s));
        model.setEnabledAttributes(
            {u"pid"_s, u"sockledgerUploaded"_s, u"sockledgerUpload"_s, u"netOutbound"_s});
        const auto value = [&](int column) -> QVariant {
            for (int row = 0; row < model.rowCount(); ++row)
                if (model.index(row, 0).data(KSysGuard::ProcessDataModel::Value).toLongLong() == pid)
                    return model.index(row, column).data(KSysGuard::ProcessDataModel::Value);
            return {};
        };
        QTRY_VERIFY_WITH_TIMEOUT(value(1).isValid(), 20'000);
        const double before = value(1).toDouble();
        double of_kde = 0;
        double of_ours = 0;
        const auto look = [&] {
            of_kde = std::max(of_kde, value(3).toDouble());
            of_ours = std::max(of_ours, value(2).toDouble());
            return value(1).toDouble() - before;
        };
        sender.send(5000);
        QTRY_COMPARE_WITH_TIMEOUT(look(), 5000.0 * wire, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT((look(), of_ours > 0), 20'000);
        qInfo("uploads at most: %.0f B/s here, %.0f B/s in KDE's own column", of_ours, of_kde);
    }
};

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--send")
        return send_datagrams(argv[2]);
    QGuiApplication application(argc, argv);
    SystemMonitorTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "system_monitor_test.moc"
