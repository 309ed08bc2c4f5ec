/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* The kernel's types as far as the programs read them. Order and padding do not matter: libbpf
 * relocates every access against the BTF of the running kernel. */

#ifndef SOCKLEDGER_BPF_KERNEL_TYPES_H
#define SOCKLEDGER_BPF_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

typedef _Bool bool;
#define true 1
#define false 0

#define AF_INET 2
#define AF_INET6 10
#define SOCK_RAW 3
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_SCTP 132
#define IPPROTO_MPTCP 262
#define TCP_ESTABLISHED 1
#define TCP_FIN_WAIT1 4
#define TCP_FIN_WAIT2 5
#define TCP_LISTEN 10
#define TCP_SYNACK_FASTOPEN 1
#define MSG_PEEK 2
#define PF_KTHREAD 0x00200000
#define PACKET_BROADCAST 1
#define PACKET_MULTICAST 2
#define PACKET_LOOPBACK 5
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;
typedef struct {
	__s64 counter;
} atomic64_t;
typedef struct {
	__u32 val;
} kuid_t;
typedef struct {
	struct net *net;
} possible_net_t;
typedef struct {
	int owned;
} socket_lock_t;

struct ns_common {
	unsigned int inum;
};
struct net {
	struct ns_common ns;
};
struct in6_addr {
	__u8 bytes[16];
};
struct raw_spinlock {
	int raw_lock; /* of another type; clang 19 crashes at a field of no size */
};
struct spinlock {
	struct raw_spinlock rlock; /* not with PREEMPT_RT */
};
struct sock_common {
	__be32 skc_daddr, skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct net_device {
	int ifindex;
};
struct dst_entry {
	struct net_device *dev;
};
struct sk_buff {
	unsigned int len;
};
struct request_sock {
	struct sock_common __req_common;
};
struct sock;
struct file;
struct socket {
	struct sock *sk;
	struct file *file;
};
struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	struct socket *sk_socket;
	__u16 sk_protocol, sk_type;
	kuid_t sk_uid;
};
struct inet_connection_sock {
	struct {
		__u16 rcv_mss;
	} icsk_ack;
};
struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u16 tcp_header_len;
	__u64 bytes_received, bytes_acked;
	__u32 srtt_us, total_retrans, rcv_nxt, copied_seq;
};
struct mptcp_sock {
	int unused;
};
struct inode {
	unsigned long i_ino;
};
struct qstr {
	const unsigned char *name;
};
struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};
struct vfsmount {
	struct dentry *mnt_root;
};
struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};
struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
struct file {
	struct inode *f_inode;
	struct path f_path;
};
struct mm_struct {
	struct file *exe_file;
};
struct cred {
	kuid_t euid;
};
struct kernfs_node {
	__u64 id;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct css_set {
	struct cgroup *dfl_cgrp;
};
struct nsproxy {
	struct net *net_ns;
};
struct signal_struct {
	atomic_t live;
};
struct task_struct {
	unsigned int flags;
	int tgid;
	__u64 start_boottime;
	char comm[16];
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	const struct cred *cred;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct signal_struct *signal;
};
struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
};
struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

/* names that bpf_helpers.h mentions */
struct pt_regs;
struct btf_ptr;
struct linux_binprm;
struct bpf_dynptr;
struct unix_sock;
struct tcp6_sock;
struct udp6_sock;
struct tcp_timewait_sock;
struct tcp_request_sock;
struct iphdr;
struct ipv6hdr;

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#endif
