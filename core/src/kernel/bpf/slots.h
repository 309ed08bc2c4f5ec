/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* Counting into the ledger's slots. */

#ifndef SOCKLEDGER_BPF_SLOTS_H
#define SOCKLEDGER_BPF_SLOTS_H

#include "maps.h"

/* Atomic although a slot is per CPU: a packet in process context may be interrupted by one in
 * softirq that counts into the same slot. */
static __always_inline void count(struct traffic_count *into, const struct traffic_count *amount)
{
	__sync_fetch_and_add(&into->bytes, amount->bytes);
	__sync_fetch_and_add(&into->packets, amount->packets);
	if (amount->gso_packets) {
		__sync_fetch_and_add(&into->gso_bytes, amount->gso_bytes);
		__sync_fetch_and_add(&into->gso_packets, amount->gso_packets);
	}
}

/* The same for what a softirq counts into a slot of its CPU, without the cost of atomicity: nothing there
 * interrupts it, and what process context counts there is atomic. PREEMPT_RT knows no such order. */
static __always_inline void count_in_softirq(struct traffic_count *into, const struct traffic_count *amount)
{
	if (!bpf_core_field_exists(struct spinlock, rlock)) {
		count(into, amount);
		return;
	}
	into->bytes += amount->bytes;
	into->packets += amount->packets;
	if (amount->gso_packets) {
		into->gso_bytes += amount->gso_bytes;
		into->gso_packets += amount->gso_packets;
	}
}

static __always_inline bool is_slot_of(const struct traffic_slot *slot, const struct traffic_key *key)
{
	return slot->key.owner == key->owner && slot->key.ifindex == key->ifindex &&
	       slot->key.netns == key->netns;
}

/* The slot of `key`, made if need be: its index, or ~0 when all are taken. */
static __noinline __u32 find_slot(const struct traffic_key *key)
{
	__u32 index = 0;

	if (!key)
		return ~0u;
	__u32 *known = bpf_map_lookup_elem(&slot_of, key);
	if (known)
		return *known;
	if (bpf_map_pop_elem(&free_slots, &index))
		return ~0u;
	__sync_fetch_and_add(&globals.slots_taken, 1);
	if (!bpf_map_update_elem(&slot_of, key, &index, BPF_NOEXIST))
		return index;
	__sync_fetch_and_add(&globals.slots_given_up, 1); /* another CPU was first */
	bpf_map_push_elem(&free_slots, &index, 0);
	__sync_fetch_and_add(&globals.slots_taken, -1);
	known = bpf_map_lookup_elem(&slot_of, key);
	return known ? *known : ~0u;
}

/* This CPU's counters of `key`; `hint` is where they were last time. 0 when there is no room. */
static __always_inline struct traffic_slot *slot_for(const struct traffic_key *key, __u32 *hint)
{
	__u32 index = *hint;
	struct traffic_slot *slot = bpf_map_lookup_elem(&slots, &index);
	if (slot && is_slot_of(slot, key))
		return slot;
	index = find_slot(key);
	slot = bpf_map_lookup_elem(&slots, &index);
	if (!slot)
		return 0;
	if (!is_slot_of(slot, key))
		slot->key = *key; /* first use on this CPU */
	*hint = index;
	return slot;
}

static __always_inline void lose(const struct traffic_count *amount)
{
	__sync_fetch_and_add(&globals.lost_bytes, amount->bytes);
	__sync_fetch_and_add(&globals.lost_packets, amount->packets);
}

static __always_inline void book(const struct traffic_key *key, __u32 *hint, bool tx,
				 const struct traffic_count *amount)
{
	struct traffic_slot *slot = slot_for(key, hint);
	if (slot)
		count(tx ? &slot->tx : &slot->rx, amount);
	else
		lose(amount);
}

/* Takes what waits in `pending`. Packets may add to it meanwhile: what is taken is subtracted, so
 * the sum stays right (64-bit counts: two takers cancel modulo 2^64). */
