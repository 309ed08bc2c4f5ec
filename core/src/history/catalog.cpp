// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/catalog.hpp"

namespace sockledger {

namespace {

void replace(std::string& known, const std::string& told, bool& changed) {
    if (!told.empty() && told != known) {
        known = told;
        changed = true;
    }
}

} // namespace

bool is_pseudo_interface(std::string_view name) {
    return name == other_namespaces || name == unknown_interface;
}

std::uint32_t Catalog::app(const AppId& id, const std::string& name, const std::string& icon) {
    const auto [at, added] = app_numbers_.try_emplace(id, static_cast<std::uint32_t>(apps_.size()));
    if (added)
        apps_.push_back({id, name, icon});
    App& app = apps_[at->second];
    replace(app.name, name, app.changed);
    replace(app.icon, icon, app.changed);
    return at->second;
}

std::uint32_t Catalog::interface(const HistoryInterface& key) {
    const HistoryInterface honest{key.name, key.counted && !is_pseudo_interface(key.name)};
    const auto [at, added] =
        interface_numbers_.try_emplace(honest, static_cast<std::uint32_t>(interfaces_.size()));
    if (added)
        interfaces_.push_back({honest});
    return at->second;
}

std::optional<std::uint32_t> Catalog::find_app(std::string_view id) const {
    const auto found = app_numbers_.find(AppId(id));
    return found == app_numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint32_t> Catalog::at(const Rows& rows, RowId row) {
    if (row < 0 || row >= static_cast<RowId>(rows.size()) || rows[static_cast<std::size_t>(row)] == 0)
        return std::nullopt;
    return rows[static_cast<std::size_t>(row)] - 1;
}

void Catalog::set(Rows& rows, RowId row, std::uint32_t number) {
    if (row >= static_cast<RowId>(rows.size()))
        rows.resize(static_cast<std::size_t>(row) + 1);
    rows[static_cast<std::size_t>(row)] = number + 1;
}

void Catalog::set_app_row(std::uint32_t number, RowId row) {
    set(app_rows_, row, number);
    apps_[number].row = row;
}

void Catalog::set_interface_row(std::uint32_t number, RowId row) {
    set(interface_rows_, row, number);
    interfaces_[number].row = row;
}

void Catalog::written() {
    for (App& app : apps_)
        app.changed = false;
    for (Interface& interface : interfaces_)
        interface.changed = false;
}

void Catalog::forget_rows() {
    app_rows_.clear();
    interface_rows_.clear();
    for (App& app : apps_) {
        app.row = 0;
        app.changed = true;
    }
    for (Interface& interface : interfaces_) {
        interface.row = 0;
        interface.changed = true;
    }
}

} // namespace sockledger
