/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: LGPL-2.1-or-later */

#ifndef SOCKLEDGER_H
#define SOCKLEDGER_H

#include <sockledger/sockledger_snapshot.h>

#include <stddef.h>
#include <stdint.h>

/**
 * The stable C ABI: which application moved which bytes over which interface.
 *
 * Handles are opaque; who opens one closes it, and closing NULL does nothing. There is no global state and
 * no thread of the library's own, and no C++ exception leaves a function.
 *
 * Structs begin with their size. The caller sets `size` to sizeof before a call; the library fills as many
 * fields as fit and sets `size` to what it filled, so programs and libraries of different age understand
 * each other. Only `struct sockledger_traffic` and `struct sockledger_counts`, which are parts of others,
 * never change. Zero in an option means its default; one that a library is too old to know is -E2BIG
 * unless it is zero. What is reserved is zero.
 *
 * What may be missing has a bit in the mask `valid`; without its bit a field means nothing. Bytes are wire
 * bytes: network-layer bytes of each packet plus its link header. Rates are bytes per second. Texts are
 * valid UTF-8, never NULL, and live as long as the handle that they came from is held.
 *
 * Functions that can fail return 0 or -errno: -EINVAL for a NULL, an unknown option or a size below the first
 * version's, -ENOENT for an index or a name that is not there, -ENOMEM, -EIO for what has no errno. Other
 * codes are named where they arise.
 *
 * Threads: one at a time for each handle, unless another rule is stated; different handles do not meet.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** Of the library at run time: "0.1.0". */
SOCKLEDGER_API const char* sockledger_version(void);

/* ---- feed --------------------------------------------------------------------------------------- */

/** Hands out snapshots, wherever they come from. */
typedef struct sockledger_feed sockledger_feed;

enum sockledger_source {
    SOCKLEDGER_AUTOMATIC = 0, /**< the daemon if it answers, else this process's own engine */
    SOCKLEDGER_DAEMON = 1,    /**< the daemon or an error */
    SOCKLEDGER_LOCAL = 2,     /**< this process's own engine: it sees what this process may see */
    SOCKLEDGER_REPLAY = 3,    /**< a recording made by `sockledger record` */
};

/** For counters that must never fall and never leap: totals go on over a restart of the daemon, and with
 *  SOCKLEDGER_AUTOMATIC over a change between daemon and engine. Not with SOCKLEDGER_REPLAY. */
#define SOCKLEDGER_FEED_LASTING (1u << 0)
/** The own engine loads no BPF. */
#define SOCKLEDGER_FEED_NO_BPF (1u << 1)

#define SOCKLEDGER_INTERFACES (1u << 0)
#define SOCKLEDGER_APPS (1u << 1)
#define SOCKLEDGER_PROCESSES (1u << 2)
#define SOCKLEDGER_CONNECTIONS (1u << 3)

struct sockledger_feed_options {
    size_t size;
    uint32_t source;   /**< enum sockledger_source */
    uint32_t flags;    /**< SOCKLEDGER_FEED_* */
    const char* path;  /**< the recording, or the daemon's socket; NULL: /run/sockledger/io.sockledger */
    uint32_t sections; /**< SOCKLEDGER_INTERFACES | ...: others may stay empty; 0: all */
    uint32_t socket_interval_ms; /**< the own engine reads its table of sockets at most this often */
};

/** Opens a feed. `options` may be NULL. When it fails, one line for a person is written to `error`, cut to
 *  `error_size` and ended with NUL; `error` may be NULL. The codes are those of the kernel call that failed.
 *  Threads: any. Interfaces are those of the calling thread's network namespace. */
SOCKLEDGER_API int sockledger_feed_open(const struct sockledger_feed_options* options, sockledger_feed** feed,
                                        char* error, size_t error_size);
SOCKLEDGER_API void sockledger_feed_close(sockledger_feed* feed);

/** Takes the next snapshot; the caller holds it. A daemon's answer is waited for, at most 10 s. Fails with
 *  -ENODATA at the end of a recording, and with the errno of the connection while the daemon is away: call
 *  again later. Threads: one at a time, the one that opened the feed. */
