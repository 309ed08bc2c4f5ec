// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "history/file_lock.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace sockledger {

Result<FileLock> FileLock::take(const std::string& path) {
    UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!file)
        return Error{path + ": " + std::strerror(errno), errno};
    if (flock(file.get(), LOCK_EX | LOCK_NB) < 0) {
        const int code = errno;
        char pid[32]{};
        if (code != EWOULDBLOCK || pread(file.get(), pid, sizeof pid - 1, 0) < 1)
            return Error{path + ": " + std::strerror(code), code};
        return Error{path + " is held by process " + std::to_string(std::atoi(pid)), code};
    }
    // Who holds it is for people alone, so a file that cannot be written is as good a lock
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(file.get(), 0) == 0 && pwrite(file.get(), pid.data(), pid.size(), 0) < 0)
        errno = 0;
    return FileLock(std::move(file));
}

} // namespace sockledger
