/* The libraries of a stack, opened and bound. */
#ifndef BACKENDS_CUDA_FAMILY_LIBRARY_H
#define BACKENDS_CUDA_FAMILY_LIBRARY_H

#include "backends/cuda_family/api.h"
#include "backends/cuda_family/dnn_api.h"
#include "backends/cuda_family/meter.h"
#include "backends/cuda_family/miopen_api.h"
#include "backends/cuda_family/stack.h"
#include "runtime/card/card.h"

/** A BLAS that was opened; `status` and `reason` say why not. */
typedef struct cf_blas {
    const cf_blas_row *row; /* NULL: the stack has no such library */
    cf_blas_api api;
    sy_status status;
    sy_error reason;
} cf_blas;

/** What backend->stack and device->stack are. Libraries are never closed: they leave threads behind. */
typedef struct cf_libraries {
    const cf_stack *stack;
    cf_runtime_api runtime;
    cf_blas blas[2];
    cf_lt_api lt;
    cf_dnn_api dnn;
    cf_miopen_api miopen; /* where dnn is MIOpen */
    cf_meters *meters;
    sy_status lt_status, dnn_status; /* SY_UNAVAILABLE with a reason: not there */
    sy_error lt_reason, dnn_reason;
    int runtime_version, driver_version; /* 0: not told */
    char folder[512];                    /* of the runtime's library; "" if not known */
    char unset[192];                     /* as cf_environment_clear() */
    bool is_simulated;                   /* carries the mark of a simulated library */
} cf_libraries;

/** A library's codes are numbers of its own: which one is told by hundred thousands. */
enum {
    CF_CODE_RUNTIME = 0,
    CF_CODE_BLAS = 100000,
    CF_CODE_BLAS_OTHER = 200000,
    CF_CODE_LT = 300000,
    CF_CODE_DNN = 400000,
    CF_CODE_OWN = 500000,
    CF_CODE_STEP = 100000
};
static inline int cf_blas_code(uint32_t which) {
    return which == 0 ? CF_CODE_BLAS : CF_CODE_BLAS_OTHER;
}
static inline int cf_code(int library, int code) {
    return code == 0 ? 0 : library + code;
}

/** Open what the stack has. SY_UNAVAILABLE: no runtime; the text says what was looked for and what helps.
 * Other libraries may be missing: what they do is then refused with their reasons. */
sy_status cf_libraries_open(
    sy_backend *backend, const cf_stack *stack, cf_libraries **out_libraries, sy_error *err);
void cf_libraries_close(cf_libraries *libraries);

#endif
