// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// What every JSON of ours has in common: numbers, text, and the path to what is wrong. Writing goes
/// straight to text, because a tree of 10,000 connections costs more than all the rest of a sample.
namespace sockledger {

class ScalarWriter {
public:
    explicit ScalarWriter(std::string& out) : out_(out) {}

    /// The shortest text that reads back as the same number; JSON has neither infinity nor NaN.
    void write(double value) {
        if (std::isfinite(value))
            write_number(value);
        else
            out_ += "null";
    }
    void write(std::nullptr_t) { out_ += "null"; }
    /// Of valid UTF-8.
    void write(std::string_view text) {
        out_ += '"';
        std::size_t written = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\')
                continue;
            out_ += text.substr(written, i - written);
            written = i + 1;
            escape(c);
        }
        out_ += text.substr(written);
        out_ += '"';
    }
    void write(const std::string& text) { write(std::string_view(text)); }

protected:
    // Named apart: clang 14 lets a template write() of a derived class hide one that differs in its
    // constraints.
    template<typename T>
    requires std::is_integral_v<T>
    void write_integer(T value) {
        if constexpr (std::is_same_v<T, bool>)
            out_ += value ? "true" : "false";
        else
            write_number(value);
    }

    std::string& out_;

private:
    template<typename T>
    void write_number(T value) {
        char digits[32];
        out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void escape(char c) {
        constexpr std::string_view digits = "0123456789abcdef";
        if (c == '"' || c == '\\')
            out_ += {'\\', c};
        else
            out_ += {'\\', 'u', '0', '0', digits[static_cast<unsigned char>(c) >> 4], digits[c & 0xf]};
    }
};

/// Every read() is false when something has another type or is out of range; then path() and reason()
/// say where and what.
class ScalarReader {
public:
    using Json = boost::json::value;

    bool read(const Json& json, double& value) {
        boost::json::error_code error;
        value = json.to_number<double>(error);
        // Boost reads 1e999 as infinity and 0e999 as not a number
        return (!error && std::isfinite(value)) || fail("not a number");
    }
    bool read(const Json& json, std::string& value) {
        const auto* const text = json.if_string();
        if (!text)
            return fail("not a string");
        value.assign(text->data(), text->size());
        return true;
    }

    /// "interfaces[2].total.rx_bytes"; empty for the whole.
    std::string path() const { return path_.empty() ? path_ : path_.substr(path_.front() == '.'); }
    const std::string& reason() const { return reason_; }
    std::string problem() const { return path_.empty() ? reason_ : path() + ": " + reason_; }

protected:
    template<typename T>
    requires std::is_integral_v<T>
    bool read_integer(const Json& json, T& value) {
        boost::json::error_code error;
        if constexpr (std::is_same_v<T, bool>) {
            const bool* const found = json.if_bool();
            value = found && *found;
            return found || fail("not true or false");
        } else {
            value = json.to_number<T>(error);
            return !error || fail("not an integer in range");
        }
    }
    bool failed() const { return !reason_.empty(); }
    bool fail(std::string reason) {
        reason_ = std::move(reason);
        return false;
    }
    void prepend(const std::string& step) { path_ = step + path_; }
    /// `read_one(element, value)` reads one element.
    template<typename Values, typename ReadOne>
    bool read_elements(const Json& json, Values& values, ReadOne read_one) {
        const auto* const array = json.if_array();
        if (!array)
            return fail("not an array");
        // Rows are much larger than the shortest text that is an element: do not trust a length.
        constexpr std::size_t most_reserved = 4096;
        values.reserve(std::min(array->size(), most_reserved));
        for (const Json& element : *array) {
            if (!read_one(element, values.emplace_back())) {
                prepend("[" + std::to_string(values.size() - 1) + "]");
                return false;
            }
        }
        return true;
    }

private:
    std::string path_;
    std::string reason_;
};

} // namespace sockledger
