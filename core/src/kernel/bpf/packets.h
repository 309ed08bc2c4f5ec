/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* Every packet of every socket, in every namespace: cgroup_skb on the root of the cgroup2 tree. */

#ifndef SOCKLEDGER_BPF_PACKETS_H
#define SOCKLEDGER_BPF_PACKETS_H

#include "owner.h"
#include "wire.h"

/* By a descriptor of a process: else it is the kernel's own. */
static __always_inline bool is_held(struct sock *sk)
{
	return BPF_CORE_READ(sk, sk_socket, file);
}

/* A socket without a record belongs to the kernel, as far as anybody has seen. */
static __noinline struct socket_record *first_packet(struct bpf_sock *sk)
{
	struct socket_record *record;

	if (!sk)
		return 0;
	record = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!record)
		return 0;
	record->owner = OWNER_KERNEL;
	/* SCTP accepts with a socket that no program has seen */
	record->unclaimed = sk->protocol == IPPROTO_SCTP && is_held(kernel_sock(sk));
	record->of_kernel = !record->unclaimed;
	record->netns = netns_of(sk);
	return record;
}

static __always_inline struct socket_record *record_of(struct bpf_sock *sk)
{
	struct socket_record *record = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (!record && has.mptcp && sk->protocol == IPPROTO_TCP) { /* a subflow: the process holds the MPTCP socket */
		struct mptcp_sock *mptcp = bpf_skc_to_mptcp_sock(sk);
		if (mptcp)
			record = bpf_sk_storage_get(&sockets, mptcp, 0, 0);
	}
	return record ? record : first_packet(sk);
}

static __always_inline __u32 current_pid(void)
{
	if (has.pid_tgid)
		return bpf_get_current_pid_tgid() >> 32;
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, tgid);
}

/* An outgoing packet may show who uses the socket: TCP sends for current only while current holds
 * the socket's lock, and so does SCTP; a datagram is always sent in the context of its sender. */
static __always_inline void claim_by_sending(struct __sk_buff *skb, struct bpf_sock *sk,
					     struct socket_record *record)
{
	struct portion nothing = {};
	__u32 pid = current_pid();

	if (pid == pid_of(record) && !record->unclaimed)
		return;
	if (!pid)
		return;
	if (sk->protocol == IPPROTO_TCP || sk->protocol == IPPROTO_SCTP) {
		struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
		struct sock *kernel = tcp ? (struct sock *)tcp : kernel_sock(sk);
		if ((tcp && sk->state == TCP_LISTEN) || !BPF_CORE_READ(kernel, sk_lock.owned))
			return;
		/* NFS sends in the context of whoever reads a file */
		if (record->of_kernel && !is_held(kernel))
			return;
		/* accept() and close() may acknowledge too; who receives is seen when it has received */
		if (is_pure_ack(skb))
			return;
		if (tcp && may_be_shared(record))
			begin_sharing(record, tcp, 0);
	} else if (record->of_kernel && !is_held(kernel_sock(sk))) {
		return; /* the kernel answers in whatever context it runs */
	}
	claim(record, &nothing);
}

/* Some kernels do not show us the SYN-ACK of IPv6: until one is seen, on_synack() counts them. Was this one? */
static __always_inline bool is_counted_synack(struct __sk_buff *skb, struct bpf_sock *sk)
{
	if (sk->state != TCP_LISTEN || sk->protocol != IPPROTO_TCP || skb->protocol != bpf_htons(ETH_P_IPV6))
		return false;
	globals.sees_synack6 = 1;
	if (!globals.synack6_before)
		return false;
	__sync_fetch_and_add(&globals.synack6_before, -1);
	return true;
}

static __always_inline void follow_state(struct bpf_sock *sk, struct socket_record *record)
{
	if (sk->protocol != IPPROTO_TCP)
		return;
	if (sk->state == TCP_LISTEN)
		record->listens = 1;
	else if (record->listens)
		begin_accepted(record);
}

