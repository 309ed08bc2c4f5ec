// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "kernel/socket_table.hpp"

#include "kernel/socket_row_codec.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace sockledger {

Result<void> SocketTable::read(std::vector<SocketRecord>& sockets) {
    sockets.clear();
    sockets.reserve(last_size_ + last_size_ / 16); // at once: to grow costs more than to decode
    auto pass = programs_.open_socket_table();
    if (!pass)
        return std::move(pass).error();
    buffer_.resize(64 * 1024);
    std::size_t filled = 0;
    while (true) {
        ssize_t got = ::read(pass->get(), buffer_.data() + filled, buffer_.size() - filled);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return Error{std::string("reading the socket table: ") + std::strerror(errno), errno};
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
        std::size_t taken = decode_socket_rows(std::span(buffer_).first(filled), sockets);
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(taken),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(filled), buffer_.begin());
        filled -= taken;
    }
    last_size_ = sockets.size();
    return {};
}

} // namespace sockledger
