// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "settings.hpp"

#include <cmath>
#include <optional>
#include <strings.h>
#include <utility>
#include <variant>

namespace sockledger::collectd {

namespace {

constexpr double most_applications = 10'000;
constexpr double longest_interval = 86'400;

bool is(const std::string& text, const char* key) {
    return strcasecmp(text.c_str(), key) == 0;
}

/// Reads one item after the other and keeps what is wrong with them.
class Reader {
public:
    /// Whether the item is the one of this key.
    bool at(const ConfigItem& item, const char* key) {
        item_ = &item;
        return is(item.key, key);
    }
    void complain(const std::string& what) { problems_.push_back("`" + item_->key + "' " + what); }

    std::optional<std::string> text() {
        if (const auto* value = single<std::string>(); value && !value->empty())
            return *value;
        complain("takes exactly one string; ignored.");
        return std::nullopt;
    }
    std::optional<double> number(double least, double most) {
        if (const auto* value = single<double>(); value && *value >= least && *value <= most)
            return *value;
        complain("takes exactly one number from " + std::to_string(std::llround(least)) + " to " +
                 std::to_string(std::llround(most)) + "; ignored.");
        return std::nullopt;
    }
    std::optional<bool> boolean() {
        if (const auto* value = single<bool>())
            return *value;
        // In quotes, as collectd itself puts up with it
        if (const auto* value = single<std::string>()) {
            if (is(*value, "true") || is(*value, "yes") || is(*value, "on"))
                return true;
            if (is(*value, "false") || is(*value, "no") || is(*value, "off"))
                return false;
        }
        complain("takes exactly one boolean; ignored.");
        return std::nullopt;
    }
    void entry(Ignorelist& list) {
        const auto name = text();
        if (name && !list.add(*name))
            complain("has a wrong regular expression: " + *name + "; ignored.");
    }
    void ignore_selected(Ignorelist& list) {
        if (const auto value = boolean())
            list.set_ignore_selected(*value);
    }

    std::vector<std::string> problems() { return std::move(problems_); }

private:
    template<typename T>
    const T* single() const {
        return item_->values.size() == 1 ? std::get_if<T>(&item_->values.front()) : nullptr;
    }

    const ConfigItem* item_ = nullptr;
    std::vector<std::string> problems_;
};

template<typename T, typename Value>
void set(T& setting, const std::optional<Value>& value) {
    if (value)
        setting = static_cast<T>(*value);
}

void apply_socket(Settings& settings, Reader& reader) {
    const auto path = reader.text();
    if (path && path->front() != '/')
        reader.complain("takes an absolute path; ignored."); // collectd changes its directory
    else
        set(settings.socket, path);
}

void apply_applications(Settings& settings, const ConfigItem& block, Reader& reader) {
    for (const ConfigItem& item : block.children) {
        if (reader.at(item, "Application"))
            reader.entry(settings.applications);
        else if (reader.at(item, "IgnoreSelected"))
            reader.ignore_selected(settings.applications);
        else
            reader.complain("is not known in <Applications>; ignored.");
    }
}

} // namespace

bool Settings::ignores_interface(const char* name) const {
    if (!interfaces.empty())
        return interfaces.ignores({name});
    static const Ignorelist churning = [] {
        Ignorelist list;
        (void)list.add("/^(veth|cali|lxc|vnet|tap)|\\//");
        list.set_ignore_selected(true);
        return list;
    }();
    return churning.ignores({name});
}

std::vector<std::string> apply(Settings& settings, const ConfigItem& block) {
    Reader reader;
    for (const ConfigItem& item : block.children) {
        if (reader.at(item, "Socket"))
            apply_socket(settings, reader);
        else if (reader.at(item, "Interval"))
            set(settings.interval_seconds, reader.number(1, longest_interval));
        else if (reader.at(item, "Interface"))
            reader.entry(settings.interfaces);
        else if (reader.at(item, "IgnoreSelected"))
            reader.ignore_selected(settings.interfaces);
        else if (reader.at(item, "Applications"))
            apply_applications(settings, item, reader);
        else if (reader.at(item, "TopApplications"))
            set(settings.top_applications, reader.number(1, most_applications));
        else if (reader.at(item, "ReportConnections"))
            set(settings.report_connections, reader.boolean());
        else if (reader.at(item, "ReportProcesses"))
            set(settings.report_processes, reader.boolean());
        else
            reader.complain("is not known; ignored.");
    }
    return reader.problems();
}

} // namespace sockledger::collectd
