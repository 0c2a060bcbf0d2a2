/* Outputs: from the worker's memory, against the reference, and those of timed runs against checked ones. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/tensor/nearness.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* How far outputs may be from the reference, and those of timed runs from checked ones; sums in f32 of
 * rounded bf16 differ more. */
static const double BOUND = 1e-3, BOUND_BF16 = 5e-2, TIMED = 0.1;

void sy_infer_outputs_release(sy_infer_outputs *outputs) {
    sy_mem_free(outputs->data);
    sy_mem_free(outputs->run);
    *outputs = (sy_infer_outputs){0};
}

sy_status sy_infer_take_outputs(
    const sy_infer_side *side, sy_worker *worker, const json_t *reply, sy_infer_outputs *out, sy_error *err) {
    const json_t *list = json_object_get(reply, "outputs");
    const void *data = NULL;
    *out = (sy_infer_outputs){0};
    uint64_t bytes = sy_protocol_u64(reply, "outputs_bytes", 0);
    if (json_array_size(list) == 0 || bytes == 0) /* none, or outputs without elements */
        return SY_OK;
    *out = (sy_infer_outputs){.bytes = bytes, .count = json_array_size(list)};
    sy_status status = sy_worker_outputs(worker, out->bytes, &data, err);
    if (status != SY_OK)
        return status;
    out->data = sy_mem_alloc(out->bytes);
    out->run = sy_mem_calloc(out->count, sizeof *out->run);
    if (out->data == NULL || out->run == NULL) {
        sy_infer_outputs_release(out);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for outputs");
    }
    memcpy(out->data, data, out->bytes);
    for (size_t i = 0; i < out->count; i++) {
        out->run[i].set = sy_protocol_u64(json_array_get(list, i), "set", UINT64_MAX);
        out->run[i].offset = sy_protocol_u64(json_array_get(list, i), "offset", UINT64_MAX);
        bool is_inside =
            out->run[i].offset <= out->bytes && side->run_bytes <= out->bytes - out->run[i].offset;
        if (is_inside)
            continue;
        sy_infer_outputs_release(out);
        return sy_error_set(err, SY_INTERNAL, "the worker's list of outputs contradicts itself");
    }
    return SY_OK;
}

/* The outputs of a set; NULL if they are not there. */
static const char *find_set(const sy_infer_outputs *outputs, uint64_t set) {
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->run[i].set == set)
            return outputs->data + outputs->run[i].offset;
    return NULL;
}

static uint64_t count_of(const sy_infer_port *port) {
    uint64_t size = sy_net_dtype_size(port->dtype);
    return size > 0 ? port->bytes / size : 0;
}

/* The worst of all outputs of one run. out_port: which one. */
static sy_nearness compare_run(
    const sy_infer_side *side, const char *result, const char *reference, const sy_infer_port **out_port) {
    sy_nearness worst = {0};
    *out_port = &side->port[side->n_in];
    for (uint32_t i = side->n_in; i < side->n_in + side->n_out; i++) {
        const sy_infer_port *port = &side->port[i];
        sy_nearness found = sy_nearness_of(port->dtype, result, reference, count_of(port));
        if (found.error > worst.error) {
            worst = found;
            *out_port = port;
        }
        uint64_t padded = (port->bytes + 63) / 64 * 64;
        result += padded;
        reference += padded;
    }
    return worst;
}

/* A network whose outputs are the same whatever goes in is checked no better than by a constant. */
static bool depends_on_inputs(const sy_infer_job *job, const sy_infer_side *side) {
    const sy_infer_port *port;
    const char *first = find_set(&job->reference, 0);
    bool has_others = false;
    for (uint64_t set = 1; set < job->settings.sets; set++) {
        const char *other = find_set(&job->reference, set);
        has_others = has_others || other != NULL;
        if (other != NULL && compare_run(side, other, first, &port).error > side->bound)
            return true;
    }
    return !has_others;
}

static void compare_sets(const sy_infer_job *job, sy_infer_side *side) {
    const sy_infer_port *port;
    side->max_error = 0.0;
    for (size_t i = 0; i < job->reference.count; i++) {
        uint64_t set = job->reference.run[i].set;
        const char *result = find_set(&side->checked, set);
        if (result == NULL)
            continue;
        sy_nearness worst =
            compare_run(side, result, job->reference.data + job->reference.run[i].offset, &port);
        side->is_checked = true;
        side->max_error = fmax(side->max_error, worst.error);
        if (worst.error > side->bound)
            sy_infer_end(side, SY_ROW_WRONG,
                "output '%.80s' [%" PRIu64 "] of inputs %" PRIu64
                " is %.9g, the reference has %.9g (error %.2g, "
                "at most %.2g)",
                port->name, worst.at, set, worst.wrong, worst.right, worst.error, side->bound);
    }
    side->is_weak = !depends_on_inputs(job, side);
    if (side->is_weak)
        snprintf(side->check_note, sizeof side->check_note, "outputs hardly depend on the inputs");
}

/* The reference has the same network: else something was read in another way. */
static bool is_same_shape(const sy_infer_job *job, const sy_infer_side *side) {
    return job->reference.count == 0 || job->reference.bytes == job->reference.count * side->run_bytes;
}

sy_status sy_infer_check(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    json_t *reply = NULL;
    sy_error reason = SY_ERROR_INIT;
    side->bound = job->settings.dtype == SY_BF16 ? BOUND_BF16 : BOUND;
    sy_status status = sy_worker_call(side->target->worker, json_pack("{s:s}", "call", "model_check"),
        SY_INFER_OPEN_LIMIT_MS, &reply, &reason);
    if (status == SY_OK)
        status = sy_infer_take_outputs(side, side->target->worker, reply, &side->checked, &reason);
    json_decref(reply);
    if (status == SY_REFUSED && !sy_worker_alive(side->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status != SY_OK)
        sy_infer_end(side, SY_ROW_ERROR, "%s", sy_error_text(&reason, status));
    else if (!is_same_shape(job, side))
        sy_infer_end(side, SY_ROW_WRONG, "its outputs have other shapes than the reference's");
    else if (job->reference.count > 0)
        compare_sets(job, side);
    return SY_OK;
}

void sy_infer_check_timed(sy_infer_job *job, sy_infer_side *side, const sy_infer_outputs *timed) {
    const sy_infer_port *port;
    if (job->run.program->config->check == SY_CHECK_OFF)
        return;
    for (size_t i = 0; i < timed->count; i++) {
        const char *checked = find_set(&side->checked, timed->run[i].set);
        if (checked == NULL)
            continue;
        sy_nearness worst = compare_run(side, timed->data + timed->run[i].offset, checked, &port);
        side->compared++;
        if (worst.error > TIMED * side->bound)
            sy_infer_end(side, SY_ROW_WRONG,
                "output '%.80s' [%" PRIu64 "] of a timed run is %.9g, %.9g when it was checked", port->name,
                worst.at, worst.wrong, worst.right);
    }
}
