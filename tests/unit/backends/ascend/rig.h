/* The backend on the simulated libraries of Ascend (tests/vendor_sim), and short words for what tests do to
 * it. */
#ifndef TESTS_UNIT_BACKENDS_ASCEND_RIG_H
#define TESTS_UNIT_BACKENDS_ASCEND_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/ascend/inside.h"
#include "steelyard/backend.h"
#include "steelyard/spec.h"

/** A backend, its first device opened, and a queue. `libraries`: the reported ones, "ascendcl=...
 * nnopbase=...". */
typedef struct rig {
    const char *folder; /* of vendor_sim: "ascend" */
    char path[1024], libraries[2048], versions[256];
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_error error; /* of the last call that takes it */
} rig;

/** Functions of the simulation. */
typedef struct rig_sim {
    void (*configure)(const char *settings);
    void (*fail_call)(const char *function, int64_t nth, int code);
    void (*fail_async)(const char *function, int64_t nth, int code);
    int64_t (*disarm)(void);
    int64_t (*alive)(const char *kind);
    int64_t (*alive_total)(void);
    int64_t (*misuses_total)(void);
    int64_t (*calls)(const char *function);
    int (*reset)(int32_t device);
    int (*finalize)(void);
} rig_sim;
extern rig_sim sim;

/** A new world with these settings; the backend created in it, on that folder's libraries. All tests of a
 * program use one folder. */
void rig_begin(rig *r, const char *folder, const char *settings);
/** The same with the first device open, and a queue. */
void rig_open(rig *r, const char *folder, const char *settings);
/** Everything goes; nothing may be left but `executors`, nothing may have been done wrong. */
void rig_end_with(rig *r, int64_t executors);
void rig_end(rig *r);

/** The problem of a text; tests run one after another. */
const sy_problem *rig_problem(const char *text);

/** The candidate of that name: its status; the error is its own. SY_UNAVAILABLE: there is none. */
sy_status rig_candidate(rig *r, const char *text, const char *name, sy_algorithm *out_algorithm);

/** Expect of it that it is usable, or refuses with those words. */
void rig_expect(rig *r, const char *text, const char *name, const char *words);

/** One clear line that has `words`. */
void rig_expect_words(const char *text, const char *words);

/** A problem planned and bound, with operands in a buffer of its own whose inputs are 1. `shift`: bytes by
 * which each is off its alignment. */
typedef struct rig_work {
    sy_buffer *buffer, *workspace;
    sy_plan *plan;
    sy_binding *binding;
    sy_span output;
} rig_work;
sy_status rig_plan(rig *r, const char *text, const char *name, sy_plan **out_plan);
void rig_work_make(rig *r, const char *text, const char *name, uint64_t shift, rig_work *out_work);
void rig_work_free(rig_work *work);

/** Run it and wait; the wait's status. */
sy_status rig_run(rig *r, rig_work *work);

/** The first bytes of the output. */
void rig_output(rig *r, const rig_work *work, void *to, uint64_t bytes);

#endif
