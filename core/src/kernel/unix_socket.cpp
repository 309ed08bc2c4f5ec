// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/unix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sockledger {

namespace {

namespace fs = std::filesystem;

Error failure(const std::string& what, int code) {
    return {what + ": " + std::strerror(code), code};
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty()) {
        return failure("socket without a path", EINVAL);
    }
    if (path.size() >= sizeof address.sun_path) {
        return failure(path + ": longer than the " + std::to_string(sizeof address.sun_path - 1) +
                           " bytes that the path of a socket may have",
                       ENAMETOOLONG);
    }
    path.copy(address.sun_path, path.size());
    return address;
}

int connect_to(int socket, const sockaddr_un& address) {
    return connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

UniqueFd stream_socket(int flags) {
    return UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

std::chrono::microseconds left_until(Deadline deadline) {
    return std::chrono::ceil<std::chrono::microseconds>(deadline - Deadline::clock::now());
}

/// The wait for room in the listener's queue is bounded by the time-out for sending.
void limit_wait(int socket, std::chrono::microseconds wait) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    const timeval limit{seconds.count(), (wait - seconds).count()};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Result<void> wait_for(int socket, short events, Deadline deadline) {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(left_until(deadline)).count();
        if (left <= 0) {
            return failure("no answer in time", ETIMEDOUT);
        }
        pollfd watched{socket, events, 0};
        const int ready = poll(&watched, 1, static_cast<int>(std::min<long>(left, 1'000'000)));
        if (ready > 0) {
            return {};
        }
        if (ready < 0 && errno != EINTR) {
            return failure("poll", errno);
        }
    }
}

/// Makes way for a new socket at `path`; the lock of that name is held.
Result<void> clear_name(const std::string& path, const sockaddr_un& address) {
    struct stat found {};
    if (lstat(path.c_str(), &found) < 0) {
        return errno == ENOENT ? Result<void>() : failure(path, errno);
    }
    if (!S_ISSOCK(found.st_mode)) {
        return failure(path + " is there and is no socket", EEXIST);
    }
    const UniqueFd probe = stream_socket(SOCK_NONBLOCK);
    const int answer = probe ? connect_to(probe.get(), address) : errno;
    if (answer == 0 || answer == EAGAIN) { // EAGAIN: somebody listens and is busy
        return Error{"another sockledgerd answers at " + path, EADDRINUSE};
    }
    if (answer != ECONNREFUSED) {
        return failure(path, answer);
    }
    return unlink(path.c_str()) == 0 || errno == ENOENT ? Result<void>() : failure(path, errno);
}

} // namespace

UnixListener::UnixListener(UniqueFd socket, UniqueFd lock, std::string path)
    : socket_(std::move(socket)), lock_(std::move(lock)), path_(std::move(path)) {
    struct stat own {};
    if (lstat(path_.c_str(), &own) == 0) {
        device_ = own.st_dev;
        inode_ = own.st_ino;
    }
}

UnixListener::~UnixListener() {
    struct stat found {};
    if (lock_ && lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_) {
        unlink(path_.c_str());
    }
}

Result<UnixListener> UnixListener::open(const std::string& path, mode_t mode) {
    const auto address = address_of(path);
    if (!address) {
        return address.error();
    }
    std::error_code ignored; // the lock file will tell
    if (const auto parent = fs::path(path).parent_path(); !parent.empty()) {
        fs::create_directories(parent, ignored);
    }
    // Between "nobody answers" and "it is ours" another one must not come to the same conclusion. The
    // file stays: who removed it would unlock the name for one and keep it locked for another.
    const std::string lock_path = path + ".lock";
    UniqueFd lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        return failure(lock_path, errno);
    }
    if (flock(lock.get(), LOCK_EX | LOCK_NB) < 0) {
        return errno == EWOULDBLOCK ? Error{"another sockledgerd has " + path, EADDRINUSE}
                                    : failure(lock_path, errno);
    }
    if (const auto cleared = clear_name(path, *address); !cleared) {
        return cleared.error();
    }
    UniqueFd listener = stream_socket(SOCK_NONBLOCK);
    if (!listener ||
        bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) < 0 ||
        chmod(path.c_str(), mode) < 0 || listen(listener.get(), SOMAXCONN) < 0) {
        return failure(path, errno);
    }
    return UnixListener(std::move(listener), std::move(lock), path);
}

Result<UniqueFd> accept_unix(int listener) {
    UniqueFd accepted(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!accepted) {
        return failure("accept", errno);
    }
    return accepted;
}

Result<UniqueFd> connect_unix(const std::string& path, Deadline deadline) {
    const auto address = address_of(path);
    if (!address) {
        return address.error();
    }
    UniqueFd connected = stream_socket(0);
    if (!connected) {
        return failure("socket", errno);
    }
    int problem = EINTR;
    while (problem == EINTR) {
        const auto left = left_until(deadline);
        if (left.count() <= 0) {
            return failure(path, ETIMEDOUT);
        }
        limit_wait(connected.get(), left);
        problem = connect_to(connected.get(), *address);
    }
    if (problem != 0) {
        return failure(path, problem == EAGAIN ? ETIMEDOUT : problem);
    }
    fcntl(connected.get(), F_SETFL, O_NONBLOCK);
    return connected;
}

Result<void> send_all(int socket, std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (const auto ready = wait_for(socket, POLLOUT, deadline); !ready) {
                return ready.error();
            }
        } else if (errno != EINTR) {
            return failure("send", errno);
        }
    }
    return {};
}

Result<std::size_t> receive_some(int socket, std::span<char> buffer, Deadline deadline) {
    while (true) {
        const ssize_t received = recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (received >= 0) {
            return static_cast<std::size_t>(received);
        }
        if (errno == EAGAIN) {
            if (const auto ready = wait_for(socket, POLLIN, deadline); !ready) {
                return ready.error();
            }
        } else if (errno != EINTR) {
            return failure("receive", errno);
        }
    }
}

} // namespace sockledger
