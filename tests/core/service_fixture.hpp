// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "kernel/unix_socket.hpp"
#include "service/backend.hpp"
#include "service/server.hpp"
#include "service/varlink_message.hpp"
#include "support/sample_snapshot.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/socket.h>

/// A server without a daemon, and the bytes of its clients, all in one thread.
namespace sockledger::test {

/// Answers at once, or when a test says so. `fails` is the answer to everything until it is taken away.
class FakeBackend final : public Backend {
public:
    SnapshotPtr current = std::make_shared<const Snapshot>(sample::snapshot());
    Usage usage_answer{{std::chrono::seconds(10), std::chrono::seconds(20)}, {}, {}, 7, 8, {}};
    std::vector<Rule> rule_list;
    std::vector<Alert> alert_list;
    std::vector<std::string> monitored;
    std::optional<Error> fails;
    bool later = false;
    std::vector<std::function<void()>> waiting;
    std::optional<UsageQuery> asked;
    std::chrono::seconds since{};
    int snapshots = 0;
    int with_sockets = 0;

    /// The machine a second later: every total has grown by 1000 received bytes.
    void advance() {
        Snapshot next = *current;
        ++next.sequence;
        next.time.boottime += std::chrono::seconds(1);
        next.time.realtime += std::chrono::seconds(1);
        next.interval = std::chrono::seconds(1);
        for (Interface& interface : next.interfaces)
            grow(interface.total);
        for (App& app : next.apps)
            grow(app.traffic);
        grow(next.total);
        current = std::make_shared<const Snapshot>(std::move(next));
    }

    Result<SnapshotPtr> snapshot(bool sockets) override {
        ++snapshots;
        with_sockets += sockets;
        if (fails)
            return *fails;
        return current;
    }
    void usage(const UsageQuery& query, Reply<Usage> reply) override {
        asked = query;
        answer(std::move(reply), usage_answer);
    }
    void interfaces(Reply<std::vector<KnownInterface>> reply) override {
        answer(std::move(reply), std::vector<KnownInterface>{{"eth0", true, true, true, {}}});
    }
    void set_monitored_interfaces(const std::vector<std::string>& names, Reply<void> reply) override {
        monitored = names;
        answer(std::move(reply));
    }
    std::vector<Rule> rules() override { return rule_list; }
    void set_rule(const Rule& rule, Reply<void> reply) override {
        rule_list.push_back(rule);
        answer(std::move(reply));
    }
    void remove_rule(const std::string& id, Reply<void> reply) override {
        std::erase_if(rule_list, [&](const Rule& rule) { return rule.id == id; });
        answer(std::move(reply));
    }
    void alerts(std::chrono::seconds from, Reply<std::vector<Alert>> reply) override {
        since = from;
        answer(std::move(reply), alert_list);
    }
    std::vector<Alert> active_alerts() override { return alert_list; }
    void status(Reply<DaemonStatus> reply) override {
        answer(std::move(reply), DaemonStatus{"1.2", 42, std::chrono::seconds(5), 0, false, {}, {}});
    }

private:
    static void grow(Traffic& traffic) {
        traffic.rx_bytes += 1000;
        traffic.rx_rate = 1000;
    }
    template<typename T, typename... Value>
    void answer(Reply<T> reply, Value... value) {
        auto give = [this, reply = std::move(reply), value...] {
            reply(fails ? Result<T>(*fails) : Result<T>(value...));
        };
        if (later)
            waiting.push_back(std::move(give));
        else
            give();
    }
};

inline constexpr Peer root{0, 0, {}};
inline constexpr std::uint32_t daemon_user = 700;
inline constexpr std::uint32_t daemon_group = 777;

/// The other end of a connection.
struct Client {
    UniqueFd socket;
    varlink::Splitter answers{varlink::Splitter(64 << 20)};

    /// What the kernel takes; the rest is the caller's.
    std::size_t send(std::string_view bytes) {
        const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return sent < 0 ? 0 : static_cast<std::size_t>(sent);
    }
    bool call(std::string_view method, std::string_view parameters = "{}", std::string_view flag = {}) {
        std::string message =
            "{\"method\":\"" + std::string(method) + "\",\"parameters\":" + std::string(parameters);
        if (!flag.empty())
            message += ",\"" + std::string(flag) + "\":true";
        message += "}";
        message += '\0';
        return send(message) == message.size();
    }
    /// Takes what has arrived; false once the server has closed.
    bool receive() {
        std::array<char, 256 << 10> chunk;
        while (true) {
            const ssize_t size = recv(socket.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
            if (size <= 0)
                return size < 0 && errno == EAGAIN;
            answers.add({chunk.data(), static_cast<std::size_t>(size)});
        }
    }
};

class Service {
public:
    explicit Service(ServerOptions options = {}) : server(loop, backend, with_access(options)) {}

    boost::asio::io_context loop;
    FakeBackend backend;
    Server server;

    Client connect(const Peer& peer = root) {
        std::array<int, 2> ends{-1, -1};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) < 0)
            return {};
        server.adopt(UniqueFd(ends[0]), peer);
        return {UniqueFd(ends[1])};
    }

    /// Runs the server until `done`; false when that takes too long.
    bool run_until(const std::function<bool()>& done) {
        const Deadline deadline = Deadline::clock::now() + std::chrono::seconds(20);
        while (!done()) {
            if (Deadline::clock::now() > deadline)
                return false;
            loop.restart();
            // Something has happened, or time has passed for which nobody has a descriptor.
            loop.run_one_for(std::chrono::milliseconds(20));
            loop.poll();
        }
        return true;
    }
    /// Runs what there is to do now.
    void settle() {
        loop.restart();
        loop.poll();
    }

    /// The next answer, as text; "closed" or "silence" instead of one.
    std::string next(Client& client) {
        std::string answer = "silence";
        run_until([&] {
            const bool open = client.receive();
            if (const auto message = client.answers.next()) {
                answer = *message;
                return true;
            }
            if (!open)
                answer = "closed";
            return !open;
        });
        return answer;
    }
    std::string ask(Client& client, std::string_view method, std::string_view parameters = "{}",
                    std::string_view flag = {}) {
        return client.call(method, parameters, flag) ? next(client) : "not sent";
    }

private:
    static ServerOptions with_access(ServerOptions options) {
        options.access = {daemon_user, daemon_group};
        return options;
    }
};

/// A value in an answer, by its JSON pointer: "/parameters/snapshot/apps"; null when there is none.
inline boost::json::value at(const std::string& answer, std::string_view pointer) {
    boost::json::error_code error;
    const auto value = boost::json::parse(answer, error);
    const auto* const found = error ? nullptr : value.find_pointer(pointer, error);
    return found ? *found : boost::json::value();
}
inline std::string text_at(const std::string& answer, std::string_view pointer) {
    return boost::json::serialize(at(answer, pointer));
}
inline std::size_t size_at(const std::string& answer, std::string_view pointer) {
    const auto found = at(answer, pointer);
    return found.is_array() ? found.get_array().size() : std::string::npos;
}

} // namespace sockledger::test
