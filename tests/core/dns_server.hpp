// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unique_fd.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace sockledger::test {

/// A DNS message (RFC 1035) as a test writes it.
class DnsMessage {
public:
    DnsMessage(std::uint16_t id, std::uint8_t rcode, std::uint16_t answers) {
        number(id, 2);
        number(0x8180u | rcode, 2); // an answer; recursion was desired and is available
        number(1, 2);
        number(answers, 2);
        number(0, 4);
    }
    DnsMessage& question(std::string_view name) { return this->name(name).number(12, 2).number(1, 2); }
    DnsMessage& ptr(std::string_view owner, std::string_view target, std::uint32_t ttl = 600) {
        const DnsMessage data = DnsMessage().name(target);
        name(owner).number(12, 2).number(1, 2).number(ttl, 4);
        number(static_cast<std::uint32_t>(data.bytes_.size()), 2).bytes_ += data.bytes_;
        return *this;
    }
    DnsMessage& cname(std::string_view owner, std::string_view target) {
        const std::size_t type = bytes_.size() + owner.size() + 2;
        ptr(owner, target).bytes_[type + 1] = 5;
        return *this;
    }
    const std::string& bytes() const { return bytes_; }

private:
    DnsMessage() = default;
    DnsMessage& number(std::uint32_t value, int size) {
        while (size-- > 0)
            bytes_ += static_cast<char>(value >> (8 * size));
        return *this;
    }
    DnsMessage& name(std::string_view text) {
        while (!text.empty()) {
            const std::string_view label = text.substr(0, text.find('.'));
            bytes_ += static_cast<char>(label.size());
            bytes_ += label;
            text.remove_prefix(std::min(label.size() + 1, text.size()));
        }
        bytes_ += '\0';
        return *this;
    }

    std::string bytes_;
};

/// Waits until `fd` is readable, at most ten seconds.
inline bool wait_readable(int fd, int milliseconds = 10'000) {
    pollfd wanted{fd, POLLIN, 0};
    return poll(&wanted, 1, milliseconds) == 1;
}

/// A name server on loopback that says what the test wants, when it wants.
class DnsServer {
public:
    struct Question {
        std::uint16_t id = 0;
        std::string name;
        sockaddr_in from{};
    };

    DnsServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no socket for a name server");
        port_ = ntohs(address.sin_port);
    }

    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    bool is_asked() const { return wait_readable(socket_.get(), 0); }
    Question question() {
        if (!wait_readable(socket_.get()))
            throw std::runtime_error("the name server was not asked");
        Question question;
        std::array<unsigned char, 512> buffer{};
        socklen_t size = sizeof question.from;
        recvfrom(socket_.get(), buffer.data(), buffer.size() - 1, 0,
                 reinterpret_cast<sockaddr*>(&question.from), &size);
        question.id = static_cast<std::uint16_t>(buffer[0] << 8 | buffer[1]);
        for (std::size_t at = 12; buffer[at] != 0 && at + buffer[at] < buffer.size(); at += buffer[at] + 1u) {
            question.name.append(question.name.empty() ? "" : ".");
            question.name.append(reinterpret_cast<const char*>(&buffer[at + 1]), buffer[at]);
        }
        return question;
    }
    void send(const Question& to, const std::string& bytes) {
        sendto(socket_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to.from),
               sizeof to.from);
    }
    void answer(const Question& question, std::string_view name, std::uint32_t ttl = 600) {
        send(question,
             DnsMessage(question.id, 0, 1).question(question.name).ptr(question.name, name, ttl).bytes());
    }

private:
    UniqueFd socket_;
    std::uint16_t port_ = 0;
};

} // namespace sockledger::test
