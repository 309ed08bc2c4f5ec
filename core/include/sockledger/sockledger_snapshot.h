/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: LGPL-2.1-or-later */

#ifndef SOCKLEDGER_SNAPSHOT_H
#define SOCKLEDGER_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

/** What a snapshot says: a part of <sockledger/sockledger.h>, where the rules of all calls are. */

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SOCKLEDGER_API __attribute__((visibility("default")))
#else
#define SOCKLEDGER_API
#endif

/* ---- numbers ------------------------------------------------------------------------------------ */

/** How a number is known, from best to worst. A sum is as good as its worst term. */
enum sockledger_accuracy {
    SOCKLEDGER_EXACT = 0,       /**< the kernel counted each packet */
    SOCKLEDGER_PARTIAL = 1,     /**< a lower bound: TCP payload, or events known to be lost */
    SOCKLEDGER_ESTIMATED = 2,   /**< interface bytes shared out by connection count */
    SOCKLEDGER_UNAVAILABLE = 3, /**< not measurable here: the numbers beside it mean nothing */
};

#define SOCKLEDGER_TRAFFIC_RX_RATE (1u << 0)
#define SOCKLEDGER_TRAFFIC_TX_RATE (1u << 1)

/** Totals since the feed opened, which never fall, and the rates of the last interval. */
struct sockledger_traffic {
    uint64_t rx_bytes;
    uint64_t tx_bytes;
    uint64_t rx_packets;
    uint64_t tx_packets;
    double rx_rate;    /**< SOCKLEDGER_TRAFFIC_RX_RATE; absent at the first sight and after a reset */
    double tx_rate;    /**< SOCKLEDGER_TRAFFIC_TX_RATE */
    uint32_t accuracy; /**< enum sockledger_accuracy */
    uint32_t valid;    /**< SOCKLEDGER_TRAFFIC_* */
};

/** TCP states of tcp_states.h; sockets without states are ESTABLISHED when connected, else CLOSE. */
enum sockledger_state {
    SOCKLEDGER_STATE_UNKNOWN = 0,
    SOCKLEDGER_ESTABLISHED = 1,
    SOCKLEDGER_SYN_SENT = 2,
    SOCKLEDGER_SYN_RECV = 3,
    SOCKLEDGER_FIN_WAIT1 = 4,
    SOCKLEDGER_FIN_WAIT2 = 5,
    SOCKLEDGER_TIME_WAIT = 6,
    SOCKLEDGER_CLOSE = 7,
    SOCKLEDGER_CLOSE_WAIT = 8,
    SOCKLEDGER_LAST_ACK = 9,
    SOCKLEDGER_LISTEN = 10,
    SOCKLEDGER_CLOSING = 11,
    SOCKLEDGER_NEW_SYN_RECV = 12,
};
#define SOCKLEDGER_STATES 13

enum sockledger_protocol {
    SOCKLEDGER_TCP = 0,
    SOCKLEDGER_UDP = 1,
    SOCKLEDGER_UDPLITE = 2,
    SOCKLEDGER_SCTP = 3,
    SOCKLEDGER_DCCP = 4,
    SOCKLEDGER_ICMP = 5,
    SOCKLEDGER_RAW = 6,
    SOCKLEDGER_OTHER_PROTOCOL = 7,
};

/** How far away the remote address of a connection is. */
enum sockledger_scope {
    SOCKLEDGER_SCOPE_UNSPECIFIED = 0, /**< not connected */
    SOCKLEDGER_SCOPE_LOOPBACK = 1,
    SOCKLEDGER_SCOPE_LINK = 2,
    SOCKLEDGER_SCOPE_LAN = 3,
    SOCKLEDGER_SCOPE_MULTICAST = 4,
    SOCKLEDGER_SCOPE_INTERNET = 5,
};

/** Sockets of an application or a process. */
struct sockledger_counts {
    uint32_t total;
    uint32_t tcp;
    uint32_t udp;                           /**< with UDP-Lite */
    uint32_t other;                         /**< raw, ICMP, SCTP, ... */
    uint32_t tcp_states[SOCKLEDGER_STATES]; /**< TCP in each enum sockledger_state */
};

/** "exact", "ESTABLISHED", "tcp", "internet"; "?" for a number that this library does not know.
 *  Valid for ever. Threads: any. */
SOCKLEDGER_API const char* sockledger_accuracy_name(uint32_t accuracy);
SOCKLEDGER_API const char* sockledger_state_name(uint32_t state);
SOCKLEDGER_API const char* sockledger_protocol_name(uint32_t protocol);
SOCKLEDGER_API const char* sockledger_scope_name(uint32_t scope);

/* ---- snapshot: any thread may read one; each hold needs its release ------------------------------ */

