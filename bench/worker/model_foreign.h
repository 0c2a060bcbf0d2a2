/* Networks of backends that take model files as they are. */
#ifndef STEELYARD_WORKER_MODEL_FOREIGN_H
#define STEELYARD_WORKER_MODEL_FOREIGN_H

#include "bench/worker/job.h"
#include "bench/worker/model_side.h"

/** Of a backend with the group `model`. Errors: SY_UNSUPPORTED: it has none; SY_INCOMPATIBLE: the model is of
 * another kind than it takes as a whole; SY_INVALID_ARGUMENT: extents
 * that are open and not bound, bindings that do not fit; what the backend answers. */
sy_status sy_model_foreign_open(
    const sy_job_device *on, const sy_model_request *request, sy_model_side *out_side, sy_error *err);

#endif
