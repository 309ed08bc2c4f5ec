// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/server_calls.hpp"

#include "service/server_errors.hpp"
#include "service/service_json.hpp"
#include "service/varlink_description.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sockledger {

namespace json = boost::json;

namespace {

constexpr std::string_view service_interface = "org.varlink.service";
constexpr std::string_view own_interface = "io.sockledger";
constexpr std::chrono::milliseconds shortest_interval{1'000};
constexpr std::chrono::milliseconds longest_interval{60'000};

/// The parameters of a call, or nothing after it has been answered with what is wrong.
template<typename Parameters>
std::optional<Parameters> take(Session& session, const json::object& parameters) {
    auto read = read_request<Parameters>(parameters);
    if (const auto* const bad = std::get_if<BadParameter>(&read)) {
        session.error("org.varlink.service.InvalidParameter", {{"parameter", bad->name}});
        return std::nullopt;
    }
    return std::get<Parameters>(std::move(read));
}

template<typename Parameters>
std::string text_of(const Parameters& parameters) {
    std::string text;
    append_parameters(text, parameters);
    return text;
}

template<typename Parameters>
void reply(Session& session, const Parameters& parameters) {
    session.reply(text_of(parameters));
}

/// The same for GetInterfaceDescription, the one call with parameters that is not of io.sockledger.
std::optional<std::string> take_interface(Session& session, const json::object& parameters) {
    std::string_view wrong = "interface";
    for (const auto& member : parameters) {
        if (member.key() != "interface")
            wrong = member.key();
        else if (member.value().is_string() && parameters.size() == 1)
            return std::string(member.value().get_string());
    }
    session.error("org.varlink.service.InvalidParameter", {{"parameter", wrong}});
    return std::nullopt;
}

/// Answers once the Backend has: with what `make` makes of its answer, or with an error.
template<typename T, typename Make>
Backend::Reply<T> answer(const std::shared_ptr<Session>& session, ErrorContext context, Make make) {
    return [session, context = std::move(context), make = std::move(make)](Result<T> result) {
        if (!result)
            reply_error(*session, result.error(), context);
        else if constexpr (std::is_void_v<T>)
            reply(*session, NoParameters{});
        else
            reply(*session, make(std::move(*result)));
    };
}

Backend::Reply<void> answer(const std::shared_ptr<Session>& session, ErrorContext context) {
    return answer<void>(session, std::move(context), [] {});
}

Message alert_message(const Alert& alert) {
    return std::make_shared<const std::string>(varlink::reply_message(text_of(AlertParameter{alert}), true));
}

} // namespace

ServerCalls::ServerCalls(boost::asio::io_context& loop, Backend& backend,
                         std::function<std::size_t()> clients)
    : backend_(backend), clients_(std::move(clients)), subscriptions_(loop, backend, seen_, messages_) {}

const ServerCalls::Method* ServerCalls::find_method(std::string_view name) {
    static constexpr std::array<Method, 13> methods{{
        {"org.varlink.service.GetInfo", &ServerCalls::get_info},
        {"org.varlink.service.GetInterfaceDescription", &ServerCalls::get_interface_description},
        {"io.sockledger.GetSnapshot", &ServerCalls::get_snapshot},
        {"io.sockledger.Subscribe", &ServerCalls::subscribe, true},
        {"io.sockledger.GetUsage", &ServerCalls::get_usage},
        {"io.sockledger.ListInterfaces", &ServerCalls::list_interfaces},
        {"io.sockledger.SetMonitoredInterfaces", &ServerCalls::set_monitored_interfaces, false, true},
        {"io.sockledger.ListRules", &ServerCalls::list_rules},
        {"io.sockledger.SetRule", &ServerCalls::set_rule, false, true},
        {"io.sockledger.RemoveRule", &ServerCalls::remove_rule, false, true},
        {"io.sockledger.ListAlerts", &ServerCalls::list_alerts},
        {"io.sockledger.SubscribeAlerts", &ServerCalls::subscribe_alerts, true},
        {"io.sockledger.GetStatus", &ServerCalls::get_status},
    }};
    const auto found = std::ranges::find(methods, name, &Method::name);
    return found == methods.end() ? nullptr : &*found;
}

void ServerCalls::handle(const std::shared_ptr<Session>& session, Caller& caller, const varlink::Call& call) {
    const Method* const method = find_method(call.method);
    if (!method) {
        const std::string_view interface =
            std::string_view(call.method).substr(0, std::min(call.method.rfind('.'), call.method.size()));
        if (interface != service_interface && interface != own_interface)
            return session->error("org.varlink.service.InterfaceNotFound", {{"interface", interface}});
        return session->error("org.varlink.service.MethodNotFound", {{"method", call.method}});
    }
    if (call.upgrade)
        return session->error("org.varlink.service.MethodNotImplemented", {{"method", call.method}});
    if (method->streams && !call.more)
        return session->error("org.varlink.service.ExpectedMore");
    if (method->settings && !caller.visible.all)
        return session->error("io.sockledger.NotPermitted",
                              {{"reason", "settings are changed by root and by the daemon's group"}});
    (this->*method->handle)({session, caller, call.parameters});
}

void ServerCalls::get_info(const Request& request) {
    if (!take<NoParameters>(*request.session, request.parameters))
        return;
    request.session->reply(json::serialize(json::object{{"vendor", "The Sockledger authors"},
                                                        {"product", "sockledgerd"},
                                                        {"version", varlink::product_version},
                                                        {"url", ""},
                                                        {"interfaces", {own_interface, service_interface}}}));
}

void ServerCalls::get_interface_description(const Request& request) {
    const auto name = take_interface(*request.session, request.parameters);
    if (!name)
        return;
    if (name != own_interface && name != service_interface)
        return request.session->error("org.varlink.service.InterfaceNotFound", {{"interface", *name}});
    const auto description =
        name == own_interface ? varlink::sockledger_description : varlink::service_description;
    request.session->reply(json::serialize(json::object{{"description", description}}));
}

void ServerCalls::get_snapshot(const Request& request) {
    const auto wanted = take<GetSnapshotParameters>(*request.session, request.parameters);
    if (!wanted)
        return;
    const View view{wanted->sections, wanted->filter, request.caller.visible};
    const auto now = backend_.snapshot(view.sockets());
    if (!now)
        return reply_error(*request.session, now.error(), {"EngineUnavailable"});
    Caller& caller = request.caller;
    if (!caller.last || *caller.last != *now)
        caller.base = std::exchange(caller.last, seen_.keep(*now));
    request.session->reply(messages_.message(*now, caller.base ? *caller.base : nullptr, view, false));
}

void ServerCalls::subscribe(const Request& request) {
    const auto wanted = take<SubscribeParameters>(*request.session, request.parameters);
    if (!wanted)
        return;
    if (wanted->interval < shortest_interval || wanted->interval > longest_interval)
        return reply_bad_request(*request.session, "interval_ms", "1000 to 60000 are possible");
    const View view{wanted->sections, wanted->filter, request.caller.visible};
    if (const auto added = subscriptions_.add(request.session, view, wanted->interval); !added)
        reply_error(*request.session, added.error(), {"EngineUnavailable"});
}

void ServerCalls::get_usage(const Request& request) {
    if (const auto query = take<UsageQuery>(*request.session, request.parameters))
        backend_.usage(*query, answer<Usage>(request.session, {"HistoryUnavailable", "window"},
                                             [](Usage usage) { return usage; }));
}

void ServerCalls::list_interfaces(const Request& request) {
    if (!take<NoParameters>(*request.session, request.parameters))
        return;
    backend_.interfaces(answer<std::vector<KnownInterface>>(
        request.session, {"HistoryUnavailable"},
        [](std::vector<KnownInterface> interfaces) { return InterfaceList{std::move(interfaces)}; }));
}

void ServerCalls::set_monitored_interfaces(const Request& request) {
    if (const auto wanted = take<MonitoredNames>(*request.session, request.parameters))
        backend_.set_monitored_interfaces(wanted->names,
                                          answer(request.session, {"HistoryUnavailable", "names"}));
}

void ServerCalls::list_rules(const Request& request) {
    if (take<NoParameters>(*request.session, request.parameters))
        reply(*request.session, RuleList{backend_.rules()});
}

void ServerCalls::set_rule(const Request& request) {
    if (const auto wanted = take<RuleParameter>(*request.session, request.parameters))
        backend_.set_rule(wanted->rule,
                          answer(request.session, {"HistoryUnavailable", "rule", wanted->rule.id}));
}

void ServerCalls::remove_rule(const Request& request) {
    if (const auto wanted = take<RuleId>(*request.session, request.parameters))
        backend_.remove_rule(wanted->id, answer(request.session, {"HistoryUnavailable", "id", wanted->id}));
}

void ServerCalls::list_alerts(const Request& request) {
    if (const auto wanted = take<AlertsSince>(*request.session, request.parameters))
        backend_.alerts(wanted->since,
                        answer<std::vector<Alert>>(
                            request.session, {"HistoryUnavailable", "since"},
                            [](std::vector<Alert> alerts) { return AlertList{std::move(alerts)}; }));
}

void ServerCalls::subscribe_alerts(const Request& request) {
    if (!take<NoParameters>(*request.session, request.parameters))
        return;
    request.session->begin_stream();
    for (const Alert& alert : backend_.active_alerts())
        request.session->push(alert_message(alert));
    erase_closed(alert_sessions_);
    alert_sessions_.push_back(request.session);
}

void ServerCalls::publish(const Alert& alert) {
    const Message message = alert_message(alert);
    for (const auto& weak : alert_sessions_) {
        if (const auto session = weak.lock())
            session->push(message);
    }
    erase_closed(alert_sessions_);
}

void ServerCalls::get_status(const Request& request) {
    if (!take<NoParameters>(*request.session, request.parameters))
        return;
    backend_.status(answer<DaemonStatus>(
        request.session, {"HistoryUnavailable"},
        [clients = clients_(), privileged = request.caller.visible.all](DaemonStatus status) {
            status.clients = static_cast<std::uint32_t>(clients);
            status.privileged = privileged;
            return status;
        }));
}

} // namespace sockledger
