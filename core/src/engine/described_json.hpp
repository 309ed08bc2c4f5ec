// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/json_scalars.hpp"
#include "kernel/text.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// JSON of any struct that Boost.Describe knows: objects without the members that have their default
/// value, enumerations and durations (ns) as integers, bytes in hexadecimal.
namespace sockledger::described_json {

template<typename T>
concept Described = boost::describe::has_describe_members<T>::value;

using Bytes = std::array<std::uint8_t, 16>;

class Writer : public ScalarWriter {
public:
    using ScalarWriter::ScalarWriter;
    using ScalarWriter::write;
    template<typename T>
    requires std::is_integral_v<T>
    void write(T value) { write_integer(value); }
    template<Described T>
    void write(const T& value) {
        [[maybe_unused]] static const T blank{}; // gcc 12 does not see the use
        char separator = '{';
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto member) {
                if (value.*member.pointer == blank.*member.pointer) {
                    return;
                }
                out_ += separator;
                separator = ',';
                out_ += '"';
                out_ += member.name;
                out_ += "\":";
                write(value.*member.pointer);
            });
        out_ += separator == '{' ? "{}" : "}";
    }
    template<typename T>
    void write(const std::vector<T>& values) {
        char separator = '[';
        for (const T& value : values) {
            out_ += separator;
            separator = ',';
            write(value);
        }
        out_ += separator == '[' ? "[]" : "]";
    }
    template<typename T>
    requires std::is_enum_v<T>
    void write(T value) { write(static_cast<std::underlying_type_t<T>>(value)); }
    void write(std::chrono::nanoseconds value) { write(value.count()); }
    // Control characters and bytes that are no UTF-8 would make the line unreadable.
    void write(std::string_view text) { ScalarWriter::write(printable(text)); }
    void write(const std::string& text) { write(std::string_view(text)); }
    // Without the zeros at the end: IPv4 takes the first four.
    void write(const Bytes& bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        auto length = bytes.size();
        while (length > 0 && bytes[length - 1] == 0) {
            --length;
        }
        out_ += '"';
        for (const std::uint8_t byte : std::span(bytes).first(length)) {
            out_ += {digits[byte >> 4], digits[byte & 0xf]};
        }
        out_ += '"';
    }
};

/// Reads into a value that has its defaults.
class Reader : public ScalarReader {
public:
    using ScalarReader::read;
    template<typename T>
    requires std::is_integral_v<T>
    bool read(const Json& json, T& value) { return read_integer(json, value); }
    template<Described T>
    bool read(const Json& json, T& value) {
        const auto* const object = json.if_object();
        if (!object) {
            return fail("not an object");
        }
        bool good = true;
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto member) {
                const Json* const found = good ? object->if_contains(member.name) : nullptr;
                if (found && !read(*found, value.*member.pointer)) {
                    prepend(std::string(".") + member.name);
                    good = false;
                }
            });
        return good;
    }
    template<typename T>
    bool read(const Json& json, std::vector<T>& values) {
        return read_elements(json, values,
                             [&](const Json& element, T& value) { return read(element, value); });
    }
    template<typename T>
    requires std::is_enum_v<T>
    bool read(const Json& json, T& value) {
        std::underlying_type_t<T> number{};
        bool known = false;
        if (!read(json, number)) {
            return false;
        }
        value = static_cast<T>(number);
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
            [&](auto enumerator) { known = known || enumerator.value == value; });
        return known || fail("unknown value " + std::to_string(number));
    }
    bool read(const Json& json, std::chrono::nanoseconds& value) {
        std::int64_t count = 0;
        const bool good = read(json, count);
        value = std::chrono::nanoseconds(count);
        return good;
    }
    bool read(const Json& json, Bytes& value) {
        std::string text;
        if (!read(json, text)) {
            return false;
        }
        bool good = text.size() % 2 == 0 && text.size() <= 2 * value.size();
        for (std::size_t i = 0; good && i < text.size(); i += 2) {
            const char* const end = text.data() + i + 2;
            const auto result = std::from_chars(end - 2, end, value[i / 2], 16);
            good = result.ec == std::errc{} && result.ptr == end;
        }
        return good || fail("not an address in hexadecimal");
    }
};

} // namespace sockledger::described_json
