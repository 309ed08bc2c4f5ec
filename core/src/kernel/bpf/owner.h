/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* Whose socket is it: the process that last used it. Below the system call `current` is only the
 * owner where the caller has shown that it is. */

#ifndef SOCKLEDGER_BPF_OWNER_H
#define SOCKLEDGER_BPF_OWNER_H

#include "identity.h"
#include "slots.h"

extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym __weak;

/* The kernel's own socket behind `sk`, readable; 0 when this kernel offers no way. */
static __always_inline struct sock *kernel_sock(struct bpf_sock *sk)
{
	if (has.rdonly_cast)
		return bpf_rdonly_cast(sk, bpf_core_type_id_kernel(struct sock));
	if (sk->protocol == IPPROTO_TCP)
		return (struct sock *)bpf_skc_to_tcp_sock(sk);
	return 0;
}

/* A child of a listener starts with a copy of the listener's record: its own book begins here. */
static __always_inline void begin_accepted(struct socket_record *record)
{
	record->flags = SOCKET_UNCLAIMED;
	record->slot = 0;
	record->rx_bytes = record->tx_bytes = 0;
	__builtin_memset(&record->pending_rx, 0, sizeof(record->pending_rx));
	__builtin_memset(&record->pending_tx, 0, sizeof(record->pending_tx));
}

static __always_inline __u32 pid_of(const struct socket_record *record)
{
	return record->owner & OWNER_PID_MASK;
}

/* Current, which is not the recorded owner yet, uses the socket: it owns it from now on. */
static __noinline int claim(struct socket_record *record)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 owner;

	if (!record || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	owner = owner_of(task);
	if (record->owner != owner)
		note_identity(task, owner);
	if (record->flags & SOCKET_SHARED)
		hand_over(record, owner);
	record->owner = owner;
	if (record->flags & SOCKET_UNCLAIMED) {
		record->flags &= ~SOCKET_UNCLAIMED;
		settle(record);
	}
	record->flags &= ~SOCKET_OF_KERNEL;
	return 0;
}

/* A process that forks may share its sockets with the child. From the first packet after that, what
 * is received is remembered until it is read, so that it can be handed to the process that reads it. */
static __noinline int look_at_forks(struct socket_record *record)
{
	struct process_identity *identity;
	__u64 owner;

	if (!record)
		return 0;
	owner = record->owner;
	record->forks_seen = globals.forks;
	identity = bpf_map_lookup_elem(&identities, &owner);
	if (!identity || identity->forks == record->owner_forks_seen)
		return 0;
	record->owner_forks_seen = identity->forks;
	record->flags |= SOCKET_SHARED;
	return 0;
}

static __always_inline bool is_inet(struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	return family == AF_INET || family == AF_INET6;
}

/* A process is in a system call on `sk`. */
static __always_inline int use_socket(struct sock *sk)
{
	struct socket_record *record;

	if (!is_inet(sk))
		return 0;
	record = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!record)
		return 0;
	if (record->flags & SOCKET_LISTENS && sk->__sk_common.skc_state != TCP_LISTEN)
		begin_accepted(record);
	if (pid_of(record) == bpf_get_current_pid_tgid() >> 32 && !(record->flags & SOCKET_UNCLAIMED)) {
		if (record->flags & SOCKET_SHARED)
			hand_over(record, record->owner);
		return 0;
	}
	if (!record->netns)
		record->netns = sk->__sk_common.skc_net.net->ns.inum;
	return claim(record);
}

#endif
