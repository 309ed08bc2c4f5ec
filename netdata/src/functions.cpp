// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "functions.hpp"

#include "protocol.hpp"
#include "table.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

namespace sockledger::netdata {

namespace json = boost::json;

namespace {

FunctionAnswer failure(int status, std::string_view message) {
    return {status, error_body(status, message), 0};
}

} // namespace

Functions::Functions(std::map<std::string, Handler> handlers, Write write,
                     std::chrono::seconds default_timeout)
    : handlers_(std::move(handlers)), write_(std::move(write)), default_timeout_(default_timeout) {}

void Functions::handle(Request request) {
    running_.remove_if([](const Running& running) { return running.done.load(); });
    const auto same = [&](const Running& running) { return running.transaction == request.transaction; };
    const auto found = std::ranges::find_if(running_, same);
    switch (request.kind) {
    case Request::Kind::Call:
        if (found == running_.end()) // a second answer to the same question would be for nobody
            call(std::move(request));
        break;
    case Request::Kind::Cancel:
        if (found != running_.end())
            found->cancelled = true;
        break;
    case Request::Kind::Progress:
        if (found != running_.end())
            found->deadline = (Clock::now() + default_timeout_).time_since_epoch().count();
        break;
    case Request::Kind::Quit:
    case Request::Kind::Unknown:
        break;
    }
}

void Functions::call(Request request) {
    const auto handler = handlers_.find(request.function);
    if (handler == handlers_.end())
        return answer(request.transaction, failure(404, "no function has this name"));
    if (running_.size() >= most_at_once)
        return answer(request.transaction, failure(503, "too many calls are running"));
    Running& running = running_.emplace_back();
    running.transaction = request.transaction;
    const auto timeout = request.timeout.count() > 0 ? request.timeout : default_timeout_;
    running.deadline = (Clock::now() + timeout).time_since_epoch().count();
    try {
        running.thread =
            std::jthread([this, &running, &function = handler->second, request = std::move(request)] {
                run(running, function, request);
                running.done = true;
            });
    } catch (const std::system_error&) {
        answer(running.transaction, failure(503, "no thread can be started"));
        running_.pop_back();
    }
}

void Functions::run(Running& running, const Handler& handler, const Request& request) {
    FunctionAnswer result;
    try {
        result = handler(request);
    } catch (const std::exception& problem) {
        result = failure(500, problem.what());
    }
    if (running.cancelled)
        result = failure(499, "the call was cancelled");
    else if (Clock::now().time_since_epoch().count() > running.deadline)
        result = failure(504, "it took too long");
    answer(running.transaction, result);
}

void Functions::answer(const std::string& transaction, const FunctionAnswer& answer) {
    std::string block;
    append_function_result(block, transaction, answer.status, answer.expires, answer.body);
    write_(block);
}

std::string selection_of(const Request& request, std::string_view name) {
    for (const std::string& argument : request.arguments)
        if (argument.size() > name.size() && argument.starts_with(name) && argument[name.size()] == ':')
            return argument.substr(name.size() + 1);
    boost::system::error_code error;
    const json::value payload = json::parse(request.payload, error);
    if (error || !payload.is_object())
        return {};
    const json::value* const selections = payload.as_object().if_contains("selections");
    if (!selections || !selections->is_object())
        return {};
    const json::value* const chosen = selections->as_object().if_contains(name);
    if (!chosen || !chosen->is_array() || chosen->as_array().empty() ||
        !chosen->as_array().front().is_string())
        return {};
    return std::string(chosen->as_array().front().as_string());
}

bool asks_for_info(const Request& request) {
    return std::ranges::find(request.arguments, "info") != request.arguments.end();
}

} // namespace sockledger::netdata
