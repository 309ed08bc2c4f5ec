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

/* Takes what waits in `pending`. Packets may add to it meanwhile: what is taken is subtracted, so the sum
 * stays right. Of two takers both may take the same; then less than nothing is left, which the later one
 * has to take too (64-bit counts: it cancels modulo 2^64). */
static __always_inline void take(struct traffic_count *pending, struct traffic_count *taken)
{
	*taken = *pending;
	__sync_fetch_and_add(&pending->bytes, -taken->bytes);
	__sync_fetch_and_add(&pending->packets, -taken->packets);
	__sync_fetch_and_add(&pending->gso_bytes, -taken->gso_bytes);
	__sync_fetch_and_add(&pending->gso_packets, -taken->gso_packets);
}

/* Books what waits in `pending`, until nothing is left that another CPU has added or taken meanwhile. */
static __always_inline void settle_one(const struct traffic_key *key, __u32 *hint, bool tx,
				       struct traffic_count *pending)
{
	struct traffic_count amount;

	/* Whoever adds does so first and looks then whether the socket was claimed: here it is the other way
	 * round, with a barrier between, so that one of the two sees it. */
	__sync_fetch_and_add(&pending->packets, 0);
	for (int i = 0; i < 8 && (pending->bytes | pending->packets); i++) {
		take(pending, &amount);
		book(key, hint, tx, &amount);
	}
}

/* Books what waits for its first user to the owner. */
static __noinline int settle(struct socket_record *record)
{
	struct traffic_key key = {};

	if (!record)
		return 0;
	key.owner = record->owner;
	key.netns = record->netns;
	key.ifindex = record->pending_ifindex;
	settle_one(&key, &record->slot, false, &record->pending_rx);
	settle_one(&key, &record->slot, true, &record->pending_tx);
	return 0;
}

/* Payload first, and taken last: what is taken may lack a header, but no payload. */
static __always_inline void add_unread(struct unread *unread, const struct unread *amount)
{
	__sync_fetch_and_add(&unread->payload, amount->payload);
	count(&unread->wire, &amount->wire);
}

static __always_inline void take_unread(struct unread *unread, struct unread *taken)
{
	take(&unread->wire, &taken->wire);
	taken->payload = unread->payload;
	__sync_fetch_and_add(&unread->payload, -taken->payload);
}

/* What a process has received: `got` bytes of a stream that comes in segments, or of a datagram when
 * `segment` is 0. `header` bytes go with each; 0: not known. */
struct portion {
	__u32 got;
	__u32 segment;
	__u32 header;
};

/* Takes a portion out of `unread`. A fraction of a packet is carried over to the next call: else who reads
 * first would get all the packets. What was never counted as unread is `older`. */
static __always_inline void take_portion(struct socket_record *record, const struct portion *portion,
					 struct unread *unread, struct unread *older)
{
	bool stream = portion->segment;
	__u64 whole = stream ? unread->payload : unread->wire.packets, packets = unread->wire.packets;
	__u64 got = stream ? portion->got : 1, part = record->packet_part;

	if ((__s64)whole <= 0)
		whole = 0;
	if (got >= whole) {
		older->payload = got - whole;
		record->packet_part = 0;
		unread->payload -= stream ? whole : unread->payload;
		__builtin_memset(&unread->wire, 0, sizeof(unread->wire));
	} else {
		part += ((packets << 16) - part) * got / whole;
		record->packet_part = part & 0xffff;
		unread->payload -= stream ? got : unread->payload * got / whole;
		unread->wire.packets = packets - (part >> 16);
		if (packets) /* headers go with their packets */
			unread->wire.bytes = unread->wire.bytes * unread->wire.packets / packets;
		unread->wire.gso_bytes -= unread->wire.gso_bytes * got / whole;
		unread->wire.gso_packets -= unread->wire.gso_packets * got / whole;
	}
	if (!older->payload || !portion->header)
		older->payload = 0;
	else if (stream) {
		part = record->older_part + (older->payload << 16) / portion->segment;
		record->older_part = part & 0xffff;
		older->wire.packets = part >> 16;
	} else {
		older->payload = portion->got;
		older->wire.packets = 1;
	}
	older->wire.bytes = older->wire.packets * portion->header;
}

static __always_inline void move(struct socket_record *record, const struct unread *unread, __u64 from, __u64 to)
{
	struct traffic_key key = { .owner = to, .netns = record->netns, .ifindex = record->rx_ifindex };
	struct traffic_count amount = unread->wire;

	if (from == to)
		return;
	amount.bytes += unread->payload;
	book(&key, &record->slot, false, &amount);
	key.owner = from;
	amount.bytes = -amount.bytes;
	amount.packets = -amount.packets;
	amount.gso_bytes = -amount.gso_bytes;
	amount.gso_packets = -amount.gso_packets;
	book(&key, &record->slot, false, &amount);
}

/* What has come in and was not received yet, booked to the owner, goes to the next owner, `to`, which has
 * just received a portion of it, or nothing. */
static __noinline int hand_over(struct socket_record *record, __u64 to, const struct portion *portion)
{
	struct unread all, older = {};
	__u32 now, next;

	if (!record || !portion)
		return 0;
	now = next = record->rx_turn & 1;
	take_unread(&record->unread[now ^ 1], &all); /* came in too late for the turn before */
	if (all.wire.packets || all.payload) {
		add_unread(&record->unread[now], &all);
		move(record, &all, record->rx_owner[now ^ 1], record->rx_owner[now]);
	}
	if (record->rx_owner[now] != to) { /* not record->owner: a packet may just have begun the turns */
		next = now ^ 1;
		record->rx_owner[next] = to;
		record->rx_turn = next;
	}
	take_unread(&record->unread[now], &all);
	if (now != next)
		move(record, &all, record->rx_owner[now], to);
	if (portion->got) {
		take_portion(record, portion, &all, &older);
		move(record, &older, record->first_owner, to);
	}
	add_unread(&record->unread[next], &all);
	return 0;
}

#endif
