/* A scripted backend: the candidates it offers are rows, and any one of its calls can be made to fail. */
#ifndef STEELYARD_TESTS_DISPATCH_FAKE_H
#define STEELYARD_TESTS_DISPATCH_FAKE_H

#include "steelyard/backend.h"

/** One candidate: what algorithm() answers at its index. */
typedef struct fake_row {
    sy_status status;
    const char *reason;
    sy_algorithm algorithm;
} fake_row;

/* Calls that can fail, in the order a conversion makes them. */
enum {
    FAKE_NONE,
    FAKE_PLAN,
    FAKE_WORKSPACE,
    FAKE_ALLOC,
    FAKE_BINDING,
    FAKE_RUN,
    FAKE_SYNC,
    FAKE_COPY,
    FAKE_CALL_COUNT
};

/** The script and what was seen; handed to the backend as its device (fake_device()). */
typedef struct fake_script {
    const fake_row *rows;
    uint32_t count;
    uint32_t is_endless; /* the last row again and again */
    uint32_t failing;    /* FAKE_* */
    uint64_t workspace_bytes, layout_bytes;
    uint64_t seen_algorithm_id;
    uint32_t calls[FAKE_CALL_COUNT], living; /* objects made and not destroyed */
} fake_script;

extern const sy_backend_api fake_api;

/** The script as the handles that the backend's functions take. */
sy_device *fake_device(fake_script *script);
sy_queue *fake_queue(fake_script *script);

#endif
