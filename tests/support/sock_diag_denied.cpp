// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/sock_diag_denied.hpp"

#include "support/checked.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace sockledger::test {

void deny_sock_diag() {
    const auto load = [](std::size_t offset) {
        return sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
    };
    // Leaves for ALLOW, so many instructions ahead, unless the loaded word is `value`.
    const auto only = [](std::uint32_t value, std::uint8_t to_allow) {
        return sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, to_allow, value};
    };
    std::array program{
        load(offsetof(seccomp_data, nr)),
        only(SYS_socket, 5),
        load(offsetof(seccomp_data, args[0])),
        only(AF_NETLINK, 3),
        load(offsetof(seccomp_data, args[2])),
        only(NETLINK_SOCK_DIAG, 1),
        sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EACCES},
        sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog filter{program.size(), program.data()};
    checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
    checked(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "PR_SET_SECCOMP");
}

} // namespace sockledger::test
