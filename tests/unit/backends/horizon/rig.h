/* The backend on the simulated libraries of Horizon (tests/vendor_sim), and short words for what tests do to
 * it. */
#ifndef TESTS_UNIT_BACKENDS_HORIZON_RIG_H
#define TESTS_UNIT_BACKENDS_HORIZON_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/horizon/horizon.h"

/** A backend, its device opened, and a queue. `libraries`: the reported ones, "horizon_dnn=libdnn.so ". */
typedef struct rig {
    char path[1024], libraries[256], versions[128];
    const char *dnn, *ucp, *root; /* settings of the host; NULL: unset */
    const sy_backend_api *api;
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
    void (*hold)(bool is_held);
} rig_sim;
extern rig_sim sim;

/** The backend alone, its libraries in that folder ("horizon"); the world as it is. */
void rig_create(rig *r, const char *folder);

/** A new world with these settings, the device opened with these parameters, and a queue. All tests of a
 * program use one folder. */
void rig_open_as(rig *r, const char *folder, const char *settings, const char *params);
void rig_open(rig *r, const char *folder, const char *settings);

/** Everything goes; nothing may be left, nothing may have been done wrong. */
void rig_end(rig *r);

/** One clear line that has `words`. */
void rig_expect_words(const char *text, const char *words);

/** Load a model's text. */
sy_status rig_load(rig *r, const char *text, sy_model **out_model);

/** Device memory; fails the test if there is none. */
sy_buffer *rig_memory(rig *r, uint64_t bytes);

/** Bytes between the host and a device buffer. */
void rig_move(rig *r, sy_buffer *buffer, void *bytes, uint64_t count, bool is_input);

/** A model bound to buffers of its own, each as large as its port. */
enum { RIG_PORTS = 8 };
typedef struct rig_bound {
    sy_model *model;
    uint32_t ports;
    uint64_t bytes[RIG_PORTS];
    sy_buffer *buffer[RIG_PORTS];
    sy_span span[RIG_PORTS];
    sy_binding *binding;
} rig_bound;
rig_bound rig_bind(rig *r, const char *text);
void rig_release(rig *r, rig_bound *b);

/** Run it and wait; the wait's status. */
sy_status rig_run(rig *r, const rig_bound *b);

#endif
