/* SPDX-FileCopyrightText: The Sockledger authors */
/* SPDX-License-Identifier: CC0-1.0 */

/* history SOCKET: what a daemon knows beside its snapshots, and who is the busiest. Each call of
 * <sockledger/sockledger.h> that apps.c has not is in here. */

#include <sockledger/sockledger.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static int is_wanted(const char* id, const char* name, void* asked) {
    (void)id;
    (void)name;
    ++*(int*)asked;
    return 1;
}

static int print_busiest(const char* socket) {
    int asked = 0;
    struct sockledger_feed_options options = {
        .size = sizeof options, .source = SOCKLEDGER_DAEMON, .path = socket, .sections = SOCKLEDGER_APPS};
    struct sockledger_shown_options shown_options = {
        .size = sizeof shown_options, .most = 3, .wanted = is_wanted, .user = &asked};
    struct sockledger_shown_app app = {.size = sizeof app};
    struct sockledger_snapshot_info info = {.size = sizeof info};
    sockledger_feed* feed = NULL;
    sockledger_shown* shown = NULL;
    sockledger_snapshot* snapshot = NULL;
    int code = sockledger_feed_open(&options, &feed, NULL, 0);
    if (code == 0)
        code = sockledger_shown_open(&shown_options, &shown);
    if (code == 0)
        code = sockledger_feed_sample(feed, &snapshot);
    if (code == 0)
        code = sockledger_shown_update(shown, snapshot);
    if (code == 0 && sockledger_snapshot_describe(snapshot, &info) == 0 && info.apps > 0 && asked == 0)
        code = -EPROTO;
    for (size_t i = 0; i < sockledger_shown_count(shown); ++i)
        if (sockledger_shown_get(shown, i, &app) == 0)
            printf("%s %" PRIu64 " %" PRIu64 "\n", app.name, app.rx_bytes, app.tx_bytes);
    if (code == 0 && sockledger_shown_other(shown, &app) == 0)
        printf("%s %" PRIu64 " %" PRIu64 "\n", app.id, app.rx_bytes, app.tx_bytes);
    sockledger_snapshot_release(snapshot);
    sockledger_shown_close(shown);
    sockledger_feed_close(feed);
    return code;
}

static int print_history(sockledger_daemon* daemon) {
    const int64_t now = time(NULL);
    struct sockledger_usage_query query = {
        .size = sizeof query, .from = now - 3600, .to = now, .group = SOCKLEDGER_BY_APP};
    struct sockledger_usage_row row = {.size = sizeof row};
    sockledger_usage* usage;
    const int code = sockledger_daemon_usage(daemon, &query, &usage);
    for (size_t i = 0; sockledger_usage_get(usage, i, &row) == 0; ++i)
        printf("%s %" PRId64 " %" PRId64 " in the last hour\n", row.name, row.rx_bytes, row.tx_bytes);
    sockledger_usage_release(usage);
    return code;
}

static int print_alerts(sockledger_daemon* daemon) {
    struct sockledger_alert alert = {.size = sizeof alert};
    int code = sockledger_daemon_subscribe_alerts(daemon);
    while (code == 0) {
        code = sockledger_daemon_next_alert(daemon, &alert);
        if (code == 0)
            printf("%s: %s\n", alert.rule, alert.text);
    }
    return code == -EAGAIN ? 0 : code;
}

int main(int argc, char** argv) {
    sockledger_daemon* daemon = NULL;
    char error[200] = "";
    int code = sockledger_daemon_open(argc > 1 ? argv[1] : NULL, &daemon, error, sizeof error);
    if (code == 0)
        code = print_busiest(argv[1]);
    if (code == 0)
        code = print_history(daemon);
    if (code == 0)
        code = print_alerts(daemon);
    if (code != 0)
        fprintf(stderr, "%d %s %s\n", code, error, sockledger_daemon_error(daemon));
    sockledger_daemon_close(daemon);
    return code != 0;
}
