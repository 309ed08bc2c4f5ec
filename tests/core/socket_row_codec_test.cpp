// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/bpf/records.h"
#include "kernel/socket_row_codec.hpp"

#include <QTest>

#include <cstring>

using namespace sockledger;

namespace {

socket_row tcp_row() {
    socket_row row{};
    row.pid = 4711;
    row.start_ticks = 123456;
    row.owner = 123456ull << OWNER_PID_BITS | 4711;
    row.fd = 7;
    row.netns = 4026531833;
    row.cookie = 99;
    row.inode = 1000;
    row.family = 10;
    row.type = 1;
    row.protocol = 6;
    row.state = 1;
    std::memcpy(row.local_address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16);
    std::memcpy(row.remote_address, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    row.local_port = 443;
    row.remote_port = 50000;
    row.has_record = 1;
    row.rx_bytes = 1ull << 40;
    row.has_tcp = 1;
    row.rtt_us = 250;
    return row;
}

std::vector<std::byte> bytes_of(std::initializer_list<socket_row> rows) {
    std::vector<std::byte> bytes(rows.size() * sizeof(socket_row));
    std::memcpy(bytes.data(), rows.begin(), bytes.size());
    return bytes;
}

} // namespace

class SocketRowCodecTest : public QObject {
    Q_OBJECT

private slots:
    void aRowBecomesARecord() {
        std::vector<SocketRecord> sockets;
        auto bytes = bytes_of({tcp_row()});
        QCOMPARE(decode_socket_rows(bytes, sockets), bytes.size());
        QCOMPARE(sockets.size(), std::size_t(1));
        const SocketRecord& socket = sockets.front();
        QCOMPARE(socket.process, (ProcessId{4711, 123456}));
        QCOMPARE(socket.owner, (ProcessId{4711, 123456}));
        QCOMPARE(socket.protocol, Protocol::Tcp);
        QCOMPARE(socket.state, SocketState::Established);
        QCOMPARE(socket.wire_rx_bytes, std::uint64_t(1) << 40);
        QCOMPARE(socket.rtt_us, 250u);
        QVERIFY(socket.wire_counted && socket.has_tcp_info);
    }

    void aMappedAddressIsIpv4() {
        std::vector<SocketRecord> sockets;
        decode_socket_rows(bytes_of({tcp_row()}), sockets);
        QCOMPARE(QByteArray(to_string(sockets.front().local).c_str()), QByteArray("192.0.2.1:443"));
        QCOMPARE(QByteArray(to_string(sockets.front().remote).c_str()), QByteArray("[2001:db8::1]:50000"));
    }

    void whatIsNotValidStaysAtZero() {
        socket_row row = tcp_row();
        row.has_record = row.has_tcp = 0;
        std::vector<SocketRecord> sockets;
        decode_socket_rows(bytes_of({row}), sockets);
        QVERIFY(!sockets.front().wire_counted && !sockets.front().has_tcp_info);
        QCOMPARE(sockets.front().owner, ProcessId{});
        QCOMPARE(sockets.front().rtt_us, 0u);
    }

    void aCutRowWaitsForItsRest() {
        auto bytes = bytes_of({tcp_row(), tcp_row()});
        for (std::size_t length = 0; length <= bytes.size(); ++length) {
            std::vector<SocketRecord> sockets;
            std::size_t taken = decode_socket_rows(std::span(bytes).first(length), sockets);
            QCOMPARE(taken, length / sizeof(socket_row) * sizeof(socket_row));
            QCOMPARE(sockets.size(), length / sizeof(socket_row));
        }
    }

    void aRawSocketIsRawWhateverItListensTo() {
        socket_row row = tcp_row();
        row.type = 3;
        row.protocol = 1;
        std::vector<SocketRecord> sockets;
        decode_socket_rows(bytes_of({row}), sockets);
        QCOMPARE(sockets.front().protocol, Protocol::Raw);
    }

    void anUnknownStateIsUnknown() {
        socket_row row = tcp_row();
        row.state = 200;
        std::vector<SocketRecord> sockets;
        decode_socket_rows(bytes_of({row}), sockets);
        QCOMPARE(sockets.front().state, SocketState::Unknown);
    }

    void theKernelIsNoProcess() {
        QCOMPARE(decode_owner(OWNER_KERNEL), ProcessId{});
        QCOMPARE(decode_owner(OWNER_NONE), ProcessId{});
        QCOMPARE(decode_owner((1ull << 40 << OWNER_PID_BITS) | OWNER_PID_MASK),
                 (ProcessId{OWNER_PID_MASK, 1ull << 40}));
    }

    void aProgramsPathIsReadFromLeafToRoot() {
        process_identity identity{};
        std::strcpy(identity.exe[0], "curl");
        std::strcpy(identity.exe[1], "bin"); // exe[2]: a mount point, empty
        std::strcpy(identity.exe[3], "usr");
        QCOMPARE(decode_exe(identity), std::string());
        identity.exe_whole = 1;
        QCOMPARE(decode_exe(identity), std::string("/usr/bin/curl"));
        std::memset(identity.exe[1], 'x', EXE_NAME - 1); // as long as fits: may have been longer
        QCOMPARE(decode_exe(identity), std::string());
    }
};

QTEST_GUILESS_MAIN(SocketRowCodecTest)
#include "socket_row_codec_test.moc"
