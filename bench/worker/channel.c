/* Length-prefixed JSON on a stream socket. */
#include "bench/worker/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status send_all(int fd, const char *bytes, size_t count, sy_error *err) {
    while (count > 0) {
        ssize_t put = send(fd, bytes, count, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return sy_error_io(err, "worker channel: send");
        bytes += put;
        count -= (size_t)put;
    }
    return SY_OK;
}

sy_status sy_channel_send(int fd, const json_t *message, sy_error *err) {
    char *text = json_dumps(message, JSON_COMPACT);
    if (text == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "worker channel: no memory for a message");
    size_t length = strlen(text);
    sy_status status = SY_OK;
    if (length > SY_CHANNEL_MESSAGE_MAX)
        status = sy_error_set(err, SY_OVERFLOW, "worker channel: message of %zu bytes is too long", length);
    unsigned char head[4];
    for (size_t i = 0; i < sizeof head; i++)
        head[i] = (unsigned char)((length >> (8 * i)) & 0xff);
    if (status == SY_OK)
        status = send_all(fd, (const char *)head, sizeof head, err);
    if (status == SY_OK)
        status = send_all(fd, text, length, err);
    sy_mem_free(text);
    return status;
}

/* Milliseconds left of a limit, for poll: -1 for ever, never more than an hour at a time. */
static int poll_limit(int64_t timeout_ms, uint64_t begin_ns) {
    if (timeout_ms < 0)
        return -1;
    int64_t elapsed = (int64_t)((sy_clock_raw_ns() - begin_ns) / 1000000u);
    int64_t left = timeout_ms > elapsed ? timeout_ms - elapsed : 0;
    return left > 3600000 ? 3600000 : (int)left;
}

static sy_status wait_readable(int fd, int wake_fd, int64_t timeout_ms, uint64_t begin_ns, sy_error *err) {
    struct pollfd wanted[2] = {{.fd = fd, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    for (;;) {
        int limit = poll_limit(timeout_ms, begin_ns);
        int ready = poll(wanted, 2, limit);
        if (ready < 0 && errno != EINTR)
            return sy_error_io(err, "worker channel: poll");
        if (ready > 0 && (wanted[1].revents & POLLIN) != 0)
            return sy_error_set(err, SY_REFUSED, "interrupted");
        if (ready > 0 && wanted[0].revents != 0)
            return SY_OK;
        if (limit == 0)
            return sy_error_set(err, SY_TIMEOUT, "no answer within %.1f s", (double)timeout_ms / 1000.0);
    }
}

static sy_status receive_all(
    int fd, int wake_fd, int64_t timeout_ms, uint64_t begin_ns, void *buffer, size_t count, sy_error *err) {
    char *next = buffer;
    while (count > 0) {
        sy_status status = wait_readable(fd, wake_fd, timeout_ms, begin_ns, err);
        if (status != SY_OK)
            return status;
        ssize_t got = recv(fd, next, count, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno != ECONNRESET)
            return sy_error_io(err, "worker channel: receive");
        if (got <= 0)
            return sy_error_set(err, SY_LOST, "the other side of the worker channel is gone");
        next += got;
        count -= (size_t)got;
    }
    return SY_OK;
}

static sy_status receive_body(int fd, int wake_fd, int64_t timeout_ms, uint64_t begin_ns, size_t length,
    json_t **out_message, sy_error *err) {
    char *body = sy_mem_alloc(length);
    if (body == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "worker channel: no memory for %zu bytes", length);
    sy_status status = receive_all(fd, wake_fd, timeout_ms, begin_ns, body, length, err);
    if (status == SY_OK) {
        json_error_t where;
        *out_message = json_loadb(body, length, 0, &where);
        if (!json_is_object(*out_message)) {
            json_decref(*out_message);
            *out_message = NULL;
            status = sy_error_set(err, SY_INTERNAL, "worker channel: not a JSON object: %s", where.text);
        }
    }
    sy_mem_free(body);
    return status;
}

sy_status sy_channel_receive(int fd, int wake_fd, int64_t timeout_ms, json_t **out_message, sy_error *err) {
    uint64_t begin_ns = sy_clock_raw_ns();
    unsigned char head[4];
    *out_message = NULL;
    sy_status status = receive_all(fd, wake_fd, timeout_ms, begin_ns, head, sizeof head, err);
    if (status != SY_OK)
        return status;
    uint32_t length = 0;
    for (size_t i = 0; i < sizeof head; i++)
        length |= (uint32_t)head[i] << (8 * i);
    if (length == 0 || length > SY_CHANNEL_MESSAGE_MAX)
        return sy_error_set(err, SY_INTERNAL, "worker channel: a message of %u bytes is not ours", length);
    return receive_body(fd, wake_fd, timeout_ms, begin_ns, length, out_message, err);
}
