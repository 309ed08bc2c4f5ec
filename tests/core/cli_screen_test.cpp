// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "commands.hpp"
#include "support/sample_snapshot.hpp"

#include <QTest>
#include <array>
#include <clocale>
#include <csignal>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

using namespace sockledger;
using namespace sockledger::cli;

namespace {

constexpr int no_screen = 77;

// What a person's terminal is to the program: the live table runs in a child on the other end.
class Terminal {
public:
    Terminal(const char* type, unsigned short columns, unsigned short rows) {
        winsize size{rows, columns, 0, 0};
        child_ = forkpty(&master_, nullptr, nullptr, &size);
        if (child_ == 0)
            _exit(run(type));
    }
    ~Terminal() {
        if (child_ > 0) {
            kill(child_, SIGKILL);
            waitpid(child_, nullptr, 0);
        }
        if (master_ >= 0)
            close(master_);
    }

    bool is_open() const { return child_ > 0; }
    void type(const char* keys) const { QVERIFY(write(master_, keys, strlen(keys)) > 0); }
    void interrupt() const { QCOMPARE(kill(child_, SIGTERM), 0); }
    void resize(unsigned short columns, unsigned short rows) const {
        winsize size{rows, columns, 0, 0};
        QCOMPARE(ioctl(master_, TIOCSWINSZ, &size), 0); // and SIGWINCH with it
    }

    // Everything that was written until `text` came; false when it did not within ten seconds.
    bool wait_for(const QByteArray& text) {
        const auto from = seen_.size();
        while (seen_.indexOf(text, from) < 0) {
            pollfd ready{master_, POLLIN, 0};
            std::array<char, 65536> buffer;
            if (poll(&ready, 1, 10'000) <= 0)
                return false;
            const ssize_t got = read(master_, buffer.data(), buffer.size());
            if (got <= 0)
                return false; // the child has gone
            seen_.append(buffer.data(), got);
        }
        return true;
    }

    int exit_status() {
        (void)wait_for("until there is nothing more to read");
        int status = -1;
        waitpid(child_, &status, 0);
        child_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    bool takes_lines_and_echoes() const {
        termios settings{};
        return tcgetattr(master_, &settings) == 0 && (settings.c_lflag & ICANON) && (settings.c_lflag & ECHO);
    }
    const QByteArray& seen() const { return seen_; }

private:
    static int run(const char* type) {
        setenv("TERM", type, 1);
        std::setlocale(LC_CTYPE, "C.UTF-8");
        Interrupts interrupts;
        sample::FakeFeed feed({sample::snapshot()});
        Options options;
        options.interval_s = 60;
        const auto screen = open_screen(true);
        if (!screen)
            return no_screen;
        const auto status = run_live(options, {}, feed, *screen, STDIN_FILENO, interrupts);
        return status ? *status : 1;
    }

    pid_t child_ = -1;
    int master_ = -1;
    QByteArray seen_;
};

const QByteArray leave_the_screen = "\x1b[?1049l"; // rmcup of xterm

} // namespace

class CliScreenTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Terminal terminal("xterm", 80, 24);
        if (!terminal.is_open())
            QSKIP("needs a pseudo-terminal");
        if (!terminal.wait_for("Firefox"))
            QSKIP("needs ncurses and its description of xterm");
    }

    void qLeavesTheTerminalAsItWas() {
        Terminal terminal("xterm", 80, 24);
        QVERIFY(terminal.wait_for("Firefox"));
        QVERIFY(!terminal.takes_lines_and_echoes());
        terminal.type("q");
        QVERIFY(terminal.wait_for(leave_the_screen));
        QCOMPARE(terminal.exit_status(), 0);
        QVERIFY(terminal.takes_lines_and_echoes());
    }

    void aSignalLeavesTheTerminalAsItWas() {
        Terminal terminal("xterm", 80, 24);
        QVERIFY(terminal.wait_for("Firefox"));
        terminal.interrupt();
        QVERIFY(terminal.wait_for(leave_the_screen));
        QCOMPARE(terminal.exit_status(), 0);
        QVERIFY(terminal.takes_lines_and_echoes());
    }

    void keysComeThroughTheTerminal() {
        Terminal terminal("xterm", 80, 24);
        QVERIFY(terminal.wait_for("Firefox"));
        terminal.type("3");
        QVERIFY(terminal.wait_for("ESTABLISHED"));
        terminal.type("\x1b[Z"); // shift and Tab
        QVERIFY(terminal.wait_for("[2 Processes]"));
        terminal.type("/sshd\r");
        QVERIFY(terminal.wait_for("/sshd"));
    }

    void aResizeIsDrawnAtOnceAndNotAtTheNextSample() {
        Terminal terminal("xterm", 60, 24);
        QVERIFY(terminal.wait_for("Firefox"));
        QVERIFY(!terminal.seen().contains("listen"));
        terminal.resize(140, 30);
        QVERIFY(terminal.wait_for("listen")); // a column that now has room
    }

    void aTerminalThatCannotMoveAboutIsRefused() {
        for (const char* type : {"dumb", "", "no-such-terminal"}) {
            Terminal terminal(type, 80, 24);
            QCOMPARE(terminal.exit_status(), no_screen);
        }
    }
};

QTEST_GUILESS_MAIN(CliScreenTest)
#include "cli_screen_test.moc"
