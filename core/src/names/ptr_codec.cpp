// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names/ptr_codec.hpp"

#include "engine/address_text.hpp"

#include <algorithm>
#include <ares.h>
#include <cstdint>

namespace sockledger {

namespace {

/// Goes through a message from its start; past its end nothing more can be taken.
class Reader {
public:
    explicit Reader(std::span<const std::byte> message) : message_(message) {}

    bool good() const { return good_; }
    void skip(std::size_t bytes) {
        good_ = good_ && bytes <= message_.size() - at_;
        at_ += good_ ? bytes : 0;
    }
    std::uint32_t number(std::size_t bytes) {
        const std::size_t begin = at_;
        skip(bytes);
        std::uint32_t value = 0;
        for (std::size_t i = begin; i < at_; ++i) {
            value = value << 8 | std::to_integer<std::uint32_t>(message_[i]);
        }
        return value;
    }
    std::string name() {
        char* text = nullptr;
        long length = 0;
        const auto* const bytes = reinterpret_cast<const unsigned char*>(message_.data());
        good_ = good_ && at_ < message_.size() &&
                ares_expand_name(bytes + at_, bytes, static_cast<int>(message_.size()), &text, &length) ==
                    ARES_SUCCESS;
        if (!good_) {
            return {};
        }
        std::string name(text);
        ares_free_string(text);
        skip(static_cast<std::size_t>(length));
        return name;
    }

private:
    std::span<const std::byte> message_;
    std::size_t at_ = 0;
    bool good_ = true;
};

// Whoever has the address writes its name: what no host has is not shown to anybody.
bool is_host_name(std::string_view name) {
    constexpr std::size_t longest = 253; // RFC 1035
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return !name.empty() && name.size() <= longest && std::ranges::all_of(name, fits);
}

} // namespace

std::string reverse_name(const Endpoint& address) {
    std::string name;
    if (address.ipv6) {
        constexpr std::string_view digits = "0123456789abcdef";
        for (auto byte = address.address.rbegin(); byte != address.address.rend(); ++byte) {
            name += {digits[*byte & 0xf], '.', digits[*byte >> 4], '.'};
        }
        return name + "ip6.arpa";
    }
    const auto& bytes = address.address;
    return address_text({{bytes[3], bytes[2], bytes[1], bytes[0]}, 0, false}) + ".in-addr.arpa";
}

std::optional<PtrAnswer> parse_ptr_answer(std::span<const std::byte> answer) {
    constexpr std::uint32_t ptr_type = 12;
    constexpr std::uint32_t internet_class = 1;
    Reader reader(answer);
    reader.skip(4); // id, flags
    const std::uint32_t questions = reader.number(2);
    const std::uint32_t answers = reader.number(2);
    reader.skip(4); // counts of what follows the answers
    for (std::uint32_t i = 0; i < questions && reader.good(); ++i) {
        reader.name();
        reader.skip(4); // type, class
    }
    for (std::uint32_t i = 0; i < answers && reader.good(); ++i) {
        reader.name();
        const std::uint32_t type = reader.number(2);
        const std::uint32_t record_class = reader.number(2);
        const std::uint32_t ttl = reader.number(4);
        const std::uint32_t length = reader.number(2);
        if (type != ptr_type || record_class != internet_class) {
            reader.skip(length);
            continue;
        }
        std::string name = reader.name();
        if (!reader.good() || !is_host_name(name)) {
            return std::nullopt;
        }
        return PtrAnswer{std::move(name), std::chrono::seconds(ttl)};
    }
    return std::nullopt;
}

} // namespace sockledger
