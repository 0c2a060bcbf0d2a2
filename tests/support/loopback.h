/* A server on loopback that answers by a script: for tests of clients. Requests are lines, or heads of HTTP.
 */
#ifndef STEELYARD_TESTS_LOOPBACK_H
#define STEELYARD_TESTS_LOOPBACK_H

#include <stddef.h>
#include <stdint.h>

/* What happens after an answer: nothing; the connection is closed; the server never answers on it again. */
enum { LOOPBACK_KEEP = 0, LOOPBACK_CLOSE = 1, LOOPBACK_STALL = 2 };

/**
 * The first rule whose `match` is part of a request answers it. match NULL ends a script; "": any request.
 * answer: sent as it is; NULL: nothing. padding: so many 'x' after it. times: how often it is used; 0:
 * always.
 */
typedef struct loopback_rule {
    const char *match, *answer;
    size_t length, padding;
    unsigned times;
    int then;
} loopback_rule;

typedef struct loopback loopback;

/**
 * Serve a script (borrowed) on a free port of loopback until stopped. family: AF_INET or AF_INET6.
 * request_end: "\n" for lines, "\r\n\r\n" for HTTP. NULL if the system does not let it.
 */
loopback *loopback_start(const loopback_rule *rules, const char *request_end, int family);

/** The port, as text. Borrowed. */
const char *loopback_port(const loopback *server);

/** All requests so far, one after the other, into a text of the caller. */
void loopback_requests(loopback *server, char *out_text, size_t capacity);

/** How many connections were accepted so far. */
unsigned loopback_connections(loopback *server);

/** Stop, close everything, free. */
void loopback_stop(loopback *server);

#endif
