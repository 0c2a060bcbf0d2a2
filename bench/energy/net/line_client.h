/* Commands and answers of a line each, to one host: what meters with a text protocol have in common. */
#ifndef STEELYARD_ENERGY_NET_LINE_CLIENT_H
#define STEELYARD_ENERGY_NET_LINE_CLIENT_H

#include <stdbool.h>

#include "bench/energy/net/line_socket.h"
#include "bench/energy/net/spec.h"

/** A host. ending: of a command's line, static. timeout_ns: for one command and its answer. */
typedef struct sy_line_client {
    sy_line_socket line;
    char host[128], port[8];
    const char *ending;
    uint64_t timeout_ns;
} sy_line_client;

/** Get ready by a spec (host, port, option `timeout`); connects to nothing. SY_INVALID_ARGUMENT: timeout. */
sy_status sy_line_client_set(sy_line_client *client, const sy_net_spec *spec, const char *default_port,
    const char *ending, sy_error *err);

/** Connect if it is not connected. Errors as sy_line_connect(). */
sy_status sy_line_client_connect(sy_line_client *client, sy_error *err);

/** Whether it is connected: an error on the way closes it. */
bool sy_line_client_is_open(const sy_line_client *client);

/** Send a command that has no answer. Errors as sy_line_send(). */
sy_status sy_line_client_tell(sy_line_client *client, const char *command, sy_error *err);

/** Send a command and receive its answer, at most capacity - 1 characters. Errors as sy_line_receive(). */
sy_status sy_line_client_ask(
    sy_line_client *client, const char *command, char *out_answer, size_t capacity, sy_error *err);

/** Wait for a fiftieth of the timeout: between questions that have no answer yet. */
void sy_line_client_pause(const sy_line_client *client);

/** How often to pause before giving up. */
#define SY_LINE_CLIENT_TRIES 50u

/** Close. */
void sy_line_client_close(sy_line_client *client);

#endif
