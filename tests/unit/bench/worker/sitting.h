/* A session in this process that knows the simulated device only, and short words to call it. */
#ifndef STEELYARD_TESTS_WORKER_SITTING_H
#define STEELYARD_TESTS_WORKER_SITTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backends/sim/sim.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session.h"

static const sy_builtin sitting_builtins[] = {{"sim", sy_sim_query}};

typedef struct sitting {
    sy_session *session;
    int memory_fd;
} sitting;

static inline sitting sit_down(void) {
    sitting s = {.memory_fd = memfd_create("outputs", MFD_CLOEXEC)};
    assert_true(s.memory_fd >= 0);
    assert_int_equal(sy_session_create(sitting_builtins, 1, s.memory_fd, &s.session, NULL), SY_OK);
    return s;
}

static inline void stand_up(sitting *s) {
    sy_session_destroy(s->session);
    close(s->memory_fd);
}

/** Call with a request as text; the caller owns the reply. */
static inline json_t *ask(sitting *s, const char *request) {
    json_error_t where;
    json_t *object = json_loads(request, 0, &where);
    if (object == NULL)
        fail_msg("the test's request is no JSON: %s", where.text);
    json_t *reply = sy_session_handle(s->session, object);
    json_decref(object);
    assert_non_null(reply);
    return reply;
}

/** Call and expect a status; `says` (or NULL) must be in the error's text. */
static inline void expect(sitting *s, const char *request, sy_status expected, const char *says) {
    sy_error error = SY_ERROR_INIT;
    json_t *reply = ask(s, request);
    sy_status status = sy_protocol_status(reply, &error);
    if (status != expected || (says != NULL && strstr(error.text, says) == NULL))
        fail_msg("%s: status %d '%s'", request, (int)status, error.text);
    json_decref(reply);
}

#define SITTING_HELLO "{\"call\":\"hello\",\"protocol\":1}"
#define SITTING_OPEN "{\"call\":\"open\",\"backend\":\"sim\",\"index\":0,\"params\":\"seed=1\"}"
/* A tiny problem that is over soon. */
#define SITTING_MEASURE(problem)                                                                             \
    "{\"call\":\"measure\",\"problem\":\"" problem "\",\"algorithm\":\"auto\",\"data\":0,\"seed\":\"1\","    \
    "\"key\":\"2\",\"pick_seed\":\"3\",\"cache\":1,\"cache_bytes\":1024,\"output_slots\":1,"                 \
    "\"limit_ns\":100000000}"

#endif
