/* Functions of CANN's libraries by their names. */
#ifndef BACKENDS_ASCEND_SYMBOLS_H
#define BACKENDS_ASCEND_SYMBOLS_H

#include "backends/ascend/api.h"
#include "backends/ascend/dcmi.h"
#include "backends/ascend/model_api.h"
#include "runtime/base/dynlib.h"

/** Each as sy_dynlib_bind(). */
sy_status ascend_bind_runtime(const sy_dynlib *library, ascend_runtime_api *out_api, sy_error *err);
sy_status ascend_bind_base(const sy_dynlib *library, ascend_base_api *out_api, sy_error *err);
sy_status ascend_bind_model(const sy_dynlib *library, ascend_model_api *out_api, sy_error *err);
sy_status ascend_bind_dcmi(const sy_dynlib *library, ascend_dcmi_api *out_api, sy_error *err);

/** Put the names of all operators; no functions. */
void ascend_name_operators(ascend_operator op[ASCEND_OPS]);

/** Take the operators that a library has and `op` has not yet. Returns how many it has now. */
uint32_t ascend_bind_operators(const sy_dynlib *library, ascend_operator op[ASCEND_OPS]);

#endif
