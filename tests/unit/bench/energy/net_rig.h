/* For tests of meters on the network: a scripted server, the meters found on it, and one of them opened. */
#ifndef STEELYARD_TESTS_NET_RIG_H
#define STEELYARD_TESTS_NET_RIG_H

#include <stdbool.h>

#include "bench/energy/source.h"
#include "tests/support/loopback.h"

/* An answer of HTTP with a body in JSON that ends with the connection. */
#define NET_JSON(body) "HTTP/1.0 200 OK\r\n\r\n" body, .then = LOOPBACK_CLOSE
#define NET_ABSENT "HTTP/1.0 404 Not Found\r\n\r\n", .then = LOOPBACK_CLOSE
#define NET_REFUSED "HTTP/1.0 401 Unauthorized\r\n\r\n", .then = LOOPBACK_CLOSE

/* A server and what was found on it. spec: of the last find. */
typedef struct net_rig {
    const sy_energy_source *source;
    loopback *server;
    sy_energy_list list;
    char spec[200];
} net_rig;

/** Start a server with a script and find what `options` (";channel=1", "") means on it. Asserts that find()
 * succeeds; what it found is rig->list. scheme: "http://" or "". */
void net_rig_find(net_rig *rig, const sy_energy_source *source, const loopback_rule *rules,
    const char *request_end, const char *scheme, const char *options);

/** The meter whose name ends with `end`; asserts that there is one. */
const sy_energy_found *net_rig_found(const net_rig *rig, const char *end);

/** Open that meter; asserts that it opens. */
sy_energy_meter *net_rig_open(net_rig *rig, const char *end);

/** Assert that exactly one row was found, in this state, with these words in its reason. */
void net_rig_failed(const net_rig *rig, sy_status state, const char *words);

/** Assert that reading fails so, with one line that holds these words. */
void net_rig_read_fails(sy_energy_meter *meter, sy_status status, const char *words);

/** Assert that reading gives this. */
void net_rig_reads(sy_energy_meter *meter, double value);

/** Whether libcurl is here; says that a test is skipped if not. */
bool net_rig_has_http(void);

/** Stop and free everything. */
void net_rig_stop(net_rig *rig);

#endif
