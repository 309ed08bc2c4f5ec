// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/service_manager.hpp"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sockledger {

namespace {

constexpr int first_activated = 3; // SD_LISTEN_FDS_START

Error failure(const char* what, int code) {
    return {std::string(what) + ": " + std::strerror(code), code};
}

/// A number from the environment; 0 when it is none.
long number_in(const char* variable) {
    const char* const text = std::getenv(variable);
    long number = 0;
    if (text) {
        std::from_chars(text, text + std::strlen(text), number);
    }
    return number;
}

int option(int socket, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

} // namespace

Result<UniqueFd> activated_socket() {
    const bool ours = number_in("LISTEN_PID") == getpid();
    const long count = number_in("LISTEN_FDS");
    for (const char* variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
        unsetenv(variable);
    }
    if (!ours || count <= 0) {
        return UniqueFd();
    }
    if (count != 1) {
        return Error{"the service manager has passed " + std::to_string(count) + " sockets, one is expected"};
    }
    if (option(first_activated, SO_DOMAIN) != AF_UNIX || option(first_activated, SO_TYPE) != SOCK_STREAM ||
        option(first_activated, SO_ACCEPTCONN) != 1) {
        return Error{
            "the service manager has passed a descriptor that is no listening stream socket of AF_UNIX"};
    }
    fcntl(first_activated, F_SETFD, FD_CLOEXEC);
    fcntl(first_activated, F_SETFL, O_NONBLOCK);
    return UniqueFd(first_activated);
}

Result<void> notify_service_manager(std::string_view state) {
    const char* const path = std::getenv("NOTIFY_SOCKET");
    if (!path || *path == '\0') {
        return {};
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(path);
    if (length >= sizeof address.sun_path || (*path != '/' && *path != '@')) {
        return failure("NOTIFY_SOCKET", EINVAL);
    }
    std::memcpy(address.sun_path, path, length);
    if (*path == '@') {
        address.sun_path[0] = '\0'; // the abstract name space
    }
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    // An abstract name ends where the length says, so the length is that of the text alone.
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    if (!socket || sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                          reinterpret_cast<const sockaddr*>(&address), size) < 0) {
        return failure("NOTIFY_SOCKET", errno);
    }
    return {};
}

} // namespace sockledger