SOCKLEDGER_API int sockledger_feed_sample(sockledger_feed* feed, sockledger_snapshot** snapshot);
/** The newest snapshot, held for the caller; NULL before the first. Threads: any, while the feed is open. */
SOCKLEDGER_API sockledger_snapshot* sockledger_feed_latest(const sockledger_feed* feed);
/** Polls readable when sample() has something before its next turn; -1 if never. Owned by the feed. */
SOCKLEDGER_API int sockledger_feed_wake_fd(const sockledger_feed* feed);
/** Why the last sample() failed, one line; "" after one that did not. Valid until the next sample(). */
SOCKLEDGER_API const char* sockledger_feed_error(const sockledger_feed* feed);

/* ---- the busiest few ---------------------------------------------------------------------------- */

/** Chooses the few applications that a host shows by name, and counts what all others moved. Choices are
 *  stable. Byte counters are those of the sample before, so that the first bytes of a newcomer are in its
 *  growth: what applications and others grow by is what all applications moved. */
typedef struct sockledger_shown sockledger_shown;

struct sockledger_shown_options {
    size_t size;
    uint32_t most;           /**< by name; 0: 50 */
    uint32_t forget_seconds; /**< of silence without a connection; 0: 300 */
    /** Whether an application may be shown by name; NULL: all. Called in update(), once for each. */
    int (*wanted)(const char* id, const char* name, void* user);
    void* user;
};

/** An application, or with the id "other" all others. */
struct sockledger_shown_app {
    size_t size;
    const char* id;
    const char* name;
    uint32_t accuracy; /**< SOCKLEDGER_UNAVAILABLE: the byte counters mean nothing now */
    uint32_t processes;
    uint64_t rx_bytes; /**< never falls; outside loopback */
    uint64_t tx_bytes;
    struct sockledger_counts connections;
    uint32_t reserved;
};

/** `options` may be NULL. */
SOCKLEDGER_API int sockledger_shown_open(const struct sockledger_shown_options* options,
                                         sockledger_shown** shown);
SOCKLEDGER_API void sockledger_shown_close(sockledger_shown* shown);
/** Takes a snapshot in; ends the life of the texts of the one before. */
SOCKLEDGER_API int sockledger_shown_update(sockledger_shown* shown, const sockledger_snapshot* snapshot);
SOCKLEDGER_API size_t sockledger_shown_count(const sockledger_shown* shown);
SOCKLEDGER_API int sockledger_shown_get(const sockledger_shown* shown, size_t index,
                                        struct sockledger_shown_app* row);
SOCKLEDGER_API int sockledger_shown_other(const sockledger_shown* shown, struct sockledger_shown_app* row);

/* ---- the daemon's history and alerts ------------------------------------------------------------ */

/** A connection to sockledgerd for everything that is not a feed. */
typedef struct sockledger_daemon sockledger_daemon;
/** An answer of history. */
typedef struct sockledger_usage sockledger_usage;

/** `socket` may be NULL. Fails with the errno of connect(2). */
SOCKLEDGER_API int sockledger_daemon_open(const char* socket, sockledger_daemon** daemon, char* error,
                                          size_t error_size);
SOCKLEDGER_API void sockledger_daemon_close(sockledger_daemon* daemon);
/** Why the last call failed, one line. Valid until the next call. */
SOCKLEDGER_API const char* sockledger_daemon_error(const sockledger_daemon* daemon);

enum sockledger_bucket {
    SOCKLEDGER_WHOLE = 0,   /**< one row for the window */
    SOCKLEDGER_SECONDS = 1, /**< `bucket_seconds` */
    SOCKLEDGER_HOUR = 2,    /**< local hours of the daemon */
    SOCKLEDGER_DAY = 3,
    SOCKLEDGER_MONTH = 4,
};
enum sockledger_group {
    SOCKLEDGER_BY_NOTHING = 0,
    SOCKLEDGER_BY_APP = 1,
    SOCKLEDGER_BY_INTERFACE = 2,
    SOCKLEDGER_BY_APP_AND_INTERFACE = 3,
};

