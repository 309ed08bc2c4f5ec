// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "engine/enum_names.hpp"
#include "engine/json_scalars.hpp"
#include "service/selection.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sockledger {

/// Reads every struct that has a function `fields(json, value)`, which names its members, into a value
/// that has its defaults. Where something is wrong path() and reason() say what; the value is then
/// half read.
class JsonReader : public ScalarReader {
public:
    template<typename T>
    using Ref = T&;
    static constexpr bool reads = true;

    /// What a member that nobody knows is: nothing, for a later version may have more; or a mistake.
    enum class Unknown { Skipped, Wrong };
    explicit JsonReader(Unknown unknown) : unknown_(unknown) {}

    using Object = boost::json::object;
    using ScalarReader::read;
    template<typename T>
    requires std::is_integral_v<T>
    bool read(const Json& json, T& value) { return read_integer(json, value); }
    template<typename T>
    requires std::is_class_v<T>
    bool read(const Json& json, T& value) {
        const Object* const object = json.if_object();
        return object ? read(*object, value) : fail("not an object");
    }
    template<typename T>
    bool read(const Object& object, T& value) {
        Members outer = std::exchange(members_, Members{&object, object.begin(), {}});
        fields(*this, value);
        if (unknown_ == Unknown::Wrong)
            find_unknown();
        members_ = std::move(outer);
        return !failed();
    }
    template<typename T>
    requires std::is_enum_v<T>
    bool read(const Json& json, T& value) {
        const auto* const text = json.if_string();
        if (!text)
            return fail("not a string");
        const std::string_view name(text->data(), text->size());
        std::optional<T> found;
        if constexpr (std::is_same_v<T, SocketState>)
            found = parse_state(name); // which takes it as people write it, too
        else
            found = parse_name<T>(name);
        value = found.value_or(T{});
        return found || fail("unknown value");
    }
    bool read(const Json& json, std::chrono::nanoseconds& value) {
        return read_duration(json, value, std::chrono::nanoseconds::max() / 2);
    }
    bool read(const Json& json, std::chrono::milliseconds& value) {
        return read_duration(json, value, milliseconds_limit);
    }
    bool read(const Json& json, std::chrono::seconds& value) {
        return read_duration(json, value,
                             std::chrono::duration_cast<std::chrono::seconds>(milliseconds_limit));
    }
    template<typename T>
    bool read(const Json& json, std::optional<T>& value) {
        if (json.is_null()) {
            value.reset();
            return true;
        }
        return read(json, value.emplace());
    }
    template<typename T>
    bool read(const Json& json, std::vector<T>& values) {
        return read_elements(json, values,
                             [&](const Json& element, T& value) { return read(element, value); });
    }

    /// A member that has to be there.
    template<typename T>
    void operator()(std::string_view name, T& value) {
        if (const Json* const json = find(name))
            read_member(name, *json, value);
        else
            fail_at(name, "is missing");
    }
    /// A member that may be null or absent.
    template<typename T>
    void operator()(std::string_view name, std::optional<T>& value) {
        or_default(name, value);
    }
    /// The value stays as it is when the member is null or absent.
    template<typename T>
    void or_default(std::string_view name, T& value) {
        if (const Json* const json = find(name); json && !json->is_null())
            read_member(name, *json, value);
    }
    /// The writer writes null unless it is known.
    template<typename T>
    void or_null(std::string_view name, T& value, bool) {
        or_default(name, value);
    }
    /// What the writer adds for people and follows from the rest.
    template<typename Make>
    void derived(std::string_view name, Make) {
        find(name);
    }

    /// The first mistake is the one that counts.
    void fail_at(std::string_view name, std::string reason) {
        if (failed())
            return;
        fail(std::move(reason));
        prepend("." + std::string(name));
    }

private:
    struct Members {
        const Object* object = nullptr;
        Object::const_iterator next = nullptr; // where the member is that follows the last one found
        std::vector<std::string_view> names;   // that are known; only when others are wrong
    };
    // Far from where a sum of times, or the same in nanoseconds, overflows.
    static constexpr auto milliseconds_limit =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds::max() / 2);

    // Mostly members come in the order in which our writer has them.
    const Json* find(std::string_view name) {
        if (failed())
            return nullptr;
        if (unknown_ == Unknown::Wrong)
            members_.names.push_back(name);
        auto found = members_.next;
        if (found == members_.object->end() || found->key() != name)
            found = members_.object->find(name);
        if (found == members_.object->end())
            return nullptr;
        members_.next = found + 1;
        return &found->value();
    }
    template<typename T>
    void read_member(std::string_view name, const Json& json, T& value) {
        if (!read(json, value))
            prepend("." + std::string(name));
    }
    void find_unknown() {
        for (const auto& member : *members_.object)
            if (std::ranges::find(members_.names, std::string_view(member.key())) == members_.names.end())
                fail_at(std::string_view(member.key()), "is not known");
    }
    template<typename Duration>
    bool read_duration(const Json& json, Duration& value, Duration limit) {
        std::int64_t count = 0;
        if (!read(json, count))
            return false;
        value = Duration(count);
        return (value >= -limit && value <= limit) || fail("out of range");
    }

    Unknown unknown_;
    Members members_;
};

} // namespace sockledger
