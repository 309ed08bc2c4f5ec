// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/peer.hpp"
#include "kernel/unix_socket.hpp"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sockledger;
using namespace std::chrono_literals;

class UnixSocketTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;

    std::string path(const char* name) const { return dir_.filePath(name).toStdString(); }
    static Deadline in(std::chrono::milliseconds time) { return Deadline::clock::now() + time; }
    static bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

    static std::pair<UniqueFd, UniqueFd> pair() {
        std::array<int, 2> ends{-1, -1};
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
        return {UniqueFd(ends[0]), UniqueFd(ends[1])};
    }

    /// A socket with a name in the file system.
    static UniqueFd bound(const std::string& path) {
        unlink(path.c_str());
        UniqueFd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
            qFatal("bind");
        return made;
    }

private slots:
    void clientsConnectToTheNameAndBytesGoBothWays() {
        const std::string name = path("both");
        auto listener = UnixListener::open(name, 0666);
        QVERIFY(listener.has_value());
        const UniqueFd listening = listener->release();
        QCOMPARE(accept_unix(listening.get()).error().code, EAGAIN);
        const auto client = connect_unix(name, in(10s));
        QVERIFY(client.has_value());
        const auto server = accept_unix(listening.get());
        QVERIFY(server.has_value());
        QVERIFY((fcntl(server->get(), F_GETFD) & FD_CLOEXEC) != 0);
        QVERIFY(send_all(client->get(), "hello", in(10s)).has_value());
        std::array<char, 16> buffer{};
        QCOMPARE(*receive_some(server->get(), buffer, in(10s)), std::size_t{5});
        QCOMPARE(std::string_view(buffer.data(), 5), "hello");
    }

    void everyoneMayConnectWhateverTheUmask() {
        const mode_t before = umask(0077);
        const std::string name = path("mode");
        const auto listener = UnixListener::open(name, 0666);
        umask(before);
        struct stat found {};
        QCOMPARE(lstat(name.c_str(), &found), 0);
        QCOMPARE(found.st_mode & 07777, mode_t{0666});
    }

    void theDirectoryIsMade() {
        const std::string name = path("a/b/socket");
        QVERIFY(UnixListener::open(name, 0666).has_value());
    }

    void theNameGoesWithTheListener() {
        const std::string name = path("goes");
        {
            auto listener = UnixListener::open(name, 0666);
            const UniqueFd socket = listener->release();
            QVERIFY(exists(name));
        }
        QVERIFY(!exists(name));
    }

    void theNameOfSomebodyElseStays() {
        const std::string name = path("stays");
        {
            const auto listener = UnixListener::open(name, 0666);
            QVERIFY(listener.has_value());
            QVERIFY(QFile::remove(QString::fromStdString(name)));
            QFile other(QString::fromStdString(name));
            QVERIFY(other.open(QIODevice::WriteOnly));
        }
        QVERIFY(exists(name));
    }

    void aDeadSocketIsReplaced() {
        const std::string name = path("dead");
        {
            // As a killed daemon leaves it: nobody removes the name
            const UniqueFd killed = bound(name);
            QCOMPARE(listen(killed.get(), 1), 0);
        }
        QVERIFY(exists(name));
        const auto listener = UnixListener::open(name, 0666);
        QVERIFY(listener.has_value());
        QVERIFY(connect_unix(name, in(10s)).has_value());
    }

    void oneThatAnswersIsLeftAlone() {
        const std::string name = path("answers");
        const UniqueFd other = bound(name);
        QCOMPARE(listen(other.get(), 1), 0);
        const auto refused = UnixListener::open(name, 0666);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, EADDRINUSE);
        QCOMPARE(refused.error().message, "another sockledgerd answers at " + name);
        QVERIFY(connect_unix(name, in(10s)).has_value());
    }

    void oneThatIsTooBusyToAnswerIsLeftAlone() {
        const std::string name = path("busy");
        const UniqueFd other = bound(name);
        QCOMPARE(listen(other.get(), 0), 0);
        const auto fills_the_queue = connect_unix(name, in(10s));
        QVERIFY(fills_the_queue.has_value());
        QCOMPARE(UnixListener::open(name, 0666).error().code, EADDRINUSE);
        QCOMPARE(connect_unix(name, in(20ms)).error().code, ETIMEDOUT);
    }

    void ofManyAtOnceOneWins() {
        const std::string name = path("race");
        for (int round = 0; round < 20; ++round) {
            { // what each of them has to clear away
                const UniqueFd killed = bound(name);
            }
            std::array<std::optional<Result<UnixListener>>, 8> results;
            std::atomic<int> waiting = 0;
            std::vector<std::thread> threads;
            for (auto& result : results) {
                threads.emplace_back([&] {
                    ++waiting;
                    while (waiting < static_cast<int>(results.size()))
                        std::this_thread::yield();
                    result.emplace(UnixListener::open(name, 0666));
                });
            }
            for (std::thread& thread : threads)
                thread.join();
            QCOMPARE(std::ranges::count_if(results, [](const auto& result) { return result->has_value(); }),
                     1);
            for (const auto& result : results)
                QVERIFY(*result || result->error().code == EADDRINUSE);
            QVERIFY(connect_unix(name, in(10s)).has_value());
        }
    }

    void whatIsNoSocketIsNotRemoved() {
        const std::string name = path("file");
        QFile file(QString::fromStdString(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto refused = UnixListener::open(name, 0666);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, name + " is there and is no socket: File exists");
        QVERIFY(file.exists());
    }

    void aPathThatIsTooLongIsNamed() {
        const std::string name = path(std::string(108, 'x').c_str());
        const auto refused = UnixListener::open(name, 0666);
        QCOMPARE(refused.error().code, ENAMETOOLONG);
        QVERIFY(refused.error().message.starts_with(name + ": longer than the 107 bytes"));
        QCOMPARE(connect_unix(name, in(1s)).error().code, ENAMETOOLONG);
        QCOMPARE(connect_unix("", in(1s)).error().code, EINVAL);
    }

    void nobodyThereIsToldAtOnce() {
        QCOMPARE(connect_unix(path("nobody"), in(10s)).error().code, ENOENT);
        const std::string name = path("deaf");
        const UniqueFd deaf = bound(name);
        const auto refused = connect_unix(name, in(10s));
        QCOMPARE(refused.error().code, ECONNREFUSED);
        QCOMPARE(refused.error().message, name + ": Connection refused");
    }

    void deadlinesHold() {
        const auto [one, other] = pair();
        std::array<char, 16> buffer{};
        QCOMPARE(receive_some(one.get(), buffer, in(5ms)).error().code, ETIMEDOUT);
        QCOMPARE(send_all(one.get(), std::string(16 << 20, 'x'), in(5ms)).error().code, ETIMEDOUT);
    }

    void theOtherSideMayGoAway() {
        auto [one, other] = pair();
        other = UniqueFd();
        std::array<char, 16> buffer{};
        QCOMPARE(*receive_some(one.get(), buffer, in(1s)), std::size_t{0});
        QCOMPARE(send_all(one.get(), "x", in(1s)).error().code, EPIPE); // and no SIGPIPE
    }

    void aPeerIsWhoTheKernelSays() {
        const auto [one, other] = pair();
        const auto peer = peer_of(one.get());
        QVERIFY(peer.has_value());
        QCOMPARE(peer->uid, geteuid());
        QCOMPARE(peer->gid, getegid());
        std::vector<gid_t> own(static_cast<std::size_t>(getgroups(0, nullptr)));
        own.resize(static_cast<std::size_t>(getgroups(static_cast<int>(own.size()), own.data())));
        QVERIFY(std::ranges::is_permutation(peer->groups, own));
        QVERIFY(!peer_of(-1));
    }
};

QTEST_GUILESS_MAIN(UnixSocketTest)
#include "unix_socket_test.moc"
