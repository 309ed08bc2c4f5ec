/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* Whose socket is it: the process that last used it. Below the system call `current` is only the
 * owner where the caller has shown that it is. */

#ifndef SOCKLEDGER_BPF_OWNER_H
#define SOCKLEDGER_BPF_OWNER_H

#include "identity.h"
#include "slots.h"
#include "wire.h"

/* The kernel's own socket behind `sk`. Older kernels have no cast for it: its address is read from the stack. */
static __always_inline struct sock *kernel_sock(struct bpf_sock *sk)
{
	struct sock *kernel = 0;

	bpf_probe_read_kernel(&kernel, sizeof(kernel), &sk);
	return kernel;
}

/* The namespace of a socket that may serve one after the other: the kernel's own do. */
static __always_inline __u32 netns_of(struct bpf_sock *sk)
{
	return BPF_CORE_READ(kernel_sock(sk), __sk_common.skc_net.net, ns.inum);
}

/* A child of a listener starts with a copy of the listener's record: its own book begins here. */
static __always_inline void begin_accepted(struct socket_record *record)
{
	record->listens = record->shared = record->of_kernel = 0;
	record->unclaimed = 1;
	record->slot = 0;
	record->rx_bytes = record->tx_bytes = 0;
	record->packet_part = record->older_part = record->rx_turn = 0;
	__builtin_memset(&record->unread, 0, sizeof(record->unread));
	__builtin_memset(&record->pending_rx, 0, sizeof(record->pending_rx));
	__builtin_memset(&record->pending_tx, 0, sizeof(record->pending_tx));
}

static __always_inline __u32 pid_of(const struct socket_record *record)
{
	return record->owner & OWNER_PID_MASK;
}

/* Current, which is not the recorded owner yet, uses the socket: it owns it from now on. Of a shared
 * one it has received a portion. */
static __noinline int claim(struct socket_record *record, const struct portion *portion)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 owner;

	if (!record || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	owner = owner_of(task);
	if (record->owner != owner)
		note_identity(task, owner);
	if (record->shared)
		hand_over(record, owner, portion);
	record->owner = owner;
	if (record->unclaimed) {
		record->unclaimed = 0;
		settle(record);
	}
	record->of_kernel = 0;
	return 0;
}

static __always_inline __u32 ip_header_of(__u32 family)
{
	return family == AF_INET6 ? IPV6_HEADER : IPV4_HEADER;
}

/* From one sequence number to another; 0 when it lies before. */
static __always_inline __u32 distance(__u32 from, __u32 to)
{
	return (__s32)(to - from) > 0 ? to - from : 0;
}

/* From now on what comes in is remembered until it is received. A packet and a reader may come here at the
 * same time: a process that has received more than this knows of takes the rest from the first owner. */
static __always_inline void begin_sharing(struct socket_record *record, struct tcp_sock *tcp, __u32 got)
{
	if (tcp)
		record->read_seq = tcp->copied_seq - got;
	record->rx_owner[0] = record->rx_owner[1] = record->first_owner = record->owner;
	record->shared = 1;
}

/* A process that forks may share its sockets with the child. From the first packet after that, what
 * is received is remembered until it is read, so that it can be handed to the process that reads it. */
static __noinline int look_at_forks(struct socket_record *record, struct bpf_sock *sk)
{
	struct process_identity *identity;
	__u64 owner;

	if (!record || !sk)
		return 0;
	owner = record->owner;
	record->forks_seen = globals.forks;
	identity = bpf_map_lookup_elem(&identities, &owner);
	if (!identity || identity->forks == record->owner_forks_seen)
		return 0;
	record->owner_forks_seen = identity->forks;
	if (!record->shared)
		begin_sharing(record, bpf_skc_to_tcp_sock(sk), 0);
	return 0;
}

/* Counts a packet of a shared socket as unread: the owner to book it to. */
static __always_inline __u64 count_unread(struct socket_record *record, struct bpf_sock *sk, struct __sk_buff *skb,
					  const struct traffic_count *amount)
{
	struct unread unread = { .wire = *amount };
	__u32 begin, end, turn = record->rx_turn & 1;
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);

	if (tcp && read_range(skb, &begin, &end)) {
		unread.wire.bytes -= end - begin;
		if (distance(begin, tcp->rcv_nxt)) /* what is sent again is not received again */
			begin = tcp->rcv_nxt;
		unread.payload = distance(begin, end);
	}
	add_unread(&record->unread[turn], &unread);
	return record->rx_owner[turn];
}

static __always_inline bool is_inet(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	return family == AF_INET || family == AF_INET6;
}

/* May the socket be shared, which was never seen? Its owner is a process, and this is another one. */
static __always_inline bool may_be_shared(const struct socket_record *record)
{
	return record->owner && !record->shared && !record->unclaimed && !record->of_kernel;
}

/* What current has received of a shared socket, when its call gave it `got` bytes. */
static __always_inline void measure(struct socket_record *record, struct sock *sk, __u32 got,
				    struct portion *portion)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
	__u8 state = sk->__sk_common.skc_state;
	bool open = state == TCP_ESTABLISHED || state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2;
	__u32 read, since;

	portion->got = got;
	portion->header = ip_header_of(sk->__sk_common.skc_family);
	if (sk->sk_protocol == IPPROTO_MPTCP) {
		portion->segment = USUAL_SEGMENT;
		portion->header += MPTCP_HEADER;
		return;
	}
	if (!tcp) {
		portion->header += UDP_HEADER;
		return;
	}
	read = tcp->copied_seq;
	since = distance(record->read_seq, read); /* with what splice() took, which is not seen */
	if (since && !open && read == tcp->rcv_nxt)
		since--; /* a FIN takes a sequence number, but is no byte */
	record->read_seq = read;
	if (since > got)
		portion->got = since;
	portion->segment = tcp->inet_conn.icsk_ack.rcv_mss;
	portion->header += tcp->tcp_header_len;
	if (!portion->segment)
		portion->segment = USUAL_SEGMENT;
}

/* A process has received `got` bytes from `sk`, whoever owned it before. */
static __always_inline int receive(struct sock *sk, __u32 got)
{
	struct socket_record *record;
	struct portion portion = {};
	bool mine;

	if (!is_inet(sk))
		return 0;
	record = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!record)
		return 0;
	if (record->listens && sk->__sk_common.skc_state != TCP_LISTEN)
		begin_accepted(record);
	mine = pid_of(record) == bpf_get_current_pid_tgid() >> 32;
	if (!mine && (!sk->sk_socket || !sk->sk_socket->file))
		return 0; /* the kernel's own socket, whoever waits for it */
	if (!mine && may_be_shared(record) && (sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP))
		begin_sharing(record, bpf_skc_to_tcp_sock(sk), got);
	if (record->shared)
		measure(record, sk, got, &portion);
	if (mine && !record->unclaimed) {
		if (record->shared)
			hand_over(record, record->owner, &portion);
		return 0;
	}
	if (!record->netns)
		record->netns = sk->__sk_common.skc_net.net->ns.inum;
	return claim(record, &portion);
}

#endif
