// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/json_scalars.hpp"

#include <sockledger/snapshot.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sockledger {

/// Writes every struct that has a function `fields(json, value)`, which names its members. JsonReader
/// goes through the same function, so what is written can be read.
class JsonWriter : public ScalarWriter {
public:
    template<typename T>
    using Ref = const T&;
    static constexpr bool reads = false;

    /// `snapshot` is what derived() members are looked up in.
    explicit JsonWriter(std::string& out, const Snapshot* snapshot = nullptr)
        : ScalarWriter(out), snapshot_(snapshot) {}

    using ScalarWriter::write;
    template<typename T>
    requires std::is_integral_v<T>
    void write(T value) { write_integer(value); }
    template<typename T>
    requires std::is_class_v<T>
    void write(const T& value) {
        out_ += '{';
        fields(*this, value);
        out_ += '}';
    }
    template<typename T>
    requires std::is_enum_v<T>
    void write(T value) { write(to_string(value)); }
    template<typename Period>
    void write(std::chrono::duration<std::int64_t, Period> value) {
        write(value.count());
    }
    template<typename T>
    void write(const std::optional<T>& value) {
        if (value)
            write(*value);
        else
            write(nullptr);
    }
    template<typename T>
    void write(const std::vector<T>& values) {
        write_list(values, [&](const T& value) { write(value); });
    }
    template<typename Values, typename WriteOne>
    void write_list(const Values& values, WriteOne write_one) {
        char separator = '[';
        for (const auto& value : values) {
            out_ += separator;
            separator = ',';
            write_one(value);
        }
        out_ += separator == '[' ? "[]" : "]";
    }

    // What `fields()` says of a member, see JsonReader.
    template<typename T>
    void operator()(std::string_view name, const T& value) {
        key(name);
        write(value);
    }
    template<typename T>
    void or_default(std::string_view name, const T& value) {
        (*this)(name, value);
    }
    template<typename T>
    void or_null(std::string_view name, const T& value, bool known) {
        key(name);
        if (known)
            write(value);
        else
            write(nullptr);
    }
    template<typename Make>
    void derived(std::string_view name, Make make) {
        (*this)(name, make(snapshot_));
    }

    void key(std::string_view name) {
        if (out_.back() != '{') // no value ends in one
            out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }

private:
    const Snapshot* snapshot_;
};

} // namespace sockledger
