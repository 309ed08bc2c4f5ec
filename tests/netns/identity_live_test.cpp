// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "child.hpp"

#include "kernel/cgroup2_mount.hpp"
#include "support/netns.hpp"
#include "support/require.hpp"

#include <sockledger/engine.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

/// A cgroup below one of its own, gone with this object. Its processes must have ended.
class Group {
public:
    Group(const std::string& mount, const std::string& below)
        : top_(mount + "/sockledger-test-" + std::to_string(getpid()) + "-" + std::to_string(++made_))
        , path_(top_ + "/" + below) {
        std::filesystem::create_directories(path_);
    }
    ~Group() {
        for (std::string path = path_; path.size() >= top_.size(); path.resize(path.rfind('/'))) {
            // A group is busy until the kernel has put away its last process.
            for (int tries = 0; rmdir(path.c_str()) != 0 && errno == EBUSY && tries < 100000; ++tries) {
                sched_yield();
            }
        }
    }
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    /// Moves the calling process into it.
    void join() const {
        const UniqueFd file(checked(open((path_ + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC), "cgroup"));
        checked(write(file.get(), "0", 1), "cgroup.procs");
    }

private:
    static inline int made_ = 0;

    std::string top_;
    std::string path_;
};

/// A process with a socket, as long as this object lives.
class Actor {
public:
    /// Runs `body`, which may exec, in `space`; it is ready when this returns. Then runs `afterwards`.
    Actor(
        const Namespace& space, const std::function<void()>& body,
        const std::function<void()>& afterwards = [] {}) {
        auto ready = make_pipe();
        space.run([&] {
            child_ = std::make_unique<Child>([&] {
                const int fd = checked(socket(AF_INET, SOCK_DGRAM, 0), "socket"); // survives an exec
                sockaddr_in any{};
                any.sin_family = AF_INET;
                checked(bind(fd, reinterpret_cast<sockaddr*>(&any), sizeof any), "bind");
                body();
                checked(write(ready.write_end.get(), "x", 1), "write"); // an exec closes it as well
                afterwards();
                for (;;) {
                    pause();
                }
            });
        });
        ready.write_end = UniqueFd();
        char one = 0;
        checked(read(ready.read_end.get(), &one, 1), "read");
    }
    pid_t pid() const { return child_->pid(); }

private:
    std::unique_ptr<Child> child_;
};

void exec(const std::string& path) {
    execl(path.c_str(), path.c_str(), "1000", nullptr);
    throw std::runtime_error("cannot exec " + path);
}

/// As a sandbox begins: a mount namespace whose root is `directory`.
void live_in(const std::string& directory) {
    checked(unshare(CLONE_NEWNS), "unshare");
    checked(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "private");
    checked(mount(directory.c_str(), directory.c_str(), nullptr, MS_BIND, nullptr), "bind");
    checked(chdir(directory.c_str()), "chdir");
    checked(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    checked(umount2(".", MNT_DETACH), "umount");
}

/// Makes a new pseudo terminal the controlling one of the calling process.
void sit_at_a_terminal() {
    const int master = checked(posix_openpt(O_RDWR | O_NOCTTY), "openpt"); // an exec keeps both
    checked(grantpt(master), "grantpt");
    checked(unlockpt(master), "unlockpt");
    checked(setsid(), "setsid");
    const int slave = checked(open(ptsname(master), O_RDWR), "pts");
    checked(ioctl(slave, TIOCSCTTY, 0), "TIOCSCTTY");
}

} // namespace

/// Real processes in real groups, namespaces and terminals, as the engine names them.
class IdentityLiveTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        SOCKLEDGER_NEEDS("netns");
        const auto mount = cgroup2_mount();
        if (!mount) {
            QSKIP(("needs cgroup2: " + mount.error().message).c_str());
        }
        mount_ = *mount;
        const auto probe = mount_ + "/sockledger-test-" + std::to_string(getpid());
        if (mkdir(probe.c_str(), 0755) != 0) {
            QSKIP("needs a cgroup2 tree that this user may write");
        }
        QCOMPARE(rmdir(probe.c_str()), 0);
        space_.emplace();
        auto engine = space_->run([] { return Engine::open(); });
        QVERIFY2(engine, engine ? "" : engine.error().message.c_str());
        engine_ = *std::move(engine);
        sleep_ = std::filesystem::canonical("/bin/sleep").string();
    }

    void theGroupNamesTheApplication_data() {
        QTest::addColumn<QString>("group");
        QTest::addColumn<QString>("app");
        const QString hash(64, 'a');
        QTest::newRow("application") << "app.slice/app-gnome-org.example.Live-4711.scope"
                                     << "desktop:org.example.Live";
        QTest::newRow("flatpak") << "app.slice/app-flatpak-org.example.Live-4711.scope"
                                 << "flatpak:org.example.Live";
        QTest::newRow("snap") << "app.slice/snap.live.live-0a02f24b-12a9-41b9-85f9-6b9381e3cd1a.scope"
                              << "snap:live";
        QTest::newRow("unit") << "system.slice/live\\x2dtest@one.service"
                              << "unit:live\\x2dtest@one.service";
        QTest::newRow("container") << "system.slice/docker-" + hash + ".scope"
                                   << "container:aaaaaaaaaaaa";
        QTest::newRow("machine") << "machine.slice/machine-live\\x2dtest.scope/payload"
                                 << "container:live-test";
    }

    void theGroupNamesTheApplication() {
        QFETCH(QString, group);
        QFETCH(QString, app);
        const Group scope(mount_, group.toStdString());
        const Actor actor(*space_, [&] {
            scope.join();
            exec(sleep_);
        });
        QCOMPARE(app_of(actor), app.toStdString());
    }

    void aSandboxSaysWhichFlatpakItIs() {
        QFile info(dir_.filePath(".flatpak-info"));
        QVERIFY(info.open(QIODevice::WriteOnly));
        info.write(
            "[Application]\nname=org.example.Sandboxed\nruntime=runtime/org.example.Platform/x86_64/1\n");
        info.close();
        const Group session(mount_, "session-1.scope");
        const Actor actor(*space_, [&] {
            session.join();
            live_in(dir_.path().toStdString());
        });
        QCOMPARE(app_of(actor), "flatpak:org.example.Sandboxed");
    }

    void aScriptIsNotItsInterpreter() {
        const auto path = dir_.filePath("backup-job.sh");
        QFile script(path);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh -e\nread line\n");
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const auto input = make_pipe();
        const Group session(mount_, "session-1.scope");
        const Actor actor(*space_, [&] {
            session.join();
            checked(dup2(input.read_end.get(), STDIN_FILENO), "dup2");
            exec(path.toStdString());
        });
        QCOMPARE(app_of(actor), "script:" + path.toStdString());
    }

    void aDeletedProgramKeepsItsName() {
        const auto path = dir_.filePath("upgraded");
        QVERIFY(QFile::copy(QString::fromStdString(sleep_), path));
        const Group session(mount_, "session-1.scope");
        const Actor actor(*space_, [&] {
            session.join();
            exec(path.toStdString());
        });
        QVERIFY(QFile::remove(path));
        QCOMPARE(app_of(actor), "exe:" + path.toStdString());
    }

    void aCommandInATerminalIsNotTheTerminal() {
        const Group scope(mount_, "app.slice/app-gnome-org.example.Terminal-1.scope");
        const Actor emulator(*space_, [&] {
            scope.join();
            exec(sleep_);
        });
        const Actor command(*space_, [&] {
            scope.join();
            sit_at_a_terminal();
            exec(sleep_);
        });
        QCOMPARE(app_of(emulator), "desktop:org.example.Terminal");
        QCOMPARE(app_of(command), "exe:" + sleep_);
    }

    void aHelperIsOfTheApplicationThatStartedIt() {
        const auto path = dir_.filePath("WebKitNetworkProcess");
        QVERIFY(QFile::copy(QString::fromStdString(sleep_), path));
        const Group scope(mount_, "app.slice/app-gnome-org.example.Browser-1.scope");
        const Group session(mount_, "session-1.scope");
        auto started = make_pipe();
        auto end = make_pipe();
        // The parent has no socket, so nobody describes it.
        Child parent([&] {
            end.write_end = UniqueFd();
            scope.join();
            const Actor helper(*space_, [&] {
                session.join();
                exec(path.toStdString());
            });
            const pid_t pid = helper.pid();
            checked(write(started.write_end.get(), &pid, sizeof pid), "write");
            char none = 0;
            checked(read(end.read_end.get(), &none, 1), "read");
        });
        pid_t helper = 0;
        checked(read(started.read_end.get(), &helper, sizeof helper), "read");
        const std::string app = app_of(helper);
        end.write_end = UniqueFd();
        QCOMPARE(parent.wait(), 0);
        QCOMPARE(app, "desktop:org.example.Browser");
    }

    void anExecIsAnotherApplication() {
        const auto go = make_pipe();
        const Group session(mount_, "session-1.scope");
        const Actor actor(
            *space_, [&] { session.join(); },
            [&] {
                char one = 0;
                checked(read(go.read_end.get(), &one, 1), "read");
                exec(sleep_);
            });
        QVERIFY(QString::fromStdString(app_of(actor)).endsWith("identity_live_test"));
        checked(write(go.write_end.get(), "x", 1), "write");
        QTRY_COMPARE(app_of(actor), "exe:" + sleep_);
    }

private:
    std::string app_of(const Actor& actor) { return app_of(actor.pid()); }
    std::string app_of(pid_t pid) {
        const auto snapshot = engine_->sample();
        if (!snapshot) {
            return "no sample: " + snapshot.error().message;
        }
        const auto& processes = (*snapshot)->processes;
        const auto found = std::ranges::find_if(processes, [&](const Process& process) {
            return process.alive && process.id.pid == static_cast<std::uint32_t>(pid);
        });
        return found == processes.end() ? "no such process" : found->app;
    }

    QTemporaryDir dir_;
    std::string mount_;
    std::string sleep_;
    std::optional<Namespace> space_;
    std::unique_ptr<Engine> engine_;
};

QTEST_GUILESS_MAIN(IdentityLiveTest)
#include "identity_live_test.moc"