/** One consistent, immutable picture of the machine. */
typedef struct sockledger_snapshot sockledger_snapshot;

/** Holds it once more; returns it. NULL is held as NULL. Threads: any. */
SOCKLEDGER_API sockledger_snapshot* sockledger_snapshot_hold(sockledger_snapshot* snapshot);
/** The last release frees it, with every text that came from it. Threads: any. */
SOCKLEDGER_API void sockledger_snapshot_release(sockledger_snapshot* snapshot);

struct sockledger_snapshot_info {
    size_t size;
    uint64_t sequence;               /**< 1 for the first */
    uint64_t boottime_ns;            /**< CLOCK_BOOTTIME */
    uint64_t realtime_ns;            /**< CLOCK_REALTIME */
    uint64_t interval_ns;            /**< since the one before; 0 for the first */
    uint64_t since_ns;               /**< CLOCK_BOOTTIME when all totals were zero */
    uint32_t netns;                  /**< inode number of the network namespace that the interfaces are of */
    uint32_t accuracy;               /**< how bytes are known per application: the worst of them */
    struct sockledger_traffic total; /**< of the interfaces with a default route, else of all that are up */
    size_t interfaces;               /**< how many rows there are of each */
    size_t apps;
    size_t processes;
    size_t connections;
    size_t sources;
    const char* missing;  /**< why applications' traffic is not exact, a sentence; "" when it is */
    uint32_t from_daemon; /**< 1: a daemon took it, 0: this process's engine or a recording */
    uint32_t reserved;
};
SOCKLEDGER_API int sockledger_snapshot_describe(const sockledger_snapshot* snapshot,
                                                struct sockledger_snapshot_info* info);

#define SOCKLEDGER_INTERFACE_LOWER (1u << 0)
#define SOCKLEDGER_INTERFACE_MASTER (1u << 1)

/** An interface and its books: total = apps + kernel + unattributed. */
struct sockledger_interface {
    size_t size;
    uint32_t netns;                 /**< inode number of its network namespace */
    uint32_t ifindex;               /**< ifinfomsg.ifi_index */
    const char* name;               /**< IFLA_IFNAME */
    const char* kind;               /**< "physical", "loopback", "veth", "wireguard", ... */
    const char* netns_name;         /**< "" in the own namespace */
    const char* unattributed_cause; /**< "none", "no_socket", "forwarded", ... */
    uint32_t up;                    /**< 0 or 1: IFLA_OPERSTATE */
    uint32_t loopback;
    uint32_t default_route;
    uint32_t valid;       /**< SOCKLEDGER_INTERFACE_* */
    uint32_t lower_netns; /**< SOCKLEDGER_INTERFACE_LOWER: IFLA_LINK */
    uint32_t lower_ifindex;
    uint32_t master_ifindex;         /**< SOCKLEDGER_INTERFACE_MASTER: IFLA_MASTER */
    uint32_t addresses;              /**< how many */
    struct sockledger_traffic total; /**< IFLA_STATS64 */
    struct sockledger_traffic apps;
    struct sockledger_traffic kernel;
    struct sockledger_traffic unattributed;
    uint64_t rx_errors; /**< IFLA_STATS64.rx_errors, since the device was made */
    uint64_t tx_errors;
    uint64_t rx_dropped;
    uint64_t tx_dropped;
    uint64_t device_rx_bytes; /**< IFLA_STATS64.rx_bytes as it stands */
    uint64_t device_tx_bytes;
};
SOCKLEDGER_API int sockledger_snapshot_interface(const sockledger_snapshot* snapshot, size_t index,
                                                 struct sockledger_interface* row);
/** The one of this name in the snapshot's own namespace. */
SOCKLEDGER_API int sockledger_snapshot_find_interface(const sockledger_snapshot* snapshot, const char* name,
                                                      struct sockledger_interface* row);

struct sockledger_address {
    size_t size;
    const char* address; /**< RFC 5952 text */
    uint32_t prefix_length;
    uint32_t reserved;
};
SOCKLEDGER_API int sockledger_snapshot_address(const sockledger_snapshot* snapshot, size_t interface_index,
                                               size_t index, struct sockledger_address* row);

struct sockledger_app {
    size_t size;
    const char* id;                     /**< "unit:sshd.service", "exe:/usr/bin/curl", ...: stable */
    const char* name;                   /**< for people; never empty */
    const char* icon;                   /**< freedesktop icon name, or "" */
    uint32_t processes;                 /**< that live */
    uint32_t interfaces;                /**< rows of sockledger_snapshot_app_interface(); minutes after a device has
                                             gone there is none of it */
    struct sockledger_traffic traffic;  /**< outside loopback; with the dead processes and closed sockets */
    struct sockledger_traffic loopback; /**< on loopback, not in `traffic` */
    struct sockledger_counts connections;
    uint32_t reserved;
};
SOCKLEDGER_API int sockledger_snapshot_app(const sockledger_snapshot* snapshot, size_t index,
                                           struct sockledger_app* row);
