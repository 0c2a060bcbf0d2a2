/* A TCP client for protocols of text lines: what it sends and receives, within limits of time and length. */
#ifndef STEELYARD_ENERGY_NET_LINE_SOCKET_H
#define STEELYARD_ENERGY_NET_LINE_SOCKET_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/** A longer line is refused. */
#define SY_LINE_MAX 4096u

/**
 * A connection. Begin with fd -1; host and port are borrowed by connecting alone. One thread at a time.
 * buffer: what was received, from begin to end, and not yet handed on.
 */
typedef struct sy_line_socket {
    int fd;
    size_t begin, end;
    char name[160];
    char buffer[SY_LINE_MAX];
} sy_line_socket;

/**
 * Connect to a name, an IPv4 or an IPv6 address: each address of a name in turn, all within timeout_ns. What
 * the system needs to look a name up is not bounded by it.
 *
 * Errors  SY_UNAVAILABLE: no such name; SY_TIMEOUT; SY_IO: refused or not reached. fd is -1 then.
 */
sy_status sy_line_connect(
    sy_line_socket *line, const char *host, const char *port, uint64_t timeout_ns, sy_error *err);

/** Send `text` as it is, line ending included. Errors: SY_TIMEOUT, SY_IO; the connection is closed then. */
sy_status sy_line_send(sy_line_socket *line, const char *text, uint64_t timeout_ns, sy_error *err);

/**
 * Receive one line, without its end (LF, and CR before it), always NUL-terminated. It may come in pieces;
 * what comes after it is kept for the next call.
 *
 * Errors  SY_TIMEOUT; SY_IO: closed (the text says whether within a line) or failed; SY_OVERFLOW: longer than
 *         capacity - 1 or SY_LINE_MAX; SY_INVALID_ARGUMENT: holds a NUL. The connection is closed after each
 * of them, because what comes next could be the answer to something else.
 */
sy_status sy_line_receive(
    sy_line_socket *line, char *out_text, size_t capacity, uint64_t timeout_ns, sy_error *err);

/** Close; fd becomes -1. Closed already is fine. */
void sy_line_close(sy_line_socket *line);

#endif
