/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */

/* The records that the BPF programs and user space share. Fixed-width fields, no padding that is
 * not written out; both sides are built from this one header. */

#ifndef SOCKLEDGER_BPF_RECORDS_H
#define SOCKLEDGER_BPF_RECORDS_H

#include <linux/types.h>

/* A process as one word, so that it is read and written whole: start time in USER_HZ ticks above,
 * thread group id below (PID_MAX_LIMIT is 2^22). */
#define OWNER_PID_BITS 22
#define OWNER_PID_MASK ((1u << OWNER_PID_BITS) - 1)
#define OWNER_NONE 0ull    /* nobody known: an empty slot */
#define OWNER_KERNEL ~0ull /* a socket that the kernel itself made */

/* Bit of traffic_key.ifindex: further deliveries of a packet that another row has counted. */
#define IFINDEX_COPY 0x80000000u

/* What the running kernel offers; set before loading, so that the verifier drops what is off. */
struct kernel_features {
	__u8 pid_tgid;    /* bpf_get_current_pid_tgid in cgroup_skb, 6.10 */
	__u8 mptcp;       /* bpf_skc_to_mptcp_sock, 5.19 */
};

/* The programs' variables, shared by memory map. */
struct ledger_globals {
	__u64 lost_bytes; /* network-layer bytes that found no free slot */
	__u64 lost_packets;
	__u64 lost_identities;  /* processes whose name found no room */
	__u64 identity_changes; /* processes noted, replaced by exec, or gone */
	__u32 forks;            /* of processes with sockets */
	__u32 slots_taken;      /* a stack hands out the lowest first: slots in use lie below the most ever taken */
	__u32 smallest_mtu;     /* over all links: a packet up to this was not fragmented; user space sets it */
	__u32 slots_given_up;   /* how often a slot was taken and put back, in a race of two CPUs */
	__u32 sees_synack6;     /* packets show the SYN-ACK of IPv6 too */
	__u32 synack6_before;   /* how many were counted before that was known */
};

struct traffic_key {
	__u64 owner;
	__u32 netns;
	__u32 ifindex;
};

/* One direction: network-layer bytes and packets; the gso part is what segmentation adds. */
struct traffic_count {
	__u64 bytes;
	__u64 packets;
	__u64 gso_bytes;
	__u64 gso_packets;
};

/* A slot carries its key, so a socket's remembered slot proves itself right. */
struct traffic_slot {
	struct traffic_key key;
	struct traffic_count rx;
	struct traffic_count tx;
};

#define EXE_DEPTH 14 /* steps from the program to the root, mounts included */
#define EXE_NAME 48  /* bytes of one component with its NUL */

struct process_identity {
	char comm[16];
	__u64 cgroup_id; /* kernfs id in the cgroup2 tree */
	__u64 exited_ns; /* CLOCK_MONOTONIC; 0 while it lives */
	__u32 uid;
	__u32 parent_pid;
	__u32 exec_count;
	__u32 forks;
	__u32 unused;
	__u32 exe_whole; /* the root was reached: `exe` is the path, leaf first, empty parts skipped */
	char exe[EXE_DEPTH][EXE_NAME];
};

struct mtu_key {
	__u32 netns;
	__u32 ifindex;
};

/* One (process, descriptor, socket) of the socket table. */
struct socket_row {
	__u64 start_ticks;
	__u64 cookie;
	__u64 inode;
	__u64 owner;
	__u64 rx_bytes; /* network-layer bytes of this socket */
	__u64 tx_bytes;
	__u64 tcp_rx_bytes; /* tcp_sock.bytes_received */
	__u64 tcp_tx_bytes; /* tcp_sock.bytes_acked */
	__u32 pid;
	__u32 fd;
	__u32 netns;
	__u32 uid;
	__u32 rtt_us;
	__u32 retransmits;
	__u8 local_address[16];
	__u8 remote_address[16];
	__u16 local_port; /* host byte order */
	__u16 remote_port;
	__u16 family;
	__u16 type; /* SOCK_STREAM, SOCK_DGRAM, SOCK_RAW */
	__u8 protocol;
	__u8 state;
	__u8 has_record; /* rx_bytes, tx_bytes and owner are valid */
	__u8 has_tcp;    /* the tcp_ fields, rtt_us and retransmits are valid */
	__u32 unused;
};

#endif
