// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#pragma once

#include "process_io.hpp"

#include <QString>
#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace sockledger::cli {

/// Two ends of a pipe whose buffer takes what these tests write.
class Pipe {
public:
    Pipe() {
        if (pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            qFatal("pipe2");
        fcntl(ends_[1], F_SETPIPE_SZ, 1 << 20);
    }
    ~Pipe() {
        close_read();
        close_write();
    }
    Output output() const { return Output(ends_[1]); }
    int read_end() const { return ends_[0]; }
    void close_read() { close_end(ends_[0]); }
    void close_write() { close_end(ends_[1]); }

    QString text() {
        close_write();
        QByteArray all;
        std::array<char, 65536> buffer;
        for (ssize_t got = 0; (got = read(ends_[0], buffer.data(), buffer.size())) > 0;)
            all.append(buffer.data(), got);
        return QString::fromUtf8(all);
    }

private:
    static void close_end(int& fd) {
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    std::array<int, 2> ends_{-1, -1};
};

} // namespace sockledger::cli
