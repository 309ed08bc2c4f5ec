/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: GPL-2.0-only */

/* From a packet buffer to what is on the wire: the network-layer bytes of each segment or fragment. */

#ifndef SOCKLEDGER_BPF_WIRE_H
#define SOCKLEDGER_BPF_WIRE_H

#include "maps.h"

#define IP_VERSION(first_byte) ((first_byte) >> 4)
#define IPV4_HEADER 20u
#define IPV6_HEADER 40u
#define IPV6_FRAGMENT_HEADER 8u
#define IPV6_EXTENSIONS 4 /* hop-by-hop, routing, destination: more are not seen in practice */
#define TCP_HEADER 20u
#define UDP_HEADER 8u
#define MPTCP_HEADER 52u   /* with timestamps and where the data belongs */
#define USUAL_SEGMENT 1428 /* on Ethernet */

struct headers {
	__u32 network; /* bytes of the network layer's headers */
	__u32 all;     /* with the transport's header */
	__u8 transport;
};

/* Almost every packet: no IP options, TCP, the headers in one piece. */
static __always_inline bool read_plain_headers(struct __sk_buff *skb, struct headers *headers)
{
	__u8 *ip = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (ip + IPV6_HEADER + TCP_HEADER <= end && IP_VERSION(ip[0]) == 6 && ip[6] == IPPROTO_TCP) {
		headers->network = IPV6_HEADER;
		headers->all = IPV6_HEADER + (ip[IPV6_HEADER + 12] >> 4) * 4;
	} else if (ip + IPV4_HEADER + TCP_HEADER <= end && ip[0] == 0x45 && ip[9] == IPPROTO_TCP) {
		headers->network = IPV4_HEADER;
		headers->all = IPV4_HEADER + (ip[IPV4_HEADER + 12] >> 4) * 4;
	} else {
		return false;
	}
	headers->transport = IPPROTO_TCP;
	return true;
}

/* Fails on a packet too short for its own headers. */
static __always_inline int read_headers(struct __sk_buff *skb, struct headers *headers)
{
	__u8 ip[20];

	if (read_plain_headers(skb, headers))
		return 0;

	if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
		return -1;
	if (IP_VERSION(ip[0]) == 4) {
		headers->network = (ip[0] & 15) * 4;
		headers->transport = ip[9];
	} else {
		headers->network = IPV6_HEADER;
		headers->transport = ip[6];
		for (int i = 0; i < IPV6_EXTENSIONS; i++) {
			__u8 extension[2];
			if (headers->transport != 0 && headers->transport != 43 && headers->transport != 60)
				break;
			if (bpf_skb_load_bytes(skb, headers->network, extension, sizeof(extension)))
				return -1;
			headers->transport = extension[0];
			headers->network += (extension[1] + 1) * 8;
		}
	}
	headers->all = headers->network;
	if (headers->transport == IPPROTO_TCP) {
		__u8 offset;
		if (bpf_skb_load_bytes(skb, headers->network + 12, &offset, 1))
			return -1;
		headers->all += (offset >> 4) * 4;
	} else if (headers->transport == IPPROTO_UDP) {
		headers->all += UDP_HEADER;
	}
	return 0;
}

/* Where in its stream a TCP packet begins and ends. A FIN takes a sequence number, but is no byte. */
static __always_inline bool read_range(struct __sk_buff *skb, __u32 *begin, __u32 *end)
{
	struct headers headers;
	__be32 seq;

	if (read_headers(skb, &headers) || headers.transport != IPPROTO_TCP ||
	    bpf_skb_load_bytes(skb, headers.network + 4, &seq, sizeof(seq)))
		return false;
	*begin = bpf_ntohl(seq);
	*end = *begin + skb->len - headers.all;
	return true;
}

/* A GSO or GRO super-packet is `gso_segs` packets, each with the headers that it has once. */
static __always_inline void add_segments(struct __sk_buff *skb, struct traffic_count *amount)
{
	struct headers headers;
	__u32 segments = skb->gso_segs;

	if (read_headers(skb, &headers))
		return;
	if (!segments) { /* a virtual device handed it over without counting */
		if (skb->len <= headers.all)
			return;
		segments = (skb->len - headers.all + skb->gso_size - 1) / skb->gso_size;
	}
	if (segments < 2)
		return;
	amount->gso_packets = segments - 1;
	amount->gso_bytes = (__u64)amount->gso_packets * headers.all;
	amount->packets += amount->gso_packets;
	amount->bytes += amount->gso_bytes;
}

/* A datagram longer than the MTU is fragmented after it left us, or was reassembled before it came. */
static __always_inline void add_fragments(struct __sk_buff *skb, __u32 netns, struct traffic_count *amount)
{
	struct mtu_key key = { netns, skb->ifindex };
	__u32 *mtu = bpf_map_lookup_elem(&mtus, &key);
	__u32 header, extra = 0, payload, per_fragment, fragments;

	if (!mtu || skb->len <= *mtu || *mtu < 68)
		return;
	header = IPV4_HEADER; /* options are rare, and only some are copied into each fragment */
	if (skb->protocol != bpf_htons(ETH_P_IP)) {
		header = IPV6_HEADER;
		extra = IPV6_FRAGMENT_HEADER;
	}
	payload = skb->len - header;
	per_fragment = (*mtu - header - extra) & ~7u;
	fragments = (payload + per_fragment - 1) / per_fragment;
	amount->packets = fragments;
	amount->bytes = payload + (__u64)fragments * (header + extra);
}

/* Acknowledges without payload or FIN: says nothing about who will use the socket. */
static __always_inline bool is_pure_ack(struct __sk_buff *skb)
{
	struct headers headers;
	__u8 flags;

	if (read_headers(skb, &headers) || headers.transport != IPPROTO_TCP ||
	    bpf_skb_load_bytes(skb, headers.network + 13, &flags, 1))
		return false;
	return !(flags & 1) && headers.all == skb->len;
}

/* Has this CPU counted the packet for another socket already? A multicast datagram reaches each
 * member as a clone, one after the other, and so does what raw sockets see. */
static __always_inline bool is_further_delivery(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct delivery *last = bpf_map_lookup_elem(&last_delivery, &zero);
	__u64 socket = bpf_get_socket_cookie(skb), data = (__u64)(long)skb->data, header[2] = {};

	if (!last || bpf_skb_load_bytes(skb, 0, header, sizeof(header)))
		return false;
	if (last->data == data && last->header[0] == header[0] && last->header[1] == header[1] &&
	    last->first_socket != socket)
		return true;
	last->data = data;
	last->header[0] = header[0];
	last->header[1] = header[1];
	last->first_socket = socket;
	return false;
}

#endif
