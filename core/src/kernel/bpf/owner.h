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
	record->unread_bytes = record->unread_packets = record->packet_part = 0;
	record->rx_turn = 0;
	__builtin_memset(&record->pending_rx, 0, sizeof(record->pending_rx));
	__builtin_memset(&record->pending_tx, 0, sizeof(record->pending_tx));
}

static __always_inline __u32 pid_of(const struct socket_record *record)
{
	return record->owner & OWNER_PID_MASK;
}

/* Current, which is not the recorded owner yet, uses the socket: it owns it from now on. Of a shared
 * one it has received `got` and left `left`, as in hand_over(). */
static __noinline int claim(struct socket_record *record, __u32 got, __u32 left, bool stream)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 owner;

	if (!record || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	owner = owner_of(task);
	if (record->owner != owner)
		note_identity(task, owner);
	if (record->shared)
		hand_over(record, owner, got, left, stream);
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

/* Bytes that came in and were not read. A FIN takes a sequence number, but is no byte. */
static __always_inline __u32 unread_bytes(struct tcp_sock *tcp, __u8 state)
{
	__u32 unread = tcp->rcv_nxt - tcp->copied_seq;
	bool open = state == TCP_ESTABLISHED || state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2;

	return unread && !open ? unread - 1 : unread;
}

/* What was received of a stream before anybody kept count, `got` of it read just now, as full segments.
 * Stored, not added: a packet and a reader that come here at the same time store the same. */
static __always_inline void note_unread(struct socket_record *record, struct tcp_sock *tcp, __u32 got,
					__u32 left, __u32 ip_header)
{
	__u32 segment = tcp->inet_conn.icsk_ack.rcv_mss, unread = got + left, read = tcp->copied_seq;

	record->read_seq = read - got;
	record->received_seq = read + left;
	if (!unread || !segment)
		return;
	record->unread_packets = (unread + segment - 1) / segment;
	record->unread_bytes = unread + record->unread_packets * (ip_header + tcp->tcp_header_len);
}

static __always_inline void begin_turns(struct socket_record *record, __u8 shared)
{
	record->rx_owner[record->rx_turn & 1] = record->owner;
	record->shared = shared;
}

/* What had come in when `skb` came. Packets before it may still be on their way to the socket, or wait
 * until it is unlocked, so the packet knows better than the socket. */
static __always_inline __u32 unread_before(struct __sk_buff *skb, struct tcp_sock *tcp, __u8 state)
{
	__u32 begin, end, read = tcp->copied_seq;

	if (!read_range(skb, &begin, &end) || (__s32)(begin - read) < 0)
		return unread_bytes(tcp, state);
	return begin - read;
}

/* A process that forks may share its sockets with the child. From the first packet after that, what
 * is received is remembered until it is read, so that it can be handed to the process that reads it. */
static __noinline int look_at_forks(struct socket_record *record, struct bpf_sock *sk, struct __sk_buff *skb)
{
	struct process_identity *identity;
	struct tcp_sock *tcp;
	__u64 owner;

	if (!record || !sk || !skb)
		return 0;
	owner = record->owner;
	record->forks_seen = globals.forks;
	identity = bpf_map_lookup_elem(&identities, &owner);
	if (!identity || identity->forks == record->owner_forks_seen)
		return 0;
	record->owner_forks_seen = identity->forks;
	if (record->shared)
		return 0;
	tcp = bpf_skc_to_tcp_sock(sk);
	if (tcp)
		note_unread(record, tcp, 0, unread_before(skb, tcp, sk->state), ip_header_of(sk->family));
	begin_turns(record, SHARED_UNREAD);
	return 0;
}

/* Counts a packet of a shared socket as unread: the owner to book it to. */
static __always_inline __u64 count_unread(struct socket_record *record, struct __sk_buff *skb,
					  const struct traffic_count *amount, bool stream)
{
	__u32 begin, end, turn = record->rx_turn & 1;

	if (stream && read_range(skb, &begin, &end) && (__s32)(end - record->received_seq) > 0)
		record->received_seq = end;
	count(&record->pending_rx[turn], amount);
	return record->rx_owner[turn];
}

static __always_inline bool is_inet(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	return family == AF_INET || family == AF_INET6;
}

/* Current is not the owner: does it share a socket that was never seen to be shared? What has come in
 * and is not received, or is just now (`got`), was booked to the owner and will be its reader's. */
static __always_inline void begin_sharing(struct socket_record *record, struct tcp_sock *tcp, __u8 state,
					  __u32 got, __u32 ip_header)
{
	if (!record->owner || record->shared || record->unclaimed || record->of_kernel)
		return;
	if (tcp) {
		note_unread(record, tcp, got, unread_bytes(tcp, state), ip_header);
	} else if (got) { /* one datagram */
		record->unread_packets = 1;
		record->unread_bytes = got + UDP_HEADER + ip_header;
	}
	begin_turns(record, SHARED);
}

/* A process has received `got` bytes from `sk`, whoever owned it before. */
static __always_inline int receive(struct sock *sk, __u32 got)
{
	struct socket_record *record;
	__u32 left = 0;
	bool mine, stream = false;

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
	if (!mine && (sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP))
		begin_sharing(record, bpf_skc_to_tcp_sock(sk), sk->__sk_common.skc_state, got,
			      ip_header_of(sk->__sk_common.skc_family));
	if (record->shared) {
		struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
		if (tcp) {
			__u32 read = tcp->copied_seq, since = distance(record->read_seq, read);
			/* while somebody read, a packet began the count: what he had read by then is missing */
			if (record->shared == SHARED_UNREAD && !mine && got > since) {
				record->unread_bytes += got - since;
				since = got;
			}
			record->shared = SHARED;
			got = since;
			left = distance(read, record->received_seq);
			record->read_seq = read;
			stream = true;
		} else {
			/* a datagram of as many as have come in */
			left = record->pending_rx[0].packets + record->pending_rx[1].packets;
			left -= left != 0;
			got = 1;
		}
	}
	if (mine && !record->unclaimed) {
		if (record->shared)
			hand_over(record, record->owner, got, left, stream);
		return 0;
	}
	if (!record->netns)
		record->netns = sk->__sk_common.skc_net.net->ns.inum;
	return claim(record, got, left, stream);
}

#endif
