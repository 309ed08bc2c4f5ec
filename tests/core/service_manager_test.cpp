// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/service_manager.hpp"
#include "kernel/unix_socket.hpp"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sockledger;

namespace {

/// Descriptor 3 is another one for a while; what it was before comes back.
class DescriptorThree {
public:
    explicit DescriptorThree(int fd) : before_(fcntl(3, F_DUPFD_CLOEXEC, 10)) { dup2(fd, 3); }
    DescriptorThree(const DescriptorThree&) = delete;
    DescriptorThree& operator=(const DescriptorThree&) = delete;
    ~DescriptorThree() {
        if (before_)
            dup2(before_.get(), 3);
        else
            close(3);
    }

private:
    UniqueFd before_;
};

} // namespace

class ServiceManagerTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;

    static void pass(int count, pid_t pid = getpid()) {
        qputenv("LISTEN_PID", QByteArray::number(pid));
        qputenv("LISTEN_FDS", QByteArray::number(count));
        qputenv("LISTEN_FDNAMES", "io.sockledger");
    }

    /// What arrives at a datagram socket of this address when `state` is told.
    static QByteArray told(const QByteArray& name, std::string_view state) {
        const UniqueFd manager(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        name.toStdString().copy(address.sun_path, sizeof address.sun_path);
        if (name.startsWith('@'))
            address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        if (bind(manager.get(), reinterpret_cast<const sockaddr*>(&address), size) < 0)
            return "no socket";
        qputenv("NOTIFY_SOCKET", name);
        if (const auto sent = notify_service_manager(state); !sent)
            return QByteArray::fromStdString(sent.error().message);
        std::array<char, 100> buffer{};
        const auto received = recv(manager.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        return received < 0 ? "nothing" : QByteArray(buffer.data(), received);
    }

private slots:
    void cleanup() {
        for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET"})
            qunsetenv(name);
    }

    void withoutAManagerThereIsNoSocket() {
        const auto none = activated_socket();
        QVERIFY(none.has_value());
        QVERIFY(!*none);
    }

    void theSocketOfTheManagerIsTaken() {
        auto listener = UnixListener::open(dir_.filePath("activated").toStdString(), 0666);
        const UniqueFd listening = listener->release();
        const DescriptorThree three(listening.get());
        pass(1);
        auto activated = activated_socket();
        QVERIFY(activated.has_value());
        QCOMPARE(activated->get(), 3);
        QVERIFY((fcntl(3, F_GETFD) & FD_CLOEXEC) != 0);
        QVERIFY((fcntl(3, F_GETFL) & O_NONBLOCK) != 0);
        QVERIFY(!qEnvironmentVariableIsSet("LISTEN_FDS"));
        QVERIFY(!*activated_socket());
        activated->release(); // `three` closes it
    }

    void theSocketOfAnotherProcessIsLeftAlone() {
        pass(1, getppid());
        const auto none = activated_socket();
        QVERIFY(none && !*none);
    }

    void whatDoesNotListenIsRefused() {
        const UniqueFd idle(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const DescriptorThree three(idle.get());
        pass(1);
        const auto refused = activated_socket();
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("no listening stream socket") != std::string::npos);
    }

    void moreThanOneSocketIsRefused() {
        pass(2);
        const auto refused = activated_socket();
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("2 sockets") != std::string::npos);
    }

    void theManagerIsToldByPathAndByAbstractName() {
        QCOMPARE(told(dir_.filePath("notify").toLocal8Bit(), "READY=1"), "READY=1");
        QCOMPARE(told("@sockledger-test-" + QByteArray::number(getpid()), "WATCHDOG=1"), "WATCHDOG=1");
    }

    void withoutAManagerNothingIsTold() { QVERIFY(notify_service_manager("READY=1").has_value()); }

    void aManagerThatIsGoneIsAnError() {
        qputenv("NOTIFY_SOCKET", dir_.filePath("gone").toLocal8Bit());
        QCOMPARE(notify_service_manager("READY=1").error().code, ENOENT);
        qputenv("NOTIFY_SOCKET", "relative");
        QCOMPARE(notify_service_manager("READY=1").error().code, EINVAL);
        qputenv("NOTIFY_SOCKET", QByteArray(200, '/'));
        QCOMPARE(notify_service_manager("READY=1").error().code, EINVAL);
    }
};

QTEST_GUILESS_MAIN(ServiceManagerTest)
#include "service_manager_test.moc"
