// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/files.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sockledger {

namespace {

Error failure(const char* path) {
    const int code = errno;
    return {std::string(path) + ": " + std::strerror(code), code};
}

struct CloseDirectory {
    void operator()(DIR* directory) const { closedir(directory); }
};

} // namespace

Result<UniqueFd> open_directory(int directory, const char* path) {
    UniqueFd fd(openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) {
        return failure(path);
    }
    return fd;
}

Result<std::string> read_file(int directory, const char* path, std::size_t limit) {
    const UniqueFd file(openat(directory, path, O_RDONLY | O_CLOEXEC));
    if (!file) {
        return failure(path);
    }
    std::string content;
    std::array<char, 4096> chunk;
    while (content.size() < limit) {
        const ssize_t size = read(file.get(), chunk.data(), std::min(chunk.size(), limit - content.size()));
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return failure(path);
        }
        if (size == 0) {
            break;
        }
        content.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return content;
}

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    const UniqueFd found(open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat info {};
    if (!found || fstat(found.get(), &info) != 0) {
        return failure(path.c_str());
    }
    if (!S_ISREG(info.st_mode)) {
        return Error{path + ": not a regular file", EINVAL};
    }
    if (static_cast<std::uintmax_t>(info.st_size) > limit) {
        return Error{path + ": too long", EFBIG};
    }
    // Through the descriptor: the path may lead elsewhere by now.
    return read_file(AT_FDCWD, ("/proc/self/fd/" + std::to_string(found.get())).c_str(), limit);
}

Result<std::string> read_link(int directory, const char* path) {
    std::array<char, PATH_MAX> target;
    const ssize_t size = readlinkat(directory, path, target.data(), target.size());
    if (size < 0) {
        return failure(path);
    }
    return std::string(target.data(), static_cast<std::size_t>(size));
}

Result<void> for_each_entry(int directory, const std::function<void(const char* name)>& visit) {
    // A descriptor of its own: closedir() closes what it was given, and the position is not shared.
    UniqueFd own(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, CloseDirectory> entries(own ? fdopendir(own.get()) : nullptr);
    if (!entries) {
        return failure("directory");
    }
    own.release();
    while (true) {
        errno = 0;
        const dirent* entry = readdir(entries.get());
        if (!entry && errno != 0) {
            return failure("directory");
        }
        if (!entry) {
            return {};
        }
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
            visit(entry->d_name);
        }
    }
}

} // namespace sockledger
