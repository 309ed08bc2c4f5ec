// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "history/amount.hpp"
#include "history/increment.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sockledger {

/// Apps and interfaces by a number that stays the same in this process. A row id belongs to one database,
/// and databases are replaced or come late. Threads: one at a time.
class Catalog {
public:
    /// Of the database, which numbers them from 1; 0: it has no such row yet.
    using RowId = std::int64_t;
    /// Far more than anybody has.
    static constexpr RowId most_rows = 10'000'000;

    struct App {
        AppId id;
        std::string name;
        std::string icon;
        RowId row = 0;
        bool changed = true; ///< since it was written
    };
    struct Interface {
        HistoryInterface key;
        std::chrono::seconds last_seen{};
        RowId row = 0;
        bool changed = true;
    };

    /// The number of an app; names that are not empty replace the known ones.
    std::uint32_t app(const AppId& id, const std::string& name, const std::string& icon);
    std::uint32_t interface(const HistoryInterface& key);
    std::optional<std::uint32_t> find_app(std::string_view id) const;
    /// It has ever been part of the machine's total.
    bool counts(const std::string& interface) const { return interface_numbers_.contains({interface, true}); }

    std::vector<App>& apps() { return apps_; }
    const std::vector<App>& apps() const { return apps_; }
    std::vector<Interface>& interfaces() { return interfaces_; }
    const std::vector<Interface>& interfaces() const { return interfaces_; }

    /// `row` is 1 to most_rows.
    void set_app_row(std::uint32_t number, RowId row);
    void set_interface_row(std::uint32_t number, RowId row);
    /// The number that belongs to a row of the database; absent for one that it should not have.
    std::optional<std::uint32_t> app_of(RowId row) const { return at(app_rows_, row); }
    std::optional<std::uint32_t> interface_of(RowId row) const { return at(interface_rows_, row); }
    /// Everything that changed is in the database.
    void written();
    /// The database is another one.
    void forget_rows();

private:
    using Rows = std::vector<std::uint32_t>; ///< number + 1 by row id
    static std::optional<std::uint32_t> at(const Rows& rows, RowId row);
    static void set(Rows& rows, RowId row, std::uint32_t number);

    std::vector<App> apps_;
    std::vector<Interface> interfaces_;
    std::unordered_map<AppId, std::uint32_t> app_numbers_;
    std::map<HistoryInterface, std::uint32_t> interface_numbers_;
    Rows app_rows_;
    Rows interface_rows_;
};

/// Not an interface of this machine, and never part of its total.
bool is_pseudo_interface(std::string_view name);

} // namespace sockledger
