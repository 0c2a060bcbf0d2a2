/*
 * Inside of the simulated BPU: memory behind a processor's cache, and tasks. Called with the lock held,
 * unless it says otherwise.
 */
#ifndef TESTS_VENDOR_SIM_HORIZON_BPU_H
#define TESTS_VENDOR_SIM_HORIZON_BPU_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/vendor_sim/common/stream.h"
#include "tests/vendor_sim/common/world.h"
#include "tests/vendor_sim/horizon/hb.h"

/* Kinds of objects. */
#define HZ_MEMORY "memory"
#define HZ_PACK "pack"
#define HZ_MODEL "model"
#define HZ_TASK "task"

#pragma GCC visibility push(default)

/* memory.c */

/** Memory of at most `memory` bytes (256M) in all; filled with 0xA5. */
int32_t bpu_memory_make(hbSysMem *memory, uint64_t bytes, bool is_cached);
int32_t bpu_memory_free(hbSysMem *memory);

/**
 * Lines of the cache that the processor has written since the last flush go to where the BPU looks (both
 * flags); with INVALIDATE the cache is filled anew from there. What is not flushed is not seen.
 */
int32_t bpu_memory_flush(const hbSysMem *memory, int32_t flag);

/** Where the BPU has those bytes; NULL, with misuse "memory_not_there": they are not memory of the BPU, or at
 * another address than it says. Counts a user of it, until bpu_memory_done(). */
unsigned char *bpu_memory_view(const hbSysMem *memory, uint64_t bytes);
void bpu_memory_done(const unsigned char *view);

/* task.c */

/** A task of that work, which begins with bpu_task_submit(). */
int32_t bpu_task_make(const sim_work *work, void **out_handle);
int32_t bpu_task_submit(void *handle);
/** Its code; HZ_TIMEOUT if it is not done in that time (0: none). */
int32_t bpu_task_wait(void *handle, int32_t limit_ms);
int32_t bpu_task_release(void *handle);

#pragma GCC visibility pop

#endif
