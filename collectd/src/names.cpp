// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "names.hpp"

#include <sockledger/utf8.hpp>

#include <cstdint>
#include <cstdio>
#include <utility>

namespace sockledger::collectd {

namespace {

/// FNV-1a: the same in every version of the plugin, because stores keep series by name.
std::string hash_of(std::string_view text) {
    std::uint32_t hash = 0x811c9dc5;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
    char digits[9];
    (void)std::snprintf(digits, sizeof digits, "%08x", hash);
    return digits;
}

std::string with_hash(const std::string& name, std::string_view of) {
    return std::string(first_bytes(name, longest_name - 9)) + "~" + hash_of(of);
}

} // namespace

std::string clean_text(std::string_view text, std::size_t most) {
    std::string made;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool c1 =
            byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
        at += c1 ? 1 : 0;
        const bool control = byte < ' ' || byte == 0x7f || c1;
        if (!control)
            made += text[at];
        else if (!made.empty() && made.back() != ' ')
            made += ' ';
    }
    made.resize(first_bytes(made, most).size());
    made.resize(made.find_last_not_of(' ') + 1);
    return made;
}

std::string clean_name(std::string_view text) {
    std::string made = clean_text(text, text.size());
    made.erase(0, made.find_first_not_of("/ ")); // collectd itself takes a first slash away
    for (char& c : made)
        c = c == '/' ? '_' : c;
    if (made.size() > longest_name)
        return with_hash(made, text);
    return made.empty() ? "_" : made;
}

const std::string& Names::of(const std::string& id, const char* name) {
    const auto [item, fresh] = known_.try_emplace(id);
    Known& known = item->second;
    known.used = true;
    if (fresh) {
        known.name = clean_name(name);
        if (!taken_.insert(known.name).second) {
            known.name = clean_name(id);
            if (!taken_.insert(known.name).second)
                taken_.insert(known.name = with_hash(known.name, id));
        }
    }
    return known.name;
}

const std::string* Names::find(const std::string& id) const {
    const auto item = known_.find(id);
    return item == known_.end() ? nullptr : &item->second.name;
}

void Names::forget_unused() {
    for (auto item = known_.begin(); item != known_.end();) {
        if (std::exchange(item->second.used, false)) {
            ++item;
        } else {
            taken_.erase(item->second.name);
            item = known_.erase(item);
        }
    }
}

} // namespace sockledger::collectd
