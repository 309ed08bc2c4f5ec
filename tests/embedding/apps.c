/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: CC0-1.0 */

/* apps [RECORDING]: who moved what, by the recording's end or on this machine now. Each call of
 * <sockledger/sockledger_snapshot.h> that gives rows is in here. */

#include <sockledger/sockledger.h>

#include <inttypes.h>
#include <stdio.h>

static void print(const char* what, const char* name, const struct sockledger_traffic* traffic) {
    printf("%s %s %" PRIu64 " %" PRIu64 " %s\n", what, name, traffic->rx_bytes, traffic->tx_bytes,
           sockledger_accuracy_name(traffic->accuracy));
}

static void print_interfaces(const sockledger_snapshot* snapshot) {
    struct sockledger_interface interface = {.size = sizeof interface};
    struct sockledger_address address = {.size = sizeof address};
    for (size_t i = 0; sockledger_snapshot_interface(snapshot, i, &interface) == 0; ++i) {
        print("interface", interface.name, &interface.total);
        for (size_t k = 0; sockledger_snapshot_address(snapshot, i, k, &address) == 0; ++k)
            printf("address %s/%" PRIu32 "\n", address.address, address.prefix_length);
    }
}

static void print_apps(const sockledger_snapshot* snapshot) {
    struct sockledger_app app = {.size = sizeof app};
    struct sockledger_app_interface part = {.size = sizeof part};
    for (size_t i = 0; sockledger_snapshot_app(snapshot, i, &app) == 0; ++i) {
        print("app", app.id, &app.traffic);
        for (size_t k = 0; sockledger_snapshot_app_interface(snapshot, i, k, &part) == 0; ++k)
            print("app on an interface", app.id, &part.traffic);
    }
}

static void print_processes(const sockledger_snapshot* snapshot) {
    struct sockledger_process process = {.size = sizeof process};
    struct sockledger_connection connection = {.size = sizeof connection};
    for (size_t i = 0; sockledger_snapshot_process(snapshot, i, &process) == 0; ++i)
        print("process", process.name, &process.traffic);
    for (size_t i = 0; sockledger_snapshot_connection(snapshot, i, &connection) == 0; ++i)
        print(sockledger_protocol_name(connection.protocol), sockledger_state_name(connection.state),
              &connection.traffic);
}

static void print_sources(const sockledger_snapshot* snapshot) {
    struct sockledger_source_status source = {.size = sizeof source};
    for (size_t i = 0; sockledger_snapshot_source(snapshot, i, &source) == 0; ++i)
        printf("source %s: %s\n", source.name, source.detail);
}

int main(int argc, char** argv) {
    struct sockledger_feed_options options = {.size = sizeof options};
    options.source = argc > 1 ? SOCKLEDGER_REPLAY : SOCKLEDGER_LOCAL;
    options.path = argc > 1 ? argv[1] : NULL;
    options.flags = argc > 1 ? 0 : SOCKLEDGER_FEED_NO_BPF;

    sockledger_feed* feed;
    char error[200];
    if (sockledger_feed_open(&options, &feed, error, sizeof error) != 0) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    sockledger_snapshot* snapshot;
    while (sockledger_feed_sample(feed, &snapshot) == 0) {
        sockledger_snapshot_release(snapshot);
        if (argc < 2)
            break;
    }
    snapshot = sockledger_feed_latest(feed);
    print_interfaces(snapshot);
    print_apps(snapshot);
    print_processes(snapshot);
    print_sources(snapshot);
    sockledger_snapshot_release(snapshot);
    sockledger_feed_close(feed);
    return 0;
}
