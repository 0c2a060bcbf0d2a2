/* The libraries opened and bound, and their calls evened out over both generations. */
#ifndef BACKENDS_HORIZON_LIBRARY_H
#define BACKENDS_HORIZON_LIBRARY_H

#include "backends/horizon/api.h"
#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/** is_ucp: the second generation; only its table is filled then, otherwise only the first's. */
typedef struct horizon_library {
    bool is_ucp, is_simulated;
    horizon_model_api model;
    horizon_dnn_api dnn;
    horizon_ucp_api ucp;
    char version[64];
} horizon_library;

/**
 * Open libdnn.so, and libhbucp.so if it is of that generation, and tell the host. Errors: SY_UNAVAILABLE: not
 * there, with where it was looked for; SY_INCOMPATIBLE: functions are missing, with their names.
 */
sy_status horizon_library_open(const sy_host *host, horizon_library *out_library, sy_error *err);

/** A code of the library as ours, with words ("what: words (code)"). 0 is SY_OK. */
sy_status horizon_fail(const horizon_library *library, int32_t code, const char *what, sy_error *err);

/* calls.c: each returns the library's code, or one of those below where it says success and gives nothing. */
enum { HORIZON_NO_MEMORY = -1, HORIZON_NO_OBJECT = -2 };

/** Cached memory that BPU and processor share; whole pages. */
int32_t horizon_memory_make(const horizon_library *library, uint64_t bytes, horizon_memory *out_memory);
void horizon_memory_end(const horizon_library *library, horizon_memory *memory);
int32_t horizon_memory_flush(const horizon_library *library, horizon_memory *memory, int32_t flag);

/** Begin a run on `core` (HORIZON_ANY_CORE). Tensors are arrays of hbDNNTensor, and must stay. */
int32_t horizon_task_begin(const horizon_library *library, void *model, const void *inputs, void *outputs,
    uint32_t core, void **out_task);

/** Wait, `timeout_ns` at most (UINT64_MAX: for ever). *out_done: false if time was up before. */
int32_t horizon_task_wait(const horizon_library *library, void *task, uint64_t timeout_ns, bool *out_done);
void horizon_task_end(const horizon_library *library, void *task);

#endif
