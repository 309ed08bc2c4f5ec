// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "files.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace sockledger::netdata {

namespace {

Error failure(const std::string& what) {
    const int code = errno;
    return Error{what + ": " + std::strerror(code), code};
}

} // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return failure(path);
    std::string text;
    std::array<char, 16384> buffer;
    ssize_t got = 0;
    while (text.size() < most && (got = read(fd, buffer.data(), buffer.size())) > 0)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    if (got < 0) {
        const Error error = failure(path);
        close(fd);
        return error;
    }
    close(fd);
    text.resize(std::min(text.size(), most));
    return text;
}

Result<void> write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(fd, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd ready{fd, POLLOUT, 0};
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return failure("write");
        }
    }
    return {};
}

Result<void> replace_file(const std::string& path, std::string_view content) {
    const std::string next = path + ".new";
    const int fd = open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return failure(next);
    const auto written = write_all(fd, content);
    const bool closed = close(fd) == 0;
    if (!written || !closed || std::rename(next.c_str(), path.c_str()) != 0) {
        const Error error = written ? failure(path) : written.error();
        unlink(next.c_str());
        return error;
    }
    return {};
}

} // namespace sockledger::netdata
