/* Functions looked up by a row's prefix and spellings. */
#ifndef BACKENDS_CUDA_FAMILY_SYMBOLS_H
#define BACKENDS_CUDA_FAMILY_SYMBOLS_H

#include "backends/cuda_family/api.h"
#include "backends/cuda_family/dnn_api.h"
#include "backends/cuda_family/miopen_api.h"
#include "backends/cuda_family/stack.h"
#include "runtime/base/dynlib.h"

/* Each fills its table; NULL for what is not there. SY_INCOMPATIBLE: functions that nothing works without are
 * missing; the text names them. */
sy_status cf_runtime_bind(
    const sy_dynlib *library, const cf_library_row *row, cf_runtime_api *out_api, sy_error *err);
sy_status cf_blas_bind(const sy_dynlib *library, const cf_blas_row *row, cf_blas_api *out_api, sy_error *err);
sy_status cf_lt_bind(const sy_dynlib *library, const cf_library_row *row, cf_lt_api *out_api, sy_error *err);
sy_status cf_dnn_bind(const sy_dynlib *library, const cf_dnn_row *row, cf_dnn_api *out_api, sy_error *err);
sy_status cf_miopen_bind(const sy_dynlib *library, const cf_dnn_row *row, cf_dnn_api *out_shared,
    cf_miopen_api *out_api, sy_error *err);

#endif
