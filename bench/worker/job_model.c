/* The life of a network in a worker. */
#include "bench/worker/job_model.h"

#include <string.h>

#include "bench/tensor/host.h"
#include "bench/worker/job_model_thread.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a network");
}

static sy_status count_ports(const sy_model_side *side, uint32_t *out_count, sy_error *err) {
    sy_network_port port;
    for (uint32_t i = 0;; i++) {
        port = (sy_network_port){.size = sizeof port};
        sy_status status = side->face->port(side->model, i, &port, err);
        *out_count = i;
        if (status != SY_OK)
            return status == SY_UNAVAILABLE ? SY_OK : status;
    }
}

static sy_status measure_port(const sy_network_port *port, uint64_t *out_bytes, sy_error *err) {
    sy_host_tensor tensor = {.dtype = port->dtype, .rank = port->rank};
    memcpy(tensor.dim, port->dim, sizeof tensor.dim);
    sy_status status = sy_host_tensor_measure(&tensor, err);
    *out_bytes = tensor.bytes;
    return status == SY_OK
               ? SY_OK
               : sy_error_prefix(err, status, "%s '%s'", port->is_output ? "output" : "input", port->name);
}

static sy_status take_ports(sy_model_job *job, sy_error *err) {
    uint32_t count = 0;
    sy_status status = count_ports(&job->side, &count, err);
    job->port = sy_mem_calloc(count + 1, sizeof *job->port);
    job->bytes = sy_mem_calloc(count + 1, sizeof *job->bytes);
    if (status == SY_OK && (job->port == NULL || job->bytes == NULL))
        return no_memory(err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++) {
        job->port[i].size = sizeof job->port[i];
        status = job->side.face->port(job->side.model, i, &job->port[i], err);
        if (status == SY_OK)
            status = measure_port(&job->port[i], &job->bytes[i], err);
        *(job->port[i].is_output ? &job->n_out : &job->n_in) += 1;
    }
    return status;
}

/* An array of buffers, one a port. */
static void **alloc_buffers(const uint64_t *bytes, uint32_t count) {
    void **list = sy_mem_calloc(count + 1, sizeof *list);
    for (uint32_t i = 0; list != NULL && i < count; i++) {
        list[i] = sy_mem_calloc(bytes[i] > 0 ? bytes[i] : 1, 1);
        if (list[i] != NULL)
            continue;
        while (i > 0)
            sy_mem_free(list[--i]);
        sy_mem_free(list);
        return NULL;
    }
    return list;
}

static void free_buffers(void **list, uint32_t count) {
    for (uint32_t i = 0; list != NULL && i < count; i++)
        sy_mem_free(list[i]);
    sy_mem_free(list);
}

static sy_status alloc_inputs(sy_model_job *job, sy_error *err) {
    job->input = sy_mem_calloc(job->sets, sizeof *job->input);
    if (job->input == NULL)
        return no_memory(err);
    for (uint64_t i = 0; i < job->sets; i++) {
        job->input[i] = alloc_buffers(job->bytes, job->n_in);
        if (job->input[i] == NULL)
            return no_memory(err);
    }
    return SY_OK;
}

static sy_status create_instance(sy_model_job *job, sy_model_instance *instance, sy_error *err) {
    instance->job = job;
    instance->error = SY_ERROR_INIT;
    for (size_t i = 0; i < SY_MODEL_SLOTS + 1; i++) {
        instance->slot[i].out = alloc_buffers(job->bytes + job->n_in, job->n_out);
        if (instance->slot[i].out == NULL)
            return no_memory(err);
    }
    return job->side.face->instance_create(job->side.model, &instance->instance, err);
}

static sy_status create_instances(sy_model_job *job, sy_error *err) {
    job->instance = sy_mem_calloc(job->instances, sizeof *job->instance);
    if (job->instance == NULL)
        return no_memory(err);
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < job->instances; i++)
        status = create_instance(job, &job->instance[i], err);
    return status == SY_OK ? sy_model_threads_start(job, err) : status;
}

sy_status sy_model_job_prepare(sy_model_job *job, const sy_job_device *on, sy_model_side *side,
    const sy_model_wish *wish, sy_error *err) {
    *job = (sy_model_job){.on = on, .side = *side, .instances = wish->instances, .sets = wish->sets};
    *side = (sy_model_side){0};
    if (on->is_simulated_clock && job->instances > 1)
        return sy_error_set(
            err, SY_UNSUPPORTED, "several instances need time that is real: the device's is simulated");
    sy_status status = take_ports(job, err);
    if (status == SY_OK)
        status = alloc_inputs(job, err);
    if (status == SY_OK)
        status = sy_model_job_fill(job, wish->request, err);
    return status == SY_OK ? create_instances(job, err) : status;
}

void sy_model_job_release(sy_model_job *job) {
    sy_model_threads_end(job);
    for (uint32_t i = 0; job->instance != NULL && i < job->instances; i++) {
        if (job->instance[i].instance != NULL)
            job->side.face->instance_destroy(job->instance[i].instance);
        for (size_t j = 0; j < SY_MODEL_SLOTS + 1; j++)
            free_buffers(job->instance[i].slot[j].out, job->n_out);
    }
    for (uint64_t i = 0; job->input != NULL && i < job->sets; i++)
        free_buffers(job->input[i], job->n_in);
    sy_mem_free(job->input);
    sy_mem_free(job->instance);
    sy_mem_free(job->port);
    sy_mem_free(job->bytes);
    sy_model_side_close(&job->side);
    *job = (sy_model_job){0};
}
