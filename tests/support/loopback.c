/* One thread, one poll() over all connections. */
#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 8, REQUEST_MAX = 8192, RULES_MAX = 64, LOG_MAX = 65536 };

typedef struct client {
    int fd;
    bool is_stalled;
    size_t length;
    char request[REQUEST_MAX];
} client;

struct loopback {
    pthread_t thread;
    pthread_mutex_t lock;
    const loopback_rule *rules;
    const char *request_end;
    int listener, stop[2];
    unsigned used[RULES_MAX], connections;
    char port[8];
    size_t log_length;
    char log[LOG_MAX];
    client clients[CLIENTS_MAX];
};

static void send_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void send_padding(int fd, size_t count) {
    char block[4096];
    memset(block, 'x', sizeof block);
    for (size_t part; count > 0; count -= part) {
        part = count < sizeof block ? count : sizeof block;
        send_all(fd, block, part);
    }
}

static void drop(client *one) {
    if (one->fd >= 0)
        close(one->fd);
    one->fd = -1;
    one->length = 0;
}

static void answer(loopback *server, client *one, const char *request) {
    for (size_t i = 0; server->rules[i].match != NULL && i < RULES_MAX; i++) {
        const loopback_rule *rule = &server->rules[i];
        if (strstr(request, rule->match) == NULL || (rule->times != 0 && server->used[i] >= rule->times))
            continue;
        server->used[i]++;
        if (rule->answer != NULL)
            send_all(one->fd, rule->answer, rule->length > 0 ? rule->length : strlen(rule->answer));
        send_padding(one->fd, rule->padding);
        if (rule->then == LOOPBACK_CLOSE)
            drop(one);
        one->is_stalled = rule->then == LOOPBACK_STALL;
        return;
    }
}

static void note(loopback *server, const char *request) {
    pthread_mutex_lock(&server->lock);
    size_t room = sizeof server->log - server->log_length;
    int written = snprintf(server->log + server->log_length, room, "%s", request);
    if (written > 0)
        server->log_length += (size_t)written < room ? (size_t)written : room - 1;
    pthread_mutex_unlock(&server->lock);
}

static void take_requests(loopback *server, client *one) {
    char request[REQUEST_MAX];
    char *end;
    while (one->fd >= 0 && !one->is_stalled && (end = strstr(one->request, server->request_end)) != NULL) {
        size_t length = (size_t)(end - one->request) + strlen(server->request_end);
        memcpy(request, one->request, length);
        request[length] = '\0';
        one->length -= length;
        memmove(one->request, one->request + length, one->length + 1);
        note(server, request);
        answer(server, one, request);
    }
}

static void receive(loopback *server, client *one) {
    size_t room = sizeof one->request - 1 - one->length;
    ssize_t count = recv(one->fd, one->request + one->length, room, 0);
    if (count <= 0) {
        drop(one);
        return;
    }
    one->length += (size_t)count;
    one->request[one->length] = '\0';
    take_requests(server, one);
}

static void accept_client(loopback *server) {
    int fd = accept(server->listener, NULL, NULL);
    for (size_t i = 0; fd >= 0 && i < CLIENTS_MAX; i++) {
        if (server->clients[i].fd >= 0)
            continue;
        server->clients[i] = (client){.fd = fd};
        pthread_mutex_lock(&server->lock);
        server->connections++;
        pthread_mutex_unlock(&server->lock);
        return;
    }
    if (fd >= 0)
        close(fd);
}

static void *serve(void *context) {
    loopback *server = context;
    for (;;) {
        struct pollfd ready[CLIENTS_MAX + 2] = {
            {.fd = server->stop[0], .events = POLLIN}, {.fd = server->listener, .events = POLLIN}};
        for (size_t i = 0; i < CLIENTS_MAX; i++)
            ready[i + 2] = (struct pollfd){.fd = server->clients[i].fd, .events = POLLIN};
        poll(ready, CLIENTS_MAX + 2, -1);
        if (ready[0].revents != 0)
            return NULL;
        for (size_t i = 0; i < CLIENTS_MAX; i++)
            if (ready[i + 2].revents != 0)
                receive(server, &server->clients[i]);
        if (ready[1].revents != 0)
            accept_client(server);
    }
}

static bool listen_on(loopback *server, int family) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t size = family == AF_INET6 ? sizeof v6 : sizeof v4;
    server->listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 || bind(server->listener, address, size) != 0 ||
        listen(server->listener, CLIENTS_MAX) != 0 || getsockname(server->listener, address, &size) != 0)
        return false;
    snprintf(server->port, sizeof server->port, "%u", ntohs(family == AF_INET6 ? v6.sin6_port : v4.sin_port));
    return true;
}

loopback *loopback_start(const loopback_rule *rules, const char *request_end, int family) {
    loopback *server = calloc(1, sizeof *server);
    if (server == NULL)
        return NULL;
    *server = (loopback){
        .rules = rules, .request_end = request_end, .lock = PTHREAD_MUTEX_INITIALIZER, .listener = -1};
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        server->clients[i].fd = -1;
    if (!listen_on(server, family) || pipe(server->stop) != 0 ||
        pthread_create(&server->thread, NULL, serve, server) != 0) {
        if (server->listener >= 0)
            close(server->listener);
        free(server);
        return NULL;
    }
    return server;
}

const char *loopback_port(const loopback *server) {
    return server->port;
}

void loopback_requests(loopback *server, char *out_text, size_t capacity) {
    pthread_mutex_lock(&server->lock);
    snprintf(out_text, capacity, "%s", server->log);
    pthread_mutex_unlock(&server->lock);
}

unsigned loopback_connections(loopback *server) {
    pthread_mutex_lock(&server->lock);
    unsigned count = server->connections;
    pthread_mutex_unlock(&server->lock);
    return count;
}

void loopback_stop(loopback *server) {
    if (server == NULL)
        return;
    if (write(server->stop[1], "x", 1) == 1)
        pthread_join(server->thread, NULL);
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        drop(&server->clients[i]);
    close(server->listener);
    close(server->stop[0]);
    close(server->stop[1]);
    free(server);
}
