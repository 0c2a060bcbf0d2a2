/* One case by one algorithm, from problem string to verdict. */
#include "bench/conform/solve.h"

#include <stdio.h>
#include <string.h>

#include "bench/check/check.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Poison of outputs: NaN in every floating-point type, -1 or 255 in the integers. */
enum { POISON = 0xff };

/* Of the data: one for all cases, so that any of them can be run again. */
static const uint64_t DATA_KEY = 42, CHECK_SEED = 7;

sy_status sy_solve_candidates(
    const sy_job_device *on, const char *text, sy_candidates *out_candidates, sy_error *err) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_status status = sy_spec_parse(text, NULL, &spec, err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, err);
    return status == SY_OK
               ? sy_dispatch_candidates(on->api, on->device, &storage.problem, out_candidates, err)
               : status;
}

/* Launch binding 0 once on poisoned memory. */
static sy_status launch_once(const sy_job *job, sy_error *err) {
    const sy_backend_api *api = job->on->api;
    uint32_t output = sy_job_output_tensor(job);
    sy_status status = SY_OK;
    if ((job->algorithm.flags & SY_ALGO_IN_PLACE_C) == 0)
        status = api->memory->fill(job->on->queue, sy_job_span(job, output, 0), POISON, err);
    else
        status = api->memory->copy(job->on->queue, sy_job_span(job, output, 0), sy_job_span(job, 2, 0), err);
    if (status == SY_OK)
        status = api->work->run(job->binding[0]);
    return status == SY_OK ? api->queue->sync(job->on->queue, UINT64_MAX, err) : status;
}

static sy_status check_output(const sy_job *job, const void *output, uint64_t bytes, sy_error *err) {
    uint64_t sets[SY_MAX_TENSORS] = {0};
    sy_check_result result;
    sy_check_request request = {.spec = &job->spec,
        .block = job->block,
        .key = job->request->key,
        .seed = CHECK_SEED,
        .set = sets,
        .level = SY_CHECK_FULL,
        .math = job->algorithm.math,
        .algorithm_bound_factor = job->algorithm.bound_factor,
        .output = output,
        .output_bytes = bytes};
    sy_status status = sy_check_run(&request, &result, err);
    if (status != SY_OK || result.status == SY_OK)
        return status;
    return sy_error_set(err, result.status, "%s: %s", sy_status_name(result.status), result.reason);
}

static sy_status solve(sy_job *job, sy_error *err) {
    sy_status status = launch_once(job, err);
    if (status != SY_OK)
        return status;
    uint64_t bytes = sy_job_output_bytes(job);
    void *output = sy_mem_alloc(bytes);
    if (output == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory for %llu bytes of output", (unsigned long long)bytes);
    status = sy_job_read_output(job, 0, output, err);
    if (status == SY_OK)
        status = check_output(job, output, bytes, err);
    sy_mem_free(output);
    return status;
}

sy_status sy_solve_case(const sy_job_device *on, const sy_data_block *block, const char *text,
    const char *algorithm, sy_error *err) {
    sy_job_request request = {
        .problem = text, .algorithm = algorithm, .key = DATA_KEY, .cache = SY_CACHE_HOT};
    sy_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a case");
    sy_status status = sy_job_prepare(job, on, &request, block, err);
    if (status == SY_OK)
        status = solve(job, err);
    sy_job_release(job);
    sy_mem_free(job);
    return status;
}

bool sy_solve_is_known(const char *text, const char *algorithm, sy_status status) {
    sy_spec spec;
    return status == SY_WRONG_RESULT && strcmp(algorithm, "onednn") == 0 &&
           sy_spec_parse(text, NULL, &spec, NULL) == SY_OK && !sy_dtype_is_float(spec.dtype_a);
}