struct sockledger_usage_query {
    size_t size;
    int64_t from;            /**< seconds of CLOCK_REALTIME */
    int64_t to;              /**< not included */
    uint32_t bucket;         /**< enum sockledger_bucket */
    uint32_t bucket_seconds; /**< SOCKLEDGER_SECONDS only */
    uint32_t group;          /**< enum sockledger_group */
    uint32_t reserved;
    const char* app;       /**< only this id; NULL: all */
    const char* interface; /**< only the one of this name; NULL: all */
};

struct sockledger_usage_row {
    size_t size;
    int64_t from;
    int64_t to;
    const char* app;  /**< "" unless grouped by app */
    const char* name; /**< of the app, for people */
    const char* interface;
    int64_t rx_bytes; /**< may be below zero for "unattributed" */
    int64_t tx_bytes;
    uint32_t accuracy;
    uint32_t reserved;
};

/** What an answer covers, and what the interfaces moved in it: without `app`, the sum of the rows. */
struct sockledger_usage_summary {
    size_t size;
    int64_t from; /**< wider than asked for where only coarser intervals are kept */
    int64_t to;
    int64_t step_seconds; /**< of the coarsest interval that an end of the window cuts; 0: none is */
    int64_t rx_bytes;
    int64_t tx_bytes;
};

/** A time in which nobody recorded: its bytes are known from the kernel's counters, and booked as
 *  "unattributed" at its end. */
struct sockledger_usage_gap {
    size_t size;
    int64_t from;
    int64_t to;
    const char* interface;
    int64_t rx_bytes;
    int64_t tx_bytes;
};

/** Asks and waits for the answer, at most 10 s. */
SOCKLEDGER_API int sockledger_daemon_usage(sockledger_daemon* daemon,
                                           const struct sockledger_usage_query* query,
                                           sockledger_usage** usage);
SOCKLEDGER_API size_t sockledger_usage_count(const sockledger_usage* usage);
SOCKLEDGER_API int sockledger_usage_get(const sockledger_usage* usage, size_t index,
                                        struct sockledger_usage_row* row);
SOCKLEDGER_API int sockledger_usage_get_summary(const sockledger_usage* usage,
                                                struct sockledger_usage_summary* summary);
/** The gaps that end within the window. */
SOCKLEDGER_API size_t sockledger_usage_gap_count(const sockledger_usage* usage);
SOCKLEDGER_API int sockledger_usage_get_gap(const sockledger_usage* usage, size_t index,
                                            struct sockledger_usage_gap* gap);
SOCKLEDGER_API void sockledger_usage_release(sockledger_usage* usage);

/** What a rule is about. */
enum sockledger_subject {
    SOCKLEDGER_SUBJECT_TOTAL = 0,
    SOCKLEDGER_SUBJECT_APP = 1,
    SOCKLEDGER_SUBJECT_INTERFACE = 2,
};

struct sockledger_alert {
    size_t size;
    uint64_t number;     /**< grows with every alert */
    const char* rule;    /**< its id */
    const char* text;    /**< a sentence */
    const char* subject; /**< app id or interface name; "" for the machine's total */
    const char* name;    /**< of the subject, for people */
    uint32_t active;     /**< 1 when it is raised, 0 when it is cleared */
    uint32_t kind;       /**< enum sockledger_subject */
    int64_t raised;      /**< seconds of CLOCK_REALTIME */
    uint64_t value;      /**< when it was raised: bytes per second, or bytes */
    uint64_t threshold;
    int64_t cleared; /**< seconds of CLOCK_REALTIME; 0 while active */
};

/** Begins a stream of alerts: the active ones first, then each one when it is raised or cleared. */
SOCKLEDGER_API int sockledger_daemon_subscribe_alerts(sockledger_daemon* daemon);
/** Polls readable when there may be an alert; -1 before subscribe_alerts() and once the daemon has gone.
 * Owned by the handle. */
SOCKLEDGER_API int sockledger_daemon_alerts_fd(const sockledger_daemon* daemon);
/** The next alert. Does not wait: -EAGAIN when none has arrived. Its texts live until the next call of this.
 *  Fails with the errno of the connection when the daemon has gone: subscribe again later. */
SOCKLEDGER_API int sockledger_daemon_next_alert(sockledger_daemon* daemon, struct sockledger_alert* alert);

#ifdef __cplusplus
}
#endif

#endif
