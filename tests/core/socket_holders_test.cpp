// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "fake_proc.hpp"

#include "kernel/socket_holders.hpp"

#include <QTest>

using namespace sockledger;
using sockledger::test::FakeProc;

namespace {

constexpr ProcessId web{10, 100};
constexpr ProcessId worker{11, 110};
using Inodes = std::vector<std::uint64_t>;
using Holdings = std::vector<SocketHolding>;

/// What a search has cost since the last question.
class Cost {
public:
    explicit Cost(const SocketHolders& holders) : holders_(holders) { reset(); }
    std::uint64_t tables() const { return holders_.tables_read() - tables_; }
    std::uint64_t links() const { return holders_.links_read() - links_; }
    void reset() {
        tables_ = holders_.tables_read();
        links_ = holders_.links_read();
    }

private:
    const SocketHolders& holders_;
    std::uint64_t tables_ = 0;
    std::uint64_t links_ = 0;
};

} // namespace

class SocketHoldersTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        proc_.emplace();
        holders_.emplace();
        proc_->add(web, "web");
        proc_->add(worker, "worker");
    }

    void everyHolderOfASocketIsFound() {
        proc_->hold(web, 3, 700);
        proc_->hold(web, 9, 700);
        proc_->hold(worker, 4, 700);
        proc_->hold(worker, 5, 701);
        QCOMPARE(find({701, 700}),
                 (Holdings{{700, web, 3}, {700, web, 9}, {700, worker, 4}, {701, worker, 5}}));
    }

    void onlySocketsThatWereAskedForAreFound() {
        proc_->hold(web, 0, "/dev/null");
        proc_->hold(web, 1, "pipe:[700]");
        proc_->hold(web, 2, "/tmp/socket:[700]");
        proc_->hold(web, 3, 702); // of another family, as a unix socket
        QCOMPARE(find({700}), Holdings{});
    }

    void nothingIsReadAgainWhileNothingChanges() {
        proc_->hold(web, 3, 700);
        proc_->hold(worker, 3, 800);
        find({700, 999}); // 999 is nobody's
        Cost cost(*holders_);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(find({700, 999}), (Holdings{{700, web, 3}}));
        }
        QCOMPARE(cost.tables(), 0u);
        QCOMPARE(cost.links(), 0u);
    }

    void aClosedSocketReadsOneTableAndNoLinkThatIsKnown() {
        Inodes inodes;
        for (int fd = 0; fd < 100; ++fd) {
            inodes.push_back(static_cast<std::uint64_t>(1000 + fd));
            proc_->hold(web, fd, inodes.back());
        }
        QCOMPARE(find(inodes).size(), 100u);
        Cost cost(*holders_);
        proc_->drop(web, 99);
        inodes.pop_back();
        QCOMPARE(find(inodes).size(), 99u);
        QCOMPARE(cost.tables(), 1u);
        QCOMPARE(cost.links(), 0u);
        proc_->hold(web, 99, 2000);
        inodes.push_back(2000);
        QCOMPARE(find(inodes).size(), 100u);
        QCOMPARE(cost.links(), 1u);
    }

    void aNewProcessIsRead() {
        proc_->hold(web, 3, 700);
        find({700});
        constexpr ProcessId child{12, 120};
        proc_->add(child, "child");
        proc_->hold(child, 3, 700);
        QCOMPARE(find({700}), (Holdings{{700, web, 3}, {700, child, 3}}));
    }

    void aProcessThatIsGoneHoldsNothing() {
        proc_->hold(web, 3, 700);
        proc_->hold(worker, 3, 700);
        find({700});
        proc_->remove(web);
        QCOMPARE(find({700}), (Holdings{{700, worker, 3}}));
    }

    void aReusedPidInheritsNothing() {
        proc_->hold(web, 3, 700);
        proc_->hold(worker, 3, 700);
        find({700});
        constexpr ProcessId stranger{web.pid, 999};
        QVERIFY(QDir().rename(proc_->path(web, ""), proc_->path({77, 1}, ""))); // its inode stays in use
        proc_->add(stranger, "stranger");
        proc_->hold(stranger, 3, 701);
        proc_->remove({77, 1});
        QCOMPARE(find({700, 701}), (Holdings{{700, worker, 3}, {701, stranger, 3}}));
    }

    void aSocketInPlaceOfAFileIsFoundAtTheSecondCall() {
        proc_->count_descriptors();
        proc_->hold(web, 3, "/dev/null");
        find({});
        proc_->hold(web, 3, 700);
        QCOMPARE(find({700}), Holdings{});
        QCOMPARE(find({700}), (Holdings{{700, web, 3}}));
    }

    void withoutCountsItIsFoundAtOnce() {
        proc_->hold(web, 3, "/dev/null");
        find({});
        proc_->hold(web, 3, 700);
        QCOMPARE(find({700}), (Holdings{{700, web, 3}}));
    }

    void aSharedSocketThatOneReplacedIsNotItsAnyMore() {
        proc_->count_descriptors();
        proc_->hold(web, 3, 700);
        proc_->hold(worker, 3, 700);
        find({700});
        proc_->hold(web, 3, 701);
        find({700, 701});
        QCOMPARE(find({700, 701}), (Holdings{{700, worker, 3}, {701, web, 3}}));
    }

    void aSocketOfNobodyIsSearchedForOnce() {
        proc_->count_descriptors();
        proc_->hold(web, 3, 700);
        find({700});
        find({700, 999});
        find({700, 999});
        Cost cost(*holders_);
        find({700, 999});
        find({700, 999});
        QCOMPARE(cost.tables(), 0u);
        proc_->hold(worker, 3, 999); // it was on its way between two processes
        proc_->hold(worker, 4, 998);
        find({700, 998, 999});
        QCOMPARE(find({700, 998, 999}).size(), 3u);
    }

    void withoutProcNothingIsFound() { QCOMPARE(holders_->find(-1, Inodes{700}), Holdings{}); }

private:
    Holdings find(const Inodes& inodes) { return holders_->find(proc_->fd(), inodes); }

    std::optional<FakeProc> proc_;
    std::optional<SocketHolders> holders_;
};

QTEST_GUILESS_MAIN(SocketHoldersTest)
#include "socket_holders_test.moc"
