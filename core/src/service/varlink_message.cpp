// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/varlink_message.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <exception>

namespace sockledger::varlink {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 16;

Result<json::object> parse_object(std::string_view message, json::storage_ptr storage = {}) {
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code error;
    try {
        json::value value = json::parse(message, error, std::move(storage), options);
        if (error) {
            return Error{"not JSON: " + error.message()};
        }
        if (!value.is_object()) {
            return Error{"not a JSON object"};
        }
        return std::move(value.get_object());
    } catch (const std::exception& problem) { // memory
        return Error{problem.what()};
    }
}

bool take_flag(const json::object& object, std::string_view name, bool& flag) {
    const json::value* const found = object.if_contains(name);
    if (!found) {
        return true;
    }
    flag = found->is_bool() && found->get_bool();
    return found->is_bool();
}

/// Absent and null stand for no parameters.
std::optional<json::object> take_parameters(json::object& object) {
    json::value* const found = object.if_contains("parameters");
    if (!found || found->is_null()) {
        return json::object();
    }
    return found->is_object() ? std::optional(std::move(found->get_object())) : std::nullopt;
}

bool take_name(const json::object& object, std::string_view member, std::string& name) {
    const json::value* const found = object.if_contains(member);
    if (!found || !found->is_string()) {
        return false;
    }
    name = found->get_string();
    return true;
}

} // namespace

void Splitter::add(std::string_view bytes) {
    bytes_.erase(0, begin_);
    scanned_ -= begin_;
    end_ -= end_ == std::string::npos ? 0 : begin_;
    begin_ = 0;
    bytes_ += bytes;
    find_end();
}

std::optional<std::string_view> Splitter::next() {
    if (end_ == std::string::npos) {
        return std::nullopt;
    }
    const auto message = std::string_view(bytes_).substr(begin_, end_ - begin_);
    begin_ = scanned_ = end_ + 1;
    end_ = std::string::npos;
    find_end();
    return message;
}

bool Splitter::oversized() const {
    return (end_ == std::string::npos ? bytes_.size() : end_) - begin_ > limit_;
}

void Splitter::find_end() {
    if (end_ == std::string::npos) {
        end_ = bytes_.find('\0', scanned_);
        scanned_ = end_ == std::string::npos ? bytes_.size() : end_;
    }
}

Result<Call> parse_call(std::string_view message) {
    auto object = parse_object(message);
    if (!object) {
        return object.error();
    }
    Call call;
    if (!take_name(*object, "method", call.method)) {
        return Error{"a call without a method"};
    }
    if (!take_flag(*object, "oneway", call.oneway) || !take_flag(*object, "more", call.more) ||
        !take_flag(*object, "upgrade", call.upgrade) || (call.oneway && call.more)) {
        return Error{"a call with impossible flags"};
    }
    auto parameters = take_parameters(*object);
    if (!parameters) {
        return Error{"parameters that are no object"};
    }
    call.parameters = std::move(*parameters);
    return call;
}

std::string reply_message(std::string_view parameters, bool continues) {
    constexpr std::string_view head = "{\"parameters\":";
    const std::string_view tail = continues ? ",\"continues\":true}" : "}";
    std::string message;
    message.reserve(head.size() + parameters.size() + tail.size() + 1);
    message.append(head).append(parameters).append(tail) += '\0';
    return message;
}

std::string error_message(std::string_view error, const json::object& parameters) {
    return json::serialize(json::object{{"error", error}, {"parameters", parameters}}) + '\0';
}

std::string call_message(std::string_view method, std::string_view parameters, bool more) {
    std::string message = "{\"method\":\"";
    message.append(method).append("\",\"parameters\":").append(parameters);
    message.append(more ? ",\"more\":true}" : "}") += '\0';
    return message;
}

Result<Answer> parse_answer(std::string_view message, json::storage_ptr storage) {
    auto object = parse_object(message, std::move(storage));
    if (!object) {
        return object.error();
    }
    auto parameters = take_parameters(*object);
    if (!parameters) {
        return Error{"parameters that are no object"};
    }
    // Made in place: an assignment would copy from one storage to another.
    Answer answer{{}, std::move(*parameters)};
    if (object->contains("error") && !take_name(*object, "error", answer.error)) {
        return Error{"an error without a name"};
    }
    if (!take_flag(*object, "continues", answer.continues)) {
        return Error{"continues is neither true nor false"};
    }
    return answer;
}

} // namespace sockledger::varlink
