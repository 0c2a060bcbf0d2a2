/* Checking the outputs of a visit, in the parent. */
#include <stdlib.h>
#include <string.h>

#include "bench/check/plain.h"
#include "bench/run/visit.h"
#include "bench/worker/job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* One output as the reply announces it. */
typedef struct announced {
    const void *data;
    uint64_t bytes, set[SY_MAX_TENSORS];
} announced;

static sy_status read_announced(
    const json_t *object, const char *base, uint64_t total, announced *out, sy_error *err) {
    const json_t *sets = json_object_get(object, "sets");
    uint64_t offset = sy_protocol_u64(object, "offset", UINT64_MAX);
    out->bytes = sy_protocol_u64(object, "bytes", 0);
    if (out->bytes == 0 || offset > total || out->bytes > total - offset ||
        json_array_size(sets) > SY_MAX_TENSORS)
        return sy_error_set(err, SY_INTERNAL, "the worker's list of outputs contradicts itself");
    out->data = base + offset;
    memset(out->set, 0, sizeof out->set);
    for (size_t i = 0; i < json_array_size(sets); i++)
        out->set[i] = (uint64_t)json_integer_value(json_array_get(sets, i));
    return SY_OK;
}

static sy_status check_copy(const sy_row_state *state, uint64_t key, const announced *output,
    sy_check_result *result, sy_error *err) {
    if (output->bytes != state->work->spec.u.copy.bytes)
        return sy_error_set(err, SY_INTERNAL, "the worker handed over %llu bytes of a copy of %llu",
            (unsigned long long)output->bytes, (unsigned long long)state->work->spec.u.copy.bytes);
    void *expected = sy_mem_alloc(output->bytes);
    if (expected == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory to check %llu bytes", (unsigned long long)output->bytes);
    sy_job_copy_pattern(key, expected, output->bytes);
    sy_check_bytes(expected, output->data, output->bytes, result);
    sy_mem_free(expected);
    return SY_OK;
}

static sy_status check_output(const sy_visit_shared *shared, const sy_row_state *state, uint64_t seed,
    const announced *output, sy_check_result *result, sy_error *err) {
    uint64_t key = strtoull(state->work->key_hash, NULL, 16);
    if (state->work->spec.op == SY_SPEC_COPY)
        return check_copy(state, key, output, result, err);
    sy_check_request request = {.spec = &state->work->spec,
        .block = shared->block,
        .key = key,
        .seed = seed,
        .set = output->set,
        .level = shared->config->check,
        .math = state->facts.math_id,
        .algorithm_bound_factor = state->facts.bound_factor,
        .output = output->data,
        .output_bytes = output->bytes};
    return sy_check_run(&request, result, err);
}

sy_status sy_verify_outputs(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const json_t *reply, uint64_t seed, sy_error *err) {
    const json_t *outputs = json_object_get(reply, "outputs");
    uint64_t total = sy_protocol_u64(reply, "outputs_bytes", 0);
    const void *base = NULL;
    if (json_array_size(outputs) == 0)
        return SY_OK;
    sy_status status = sy_worker_outputs(target->worker, total, &base, err);
    for (size_t i = 0; status == SY_OK && i < json_array_size(outputs); i++) {
        announced output;
        sy_check_result result;
        status = read_announced(json_array_get(outputs, i), base, total, &output, err);
        if (status == SY_OK)
            status = check_output(shared, state, seed + i, &output, &result, err);
        if (status == SY_OK)
            sy_row_state_take_check(state, &result);
    }
    return status;
}
