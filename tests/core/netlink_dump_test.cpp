// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/netlink_builder.hpp"
#include "kernel/netlink_dump.hpp"

#include <QTest>

#include <linux/rtnetlink.h>

using namespace sockledger;
using namespace sockledger::test;

class NetlinkDumpTest : public QObject {
    Q_OBJECT

    FakeTransport* kernel_ = nullptr; // owned by dump_
    std::unique_ptr<NetlinkDump> dump_;
    std::vector<std::uint32_t> seen_;

    Result<NetlinkDump::State> run() {
        seen_.clear();
        return dump_->run(RTM_GETLINK, {}, collect());
    }

    NetlinkDump::Visit collect() {
        return [this](std::uint16_t, Bytes payload) { seen_.push_back(read_prefix<std::uint32_t>(payload)); };
    }

    static Buffer entry(std::uint32_t sequence, std::uint32_t value, int flags = NLM_F_MULTI) {
        return message(RTM_NEWLINK, sequence, bytes_of(value), flags);
    }

private slots:
    void init() {
        auto transport = std::make_unique<FakeTransport>();
        kernel_ = transport.get();
        dump_ = std::make_unique<NetlinkDump>(std::move(transport));
    }

    void requestIsADumpOfTheGivenType() {
        kernel_->script = {done(1)};
        const std::uint32_t family_header = 0x01020304;
        QVERIFY(dump_->run(RTM_GETADDR, bytes_of(family_header), collect()).has_value());
        const auto header = read_prefix<nlmsghdr>(kernel_->sent.at(0));
        QCOMPARE(header.nlmsg_type, std::uint16_t{RTM_GETADDR});
        QCOMPARE(header.nlmsg_flags, std::uint16_t{NLM_F_REQUEST | NLM_F_DUMP});
        QCOMPARE(header.nlmsg_len, 20u);
        QCOMPARE(kernel_->sent.at(0).size(), std::size_t{20});
    }

    void aQuestionIsNoDumpAndEndsWithTheAcknowledgement() {
        kernel_->script = {entry(1, 10, 0), refusal(1, 0)};
        QVERIFY(dump_->ask(RTM_GETNSID, {}, collect()).has_value());
        QCOMPARE(read_prefix<nlmsghdr>(kernel_->sent.at(0)).nlmsg_flags,
                 std::uint16_t{NLM_F_REQUEST | NLM_F_ACK});
        QCOMPARE(seen_, (std::vector<std::uint32_t>{10}));
        kernel_->script = {refusal(2, EEXIST)};
        const auto refused = dump_->ask(RTM_NEWNSID, {}, collect());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, EEXIST);
    }

    void entriesOfAllDatagramsAreVisited() {
        kernel_->script = {entry(1, 10) + entry(1, 11), entry(1, 12), done(1)};
        QCOMPARE(*run(), NetlinkDump::State::Consistent);
        QCOMPARE(seen_, (std::vector<std::uint32_t>{10, 11, 12}));
    }

    void answersToAnEarlierRequestAreLeftOut() {
        kernel_->script = {entry(1, 10), EIO};
        QVERIFY(!run());
        kernel_->script = {entry(1, 11) + done(1), entry(2, 12) + done(2)};
        QVERIFY(run().has_value());
        QCOMPARE(seen_, (std::vector<std::uint32_t>{12}));
    }

    void aRefusalIsAnErrorWithItsErrno() {
        kernel_->script = {refusal(1, EOPNOTSUPP)};
        const auto state = run();
        QVERIFY(!state);
        QCOMPARE(state.error().code, EOPNOTSUPP);
        kernel_->script = {done(2, -EACCES)};
        QCOMPARE(run().error().code, EACCES);
    }

    void aFailedSendOrReceiveIsAnErrorWithItsErrno() {
        kernel_->script = {ENOBUFS};
        QCOMPARE(run().error().code, ENOBUFS);
        kernel_->script = {};
        QCOMPARE(run().error().code, EAGAIN);
        kernel_->send_error = EPERM;
        QCOMPARE(run().error().code, EPERM);
    }

    void anInterruptedDumpSaysSo_data() {
        QTest::addColumn<bool>("in_done");
        QTest::newRow("flag on an entry") << false;
        QTest::newRow("flag on the end") << true;
    }

    void anInterruptedDumpSaysSo() {
        QFETCH(bool, in_done);
        const int flags = NLM_F_MULTI | NLM_F_DUMP_INTR;
        kernel_->script = {in_done ? entry(1, 10) + done(1, 0, flags) : entry(1, 10, flags) + done(1)};
        QCOMPARE(*run(), NetlinkDump::State::Interrupted);
    }

    void anInterruptedDumpIsReadAgainFromTheStart() {
        const int flags = NLM_F_MULTI | NLM_F_DUMP_INTR;
        kernel_->script = {entry(1, 10, flags) + done(1), entry(2, 20) + entry(2, 21) + done(2)};
        const auto state = dump_->run_until_consistent(
            RTM_GETLINK, {}, [this] { seen_.clear(); }, collect());
        QCOMPARE(*state, NetlinkDump::State::Consistent);
        QCOMPARE(seen_, (std::vector<std::uint32_t>{20, 21}));
    }

    void aDumpThatIsAlwaysInterruptedEndsWithTheLastOne() {
        const int flags = NLM_F_MULTI | NLM_F_DUMP_INTR;
        for (std::uint32_t sequence = 1; sequence <= 9; ++sequence) {
            kernel_->script.emplace_back(entry(sequence, sequence, flags) + done(sequence));
        }
        const auto state = dump_->run_until_consistent(
            RTM_GETLINK, {}, [this] { seen_.clear(); }, collect());
        QCOMPARE(*state, NetlinkDump::State::Interrupted);
        QCOMPARE(seen_, (std::vector<std::uint32_t>{5}));
    }

    void cutDatagramsAreCountedAndTheRestIsRead() {
        auto cut = entry(1, 10) + entry(1, 11);
        cut.resize(cut.size() - 2);
        kernel_->script = {cut, entry(1, 12) + done(1)};
        QVERIFY(run().has_value());
        QCOMPARE(seen_, (std::vector<std::uint32_t>{10, 12}));
        QCOMPARE(dump_->malformed(), std::uint64_t{1});
    }

    void lengthsThatLieNeverLeaveTheBuffer_data() {
        QTest::addColumn<unsigned>("length");
        for (unsigned length : {0u, 1u, 15u, 25u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
            QTest::addRow("%u", length) << length;
        }
    }

    void lengthsThatLieNeverLeaveTheBuffer() {
        QFETCH(unsigned, length);
        auto bad = entry(1, 10);
        std::memcpy(bad.data(), &length, sizeof length);
        kernel_->script = {bad, done(1)};
        QVERIFY(run().has_value());
        QVERIFY(seen_.empty());
        QCOMPARE(dump_->malformed(), std::uint64_t{1});
    }
};

QTEST_GUILESS_MAIN(NetlinkDumpTest)
#include "netlink_dump_test.moc"
