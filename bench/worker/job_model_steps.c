/* What is known of a network: its ports, its steps, and how long each of them takes. */
#include <string.h>

#include "bench/worker/job_model.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Names of operators on the host that are told. */
enum { HOST_OPS = 32 };

static json_t *port_object(const sy_network_port *port) {
    json_t *extents = json_array();
    for (uint32_t i = 0; i < port->rank && i < SY_MAX_RANK; i++)
        json_array_append_new(extents, json_integer((json_int_t)port->dim[i]));
    return json_pack("{s:o,s:b,s:I,s:o}", "name", sy_protocol_string(port->name, 256), "is_output",
        port->is_output != 0, "dtype", (json_int_t)port->dtype, "dim", extents);
}

static sy_status get_step(const sy_model_job *job, uint32_t index, sy_compiled_step *out_step) {
    *out_step = (sy_compiled_step){.size = sizeof *out_step};
    return job->side.face->step(job->side.model, index, out_step, NULL);
}

static bool is_listed(const json_t *list, const char *text) {
    size_t index;
    json_t *each;
    json_array_foreach(list, index, each) {
        if (strcmp(json_string_value(each), text) == 0)
            return true;
    }
    return false;
}

/* Operators that the device lacks, each once. */
static json_t *host_ops(const sy_model_job *job) {
    json_t *list = json_array();
    sy_compiled_step step;
    for (uint32_t i = 0; get_step(job, i, &step) == SY_OK && json_array_size(list) < HOST_OPS; i++) {
        bool is_told = step.is_host != 0 && step.is_copy == 0 && step.op != NULL;
        json_t *name = is_told ? sy_protocol_string(step.op, 64) : NULL;
        if (name != NULL && !is_listed(list, json_string_value(name)))
            json_array_append(list, name);
        json_decref(name);
    }
    return list;
}

void sy_model_job_put(const sy_model_job *job, json_t *reply) {
    sy_compiled_info info = {.size = sizeof info};
    json_t *ports = json_array();
    for (uint32_t i = 0; i < job->n_in + job->n_out; i++)
        json_array_append_new(ports, port_object(&job->port[i]));
    json_object_set_new(reply, "ports", ports);
    json_object_set_new(reply, "whole", json_boolean(job->side.is_whole));
    json_object_set_new(reply, "load_ns", json_integer((json_int_t)job->side.load_ns));
    json_object_set_new(reply, "compile_ns", json_integer((json_int_t)job->side.compile_ns));
    if (job->side.face->info(job->side.model, &info, NULL) != SY_OK)
        return;
    json_object_set_new(reply, "math", json_integer(info.math));
    json_object_set_new(reply, "wide_steps", json_integer(info.wide_steps));
    json_object_update_new(
        reply, json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "steps", (json_int_t)info.steps, "device_steps",
                   (json_int_t)info.device_steps, "host_steps", (json_int_t)info.host_steps, "copies",
                   (json_int_t)info.copies, "weight_bytes", (json_int_t)info.weight_bytes, "activation_bytes",
                   (json_int_t)info.activation_bytes, "flop", sy_protocol_number(info.flop), "host_ops",
                   host_ops(job)));
}

/* Sums of a profile, a step each; begin_ns and last_ns as the last run had it. */
typedef struct profile {
    uint64_t *sum_ns, *begin_ns, *last_ns;
    uint32_t count;
    uint64_t runs, run_ns;
} profile;

static sy_status add_run(sy_model_job *job, uint64_t set, profile *to, sy_error *err) {
    sy_instance_times times;
    sy_status status = sy_model_job_run(job, set, &times, err);
    if (status != SY_OK)
        return status;
    if (times.step_ns == NULL || times.step_begin_ns == NULL || times.n_step != to->count)
        return sy_error_set(err, SY_INTERNAL, "%u steps, times of %u", to->count, times.n_step);
    for (uint32_t i = 0; i < to->count; i++) {
        to->sum_ns[i] += times.step_ns[i];
        to->begin_ns[i] = times.step_begin_ns[i];
        to->last_ns[i] = times.step_ns[i];
    }
    to->runs++;
    to->run_ns += times.in_ns + times.compute_ns + times.out_ns;
    return SY_OK;
}

static json_t *step_object(const sy_compiled_step *step, const profile *of, uint32_t index) {
    return json_pack("{s:o,s:o,s:o,s:b,s:b,s:o,s:I,s:I,s:I,s:o}", "node", sy_protocol_string(step->node, 256),
        "op", sy_protocol_string(step->op, 64), "algorithm",
        sy_protocol_string(step->algorithm != NULL ? step->algorithm : "", 128), "is_host",
        step->is_host != 0, "is_copy", step->is_copy != 0, "flop", sy_protocol_number(step->flop), "bytes",
        (json_int_t)step->bytes, "begin_ns", (json_int_t)of->begin_ns[index], "last_ns",
        (json_int_t)of->last_ns[index], "ns",
        sy_protocol_number((double)of->sum_ns[index] / (double)of->runs));
}

static void put_profile(const sy_model_job *job, const profile *of, json_t *reply) {
    json_t *list = json_array();
    sy_compiled_step step;
    for (uint32_t i = 0; i < of->count && get_step(job, i, &step) == SY_OK; i++)
        json_array_append_new(list, step_object(&step, of, i));
    json_object_set_new(reply, "steps", list);
    json_object_set_new(reply, "runs", json_integer((json_int_t)of->runs));
    json_object_set_new(reply, "run_ns", sy_protocol_number((double)of->run_ns / (double)of->runs));
}

static sy_status run_profile(sy_model_job *job, uint64_t runs, profile *to, sy_error *err) {
    void *instance = job->instance[0].instance;
    sy_status status = job->side.face->profile(instance, true, err);
    if (status != SY_OK)
        return status;
    status = sy_model_job_run(job, 0, NULL, err); /* not counted: what the first one prepares */
    for (uint64_t i = 0; status == SY_OK && i < runs; i++)
        status = add_run(job, i % job->sets, to, err);
    sy_status off = job->side.face->profile(instance, false, status == SY_OK ? err : NULL);
    return status == SY_OK ? off : status;
}

sy_status sy_model_job_profile(sy_model_job *job, uint64_t runs, json_t *reply, sy_error *err) {
    profile found = {0};
    sy_compiled_step step;
    while (get_step(job, found.count, &step) == SY_OK)
        found.count++;
    found.sum_ns = sy_mem_calloc(found.count + 1, sizeof *found.sum_ns);
    found.begin_ns = sy_mem_calloc(found.count + 1, sizeof *found.begin_ns);
    found.last_ns = sy_mem_calloc(found.count + 1, sizeof *found.last_ns);
    sy_status status = found.sum_ns != NULL && found.begin_ns != NULL && found.last_ns != NULL
                           ? run_profile(job, runs > 0 ? runs : 1, &found, err)
                           : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a profile");
    if (status == SY_OK)
        put_profile(job, &found, reply);
    sy_mem_free(found.sum_ns);
    sy_mem_free(found.begin_ns);
    sy_mem_free(found.last_ns);
    return status;
}
