// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/process_codec.hpp"

#include <QTest>

#include <string>

using namespace sockledger;
using namespace std::string_literals;

namespace {

std::string stat_of(const std::string& comm, const std::string& fields = "S 7 1 1 0 -1 4194304 0 0 0 0 0 0 0 "
                                                                         "0 20 0 3 0 987654321 1 2\n") {
    return "42 (" + comm + ") " + fields;
}

std::string comm_of(const std::string& comm) {
    const auto stat = parse_stat(stat_of(comm));
    return stat ? stat->comm : "no stat";
}

} // namespace

class ProcessCodecTest : public QObject {
    Q_OBJECT

private slots:
    void statFieldsAreThoseOfTheManual() {
        const auto stat = parse_stat(stat_of("curl"));
        QVERIFY(stat);
        QCOMPARE(stat->comm, "curl");
        QCOMPARE(stat->state, 'S');
        QCOMPARE(stat->parent_pid, 7u);
        QCOMPARE(stat->threads, 3u);
        QCOMPARE(stat->start_ticks, 987654321u);
        QVERIFY(!stat->kernel_thread);
        QVERIFY(!stat->terminal);
    }

    void aControllingTerminalHasANumber() {
        // The second pseudo terminal: major number 136, minor 1.
        const auto stat = parse_stat("42 (bash) S 7 42 42 34817 42 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n");
        QVERIFY(stat && stat->terminal);
    }

    void aKernelThreadIsKnownByItsFlag() {
        const auto stat = parse_stat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n");
        QVERIFY(stat && stat->kernel_thread);
    }

    void aNameMayHoldAnything() {
        for (const std::string name : {"", "a b", ")", "((", ") S 1 1", "tmux: server", "\xff\xfe", "ends) ",
                                       "new\nline", "back\\n"}) {
            QCOMPARE(comm_of(name), name);
        }
    }

    void aStatCutAnywhereGivesTheSameOrNothing() {
        // Up to the start time nothing is known; a start time cut in its digits is some other number.
        const std::string whole = stat_of("a b) c");
        const auto end = whole.find(" 1 2\n");
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const auto stat = parse_stat(std::string(whole.data(), size));
            QVERIFY(!stat || size > end - 9);
            QVERIFY(size < end || stat == parse_stat(whole));
        }
    }

    void nonsenseIsNoStat() {
        for (const std::string text :
             {"", ")", "(", ")(", "1 (a)", "1 (a) ",
              "1 (a) S x 1 1 0 -1 0 0 0 0 0 0 0 0 0 "
              "20 0 1 0 5 ",
              "1 (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 99999999999999999999 "}) {
            QVERIFY2(!parse_stat(text), text.c_str());
        }
    }

    void theEffectiveUidIsTheSecond() {
        QCOMPARE(parse_effective_uid("Name:\tx\nUid:\t1000\t0\t7\t8\nGid:\t1\t1\t1\t1\n"), 0u);
        QCOMPARE(parse_effective_uid("Uid:\t0\t4294967294\t7\t8"), 4294967294u);
        for (const auto* text : {"", "Uid:", "Uid:\t1", "Uid:\t1\tx\t", "Name:\tUid:\t1\t2\n"}) {
            QVERIFY2(!parse_effective_uid(text), text);
        }
    }

    void argumentsMayBeEmptyOddOrOverwritten() {
        using List = std::vector<std::string>;
        QCOMPARE(parse_command_line("a\0b c\0"s), (List{"a", "b c"}));
        QCOMPARE(parse_command_line("a\0\0c\0"s), (List{"a", "", "c"}));
        QCOMPARE(parse_command_line("nginx: worker process\0\0\0\0\0"s), (List{"nginx: worker process"}));
        QCOMPARE(parse_command_line("cut off"s), (List{"cut off"}));
        QCOMPARE(parse_command_line("\xff\n"s), (List{"\\xff\\x0a"}));
        QCOMPARE(parse_command_line(""), List{});
    }

    void onlyTheUnifiedHierarchyCounts() {
        QCOMPARE(parse_cgroup("12:cpu:/x\n1:name=systemd:/y\n0::/system.slice/a\\x2db.service\n"),
                 "/system.slice/a\\x2db.service");
        QCOMPARE(parse_cgroup("0::/"), "/");
        QCOMPARE(parse_cgroup("0::/gone.scope (deleted)\n"), "/gone.scope");
        QCOMPARE(parse_cgroup("10::/not\n"), "");
        QCOMPARE(parse_cgroup(""), "");
    }

    void aDeletedProgramKeepsItsPath() {
        QCOMPARE(parse_exe_link("/usr/bin/a b"), (ExeLink{"/usr/bin/a b", false}));
        QCOMPARE(parse_exe_link("/usr/bin/curl (deleted)"), (ExeLink{"/usr/bin/curl", true}));
        QCOMPARE(parse_exe_link("/tmp/\xff"), (ExeLink{"/tmp/\\xff", false}));
    }

    void onlyASocketLinkIsASocket() {
        QCOMPARE(parse_socket_link("socket:[18446744073709551615]"), UINT64_MAX);
        for (const auto* text : {"", "socket:[", "socket:[]", "socket:[1", "socket:[1]x", "pipe:[1]",
                                 "/socket:[1]", "socket:[-1]", "socket:[18446744073709551616]"}) {
            QVERIFY2(!parse_socket_link(text), text);
        }
    }
};

QTEST_GUILESS_MAIN(ProcessCodecTest)
#include "process_codec_test.moc"
