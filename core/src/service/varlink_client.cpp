// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/varlink_client.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <cerrno>
#include <utility>

namespace sockledger::varlink {

namespace json = boost::json;

namespace {

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* const found = object.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// One line for a person.
Error refusal(const Answer& answer) {
    const std::string rule = text_in(answer.parameters, "id");
    if (answer.error == "io.sockledger.NoSuchRule") {
        return {"there is no rule " + rule};
    }
    if (answer.error == "io.sockledger.RuleFromConfiguration") {
        return {"rule " + rule + " stands in the configuration file of sockledgerd, and is changed there"};
    }
    const std::string parameter = text_in(answer.parameters, "parameter");
    if (const std::string reason = text_in(answer.parameters, "reason"); !reason.empty()) {
        return {parameter.empty() ? reason : parameter + ": " + reason};
    }
    return {answer.error + " " + json::serialize(answer.parameters)};
}

} // namespace

/// Whatever was on its way belongs to no later call.
Error Client::broken(std::string what, int code) {
    socket_ = UniqueFd();
    answers_ = Splitter(longest_answer);
    return {path_ + ": " + std::move(what), code};
}

Result<void> Client::connect(Deadline deadline) {
    if (socket_) {
        return {};
    }
    auto connected = connect_unix(path_, deadline);
    if (!connected) {
        return connected.error();
    }
    socket_ = std::move(*connected);
    return {};
}

Result<void> Client::send(const std::string& message, Deadline deadline) {
    if (const auto connected = connect(deadline); !connected) {
        return connected.error();
    }
    if (const auto sent = send_all(socket_.get(), message, deadline); !sent) {
        return broken(sent.error().message, sent.error().code);
    }
    return {};
}

Result<std::string_view> Client::receive(Deadline deadline) {
    while (true) {
        const auto message = answers_.next();
        if (answers_.oversized() || (message && message->size() > longest_answer)) {
            return broken("an answer of more than 256 MiB", EMSGSIZE);
        }
        if (message) {
            return *message;
        }
        std::array<char, 64 << 10> chunk;
        const auto received = receive_some(socket_.get(), chunk, deadline);
        if (!received && received.error().code == ETIMEDOUT) {
            return received.error();
        }
        if (!received) {
            return broken(received.error().message, received.error().code);
        }
        if (*received == 0) {
            return broken("sockledgerd has closed the connection", ECONNRESET);
        }
        answers_.add({chunk.data(), *received});
    }
}

Result<json::object> Client::next(Deadline deadline) {
    if (!socket_) {
        return Error{path_ + ": not connected", ENOTCONN};
    }
    const auto message = receive(deadline);
    if (!message) {
        return message.error();
    }
    auto answer = parse_answer(*message, json::make_shared_resource<json::monotonic_resource>());
    if (!answer) {
        return broken("no answer of varlink: " + answer.error().message, EBADMSG);
    }
    if (!answer->error.empty()) {
        return refusal(*answer);
    }
    return std::move(answer->parameters);
}

Result<json::object> Client::call(std::string_view method, std::string_view parameters, Deadline deadline) {
    if (const auto sent = send(call_message(method, parameters), deadline); !sent) {
        return sent.error();
    }
    auto answer = next(deadline);
    if (!answer && answer.error().code == ETIMEDOUT) {
        return broken(answer.error().message, ETIMEDOUT); // a late answer must not be taken for the next one
    }
    return answer;
}

Result<void> Client::call_more(std::string_view method, std::string_view parameters, Deadline deadline) {
    return send(call_message(method, parameters, true), deadline);
}

} // namespace sockledger::varlink
