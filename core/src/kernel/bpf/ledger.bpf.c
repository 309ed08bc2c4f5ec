/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* The kernel side of the ledger: one object, from which user space loads what the kernel takes. */

#include "packets.h"
#include "table.h"

char LICENSE[] SEC("license") = "GPL";

SEC("cgroup_skb/egress")
int count_egress(struct __sk_buff *skb)
{
	return count_packet(skb, true);
}

SEC("cgroup_skb/ingress")
int count_ingress(struct __sk_buff *skb)
{
	return count_packet(skb, false);
}

SEC("fexit/tcp_make_synack")
int BPF_PROG(on_synack, const struct sock *sk, struct dst_entry *dst, struct request_sock *request, void *cookie,
	     int type, struct sk_buff *syn, struct sk_buff *made)
{
	/* fast open answers from a socket of its own, which packets show everywhere */
	return type != TCP_SYNACK_FASTOPEN ? count_synack(sk, dst, request, made) : 0;
}

SEC("cgroup/sock_create")
int on_socket(struct bpf_sock *sk)
{
	struct socket_record *record = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	struct task_struct *task = (void *)bpf_get_current_task();
	struct portion nothing = {};

	if (record) {
		record->netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
		claim(record, &nothing);
	}
	return 1;
}

/* 6.3: every receive call, with its socket. */
SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_receive, struct sock *sk, int ret, int flags)
{
	return ret >= 0 && !(flags & MSG_PEEK) ? receive(sk, ret) : 0;
}

/* Before that: where each receive call returns. */
static __always_inline int received(struct socket *socket, int flags, int ret)
{
	struct sock *sk = socket->sk;

	return sk && ret >= 0 && !(flags & MSG_PEEK) ? receive(sk, ret) : 0;
}

SEC("fexit/inet_recvmsg")
int BPF_PROG(on_received4, struct socket *socket, void *message, unsigned long size, int flags, int ret)
{
	return received(socket, flags, ret);
}

SEC("fexit/inet6_recvmsg")
int BPF_PROG(on_received6, struct socket *socket, void *message, unsigned long size, int flags, int ret)
{
	return received(socket, flags, ret);
}

/* Where neither can be had: where TCP hands data to its reader. */
SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(on_tcp_read, struct sock *sk)
{
	return receive(sk, 1);
}

/* And recvfrom() of unconnected UDP. */
static __always_inline int receive_from(struct bpf_sock_addr *context)
{
	struct bpf_sock *sk = context->sk;
	struct socket_record *record = sk ? bpf_sk_storage_get(&sockets, sk, 0, 0) : 0;
	struct task_struct *task = (void *)bpf_get_current_task();
	struct portion datagram = {};

	datagram.got = 1;
	if (record && pid_of(record) != (__u32)BPF_CORE_READ(task, tgid))
		claim(record, &datagram);
	return 1;
}

SEC("cgroup/recvmsg4")
int on_recvmsg4(struct bpf_sock_addr *context)
{
	return receive_from(context);
}

SEC("cgroup/recvmsg6")
int on_recvmsg6(struct bpf_sock_addr *context)
{
	return receive_from(context);
}

/* The last chance for bytes of an accepted connection that nobody used: they are the listener's. */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(on_tcp_destroy, struct sock *sk)
{
	struct socket_record *record = bpf_sk_storage_get(&sockets, sk, 0, 0);

	if (record && record->unclaimed)
		settle(record);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct process_identity *identity;
	__u64 owner;

	if (parent->tgid == child->tgid) /* a thread */
		return 0;
	owner = owner_of(parent);
	identity = bpf_map_lookup_elem(&identities, &owner);
	if (identity) {
		__sync_fetch_and_add(&identity->forks, 1);
		__sync_fetch_and_add(&globals.forks, 1);
	}
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	__u64 owner = owner_of(task);
	struct process_identity *identity = bpf_map_lookup_elem(&identities, &owner);

	if (!identity)
		return 0;
	BPF_CORE_READ_STR_INTO(&identity->comm, task, comm);
	read_exe(task, identity);
	identity->exec_count++;
	note_change();
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u64 owner;
	struct process_identity *identity;

	if (task->signal->live.counter) /* other threads live on */
		return 0;
	owner = owner_of(task);
	identity = bpf_map_lookup_elem(&identities, &owner);
	if (identity) {
		identity->exited_ns = bpf_ktime_get_ns();
		note_change();
	}
	return 0;
}