static __always_inline void take(struct traffic_count *pending, struct traffic_count *taken)
{
	*taken = *pending;
	__sync_fetch_and_add(&pending->bytes, -taken->bytes);
	__sync_fetch_and_add(&pending->packets, -taken->packets);
	__sync_fetch_and_add(&pending->gso_bytes, -taken->gso_bytes);
	__sync_fetch_and_add(&pending->gso_packets, -taken->gso_packets);
}

/* Books what waits for its first user to the owner. */
static __noinline int settle(struct socket_record *record)
{
	struct traffic_key key = {};
	struct traffic_count amount;

	if (!record)
		return 0;
	key.owner = record->owner;
	key.netns = record->netns;
	key.ifindex = record->pending_ifindex;
	if (record->pending_rx[0].packets) {
		take(&record->pending_rx[0], &amount);
		book(&key, &record->slot, false, &amount);
	}
	if (record->pending_tx.packets) {
		take(&record->pending_tx, &amount);
		book(&key, &record->slot, true, &amount);
	}
	return 0;
}

/* The same for what had come in before it was counted. */
static __always_inline void take_unread(struct socket_record *record, struct traffic_count *taken)
{
	__u64 bytes = record->unread_bytes, packets = record->unread_packets;

	__sync_fetch_and_add(&record->unread_bytes, -bytes);
	__sync_fetch_and_add(&record->unread_packets, -packets);
	taken->bytes += bytes;
	taken->packets += packets;
}

/* What of `all` stays for the next reader. A fraction of a packet is carried over to the next call: else
 * who reads first would get all the packets. */
static __always_inline void leave(struct socket_record *record, const struct traffic_count *all, __u32 got,
				  __u32 left, bool stream, struct traffic_count *rest)
{
	__u64 whole = (__u64)got + left, part = record->packet_part;

	*rest = *all;
	if (!got)
		return;
	if (all->packets)
		part += ((all->packets << 16) - part) * got / whole;
	record->packet_part = part & 0xffff;
	rest->packets = all->packets - (part >> 16);
	if (stream && all->packets && all->bytes > whole) /* the payload is known, the headers are shared out */
		rest->bytes = left + (all->bytes - whole) * rest->packets / all->packets;
	else
		rest->bytes = all->bytes * left / whole;
	rest->gso_bytes = all->gso_bytes * left / whole;
	rest->gso_packets = all->gso_packets * left / whole;
}

static __always_inline void move(struct socket_record *record, struct traffic_count *amount, __u64 from, __u64 to)
{
	struct traffic_key key = { .owner = to, .netns = record->netns, .ifindex = record->rx_ifindex };

	book(&key, &record->slot, false, amount);
	key.owner = from;
	amount->bytes = -amount->bytes;
	amount->packets = -amount->packets;
	amount->gso_bytes = -amount->gso_bytes;
	amount->gso_packets = -amount->gso_packets;
	book(&key, &record->slot, false, amount);
}

/* What has come in and was not received yet, booked to the owner, goes to the next owner, `to`, which has
 * just received `got` of it and left `left`: bytes of a stream, else datagrams. */
static __noinline int hand_over(struct socket_record *record, __u64 to, __u32 got, __u32 left, bool stream)
{
	struct traffic_count all, rest;
	__u32 now, next;

	if (!record)
		return 0;
	now = next = record->rx_turn & 1;
	if (record->owner != to) {
		next = now ^ 1;
		take(&record->pending_rx[next], &all); /* came in too late for the turn before */
		if (all.packets) {
			count(&record->pending_rx[now], &all);
			move(record, &all, record->rx_owner[next], record->rx_owner[now]);
		}
		record->rx_owner[next] = to;
		record->rx_turn = next;
	}
	take(&record->pending_rx[now], &all);
	take_unread(record, &all);
	if (!all.bytes)
		return 0;
	if (left || !got) {
		leave(record, &all, got, left, stream, &rest);
		count(&record->pending_rx[next], &rest);
	} else {
		record->packet_part = 0;
	}
	if (now != next)
		move(record, &all, record->rx_owner[now], to);
	return 0;
}

#endif
