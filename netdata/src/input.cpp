// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "input.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sockledger::netdata {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/// What is written back has to be one word.
bool is_transaction(std::string_view text) {
    if (text.empty() || text.size() > 64)
        return false;
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
              c == '_'))
            return false;
    return true;
}

std::chrono::seconds seconds_of(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return std::chrono::seconds(error == std::errc() && value <= 3600 ? value : 0);
}

Request call_of(const std::vector<std::string>& words) {
    Request request;
    if (words.size() < 4 || !is_transaction(words[1]))
        return request;
    std::vector<std::string> parts = split_words(words[3]);
    if (parts.empty() || parts.front().empty())
        return request;
    request.kind = Request::Kind::Call;
    request.transaction = words[1];
    request.timeout = seconds_of(words[2]);
    request.function = std::move(parts.front());
    parts.erase(parts.begin());
    request.arguments = std::move(parts);
    return request;
}

} // namespace

std::vector<std::string> split_words(std::string_view line) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while (true) {
        while (at < line.size() && is_blank(line[at]))
            ++at;
        if (at >= line.size())
            return words;
        const char quote = line[at] == '"' || line[at] == '\'' ? line[at] : '\0';
        const std::size_t begin = quote ? at + 1 : at;
        at = begin;
        while (at < line.size() && (quote ? line[at] != quote : !is_blank(line[at])))
            ++at;
        words.emplace_back(line.substr(begin, at - begin));
        if (quote && at < line.size())
            ++at;
    }
}

void Input::add(std::string_view bytes) {
    buffer_.erase(0, read_);
    searched_ -= std::exchange(read_, 0);
    if (skipping_) {
        const auto end = bytes.find('\n');
        if (end == std::string_view::npos)
            return;
        bytes.remove_prefix(end); // its newline ends an empty line
        skipping_ = false;
    }
    buffer_ += bytes;
    const auto last = bytes.rfind('\n');
    unfinished_ = last == std::string_view::npos ? unfinished_ + bytes.size() : bytes.size() - last - 1;
    if (unfinished_ > longest_line) {
        buffer_.resize(buffer_.size() - std::exchange(unfinished_, 0));
        searched_ = std::min(searched_, buffer_.size());
        skipping_ = true;
        payload_too_long_ = payload_too_long_ || with_payload_.has_value();
    }
}

std::optional<Request> Input::take_line(std::string_view line) {
    if (with_payload_) {
        if (line == "FUNCTION_PAYLOAD_END") {
            Request request = *std::exchange(with_payload_, std::nullopt);
            if (std::exchange(payload_too_long_, false))
                request.payload.clear();
            return request;
        }
        if (with_payload_->payload.size() + line.size() + 1 > longest_payload)
            payload_too_long_ = true;
        else if (!payload_too_long_)
            with_payload_->payload.append(with_payload_->payload.empty() ? "" : "\n").append(line);
        return std::nullopt;
    }
    const std::vector<std::string> words = split_words(line);
    if (words.empty())
        return std::nullopt;
    const std::string& keyword = words.front();
    Request request;
    if (keyword == "FUNCTION" || keyword == "FUNCTION_PAYLOAD") {
        request = call_of(words);
        if (keyword == "FUNCTION_PAYLOAD") {
            with_payload_ = std::move(request); // even a call that makes no sense has its payload
            return std::nullopt;
        }
    } else if ((keyword == "FUNCTION_CANCEL" || keyword == "FUNCTION_PROGRESS") && words.size() >= 2) {
        request.kind = keyword == "FUNCTION_CANCEL" ? Request::Kind::Cancel : Request::Kind::Progress;
        request.transaction = words[1];
    } else if (keyword == "QUIT") {
        request.kind = Request::Kind::Quit;
    }
    return request;
}

std::optional<Request> Input::next() {
    while (true) {
        const auto end = buffer_.find('\n', searched_);
        if (end == std::string::npos) {
            searched_ = buffer_.size();
            return std::nullopt;
        }
        const std::string_view line = std::string_view(buffer_).substr(read_, end - read_);
        read_ = searched_ = end + 1;
        if (line.size() > longest_line) {
            payload_too_long_ = payload_too_long_ || with_payload_.has_value();
            continue;
        }
        if (auto request = take_line(line))
            return request;
    }
}

} // namespace sockledger::netdata
