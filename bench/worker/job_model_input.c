/* Inputs of a network: from files that fit its ports, else from the seed. */
#include <stdio.h>
#include <string.h>

#include "bench/tensor/npy.h"
#include "bench/tensor/seeded.h"
#include "bench/worker/job_model.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/graph/arena.h"
#include "runtime/model/onnx/onnx.h"

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), bytes = strlen(end);
    return length >= bytes && strcmp(text + length - bytes, end) == 0;
}

/* A TensorProto becomes a tensor of its own, so that both kinds of files end alike. */
static sy_status load_proto(
    const char *path, sy_host_tensor *out, char *out_name, size_t capacity, sy_error *err) {
    sy_net_arena arena = {0};
    const char *name = NULL;
    sy_net_tensor tensor = {0};
    sy_status status = sy_onnx_tensor_load(path, &arena, &name, &tensor, err);
    if (status == SY_OK) {
        snprintf(out_name, capacity, "%s", name != NULL ? name : "");
        *out = (sy_host_tensor){.dtype = tensor.dtype, .rank = tensor.rank};
        memcpy(out->dim, tensor.dim, sizeof out->dim);
        status = sy_host_tensor_alloc(out, err);
    }
    if (status == SY_OK && out->bytes > 0)
        memcpy(out->data, tensor.data, out->bytes);
    sy_net_arena_release(&arena);
    return status;
}

static sy_status load_file(
    const char *path, sy_host_tensor *out, char *out_name, size_t capacity, sy_error *err) {
    out_name[0] = '\0';
    if (ends_with(path, ".npy"))
        return sy_npy_read(path, out, err);
    if (ends_with(path, ".pb"))
        return load_proto(path, out, out_name, capacity, err);
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "%s: an input is a file that ends in .npy (NumPy) or .pb (ONNX's TensorProto)", path);
}

/* The input of that name; n_in: there is none. */
static uint32_t find_input(const sy_model_job *job, const char *name) {
    uint32_t at = 0;
    while (at < job->n_in && strcmp(job->port[at].name, name) != 0)
        at++;
    return at;
}

static sy_status check_fit(
    const sy_network_port *port, const sy_host_tensor *tensor, const char *path, sy_error *err) {
    char have[SY_SHAPE_TEXT_MAX], want[SY_SHAPE_TEXT_MAX];
    bool fits = port->dtype == tensor->dtype && port->rank == tensor->rank &&
                memcmp(port->dim, tensor->dim, port->rank * sizeof port->dim[0]) == 0;
    if (fits)
        return SY_OK;
    sy_shape_text(tensor->dtype, tensor->rank, tensor->dim, have);
    sy_shape_text(port->dtype, port->rank, port->dim, want);
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "%s: it is %s, input '%s' wants %s", path, have, port->name, want);
}

/* Which input a file is for: by the name given with it, by the name in it, else by its place. */
static sy_status place_file(
    sy_model_job *job, const json_t *object, uint32_t index, bool *taken, sy_error *err) {
    char name[256];
    sy_host_tensor tensor = {0};
    const char *path = sy_protocol_text(object, "path", ""), *wanted = sy_protocol_text(object, "name", NULL);
    sy_status status = load_file(path, &tensor, name, sizeof name, err);
    uint32_t at = wanted != NULL ? find_input(job, wanted) : find_input(job, name);
    if (status == SY_OK && wanted != NULL && at == job->n_in)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: the model has no input '%s'", path, wanted);
    if (at == job->n_in)
        at = index;
    if (status == SY_OK && taken[at])
        status = sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s: a second file for input '%s'", path, job->port[at].name);
    if (status == SY_OK)
        status = check_fit(&job->port[at], &tensor, path, err);
    if (status == SY_OK) {
        memcpy(job->input[0][at], tensor.data, tensor.bytes);
        taken[at] = true;
    }
    sy_host_tensor_release(&tensor);
    return status;
}

static sy_status fill_from_files(sy_model_job *job, const json_t *files, sy_error *err) {
    size_t count = json_array_size(files);
    if (count != job->n_in)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--inputs: %zu %s given, the model has %u %s", count,
            count == 1 ? "file" : "files", job->n_in, job->n_in == 1 ? "input" : "inputs");
    bool *taken = sy_mem_calloc(count + 1, sizeof *taken);
    if (taken == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for inputs");
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = place_file(job, json_array_get(files, i), i, taken, err);
    sy_mem_free(taken);
    return status;
}

/* The range that was asked for an input, or for all ("*"). */
static void take_range(const json_t *ranges, const char *name, sy_seeded *how) {
    size_t index;
    json_t *object;
    json_array_foreach(ranges, index, object) {
        const char *of = sy_protocol_text(object, "name", "");
        if (strcmp(of, name) != 0 && strcmp(of, "*") != 0)
            continue;
        how->has_range = true;
        how->low = sy_protocol_f64(object, "low", 0.0);
        how->high = sy_protocol_f64(object, "high", 0.0);
    }
}

static sy_status fill_one(
    sy_model_job *job, const json_t *request, uint64_t set, uint32_t index, sy_error *err) {
    const sy_network_port *port = &job->port[index];
    sy_host_tensor tensor = {.dtype = port->dtype, .rank = port->rank};
    sy_seeded how = {.data = (uint32_t)sy_protocol_u64(request, "data", 0),
        .seed = sy_protocol_hex(request, "seed", 0),
        .stream = set * job->n_in + index};
    memcpy(tensor.dim, port->dim, sizeof tensor.dim);
    take_range(json_object_get(request, "ranges"), port->name, &how);
    sy_status status = sy_host_tensor_measure(&tensor, err);
    tensor.data = job->input[set][index];
    if (status == SY_OK)
        status = sy_seeded_fill(&how, &tensor, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "input '%s'", port->name);
}

static sy_status check_ranges(const sy_model_job *job, const json_t *ranges, sy_error *err) {
    size_t index;
    json_t *object;
    json_array_foreach(ranges, index, object) {
        const char *name = sy_protocol_text(object, "name", "");
        if (strcmp(name, "*") != 0 && find_input(job, name) == job->n_in)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "--input-range: the model has no input '%s'", name);
    }
    return SY_OK;
}

sy_status sy_model_job_fill(sy_model_job *job, const json_t *request, sy_error *err) {
    const json_t *files = json_object_get(request, "inputs");
    if (json_array_size(files) > 0)
        return fill_from_files(job, files, err);
    sy_status status = check_ranges(job, json_object_get(request, "ranges"), err);
    for (uint64_t set = 0; status == SY_OK && set < job->sets; set++)
        for (uint32_t i = 0; status == SY_OK && i < job->n_in; i++)
            status = fill_one(job, request, set, i, err);
    return status;
}
