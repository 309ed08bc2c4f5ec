// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/store.hpp"

#include "history/database.hpp"
#include "history/records.hpp"
#include "history/schema.hpp"
#include "history/sqlite_store.hpp"

#include <SQLiteCpp/Exception.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <exception>
#include <filesystem>
#include <utility>

namespace sockledger {

using std::chrono::seconds;

namespace {

seconds clock_now() {
    return std::chrono::floor<seconds>(std::chrono::system_clock::now().time_since_epoch());
}

std::string utc(seconds time) {
    const auto at = static_cast<std::time_t>(time.count());
    std::tm parts{};
    char text[32];
    return gmtime_r(&at, &parts) && std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts) ? text
                                                                                                      : "?";
}

std::uint64_t size_of(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
    auto store = std::make_unique<SqliteStore>(options);
    if (Result<void> opened = store->open(); !opened)
        return opened.error();
    return std::unique_ptr<Store>(std::move(store));
}

SqliteStore::~SqliteStore() {
    if (file_ && !pending_.empty())
        static_cast<void>(flush(newest_));
}

Result<void> SqliteStore::open() {
    const Result<void> connected = attempt([](HistoryFile&) {});
    if (!connected && (connected.error().code == EWOULDBLOCK || connected.error().code == ENOTSUP))
        return connected;
    return {};
}

Result<void> SqliteStore::connect() {
    std::error_code lock_tells;
    std::filesystem::create_directories(std::filesystem::path(options_.path).parent_path(), lock_tells);
    if (!lock_) {
        Result<FileLock> lock = FileLock::take(options_.path + ".lock");
        if (!lock)
            return lock.error();
        lock_ = std::move(*lock);
    }
    try {
        auto file = std::make_unique<HistoryFile>(options_.path);
        load(*file);
        file_ = std::move(file);
        problem_.clear();
        return {};
    } catch (const NotOurs& reason) {
        return Error{reason.what(), ENOTSUP};
    }
}

void SqliteStore::load(HistoryFile& file) {
    file.load(catalog_);
    for (const Tier tier : stored_tiers)
        horizons_[static_cast<std::size_t>(tier)] = seconds(file.meta(horizon_key(tier)).value_or(0));
    newest_written_ = seconds(file.meta(newest_key).value_or(0));
    std::vector<Calendar::Offset> lived = file.offsets();
    offsets_written_ = lived.size();
    if (!lived.empty())
        calendar_ = Calendar(std::move(lived), newest_written_);
    calendar_.extend(std::max(newest_, newest_written_));
    written_ = file.checkpoints();
    if (newest_ == seconds(0)) {
        found_.clear();
        for (const auto& [name, checkpoint] : written_)
            found_.push_back(checkpoint);
    }
    newest_ = std::max(newest_, newest_written_ - seconds(1));
    find_oldest(file.booking());
}

Error SqliteStore::failed(Error error) {
    if (problem_.empty())
        problem_since_ = clock_now();
    problem_ = error.message;
    return error;
}

Result<void> SqliteStore::attempt(const Work& work) {
    try {
        if (file_ && !file_->current())
            file_.reset();
        if (!file_) {
            if (Result<void> connected = connect(); !connected)
                return failed(connected.error());
        }
        work(*file_);
        return {};
    } catch (const SQLite::Exception& exception) {
        if (is_damage(exception))
            return replace_damaged(exception.what());
        const Error error{options_.path + ": " + exception.what(), EIO};
        return file_ ? error : failed(error);
    } catch (const std::exception& exception) {
        const Error error{options_.path + ": " + exception.what(), EIO};
        return file_ ? error : failed(error);
    }
}

Error SqliteStore::replace_damaged(const std::string& what) {
    file_.reset();
    try {
        const std::string aside = set_aside(options_.path, clock_now());
        replaced_ = "the file before was damaged (" + what + ") and is now " + aside;
        if (Result<void> connected = connect(); !connected)
            return failed(connected.error());
        rescue_records(aside, file_->database());
        return {options_.path + ": " + replaced_, EUCLEAN};
    } catch (const std::exception& exception) {
        return failed({options_.path + ": " + exception.what(), EIO});
    }
}

void SqliteStore::set_retention(const StoreOptions& options) {
    const std::string path = options_.path;
    options_ = options;
    options_.path = path;
}

HistoryStatus SqliteStore::status() const {
    HistoryStatus status;
    status.recording = file_ && problem_.empty();
    status.path = options_.path;
    status.size_bytes = size_of(options_.path) + size_of(options_.path + "-wal");
    status.oldest = oldest_;
    if (problem_.empty()) {
        status.detail = "recording to " + options_.path;
    } else {
        status.waiting = pending_.size();
        status.detail = "nothing can be written since " + utc(problem_since_) + ": " + problem_;
    }
    if (!replaced_.empty())
        status.detail += "; " + replaced_;
    return status;
}

Result<std::vector<KnownInterface>> SqliteStore::interfaces() {
    std::map<std::string, seconds> seen;
    for (const Catalog::Interface& interface : catalog_.interfaces()) {
        seconds& last = seen[interface.key.name];
        last = std::max(last, interface.last_seen);
    }
    std::vector<KnownInterface> known;
    for (const auto& [name, last] : seen) {
        KnownInterface& interface = known.emplace_back();
        interface.name = name;
        if (last > seconds(0))
            interface.last_seen = last;
    }
    return known;
}

std::optional<std::string> SqliteStore::setting(const std::string& key) {
    std::optional<std::string> value;
    const auto read = [&](HistoryFile& file) { value = read_setting(file.database(), key); };
    return attempt(read) ? value : std::nullopt;
}

Result<void> SqliteStore::set_setting(const std::string& key, const std::string& value) {
    return attempt([&](HistoryFile& file) { write_setting(file.database(), key, value); });
}

Result<std::vector<Rule>> SqliteStore::rules() {
    std::vector<Rule> rules;
    if (auto done = attempt([&](HistoryFile& file) { rules = read_rules(file.database()); }); !done)
        return done.error();
    return rules;
}

Result<void> SqliteStore::set_rule(const Rule& rule) {
    return attempt([&](HistoryFile& file) { write_rule(file.database(), rule); });
}

Result<void> SqliteStore::remove_rule(const std::string& id) {
    bool removed = false;
    if (auto done = attempt([&](HistoryFile& file) { removed = erase_rule(file.database(), id); }); !done)
        return done;
    return removed ? Result<void>() : Error{"no rule is called " + id, ENOENT};
}

Result<void> SqliteStore::put_alert(const Alert& alert) {
    return attempt([&](HistoryFile& file) { write_alert(file.database(), alert); });
}

Result<std::vector<Alert>> SqliteStore::alerts(seconds since) {
    std::vector<Alert> alerts;
    if (auto done = attempt([&](HistoryFile& file) { alerts = read_alerts(file.database(), since); }); !done)
        return done.error();
    return alerts;
}

} // namespace sockledger
