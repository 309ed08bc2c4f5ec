// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/served.hpp"
#include "support/checked.hpp"
#include "support/require.hpp"

#include <sockledger/daemon.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <grp.h>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::test;

/// What real users see, each in a process of his own: nobody can pretend to be another.
class DaemonUsersTest : public QObject {
    Q_OBJECT

    struct User {
        uid_t uid;
        gid_t gid;
        std::vector<gid_t> groups;
    };

    /// What a user has found out, for a pipe.
    struct Sight {
        int error = 0; ///< of the feed
        std::size_t interfaces = 0;
        std::size_t apps = 0;
        std::size_t processes = 0;
        std::size_t processes_of_apps = 0;
        std::size_t connections = 0;
        bool others = false; ///< a process or connection of somebody else
        bool privileged = false;
        bool set_interfaces = false;
        bool set_rule = false;
    };

    QTemporaryDir dir_;
    std::string path_ = dir_.filePath("socket").toStdString();
    std::unique_ptr<Served> served_;

    static Sight look_around(const std::string& path, uid_t own) {
        Sight sight;
        FeedOptions options;
        options.source = FeedOptions::Source::Daemon;
        options.socket = path;
        const auto feed = open_feed(options);
        const auto sample = feed ? (*feed)->sample() : Result<SnapshotPtr>(feed.error());
        if (!sample) {
            sight.error = sample.error().code == 0 ? -1 : sample.error().code;
            return sight;
        }
        const Snapshot& snapshot = **sample;
        sight.interfaces = snapshot.interfaces.size();
        sight.apps = snapshot.apps.size();
        sight.processes = snapshot.processes.size();
        sight.connections = snapshot.connections.size();
        for (const App& app : snapshot.apps)
            sight.processes_of_apps += app.processes.size();
        for (const Process& process : snapshot.processes)
            sight.others = sight.others || process.uid != own;
        for (const Connection& connection : snapshot.connections) {
            const Process* const owner = connection.owner ? snapshot.process(*connection.owner) : nullptr;
            sight.others = sight.others || (connection.uid != own && !(owner && owner->uid == own));
        }
        const auto client = DaemonClient::connect(path);
        if (client) {
            const auto status = (*client)->status();
            sight.privileged = status && status->privileged;
            sight.set_interfaces = (*client)->set_monitored_interfaces({"eth0"}).has_value();
            Rule rule;
            rule.id = "r";
            rule.threshold = 1;
            sight.set_rule = (*client)->set_rule(rule).has_value();
        }
        return sight;
    }

    Sight as(const User& user) const {
        std::array<int, 2> ends{-1, -1};
        checked(pipe(ends.data()), "pipe");
        const UniqueFd read_end(ends[0]);
        UniqueFd write_end(ends[1]);
        const pid_t child = checked(fork(), "fork");
        if (child == 0) {
            Sight sight;
            if (setgroups(user.groups.size(), user.groups.data()) == 0 &&
                setresgid(user.gid, user.gid, user.gid) == 0 && setresuid(user.uid, user.uid, user.uid) == 0)
                sight = look_around(path_, user.uid);
            else
                sight.error = errno;
            (void)!write(write_end.get(), &sight, sizeof sight);
            _exit(0);
        }
        write_end = UniqueFd();
        Sight sight;
        if (read(read_end.get(), &sight, sizeof sight) != sizeof sight)
            sight.error = EPIPE;
        waitpid(child, nullptr, 0);
        return sight;
    }

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("users");
        checked(chmod(dir_.path().toLocal8Bit().constData(), 0755), "chmod");
        served_ = std::make_unique<Served>(path_, Access{daemon_user, daemon_group});
        // Alice (1000) has all of the sample; one process and its connection become Bob's (1001).
        served_->run([](Service& service) {
            Snapshot snapshot = *service.backend.current;
            for (Process& process : snapshot.processes) {
                if (process.id == sample::sshd)
                    process.uid = 1001;
            }
            for (Connection& connection : snapshot.connections) {
                if (connection.owner == sample::sshd)
                    connection.uid = 1001;
            }
            service.backend.current = std::make_shared<const Snapshot>(std::move(snapshot));
        });
    }

    void rootSeesAndSetsEverything() {
        const Sight sight = as({0, 0, {}});
        QCOMPARE(sight.error, 0);
        QCOMPARE(sight.processes, std::size_t{5});
        QCOMPARE(sight.connections, std::size_t{5});
        QVERIFY(sight.others && sight.privileged && sight.set_interfaces && sight.set_rule);
    }

    void usersSeeTheirOwn_data() {
        QTest::addColumn<int>("uid");
        QTest::addColumn<int>("processes");
        QTest::addColumn<int>("connections");
        QTest::newRow("Alice") << 1000 << 4 << 3;
        QTest::newRow("Bob") << 1001 << 1 << 2;
        QTest::newRow("Carol") << 1002 << 0 << 0;
        QTest::newRow("nobody") << 65534 << 0 << 0;
    }
    void usersSeeTheirOwn() {
        QFETCH(int, uid);
        QFETCH(int, processes);
        QFETCH(int, connections);
        const auto id = static_cast<uid_t>(uid);
        const Sight all = as({0, 0, {}});
        const Sight sight = as({id, id, {id, 4}});
        QCOMPARE(sight.error, 0);
        QCOMPARE(sight.interfaces, all.interfaces);
        QCOMPARE(sight.apps, all.apps);
        QCOMPARE(sight.processes, static_cast<std::size_t>(processes));
        QCOMPARE(sight.connections, static_cast<std::size_t>(connections));
        QVERIFY(sight.processes_of_apps <= sight.processes);
        QVERIFY(!sight.others && !sight.privileged && !sight.set_interfaces && !sight.set_rule);
    }

    void theGroupSeesAndSetsEverything() {
        for (const User& user : {User{1002, 1002, {4, daemon_group}}, User{1002, daemon_group, {}}}) {
            const Sight sight = as(user);
            QCOMPARE(sight.error, 0);
            QCOMPARE(sight.processes, std::size_t{5});
            QCOMPARE(sight.connections, std::size_t{5});
            QVERIFY(sight.privileged && sight.set_interfaces && sight.set_rule);
        }
    }

    void theUserOfTheDaemonSeesEverything() {
        const Sight sight = as({daemon_user, daemon_user, {}});
        QCOMPARE(sight.processes, std::size_t{5});
        QVERIFY(sight.privileged && sight.set_interfaces);
    }

    void manyGroupsAreAllLookedAt() {
        User user{1002, 1002, {}};
        for (gid_t group = 5'000; group < 5'200; ++group)
            user.groups.push_back(group);
        QCOMPARE(as(user).privileged, false);
        user.groups.push_back(daemon_group);
        QCOMPARE(as(user).privileged, true);
    }
};

QTEST_GUILESS_MAIN(DaemonUsersTest)
#include "daemon_users_test.moc"
