// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include <sockledger/names.hpp>

#include "kernel/clock.hpp"
#include "kernel/unique_fd.hpp"
#include "names/host_cache.hpp"
#include "names/ptr_codec.hpp"

#include <algorithm>
#include <ares.h>
#include <array>
#include <cerrno>
#include <new>
#include <set>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <system_error>

namespace sockledger {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr seconds shortest_kept{60};
constexpr seconds longest_kept{3600};
constexpr seconds nameless_kept{300};
constexpr seconds unanswered_kept{60};

bool has_name(const Endpoint& address) {
    const Scope scope = scope_of(address);
    return scope == Scope::Lan || scope == Scope::Internet;
}

void check(int status) {
    if (status != ARES_SUCCESS) {
        throw std::runtime_error(ares_strerror(status));
    }
}

UniqueFd descriptor(int fd) {
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category());
    }
    return UniqueFd(fd);
}

struct Channel {
    Channel() { check(ares_library_init(ARES_LIB_INIT_ALL)); }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    ~Channel() {
        ares_destroy(handle);
        ares_library_cleanup();
    }
    ares_channel handle = nullptr;
};

class DnsNames final : public HostNames {
public:
    explicit DnsNames(const HostNamesOptions& options);

    std::string name(const Endpoint& address) override;
    void process() override;
    int wake_fd() const override { return epoll_.get(); }
    std::size_t in_flight() const override { return asked_.size(); }

private:
    struct Question {
        DnsNames* asker;
        Endpoint address;
    };
    static void watch(void* names, ares_socket_t socket, int readable, int writable);
    static void answered(void* question, int status, int timeouts, unsigned char* answer, int length);

    void ask(const Endpoint& address);
    void take(const Endpoint& address, int status, std::span<const std::byte> answer);
    void set_alarm();

    std::size_t at_a_time_;
    HostCache cache_;
    std::set<Endpoint> asked_;
    UniqueFd epoll_;
    UniqueFd alarm_;
    Channel channel_; // last: when it goes it still calls watch() and answered()
};

DnsNames::DnsNames(const HostNamesOptions& options)
    : at_a_time_(options.at_a_time)
    , cache_(options.capacity)
    , epoll_(descriptor(epoll_create1(EPOLL_CLOEXEC)))
    , alarm_(descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))) {
    watch(this, alarm_.get(), true, false);
    ares_options wishes{};
    wishes.timeout = static_cast<int>(options.timeout.count());
    wishes.tries = options.tries;
    wishes.sock_state_cb = watch;
    wishes.sock_state_cb_data = this;
    check(ares_init_options(&channel_.handle, &wishes,
                            ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB));
    std::string servers;
    for (const std::string& server : options.servers) {
        servers.append(servers.empty() ? "" : ",").append(server);
    }
    if (!servers.empty()) {
        check(ares_set_servers_ports_csv(channel_.handle, servers.c_str()));
    }
}

void DnsNames::watch(void* names, ares_socket_t socket, int readable, int writable) {
    const int epoll = static_cast<DnsNames*>(names)->epoll_.get();
    if (!readable && !writable) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
        return;
    }
    epoll_event event{};
    event.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u);
    event.data.fd = socket;
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) != 0) {
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
    }
}

std::string DnsNames::name(const Endpoint& address) {
    if (!has_name(address)) {
        return {};
    }
    Endpoint key = address;
    key.port = 0;
    const HostCache::Entry* known = cache_.find(key);
    const bool due = !known || known->until <= now().boottime;
    if (due && asked_.size() < at_a_time_ && !asked_.contains(key)) {
        ask(key);
        known = cache_.find(key); // it may have failed at once
    }
    return known ? known->name : std::string();
}

void DnsNames::ask(const Endpoint& address) {
    constexpr int internet_class = 1;
    constexpr int ptr_type = 12;
    asked_.insert(address);
    ares_query(channel_.handle, reverse_name(address).c_str(), internet_class, ptr_type, answered,
               new Question{this, address});
    set_alarm();
}

// Called from C, also by ares_query() itself and for each open question when the channel goes.
void DnsNames::answered(void* question, int status, int, unsigned char* answer, int length) {
    const std::unique_ptr<Question> asked(static_cast<Question*>(question));
    if (status == ARES_EDESTRUCTION) {
        return;
    }
    const std::span bytes(answer, answer ? static_cast<std::size_t>(length) : 0);
    try {
        asked->asker->take(asked->address, status, std::as_bytes(bytes));
    } catch (const std::bad_alloc&) { // it will be asked again
    }
}

void DnsNames::take(const Endpoint& address, int status, std::span<const std::byte> answer) {
    asked_.erase(address);
    std::string name;
    seconds kept = status == ARES_ENOTFOUND || status == ARES_ENODATA ? nameless_kept : unanswered_kept;
    if (status == ARES_SUCCESS) {
        if (auto found = parse_ptr_answer(answer)) {
            name = std::move(found->name);
            kept = std::clamp(found->ttl, shortest_kept, longest_kept);
        } else {
            kept = nameless_kept;
        }
    }
    const HostCache::Entry* const before = cache_.find(address);
    if (kept == unanswered_kept && name.empty() && before) {
        name = before->name; // silence does not take a name away
    }
    cache_.keep(address, std::move(name), now().boottime + kept);
}

void DnsNames::process() {
    std::array<epoll_event, 16> events;
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        const int fd = event.data.fd;
        if (fd != alarm_.get()) {
            const bool writable = (event.events & EPOLLOUT) != 0;
            ares_process_fd(channel_.handle, (event.events & ~EPOLLOUT) != 0 ? fd : ARES_SOCKET_BAD,
                            writable ? fd : ARES_SOCKET_BAD);
        }
    }
    ares_process_fd(channel_.handle, ARES_SOCKET_BAD, ARES_SOCKET_BAD); // gives up what took too long
    set_alarm();
}

void DnsNames::set_alarm() {
    itimerspec alarm{};
    timeval left{};
    if (ares_timeout(channel_.handle, nullptr, &left)) {
        alarm.it_value = {left.tv_sec, left.tv_usec * 1000 + 1}; // zero would be never
    }
    timerfd_settime(alarm_.get(), 0, &alarm, nullptr);
}

} // namespace

Result<std::unique_ptr<HostNames>> HostNames::open(const HostNamesOptions& options) {
    try {
        return std::unique_ptr<HostNames>(std::make_unique<DnsNames>(options));
    } catch (const std::exception& error) {
        return Error{std::string("cannot resolve names: ") + error.what()};
    }
}

} // namespace sockledger
