// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include <initializer_list>
#include <memory>
#include <regex.h>
#include <string>
#include <string_view>
#include <vector>

namespace sockledger::collectd {

/// collectd's own way to choose by name, whose code plugins cannot reach: a name as it is, or an extended
/// regular expression between slashes that matches any part of it. Without an entry everything is taken.
/// Threads: one at a time.
class Ignorelist {
public:
    /// False, and nothing is added, when it is a wrong regular expression.
    [[nodiscard]] bool add(const std::string& entry);
    /// Whether entries name what is left out (true) or what alone is taken (false, the default).
    void set_ignore_selected(bool ignore) { ignore_selected_ = ignore; }

    bool empty() const { return names_.empty() && patterns_.empty(); }
    /// Whether something of these names is left out; one that matches is enough.
    bool ignores(std::initializer_list<const char*> names) const;

private:
    bool matches(const char* name) const;

    std::vector<std::string> names_;
    std::vector<std::shared_ptr<const regex_t>> patterns_;
    bool ignore_selected_ = false;
};

} // namespace sockledger::collectd
