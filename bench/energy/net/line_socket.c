/* Lines over TCP, non-blocking inside: nothing here waits longer than it was told. */
#include "bench/energy/net/line_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Wait until the socket is ready for `events`. 1: it is; 0: the deadline passed; -1: failed, errno set. */
static int wait_ready(int fd, short events, uint64_t deadline_ns) {
    for (;;) {
        uint64_t now_ns = sy_clock_raw_ns();
        uint64_t left_ns = now_ns != 0 && now_ns < deadline_ns ? deadline_ns - now_ns : 0;
        struct pollfd ready = {.fd = fd, .events = events};
        int count = poll(&ready, 1, (int)(left_ns / 1000000u) + (left_ns % 1000000u != 0));
        if (count > 0)
            return 1;
        if (count < 0 && errno != EINTR)
            return -1;
        if (left_ns == 0)
            return 0;
    }
}

/* Connect a new socket; the result as of wait_ready(), *out_fd open only if it is 1. */
static int connect_one(const struct addrinfo *address, uint64_t deadline_ns, int *out_fd) {
    *out_fd = -1;
    int fd =
        socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -1;
    int result = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 1 : -1;
    if (result < 0 && errno == EINPROGRESS) {
        int failure = 0;
        socklen_t size = sizeof failure;
        result = wait_ready(fd, POLLOUT, deadline_ns);
        if (result == 1 && (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0)) {
            errno = failure != 0 ? failure : errno;
            result = -1;
        }
    }
    int number = errno;
    if (result == 1)
        *out_fd = fd;
    else
        sy_file_close(fd);
    errno = number;
    return result;
}

static sy_status connect_any(
    sy_line_socket *line, const struct addrinfo *addresses, uint64_t deadline_ns, sy_error *err) {
    int result = -1, at_once = 1;
    errno = EADDRNOTAVAIL;
    for (const struct addrinfo *address = addresses; address != NULL && result == -1;
         address = address->ai_next)
        result = connect_one(address, deadline_ns, &line->fd);
    if (result == 0)
        return sy_error_set(err, SY_TIMEOUT, "%s: no connection in the time given", line->name);
    if (result < 0)
        return sy_error_io(err, "%s: no connection", line->name);
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    return SY_OK;
}

sy_status sy_line_connect(
    sy_line_socket *line, const char *host, const char *port, uint64_t timeout_ns, sy_error *err) {
    const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    bool is_ipv6 = strchr(host, ':') != NULL;
    line->fd = -1;
    line->begin = line->end = 0;
    snprintf(line->name, sizeof line->name, "%s%s%s:%s", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port);
    int failure = getaddrinfo(host, port, &wanted, &addresses);
    if (failure != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: %s", line->name, gai_strerror(failure));
    sy_status status = connect_any(line, addresses, sy_clock_raw_ns() + timeout_ns, err);
    freeaddrinfo(addresses);
    return status;
}

static sy_status fail(sy_line_socket *line, sy_status status) {
    sy_line_close(line);
    return status;
}

static sy_status fail_timeout(sy_line_socket *line, const char *what, sy_error *err) {
    return fail(line, sy_error_set(err, SY_TIMEOUT, "%s: %s in the time given", line->name, what));
}

sy_status sy_line_send(sy_line_socket *line, const char *text, uint64_t timeout_ns, sy_error *err) {
    uint64_t deadline_ns = sy_clock_raw_ns() + timeout_ns;
    size_t length = strlen(text), sent = 0;
    if (line->fd < 0)
        return sy_error_set(err, SY_IO, "%s: the connection is closed", line->name);
    while (sent < length) {
        ssize_t count = send(line->fd, text + sent, length - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += (size_t)count;
            continue;
        }
        int ready = errno == EAGAIN ? wait_ready(line->fd, POLLOUT, deadline_ns) : errno == EINTR ? 1 : -1;
        if (ready == 0)
            return fail_timeout(line, "takes no command", err);
        if (ready < 0)
            return fail(line, sy_error_io(err, "%s: sending", line->name));
    }
    return SY_OK;
}

/* A line that is complete in the buffer, if there is one. */
static bool take_line(
    sy_line_socket *line, char *out_text, size_t capacity, sy_status *out_status, sy_error *err) {
    const char *begin = line->buffer + line->begin;
    const char *end = memchr(begin, '\n', line->end - line->begin);
    if (end == NULL)
        return false;
    size_t length = (size_t)(end - begin);
    line->begin += length + 1;
    if (length > 0 && begin[length - 1] == '\r')
        length--;
    *out_status = SY_OK;
    if (length >= capacity)
        *out_status = fail(line,
            sy_error_set(err, SY_OVERFLOW, "%s: answers with a line of %zu characters", line->name, length));
    else if (memchr(begin, '\0', length) != NULL)
        *out_status =
            fail(line, sy_error_set(err, SY_INVALID_ARGUMENT, "%s: answers with a NUL", line->name));
    if (*out_status == SY_OK) {
        memcpy(out_text, begin, length);
        out_text[length] = '\0';
    }
    return true;
}

/* More bytes into the buffer. */
static sy_status fill(sy_line_socket *line, uint64_t deadline_ns, sy_error *err) {
    memmove(line->buffer, line->buffer + line->begin, line->end - line->begin);
    line->end -= line->begin;
    line->begin = 0;
    if (line->end == sizeof line->buffer)
        return fail(line,
            sy_error_set(err, SY_OVERFLOW, "%s: answers with a line over %u bytes", line->name, SY_LINE_MAX));
    int ready = wait_ready(line->fd, POLLIN, deadline_ns);
    if (ready == 0)
        return fail_timeout(line, line->end > 0 ? "only a part of a line" : "no answer", err);
    ssize_t count =
        ready > 0 ? recv(line->fd, line->buffer + line->end, sizeof line->buffer - line->end, 0) : -1;
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return SY_OK;
    if (count < 0)
        return fail(line, sy_error_io(err, "%s: receiving", line->name));
    if (count == 0)
        return fail(line, sy_error_set(err, SY_IO, "%s: closed the connection%s", line->name,
                              line->end > 0 ? " in the middle of a line" : ""));
    line->end += (size_t)count;
    return SY_OK;
}

sy_status sy_line_receive(
    sy_line_socket *line, char *out_text, size_t capacity, uint64_t timeout_ns, sy_error *err) {
    uint64_t deadline_ns = sy_clock_raw_ns() + timeout_ns;
    sy_status status = SY_OK;
    out_text[0] = '\0';
    if (line->fd < 0)
        return sy_error_set(err, SY_IO, "%s: the connection is closed", line->name);
    while (!take_line(line, out_text, capacity, &status, err)) {
        status = fill(line, deadline_ns, err);
        if (status != SY_OK)
            return status;
    }
    return status;
}

void sy_line_close(sy_line_socket *line) {
    if (line->fd >= 0)
        sy_file_close(line->fd);
    line->fd = -1;
    line->begin = line->end = 0;
}