/* A received packet that other rows account for. */
static __always_inline bool is_copy(struct __sk_buff *skb, struct bpf_sock *sk)
{
	if (sk->type == SOCK_RAW) {
		struct headers headers;
		if (!read_headers(skb, &headers) &&
		    (headers.transport == IPPROTO_TCP || headers.transport == IPPROTO_UDP))
			return true; /* a raw socket listens in on what a TCP or UDP socket gets */
		return is_further_delivery(skb);
	}
	if (skb->pkt_type == PACKET_MULTICAST || skb->pkt_type == PACKET_BROADCAST)
		return is_further_delivery(skb);
	return false;
}

/* What waits for its first user is of one interface. */
static __always_inline bool waits(struct socket_record *record, __u32 ifindex)
{
	if (!record->pending_rx.packets && !record->pending_tx.packets)
		record->pending_ifindex = ifindex;
	return record->pending_ifindex == ifindex;
}

static __always_inline int count_packet(struct __sk_buff *skb, bool tx)
{
	struct traffic_count amount = { .bytes = skb->len, .packets = 1 };
	struct bpf_sock *sk = skb->sk;
	struct socket_record *record;
	struct traffic_slot *slot;
	struct traffic_key key = {};

	if (!sk || !(sk = bpf_sk_fullsock(sk)))
		return 1;
	if (!tx && skb->pkt_type == PACKET_LOOPBACK)
		return 1; /* our own multicast, looped back above the device */
	record = record_of(sk);
	if (!record) {
		lose(&amount);
		return 1;
	}
	if (record->of_kernel)
		record->netns = netns_of(sk);
	follow_state(sk, record);
	if (tx) {
		if (is_counted_synack(skb, sk))
			return 1;
		claim_by_sending(skb, sk, record);
	}

	if (skb->gso_size)
		add_segments(skb, &amount);
	else if (sk->protocol != IPPROTO_TCP && amount.bytes > globals.smallest_mtu)
		add_fragments(skb, record->netns, &amount);

	__sync_fetch_and_add(tx ? &record->tx_bytes : &record->rx_bytes, amount.bytes);
	key.ifindex = skb->ifindex;
	if (record->unclaimed && waits(record, key.ifindex)) {
		count(tx ? &record->pending_tx : &record->pending_rx, &amount);
		if (!record->unclaimed)
			settle(record); /* claimed just now, maybe before this packet was in */
		return 1;
	}
	if (!tx) {
		if (record->rx_ifindex != key.ifindex)
			record->rx_ifindex = key.ifindex;
		if (record->forks_seen != globals.forks)
			look_at_forks(record, sk);
		if (record->shared)
			key.owner = count_unread(record, sk, skb, &amount);
		if (is_copy(skb, sk))
			key.ifindex |= IFINDEX_COPY;
	}
	if (!key.owner)
		key.owner = record->owner;
	key.netns = record->netns;
	slot = slot_for(&key, &record->slot);
	if (!slot)
		lose(&amount);
	else if (tx)
		count(&slot->tx, &amount);
	else
		count_in_softirq(&slot->rx, &amount);
	return 1;
}

/* A listener answers over IPv6 without options in the network layer. */
static __always_inline int count_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *request,
					struct sk_buff *skb)
{
	struct traffic_count amount = { .bytes = IPV6_HEADER, .packets = 1 };
	struct socket_record *record;
	struct traffic_key key = { .owner = OWNER_KERNEL }; /* MPTCP: the process holds another socket */
	__u32 slot = 0;

	if (globals.sees_synack6 || !skb || request->__req_common.skc_family != AF_INET6)
		return 0;
	__sync_fetch_and_add(&globals.synack6_before, 1);
	amount.bytes += skb->len;
	record = bpf_sk_storage_get(&sockets, (void *)sk, 0, 0);
	if (record) {
		__sync_fetch_and_add(&record->tx_bytes, amount.bytes);
		key.owner = record->owner;
	}
	key.netns = sk->__sk_common.skc_net.net->ns.inum;
	key.ifindex = dst->dev->ifindex;
	book(&key, record ? &record->slot : &slot, true, &amount);
	return 0;
}

#endif
