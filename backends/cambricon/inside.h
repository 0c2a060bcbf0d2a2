/* The inside of the backend: what an opened device has, and what its files offer each other. */
#ifndef BACKENDS_CAMBRICON_INSIDE_H
#define BACKENDS_CAMBRICON_INSIDE_H

#include <pthread.h>

#include "backends/cambricon/library.h"
#include "backends/cambricon/trial.h"
#include "runtime/card/card.h"

/** Whether a card has something: CNRT may not know. */
typedef enum cambricon_fact { CAMBRICON_UNKNOWN = -1, CAMBRICON_NO = 0, CAMBRICON_YES = 1 } cambricon_fact;

/**
 * An opened device. A handle of CNNL is one thread's at a time and has one queue: `handle` runs, under the
 * device's lock; `asker` is for questions and trials, under `ask_lock`, which is taken behind the device's
 * lock where both are wanted.
 */
typedef struct cambricon_device {
    void *handle, *queue; /* NULL without CNNL; the queue that it was last set to */
    void *asker, *ask_queue;
    pthread_mutex_t ask_lock;
    cambricon_fact has_f16, has_bf16, has_tf32;
    cambricon_finding finding[CAMBRICON_QUESTIONS]; /* trial.h */
    cambricon_meter *meter;                         /* NULL: meter_reason says why */
    sy_status meter_status;
    sy_error meter_reason;
} cambricon_device;

static inline const cambricon_libraries *cambricon_libraries_of(const sy_device *device) {
    return device->stack;
}

static inline cambricon_device *cambricon_device_of(const sy_device *device) {
    return device->own;
}

static inline void cambricon_ask_begin(sy_device *device) {
    pthread_mutex_lock(&cambricon_device_of(device)->ask_lock);
}

static inline void cambricon_ask_end(sy_device *device) {
    pthread_mutex_unlock(&cambricon_device_of(device)->ask_lock);
}

extern const sy_card_runtime cambricon_runtime;

/* Functions of cambricon_model. */
sy_status cambricon_devices_count(sy_backend *backend, uint32_t *out_count, sy_error *err);
sy_status cambricon_device_describe(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err);
sy_status cambricon_device_open(sy_device *device, const char *params, sy_error *err);
void cambricon_device_close(sy_device *device);

/** Take the handle for runs on a queue: under the device's lock, until cambricon_run_end(). Returns a code.
 */
int cambricon_run_begin(sy_device *device, void *queue);
/** Let go of it. A failure of CNNL that has its cause in what ran before becomes CNRT's own code for that. */
int cambricon_run_end(sy_device *device, void *queue, int code);

/** Whether a type can be worked with on this card, SY_UNSUPPORTED with a reason otherwise. */
sy_status cambricon_check_type(const sy_device *device, uint32_t dtype, sy_error *err);

/** Ways. _TF32: f32 may be rounded to tf32. */
enum { CAMBRICON_WAY_TF32 = 1 };
extern const sy_card_way cambricon_way_matmul, cambricon_way_matmul_tf32;
extern const sy_card_way cambricon_way_conv, cambricon_way_conv_tf32;
extern const sy_card_way cambricon_way_triad;

#endif
