/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* What the programs remember. User space sizes `slots`, `slot_of` and `free_slots` alike and fills
 * `free_slots` before anything is attached. */

#ifndef SOCKLEDGER_BPF_MAPS_H
#define SOCKLEDGER_BPF_MAPS_H

#include "kernel_types.h"
#include "records.h"

const volatile struct kernel_features has = {};
struct ledger_globals globals = {};

/* What came in on a shared socket and waits for its reader. Of a stream the payload is apart: what is read of
 * it is known to the byte. */
struct unread {
	struct traffic_count wire;
	__u64 payload;
};

/* The first cache line says whose socket it is and is read by every packet and every call; the
 * counters that packets write live on lines of their own, one for each direction. The kernel puts
 * 8 bytes in front. */
struct socket_record {
	__u64 owner;
	__u32 netns;
	/* a byte each: written from process context and softirq at the same time */
	__u8 listens;   /* the record belongs to a listener, or was cloned from one just now */
	__u8 unclaimed; /* accepted and not used by any process yet: bytes wait in `pending_rx` and `_tx` */
	__u8 of_kernel; /* made by the packet path: no process was seen with it yet */
	__u8 shared;    /* with a child, or handed over: `unread` is what nobody has received yet */
	__u32 slot; /* where the packets of this socket were last counted; only a hint */
	__u32 pending_ifindex;  /* what waits for the first user came and went here */
	__u32 forks_seen;       /* globals.forks when the owner was last looked at */
	__u32 owner_forks_seen; /* and how often it had forked itself */
	__u32 rx_ifindex;       /* where the last packet came in */
	__u32 read_seq;         /* of a shared stream: where what was handed to its readers ends */
	__u32 packet_part;      /* how much of one packet in `unread` was handed to a reader already, of 1 << 16 */
	__u32 older_part;       /* and of one that came before anybody kept count */
	/* Of a shared socket, what is unread was booked to rx_owner[rx_turn] and waits in unread[rx_turn].
	 * Each new owner takes the other place: a packet that comes while the owner changes is booked and
	 * waits in the same one. */
	__u64 rx_owner[2];
	__u64 first_owner; /* has what came in before anybody kept count */
	__u32 rx_turn;
	__u32 unused[3];
	__u64 rx_bytes;
	struct unread unread[2];
	__u64 rx_line_end;
	__u64 tx_bytes;
	struct traffic_count pending_tx;
	struct traffic_count pending_rx;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct socket_record);
} sockets SEC(".maps");

/* One array access counts a packet; the hash is only asked when a socket's hint is wrong. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 32768);
	__type(key, __u32);
	__type(value, struct traffic_slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__type(key, struct traffic_key);
	__type(value, __u32);
} slot_of SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 32768);
	__uint(value_size, sizeof(__u32));
} free_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 32768);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct process_identity);
} identities SEC(".maps");

/* A value of `identities` is too large for the BPF stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct process_identity);
} identity_scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mtu_key);
	__type(value, __u32);
} mtus SEC(".maps");

/* The packet that this CPU delivered last to a socket that others may get too. */
struct delivery {
	__u64 data;   /* clones of a packet share its bytes */
	__u64 header[2];
	__u64 first_socket;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct delivery);
} last_delivery SEC(".maps");

#endif
