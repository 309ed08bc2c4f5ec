// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The one file that knows collectd. collectd forks after its configuration, so nothing but settings is made
// before init; a callback that throws would end the whole daemon, one that blocks would hold it up.

#include "collector.hpp"
#include "config_item.hpp"
#include "host.hpp"
#include "names.hpp"
#include "settings.hpp"
#include "worker.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

// Last, because its macros have names like ERROR and VERSION
extern "C" {
#include <collectd/core/daemon/collectd.h>

#include <collectd/core/daemon/plugin.h>

#include <collectd/liboconfig/oconfig.h>
}

namespace sockledger::collectd {

namespace {

constexpr char plugin_name[] = "sockledger";
constexpr std::chrono::seconds first_patience(2); ///< so that the first read, and `collectd -T`, have values
constexpr std::chrono::seconds last_patience(1);
constexpr std::size_t longest_message = NOTIF_MAX_MSG_LEN - 1;

Settings settings;
std::unique_ptr<Worker> worker;

/// collectd may be called by the worker's thread until shutdown, even if that thread is left behind.
std::mutex host_mutex;
bool host_open = false;

template<std::size_t size>
void copy(char (&field)[size], const std::string& text) {
    field[text.copy(field, size - 1)] = '\0';
}

void log_line(int severity, const std::string& line) {
    daemon_log(severity, "%s", line.c_str());
}

/// What every callback is wrapped in.
template<typename Function>
int guarded(Function function) noexcept {
    try {
        return function();
    } catch (const std::exception& problem) {
        daemon_log(LOG_ERR, "%s", problem.what());
    } catch (...) {
        daemon_log(LOG_ERR, "unknown exception");
    }
    return 0;
}

ConfigItem read_item(const oconfig_item_t& item) {
    ConfigItem read{item.key, {}, {}};
    for (int i = 0; i < item.values_num; ++i) {
        const oconfig_value_t& value = item.values[i];
        if (value.type == OCONFIG_TYPE_STRING)
            read.values.emplace_back(std::string(value.value.string));
        else if (value.type == OCONFIG_TYPE_NUMBER)
            read.values.emplace_back(value.value.number);
        else
            read.values.emplace_back(value.value.boolean != 0);
    }
    for (int i = 0; i < item.children_num; ++i)
        read.children.push_back(read_item(item.children[i]));
    return read;
}

void dispatch(const Value& value) {
    std::vector<value_t> numbers;
    for (const Number& number : value.numbers) {
        value_t& made = numbers.emplace_back();
        if (const auto* count = std::get_if<std::int64_t>(&number))
            made.derive = *count;
        else
            made.gauge = std::get<double>(number);
    }
    value_list_t list{};
    list.values = numbers.data();
    list.values_len = numbers.size();
    list.time = NS_TO_CDTIME_T(value.realtime_ns);
    copy(list.host, hostname_g);
    copy(list.plugin, value.plugin);
    copy(list.plugin_instance, value.instance);
    copy(list.type, value.type);
    copy(list.type_instance, value.type_instance);
    (void)plugin_dispatch_values(&list);
}

void notify(const Notification& notification) {
    notification_t made{};
    made.severity = notification.severity == Severity::Okay ? NOTIF_OKAY : NOTIF_WARNING;
    made.time = cdtime();
    copy(made.message, clean_text(notification.message, longest_message));
    copy(made.host, hostname_g);
    copy(made.plugin, notification.plugin);
    copy(made.plugin_instance, notification.instance);
    copy(made.type, notification.type);
    copy(made.type_instance, notification.type_instance);
    (void)plugin_dispatch_notification(&made);
}

template<typename Function>
void while_open(Function function) {
    const std::lock_guard lock(host_mutex);
    if (host_open)
        function();
}

Host make_host() {
    return {[](Severity severity, const std::string& line) {
                const int level = severity == Severity::Okay ? LOG_NOTICE : LOG_WARNING;
                while_open([&] { log_line(level, line); });
            },
            [](const Notification& notification) { while_open([&] { notify(notification); }); }};
}

Worker::Work begin_work(const plugin_ctx_t& context) {
    plugin_set_ctx(context); // collectd's calls ask it who calls
    auto collector = std::make_shared<Collector>(settings, make_host());
    return {[collector] { return collector->sample(); }, [collector] { collector->pass_alerts_on(); }};
}

int read(user_data_t*) {
    return guarded([] {
        for (const Value& value : worker->take())
            dispatch(value);
        return 0;
    });
}

/// Stores and servers do not take values of less than a second.
cdtime_t interval() {
    const cdtime_t least = TIME_T_TO_CDTIME_T(1);
    if (settings.interval_seconds != 0)
        return TIME_T_TO_CDTIME_T(settings.interval_seconds);
    return std::max(plugin_get_interval(), least);
}

int init() {
    return guarded([] {
        if (worker)
            return 0;
        host_open = true;
        worker = std::make_unique<Worker>([context = plugin_get_ctx()] { return begin_work(context); },
                                          std::chrono::nanoseconds(CDTIME_T_TO_NS(interval())));
        worker->wait_for_first(first_patience);
        return plugin_register_complex_read(nullptr, plugin_name, read, interval(), nullptr);
    });
}

int shutdown() {
    return guarded([] {
        if (worker && !worker->stop(last_patience))
            log_line(LOG_NOTICE, "ends without waiting for the answer of sockledgerd.");
        worker.reset();
        const std::lock_guard lock(host_mutex);
        host_open = false;
        return 0;
    });
}

int configure(oconfig_item_t* item) {
    return guarded([item] {
        for (const std::string& problem : apply(settings, read_item(*item)))
            log_line(LOG_WARNING, problem);
        return 0;
    });
}

} // namespace

} // namespace sockledger::collectd

extern "C" __attribute__((visibility("default"))) void module_register() {
    using namespace sockledger::collectd;
    plugin_register_complex_config(plugin_name, configure);
    plugin_register_init(plugin_name, init);
    plugin_register_shutdown(plugin_name, shutdown);
}
