// SPDX-FileCopyrightText: The Sockledger authors
// SPDX-License-Identifier: LGPL-2.1-or-later

#include "support/require.hpp"

#include "support/checked.hpp"
#include "support/command.hpp"
#include "support/varlinkctl.hpp"

#include <QFile>
#include <QMap>

#include <cstring>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <linux/io_uring.h>
#include <mutex>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace sockledger::test {
namespace {

QString because(const char* what) {
    return QStringLiteral("%1: %2").arg(QLatin1String(what), QLatin1String(std::strerror(errno)));
}

/// Runs `probe` where it can do no harm: in a network namespace that ends with it.
template<typename Probe>
QString in_new_namespace(Probe probe) {
    QString problem;
    std::thread([&] {
        if (unshare(CLONE_NEWNET) < 0)
            problem = because("unshare(CLONE_NEWNET)");
        else
            problem = probe();
    }).join();
    return problem;
}

QString probe_netns() {
    return in_new_namespace([] {
        const auto problem =
            try_command({"ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"});
        return problem ? QString::fromStdString(*problem) : QString();
    });
}

/// By the system calls themselves: unlike the C library, they change one thread and not the process.
QString probe_users() {
    QString problem;
    std::thread([&] {
        constexpr int other = 1000;
        if (syscall(SYS_setgroups, 0, nullptr) < 0)
            problem = because("setgroups");
        else if (syscall(SYS_setresuid, other, other, other) < 0)
            problem = because("setresuid");
    }).join();
    return problem;
}

QByteArray contents(const char* path) {
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString missing_capability_bits() {
    const QByteArray status = contents("/proc/self/status");
    const qsizetype at = status.indexOf("CapEff:");
    const quint64 effective =
        at < 0 ? 0 : status.mid(at + 7, status.indexOf('\n', at) - at - 7).trimmed().toULongLong(nullptr, 16);
    const QList<QPair<int, const char*>> needed{
        {CAP_BPF, "CAP_BPF"}, {CAP_PERFMON, "CAP_PERFMON"}, {CAP_NET_ADMIN, "CAP_NET_ADMIN"}};
    for (const auto& [bit, name] : needed) {
        if (!(effective >> bit & 1))
            return QStringLiteral("no ") + QLatin1String(name);
    }
    return {};
}

/// The capability bits alone are no promise: a container's seccomp filter may refuse bpf() itself.
QString refused_program() {
    bpf_insn instructions[2]{};
    instructions[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
    instructions[0].imm = 1;
    instructions[1].code = BPF_JMP | BPF_EXIT;
    static const char license[] = "GPL";
    bpf_attr attributes{};
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_SKB;
    attributes.insns = reinterpret_cast<std::uintptr_t>(instructions);
    attributes.insn_cnt = 2;
    attributes.license = reinterpret_cast<std::uintptr_t>(license);
    const UniqueFd program(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes)));
    return program ? QString() : because("bpf(BPF_PROG_LOAD)");
}

QString probe_bpf() {
    if (const QString problem = missing_capability_bits(); !problem.isEmpty())
        return problem;
    if (!contents("/proc/self/mountinfo").contains(" - cgroup2 "))
        return QStringLiteral("cgroup2 is not mounted");
    if (access("/sys/kernel/btf/vmlinux", R_OK) < 0)
        return because("/sys/kernel/btf/vmlinux");
    return refused_program();
}

QString probe_io_uring() {
#ifdef SOCKLEDGER_HAVE_LIBURING
    io_uring_params parameters{};
    const UniqueFd ring(static_cast<int>(syscall(SYS_io_uring_setup, 2, &parameters)));
    return ring ? QString() : because("io_uring_setup");
#else
    return QStringLiteral("built without liburing");
#endif
}

QString probe_socket(int type, int protocol, const char* what) {
    const UniqueFd socket(::socket(AF_INET, type | SOCK_CLOEXEC, protocol));
    return socket ? QString() : because(what);
}

QString probe_tun() {
    return in_new_namespace([]() -> QString {
        const UniqueFd tun(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
        if (!tun)
            return because("/dev/net/tun");
        ifreq request{};
        request.ifr_flags = IFF_TUN | IFF_NO_PI;
        return ioctl(tun.get(), TUNSETIFF, &request) < 0 ? because("TUNSETIFF") : QString();
    });
}

QString probe_command(const std::vector<std::string>& arguments) {
    const auto problem = try_command(arguments);
    return problem ? QString::fromStdString(*problem) : QString();
}

QString probe_varlinkctl() {
    auto command = varlinkctl();
    if (command.empty())
        return QStringLiteral("not installed, nor unpacked by ./bootstrap test");
    command.push_back("--version");
    return probe_command(command);
}

QString probe(const QString& capability) {
    if (capability == QLatin1String("netns"))
        return probe_netns();
    if (capability == QLatin1String("users"))
        return probe_users();
    if (capability == QLatin1String("collectd"))
        return probe_command({"sh", "-c", "/usr/sbin/collectd -h && rrdtool --version && curl --version"});
    if (capability == QLatin1String("prometheus"))
        return probe_command({"prometheus", "--version"});
    if (capability == QLatin1String("bpf"))
        return probe_bpf();
    if (capability == QLatin1String("io_uring"))
        return probe_io_uring();
    if (capability == QLatin1String("sctp"))
        return probe_socket(SOCK_STREAM, IPPROTO_SCTP, "socket(IPPROTO_SCTP)");
    if (capability == QLatin1String("raw"))
        return probe_socket(SOCK_RAW, IPPROTO_ICMP, "socket(SOCK_RAW)");
    if (capability == QLatin1String("mptcp"))
        return probe_socket(SOCK_STREAM, 262 /* IPPROTO_MPTCP */, "socket(IPPROTO_MPTCP)");
    if (capability == QLatin1String("tun"))
        return probe_tun();
    if (capability == QLatin1String("systemd"))
        return probe_command({"systemd-analyze", "--version"});
    if (capability == QLatin1String("python3") || capability == QLatin1String("valgrind"))
        return probe_command({capability.toStdString(), "--version"});
    if (capability == QLatin1String("varlinkctl"))
        return probe_varlinkctl();
    if (capability == QLatin1String("netdata"))
        return probe_command({"sh", "-c", "/usr/sbin/netdata -v && curl --version && jq --version"});
    if (capability == QLatin1String("qemu"))
        return probe_command({"sh", "-c",
                              "PATH=$PATH:/sbin && qemu-system-x86_64 --version && busybox true && "
                              "cpio --version && modprobe --version && " SOCKLEDGER_KERNELS
                              " --fetch 6.1 6.12"});
    if (capability == QLatin1String("chromium"))
        return probe_command({"chromium", "--version"});
    return QStringLiteral("no such capability is known to the tests");
}

} // namespace

QString missing(const QString& capability) {
    static std::mutex mutex;
    static QMap<QString, QString> known;
    const std::lock_guard lock(mutex);
    auto found = known.find(capability);
    if (found == known.end())
        found = known.insert(capability, probe(capability));
    return *found;
}

Verdict judge(const QStringList& capabilities, const QString& required) {
    for (const QString& capability : capabilities) {
        const QString reason = missing(capability);
        if (!reason.isEmpty()) {
            QString wanted = required;
            return {QStringLiteral("needs %1: %2").arg(capability, reason).toUtf8(),
                    wanted.remove(QLatin1Char(' ')).split(QLatin1Char(',')).contains(capability)};
        }
    }
    return {};
}

Verdict judge(const QStringList& capabilities) {
    return judge(capabilities, qEnvironmentVariable("SOCKLEDGER_REQUIRE"));
}

} // namespace sockledger::test
