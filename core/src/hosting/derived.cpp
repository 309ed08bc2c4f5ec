// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/derived.hpp>

#include <algorithm>
#include <optional>

namespace sockledger {

namespace {

bool measured(const Traffic& traffic) {
    return traffic.accuracy != Accuracy::Unavailable || traffic.rx_bytes != 0 || traffic.tx_bytes != 0;
}

std::optional<double> sum(std::optional<double> a, std::optional<double> b) {
    if (a && b)
        return *a + *b;
    return std::nullopt; // half of a rate is not the rate
}

} // namespace

Traffic sum(const Traffic& a, const Traffic& b) {
    if (!measured(b))
        return a;
    if (!measured(a))
        return b;
    Traffic result;
    result.rx_bytes = a.rx_bytes + b.rx_bytes;
    result.tx_bytes = a.tx_bytes + b.tx_bytes;
    result.rx_packets = a.rx_packets + b.rx_packets;
    result.tx_packets = a.tx_packets + b.tx_packets;
    result.rx_rate = sum(a.rx_rate, b.rx_rate);
    result.tx_rate = sum(a.tx_rate, b.tx_rate);
    result.accuracy = worst(a.accuracy, b.accuracy);
    return result;
}

Accuracy app_accuracy(const Snapshot& snapshot) {
    std::optional<Accuracy> found;
    for (const App& app : snapshot.apps)
        if (measured(app.traffic))
            found = worst(found.value_or(Accuracy::Exact), app.traffic.accuracy);
    if (found)
        return *found;
    const SourceStatus* traffic = snapshot.source("traffic");
    return traffic ? traffic->accuracy : Accuracy::Unavailable;
}

const Interface* find_interface(const Snapshot& snapshot, std::string_view name) {
    if (name.empty())
        return nullptr;
    auto it = std::ranges::find_if(snapshot.interfaces, [&](const Interface& interface) {
        return interface.id.netns == snapshot.netns && interface.name == name;
    });
    return it != snapshot.interfaces.end() ? &*it : nullptr;
}

std::string process_name(const Process& process) {
    constexpr std::size_t comm_limit = 15; // TASK_COMM_LEN without its NUL
    if (process.comm.size() < comm_limit && !process.comm.empty())
        return process.comm;
    std::string_view exe = process.exe;
    exe = exe.substr(exe.find_last_of('/') + 1);
    const bool whole = process.comm.empty() || exe.starts_with(process.comm);
    return whole && !exe.empty() ? std::string(exe) : process.comm;
}

std::string_view app_name(const Snapshot& snapshot, const AppId& id) {
    const App* app = snapshot.app(id);
    return app && !app->name.empty() ? std::string_view(app->name) : std::string_view(id);
}

std::string what_is_missing(const Snapshot& snapshot) {
    const SourceStatus* const traffic = snapshot.source("traffic");
    if (!traffic || traffic->accuracy == Accuracy::Exact)
        return {};
    std::string text = traffic->detail;
    if (const SourceStatus* const daemon = snapshot.source("daemon");
        daemon && daemon->accuracy == Accuracy::Unavailable)
        text += (text.empty() ? "sockledgerd: " : "; sockledgerd: ") + daemon->detail;
    return text.empty() ? "packets are not counted here" : text;
}

} // namespace sockledger
