// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "service/selection.hpp"

#include <sockledger/derived.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>

namespace sockledger {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Folds ASCII only: locale-free, and right for the names that programs have.
bool contains(std::string_view text, std::string_view part) {
    // std::search: clang 14 does not compile the subrange that std::ranges::search returns
    auto same = [&](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end() ||
           part.empty();
}

bool moved_nothing(const Traffic& traffic) {
    return traffic.rx_packets == 0 && traffic.tx_packets == 0 && traffic.rx_bytes == 0 &&
           traffic.tx_bytes == 0;
}

// Rows that moved nothing are noise, unless somebody asked for them by name.
bool asks_by_name(const Selection& selection) {
    return selection.all || selection.pid || selection.process || selection.app_id ||
           !selection.app.empty() || !selection.text.empty();
}

bool hidden(const App& app, const Selection& selection) {
    return !asks_by_name(selection) && moved_nothing(sum(app.traffic, app.loopback)) &&
           app.connections.total == 0;
}

// Scripts leave hundreds behind that have only talked to this machine.
bool hidden(const Process& process, const Selection& selection) {
    const Traffic moved = process.alive ? sum(process.traffic, process.loopback) : process.traffic;
    return !asks_by_name(selection) && moved_nothing(moved) && process.connections.total == 0;
}

// Every container has a handful; of our own namespace a silent one is news as well.
bool hidden(const Interface& interface, const Snapshot& snapshot, const Selection& selection) {
    return !asks_by_name(selection) && interface.id.netns != snapshot.netns && moved_nothing(interface.total);
}

bool app_matches(const Snapshot& snapshot, const AppId& id, const Selection& selection) {
    if (selection.app_id && id != *selection.app_id)
        return false;
    return selection.app.empty() || id == selection.app || contains(id, selection.app) ||
           contains(app_name(snapshot, id), selection.app);
}

bool process_matches(const ProcessId& id, const Selection& selection) {
    return (!selection.process || id == *selection.process) && (!selection.pid || id.pid == *selection.pid);
}

// The part of a selection that only a connection can answer.
bool asks_connections(const Selection& selection) {
    return selection.port || selection.state || selection.scope;
}

class ConnectionMatcher {
public:
    ConnectionMatcher(const Snapshot& snapshot, const Selection& selection)
        : selection_(selection), interface_(find_interface(snapshot, selection.interface)) {}

    bool operator()(const Connection& connection) const {
        if (selection_.port && connection.local.port != *selection_.port &&
            connection.remote.port != *selection_.port)
            return false;
        if (selection_.state && connection.state != *selection_.state)
            return false;
        if (selection_.scope && connection.scope != *selection_.scope)
            return false;
        return selection_.interface.empty() || is_on_interface(connection);
    }

private:
    bool is_on_interface(const Connection& connection) const {
        if (!interface_ || connection.id.netns != interface_->id.netns)
            return false;
        return interface_->loopback ? is_loopback(connection) : connection.interface == interface_->id;
    }

    const Selection& selection_;
    const Interface* interface_;
};

bool shows_text(const Snapshot& snapshot, const Connection& connection, const std::string& text) {
    if (contains(to_string(connection.protocol), text) || contains(to_string(connection.state), text) ||
        contains(to_string(connection.local), text) || contains(to_string(connection.remote), text) ||
        contains(app_name(snapshot, connection.app), text))
        return true;
    if (!connection.owner)
        return false;
    const Process* process = snapshot.process(*connection.owner);
    return std::to_string(connection.owner->pid) == text ||
           (process && contains(process_name(*process), text));
}

bool shows_text(const Interface& interface, const std::string& text) {
    return contains(interface.name, text) || contains(to_string(interface.kind), text) ||
           std::ranges::any_of(interface.addresses,
                               [&](const InterfaceAddress& own) { return contains(own.address, text); });
}

bool shows_text(const Snapshot& snapshot, const Process& process, const std::string& text) {
    return contains(process_name(process), text) || contains(process.exe, text) ||
           contains(process.user, text) || std::to_string(process.id.pid) == text ||
           contains(app_name(snapshot, process.app), text);
}

} // namespace

std::vector<const App*> select_apps(const Snapshot& snapshot, const Selection& selection) {
    boost::unordered_flat_set<std::string_view> connected;
    if (asks_connections(selection) || !selection.interface.empty()) {
        ConnectionMatcher matches(snapshot, selection);
        for (const Connection& connection : snapshot.connections)
            if (matches(connection))
                connected.insert(connection.app);
    }
    const Interface* interface = find_interface(snapshot, selection.interface);
    const auto is_on_interface = [&](const App& app) {
        return (interface && app.by_interface.contains(interface->id)) || connected.contains(app.id);
    };
    std::vector<const App*> selected;
    for (const App& app : snapshot.apps) {
        auto has_process = [&](const ProcessId& id) { return process_matches(id, selection); };
        if (!app_matches(snapshot, app.id, selection) ||
            ((selection.pid || selection.process) && std::ranges::none_of(app.processes, has_process)))
            continue;
        if (asks_connections(selection) && !connected.contains(app.id))
            continue;
        if (!selection.interface.empty() && !is_on_interface(app))
            continue;
        if (hidden(app, selection))
            continue;
        if (contains(app.name, selection.text) || contains(app.id, selection.text))
            selected.push_back(&app);
    }
    return selected;
}

std::vector<const Process*> select_processes(const Snapshot& snapshot, const Selection& selection) {
    const bool by_connection = asks_connections(selection) || !selection.interface.empty();
    std::vector<ProcessId> connected;
    if (by_connection) {
        ConnectionMatcher matches(snapshot, selection);
        for (const Connection& connection : snapshot.connections)
            if (connection.owner && matches(connection))
                connected.push_back(*connection.owner);
        std::ranges::sort(connected);
    }
    std::vector<const Process*> selected;
    for (const Process& process : snapshot.processes) {
        if (!process_matches(process.id, selection) || !app_matches(snapshot, process.app, selection))
            continue;
        if (by_connection && !std::ranges::binary_search(connected, process.id))
            continue;
        if (hidden(process, selection))
            continue;
        if (selection.text.empty() || shows_text(snapshot, process, selection.text))
            selected.push_back(&process);
    }
    return selected;
}

std::vector<const Connection*> select_connections(const Snapshot& snapshot, const Selection& selection) {
    const bool by_owner = selection.pid || selection.process;
    ConnectionMatcher matches(snapshot, selection);
    std::vector<const Connection*> selected;
    for (const Connection& connection : snapshot.connections) {
        if (by_owner && (!connection.owner || !process_matches(*connection.owner, selection)))
            continue;
        if (!app_matches(snapshot, connection.app, selection) || !matches(connection))
            continue;
        if (!selection.all && selection.interface.empty() && !selection.scope && is_loopback(connection))
            continue;
        if (selection.text.empty() || shows_text(snapshot, connection, selection.text))
            selected.push_back(&connection);
    }
    return selected;
}

std::vector<const Interface*> select_interfaces(const Snapshot& snapshot, const Selection& selection) {
    std::vector<const Interface*> selected;
    for (const Interface& interface : snapshot.interfaces) {
        const bool named = !selection.interface.empty() && interface.name == selection.interface;
        if (!selection.interface.empty() && !named)
            continue;
        if (interface.loopback && !selection.all && !named)
            continue;
        if (hidden(interface, snapshot, selection))
            continue;
        if (selection.text.empty() || shows_text(interface, selection.text))
            selected.push_back(&interface);
    }
    return selected;
}

Traffic traffic_of(const App& app, const Snapshot& snapshot, const Selection& selection) {
    if (!selection.interface.empty()) {
        const Interface* interface = find_interface(snapshot, selection.interface);
        auto it = interface ? app.by_interface.find(interface->id) : app.by_interface.end();
        return it != app.by_interface.end() ? it->second : Traffic{};
    }
    return selection.all ? sum(app.traffic, app.loopback) : app.traffic;
}

Traffic traffic_of(const Process& process, const Selection& selection) {
    return selection.all ? sum(process.traffic, process.loopback) : process.traffic;
}

bool is_loopback(const Connection& connection) {
    return connection.scope == Scope::Loopback || scope_of(connection.local) == Scope::Loopback;
}

std::optional<SocketState> parse_state(std::string_view word) {
    auto fold = [](char c) { return c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    for (auto number = 0; number <= static_cast<int>(SocketState::NewSynRecv); ++number) {
        const auto state = static_cast<SocketState>(number);
        if (std::ranges::equal(to_string(state), word, {}, {}, fold))
            return state;
    }
    return std::nullopt;
}

} // namespace sockledger