SOCKLEDGER_API int sockledger_snapshot_find_app(const sockledger_snapshot* snapshot, const char* id,
                                                struct sockledger_app* row);

/** What an application moved on one interface, loopback included. */
struct sockledger_app_interface {
    size_t size;
    uint32_t netns;
    uint32_t ifindex;
    struct sockledger_traffic traffic;
};
SOCKLEDGER_API int sockledger_snapshot_app_interface(const sockledger_snapshot* snapshot, size_t app_index,
                                                     size_t index, struct sockledger_app_interface* row);

struct sockledger_process {
    size_t size;
    uint32_t pid; /**< in the initial pid namespace */
    uint32_t parent_pid;
    uint64_t start_ticks; /**< field 22 of /proc/PID/stat: tells it from a later process of the same pid */
    uint32_t uid;         /**< effective */
    uint32_t alive;       /**< 0 or 1 */
    const char* name;     /**< comm, or the whole name of the program where comm was cut off */
    const char* exe;      /**< "" when not readable */
    const char* user;
    const char* app; /**< its id */
    struct sockledger_traffic traffic;
    struct sockledger_traffic loopback;
    struct sockledger_counts connections;
    uint32_t reserved;
};
SOCKLEDGER_API int sockledger_snapshot_process(const sockledger_snapshot* snapshot, size_t index,
                                               struct sockledger_process* row);
/** The live process of this pid. */
SOCKLEDGER_API int sockledger_snapshot_find_process(const sockledger_snapshot* snapshot, uint32_t pid,
                                                    struct sockledger_process* row);

#define SOCKLEDGER_CONNECTION_OWNER (1u << 0)
#define SOCKLEDGER_CONNECTION_RTT (1u << 1)
#define SOCKLEDGER_CONNECTION_RETRANSMITS (1u << 2)
#define SOCKLEDGER_CONNECTION_INTERFACE (1u << 3)

struct sockledger_endpoint {
    uint8_t address[16]; /**< network byte order; IPv4 uses the first 4 bytes */
    uint16_t port;       /**< host byte order */
    uint8_t family;      /**< 4 or 6 */
    uint8_t reserved[5];
};

struct sockledger_connection {
    size_t size;
    uint64_t cookie; /**< SO_COOKIE */
    uint32_t netns;
    uint32_t protocol; /**< enum sockledger_protocol */
    uint32_t state;    /**< enum sockledger_state */
    uint32_t scope;    /**< enum sockledger_scope */
    struct sockledger_endpoint local;
    struct sockledger_endpoint remote;
    uint32_t valid; /**< SOCKLEDGER_CONNECTION_* */
    uint32_t uid;
    uint32_t owner_pid;         /**< SOCKLEDGER_CONNECTION_OWNER */
    uint32_t ifindex;           /**< SOCKLEDGER_CONNECTION_INTERFACE; in `netns` */
    uint64_t owner_start_ticks; /**< SOCKLEDGER_CONNECTION_OWNER */
    const char* app;            /**< its id; "" when nobody is known */
    uint64_t age_ns;            /**< since it was first seen: a lower bound */
    uint32_t rtt_us;            /**< SOCKLEDGER_CONNECTION_RTT: tcp_info.tcpi_rtt */
    uint32_t retransmits;       /**< SOCKLEDGER_CONNECTION_RETRANSMITS: tcp_info.tcpi_total_retrans */
    struct sockledger_traffic traffic;
};
SOCKLEDGER_API int sockledger_snapshot_connection(const sockledger_snapshot* snapshot, size_t index,
                                                  struct sockledger_connection* row);

/** What one source of the engine could do. */
struct sockledger_source_status {
    size_t size;
    const char* name;  /**< "links", "traffic", "sockets", "processes", "apps", "daemon" */
    uint32_t accuracy; /**< enum sockledger_accuracy */
    uint32_t reserved;
    uint64_t lost_bytes;  /**< counted but not attributed, since the engine opened */
    uint64_t lost_events; /**< records dropped or unreadable */
    uint64_t took_ns;     /**< the last read */
    const char* detail;   /**< one sentence for a person: how it works here, or what is missing */
};
SOCKLEDGER_API int sockledger_snapshot_source(const sockledger_snapshot* snapshot, size_t index,
                                              struct sockledger_source_status* row);

#ifdef __cplusplus
}
#endif

#endif
