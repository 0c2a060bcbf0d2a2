/* One question, one answer. */
#include "bench/energy/net/line_client.h"

#include <poll.h>
#include <stdio.h>

#include "runtime/base/error.h"

sy_status sy_line_client_set(sy_line_client *client, const sy_net_spec *spec, const char *default_port,
    const char *ending, sy_error *err) {
    client->line.fd = -1;
    client->line.begin = client->line.end = 0;
    client->ending = ending;
    snprintf(client->host, sizeof client->host, "%s", spec->host);
    snprintf(client->port, sizeof client->port, "%s", spec->port[0] != '\0' ? spec->port : default_port);
    return sy_net_spec_timeout(spec, &client->timeout_ns, err);
}

sy_status sy_line_client_connect(sy_line_client *client, sy_error *err) {
    if (sy_line_client_is_open(client))
        return SY_OK;
    return sy_line_connect(&client->line, client->host, client->port, client->timeout_ns, err);
}

bool sy_line_client_is_open(const sy_line_client *client) {
    return client->line.fd >= 0;
}

sy_status sy_line_client_tell(sy_line_client *client, const char *command, sy_error *err) {
    char text[256];
    int length = snprintf(text, sizeof text, "%s%s", command, client->ending);
    if (length < 0 || (size_t)length >= sizeof text)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: a command is too long", client->line.name);
    return sy_line_send(&client->line, text, client->timeout_ns, err);
}

sy_status sy_line_client_ask(
    sy_line_client *client, const char *command, char *out_answer, size_t capacity, sy_error *err) {
    out_answer[0] = '\0';
    sy_status status = sy_line_client_tell(client, command, err);
    if (status != SY_OK)
        return status;
    return sy_line_receive(&client->line, out_answer, capacity, client->timeout_ns, err);
}

void sy_line_client_pause(const sy_line_client *client) {
    poll(NULL, 0, (int)(client->timeout_ns / SY_LINE_CLIENT_TRIES / 1000000u) + 1);
}

void sy_line_client_close(sy_line_client *client) {
    sy_line_close(&client->line);
}
