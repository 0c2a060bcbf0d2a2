/* Device memory of a trial, and its copies. The first failure stays, and makes the rest do nothing. */
#ifndef BACKENDS_CAMBRICON_TRIAL_MEMORY_H
#define BACKENDS_CAMBRICON_TRIAL_MEMORY_H

#include "backends/cambricon/inside.h"

#define CAMBRICON_TRIAL_MEMORIES 6u

typedef struct cambricon_trial_memory {
    const cambricon_libraries *libraries;
    void *queue, *memory[CAMBRICON_TRIAL_MEMORIES];
    uint32_t count;
    int code;
} cambricon_trial_memory;

void cambricon_trial_begin(const sy_device *device, cambricon_trial_memory *out_memory);

/** Memory with these bytes in it (NULL: with anything); NULL for 0 bytes. Waits. */
void *cambricon_trial_give(cambricon_trial_memory *memory, const void *data, size_t bytes);

/** Bytes back. Waits for everything before. */
void cambricon_trial_take(cambricon_trial_memory *memory, void *out_data, const void *from, size_t bytes);

/** Free everything; returns the first failure's code. */
int cambricon_trial_end(cambricon_trial_memory *memory);

#endif
