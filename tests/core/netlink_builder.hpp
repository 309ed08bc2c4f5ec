// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/netlink_socket.hpp"

#include <cerrno>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <variant>

/// Hand-built netlink messages, and a kernel that answers with them.
namespace sockledger::test {

using Buffer = std::vector<std::byte>;

inline Buffer operator+(Buffer left, Bytes right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

inline Buffer padded(Buffer bytes) {
    bytes.resize((bytes.size() + 3) & ~std::size_t{3});
    return bytes;
}

inline Buffer attribute(int type, Bytes payload) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()),
                        static_cast<std::uint16_t>(type)};
    return padded(Buffer() + bytes_of(header) + payload);
}

template<typename T>
Buffer number(int type, T value) {
    return attribute(type, bytes_of(value));
}

inline Buffer text(int type, const std::string& value) {
    return attribute(type, std::as_bytes(std::span(value.c_str(), value.size() + 1)));
}

/// Characters without a NUL at their end.
inline Buffer some_bytes(const std::string& characters) {
    return Buffer() + std::as_bytes(std::span(characters));
}

inline Buffer message(int type, std::uint32_t sequence, Bytes payload, int flags = NLM_F_MULTI) {
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
    header.nlmsg_type = static_cast<std::uint16_t>(type);
    header.nlmsg_flags = static_cast<std::uint16_t>(flags);
    header.nlmsg_seq = sequence;
    return padded(Buffer() + bytes_of(header) + payload);
}

inline Buffer done(std::uint32_t sequence, int code = 0, int flags = NLM_F_MULTI) {
    return message(NLMSG_DONE, sequence, bytes_of(code), flags);
}

inline Buffer refusal(std::uint32_t sequence, int code) {
    return message(NLMSG_ERROR, sequence, Buffer() + bytes_of(-code) + bytes_of(nlmsghdr{}), 0);
}

/// Plays a script: one datagram or errno for each receive(), then EAGAIN.
class FakeTransport : public NetlinkTransport {
public:
    std::vector<Buffer> sent;
    std::deque<std::variant<Buffer, int>> script;
    int send_error = 0;

    Result<void> send(Bytes bytes) override {
        sent.emplace_back(bytes.begin(), bytes.end());
        if (send_error != 0) {
            return Error{"netlink: send", send_error};
        }
        return {};
    }

    Result<std::size_t> receive(std::vector<std::byte>& buffer) override {
        if (script.empty()) {
            return Error{"netlink: receive", EAGAIN};
        }
        const auto next = script.front();
        script.pop_front();
        if (const int* code = std::get_if<int>(&next)) {
            return Error{"netlink: receive", *code};
        }
        const auto& datagram = std::get<Buffer>(next);
        buffer.resize(std::max(buffer.size(), datagram.size()));
        std::copy(datagram.begin(), datagram.end(), buffer.begin());
        return datagram.size();
    }
};

/// Answers dump requests from tables: payloads by the type of the request.
class FakeKernel : public NetlinkTransport {
public:
    struct Table {
        int reply_type = 0;
        std::vector<Buffer> payloads;
        int error = 0;       ///< errno that the request is refused with
        int interrupted = 0; ///< that many answers carry NLM_F_DUMP_INTR
    };
    std::map<int, Table> tables;
    std::vector<int> requests;                ///< types, in their order
    std::function<void(int type)> on_request; ///< called before the answer is made

    Result<void> send(Bytes bytes) override {
        const auto header = read_prefix<nlmsghdr>(bytes);
        requests.push_back(header.nlmsg_type);
        if (on_request) {
            on_request(header.nlmsg_type);
        }
        Table& table = tables[header.nlmsg_type];
        answers_.script.clear();
        if (table.error != 0) {
            answers_.script.emplace_back(refusal(header.nlmsg_seq, table.error));
            return {};
        }
        const int flags = NLM_F_MULTI | (table.interrupted-- > 0 ? NLM_F_DUMP_INTR : 0);
        for (const Buffer& payload : table.payloads) {
            answers_.script.emplace_back(message(table.reply_type, header.nlmsg_seq, payload, flags));
        }
        answers_.script.emplace_back(done(header.nlmsg_seq, 0, flags));
        return {};
    }

    Result<std::size_t> receive(std::vector<std::byte>& buffer) override { return answers_.receive(buffer); }

private:
    FakeTransport answers_;
};

} // namespace sockledger::test
