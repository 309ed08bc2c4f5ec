// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/service_json.hpp"
#include "service/varlink_client.hpp"

#include <sockledger/daemon.hpp>

#include <cerrno>
#include <exception>
#include <utility>

namespace sockledger {

namespace {

constexpr std::chrono::seconds patience{10};

Deadline soon() {
    return Deadline::clock::now() + patience;
}

class SocketClient final : public DaemonClient {
public:
    explicit SocketClient(varlink::Client calls) : calls_(std::move(calls)), alerts_(calls_.path()) {}

    Result<DaemonStatus> status() override { return ask<DaemonStatus>("GetStatus"); }
    Result<Usage> usage(const UsageQuery& query) override { return ask<Usage>("GetUsage", query); }
    Result<std::vector<KnownInterface>> interfaces() override {
        return member(ask<InterfaceList>("ListInterfaces"), &InterfaceList::interfaces);
    }
    Result<void> set_monitored_interfaces(const std::vector<std::string>& names) override {
        return tell("SetMonitoredInterfaces", MonitoredNames{names});
    }
    Result<std::vector<Rule>> rules() override {
        return member(ask<RuleList>("ListRules"), &RuleList::rules);
    }
    Result<void> set_rule(const Rule& rule) override { return tell("SetRule", RuleParameter{rule}); }
    Result<void> remove_rule(const std::string& id) override { return tell("RemoveRule", RuleId{id}); }
    Result<std::vector<Alert>> alerts(std::chrono::seconds since) override {
        return member(ask<AlertList>("ListAlerts", AlertsSince{since}), &AlertList::alerts);
    }

    Result<void> subscribe_alerts() override {
        alerts_ = varlink::Client(calls_.path());
        return alerts_.call_more("io.sockledger.SubscribeAlerts", "{}", soon());
    }
    int alerts_fd() const override { return alerts_.fd(); }
    Result<std::optional<Alert>> next_alert() override {
        const auto answer = alerts_.next(Deadline::clock::now());
        if (!answer && answer.error().code == ETIMEDOUT)
            return std::optional<Alert>();
        auto alert = understand<AlertParameter>(answer);
        return alert ? Result<std::optional<Alert>>(std::move(alert->alert)) : std::move(alert).error();
    }

private:
    template<typename Reply>
    static Result<Reply> understand(const Result<boost::json::object>& answer) {
        if (!answer)
            return answer.error();
        auto reply = read_reply<Reply>(*answer);
        if (!reply)
            return Error{"sockledgerd answered what cannot be understood: " + reply.error().message};
        return reply;
    }

    template<typename Reply, typename Parameters = NoParameters>
    Result<Reply> ask(std::string_view method, const Parameters& parameters = {}) {
        try {
            std::string text;
            append_parameters(text, parameters);
            return understand<Reply>(calls_.call("io.sockledger." + std::string(method), text, soon()));
        } catch (const std::exception& problem) {
            return Error{problem.what()};
        }
    }

    template<typename Parameters>
    Result<void> tell(std::string_view method, const Parameters& parameters) {
        const auto done = ask<NoParameters>(method, parameters);
        return done ? Result<void>() : done.error();
    }

    template<typename Reply, typename Member>
    static Result<Member> member(Result<Reply> reply, Member Reply::*member) {
        return reply ? Result<Member>(std::move((*reply).*member)) : std::move(reply).error();
    }

    varlink::Client calls_;
    varlink::Client alerts_; // a stream takes its connection for itself
};

} // namespace

Result<std::unique_ptr<DaemonClient>> DaemonClient::connect(const std::string& socket) {
    varlink::Client calls(socket);
    if (const auto connected = calls.connect(soon()); !connected)
        return connected.error();
    return std::unique_ptr<DaemonClient>(std::make_unique<SocketClient>(std::move(calls)));
}

} // namespace sockledger
