/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* The socket table: one pass over every descriptor of every process, in every namespace. */

#ifndef SOCKLEDGER_BPF_TABLE_H
#define SOCKLEDGER_BPF_TABLE_H

#include "owner.h"

static __always_inline struct sock *inet_socket_of(struct file *file)
{
	struct socket *socket = bpf_sock_from_file(file);
	struct sock *sk = socket ? socket->sk : 0;

	return sk && is_inet(sk) ? sk : 0;
}

/* Run once at the start: sockets older than the programs get their owner. */
SEC("iter/task_file")
int adopt_sockets(struct bpf_iter__task_file *context)
{
	struct task_struct *task = context->task;
	struct file *file = context->file;
	struct socket_record *record;
	struct sock *sk;
	__u64 owner;

	if (!task || !file || !(sk = inet_socket_of(file)))
		return 0;
	record = bpf_sk_storage_get(&sockets, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	/* init holds the sockets of its services: whoever else has one is its user */
	if (!record || (record->owner && record->owner != OWNER_KERNEL && pid_of(record) != 1))
		return 0;
	owner = owner_of(task);
	note_identity(task, owner);
	record->owner = owner;
	record->netns = sk->__sk_common.skc_net.net->ns.inum;
	record->listens = sk->__sk_common.skc_state == TCP_LISTEN;
	record->of_kernel = 0;
	return 0;
}

static __always_inline void read_endpoints(struct sock *sk, struct socket_row *row)
{
	row->family = sk->__sk_common.skc_family;
	row->local_port = sk->__sk_common.skc_num;
	row->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	if (row->family == AF_INET) {
		__be32 local = sk->__sk_common.skc_rcv_saddr, remote = sk->__sk_common.skc_daddr;
		__builtin_memcpy(row->local_address, &local, sizeof(local));
		__builtin_memcpy(row->remote_address, &remote, sizeof(remote));
	} else {
		BPF_CORE_READ_INTO(&row->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&row->remote_address, sk, __sk_common.skc_v6_daddr);
	}
}

SEC("iter/task_file")
int list_sockets(struct bpf_iter__task_file *context)
{
	struct task_struct *task = context->task;
	struct file *file = context->file;
	struct socket_record *record;
	struct socket_row row = {};
	struct sock *sk;

	if (!task || !file || !(sk = inet_socket_of(file)))
		return 0;
	read_endpoints(sk, &row);
	row.start_ticks = task->group_leader->start_boottime / NANOSECONDS_PER_TICK;
	row.pid = task->tgid;
	row.fd = context->fd;
	row.inode = file->f_inode->i_ino;
	row.cookie = bpf_get_socket_cookie(sk);
	row.netns = sk->__sk_common.skc_net.net->ns.inum;
	row.uid = sk->sk_uid.val;
	row.type = sk->sk_type;
	row.protocol = (__u8)sk->sk_protocol;
	row.state = sk->__sk_common.skc_state;
	record = bpf_sk_storage_get(&sockets, sk, 0, 0);
	if (record) {
		row.has_record = 1;
		row.owner = record->owner;
		row.rx_bytes = record->rx_bytes;
		row.tx_bytes = record->tx_bytes;
	}
	if (row.protocol == IPPROTO_TCP && row.state != TCP_LISTEN) {
		struct tcp_sock *tcp = bpf_skc_to_tcp_sock(sk);
		if (tcp) {
			row.has_tcp = 1;
			row.tcp_rx_bytes = tcp->bytes_received;
			row.tcp_tx_bytes = tcp->bytes_acked;
			row.rtt_us = tcp->srtt_us >> 3;
			row.retransmits = tcp->total_retrans;
		}
	}
	bpf_seq_write(context->meta->seq, &row, sizeof(row));
	return 0;
}

#endif
