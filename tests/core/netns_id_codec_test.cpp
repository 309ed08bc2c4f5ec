// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "core/link_messages.hpp"
#include "kernel/netns_id_codec.hpp"

#include <QTest>

#include <linux/net_namespace.h>

using namespace sockledger;
using namespace sockledger::test;

namespace {

Buffer id_message(Bytes attributes) {
    return padded(Buffer() + bytes_of(rtgenmsg{})) + attributes;
}

} // namespace

class NetnsIdCodecTest : public QObject {
    Q_OBJECT

private slots:
    void requestsAreWhatTheKernelReads() {
        const std::int32_t fd = 17, any = -1, id = 5;
        QVERIFY(encode_get_netns_id(fd) == id_message(number(NETNSA_FD, fd)));
        QVERIFY(encode_new_netns_id(fd) == id_message(number(NETNSA_FD, fd) + number(NETNSA_NSID, any)));
        QVERIFY(encode_get_links_of(id) == link_message({.type = 0}, number(IFLA_TARGET_NETNSID, id)));
        QVERIFY(encode_get_addresses_of(id) == address_message(0, 0, 0, number(IFA_TARGET_NETNSID, id)));
    }

    void theIdIsRead() {
        const std::int32_t id = 5;
        QCOMPARE(decode_netns_id(id_message(number(NETNSA_NSID, id))), std::optional(id));
        QCOMPARE(decode_netns_id(id_message(number(NETNSA_PID, 9) + number(NETNSA_NSID, id))),
                 std::optional(id));
    }

    void noIdIsNone() {
        const std::int32_t not_assigned = -1;
        QCOMPARE(decode_netns_id(id_message(number(NETNSA_NSID, not_assigned))), std::nullopt);
        QCOMPARE(decode_netns_id(id_message({})), std::nullopt);
        QCOMPARE(decode_netns_id({}), std::nullopt);
        QCOMPARE(decode_netns_id(id_message(attribute(NETNSA_NSID, some_bytes("ab")))), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(NetnsIdCodecTest)
#include "netns_id_codec_test.moc"
