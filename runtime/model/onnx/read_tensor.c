#include "runtime/model/onnx/read_tensor.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/onnx/typed.h"
#include "runtime/model/onnx/types.h"

#define RAW_DATA 9u
#define EXTERNAL 1

/* Fewer bytes are copied at once: shape arithmetic reads them. */
#define MANY_BYTES ((size_t)64 << 10)

static sy_status read_shape(const SyPb__Tensor *message, sy_net_tensor *out, sy_error *err) {
    if (message->n_dims > SY_NET_MAX_RANK)
        return sy_error_set(
            err, SY_OVERFLOW, "rank is %zu, at most %u is possible", message->n_dims, SY_NET_MAX_RANK);
    out->rank = (uint32_t)message->n_dims;
    for (uint32_t i = 0; i < out->rank; i++) {
        out->dim[i] = message->dims[i];
        if (out->dim[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "extent %u is %lld", i, (long long)out->dim[i]);
    }
    return sy_net_tensor_check(out, err);
}

/* Booleans are 0 or 1 in memory whatever the file has. */
static bool has_odd_bool(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (bytes[i] > 1)
            return true;
    return false;
}

/* Raw elements: where they lie if they are aligned there. */
static sy_status take_raw(
    const sy_onnx_source *source, const uint8_t *bytes, size_t count, sy_net_tensor *out, sy_error *err) {
    size_t size = sy_net_dtype_size(out->dtype);
    bool is_odd = out->dtype == SY_BOOL && has_odd_bool(bytes, count);
    bool may_be_odd = source->may_be_odd && source->is_mapped && count > MANY_BYTES;
    if (!source->is_copied && !is_odd && (may_be_odd || (uintptr_t)bytes % size == 0)) {
        out->data = (void *)(uintptr_t)bytes;
        return SY_OK;
    }
    uint8_t *copy = sy_net_arena_alloc(source->arena, count);
    if (copy == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for its elements (%zu bytes)", count);
    memcpy(copy, bytes, count);
    if (source->is_mapped)
        sy_file_forget(bytes, count);
    for (size_t i = 0; is_odd && i < count; i++)
        copy[i] = copy[i] != 0;
    out->data = copy;
    return SY_OK;
}

static sy_status take_typed(const sy_onnx_source *source, const sy_onnx_run *run, uint32_t count,
    uint64_t elements, sy_net_tensor *out, sy_error *err) {
    /* An element takes a byte at least, so that memory is bounded by the file. */
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < count; i++)
        bytes += run[i].length;
    if (elements > bytes)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%llu elements in %llu bytes",
            (unsigned long long)elements, (unsigned long long)bytes);
    out->data = sy_net_arena_alloc(source->arena, sy_net_bytes(out));
    if (out->data == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory for its elements (%zu bytes)", sy_net_bytes(out));
    return sy_typed_decode(source->bytes, run, count, out->dtype, elements, out->data, err);
}

static sy_status take_external(
    const sy_onnx_source *source, const SyPb__Tensor *message, sy_net_tensor *out, sy_error *err) {
    const uint8_t *bytes = NULL;
    if (source->external == NULL)
        return sy_error_set(err, SY_REFUSED, "external data of a model that is not a file");
    sy_status status = sy_externals_find(source->external, message, sy_net_bytes(out), &bytes, err);
    return status == SY_OK ? take_raw(source, bytes, sy_net_bytes(out), out, err) : status;
}

static sy_status take_elements(const sy_onnx_source *source, const SyPb__Tensor *message, uint32_t field,
    sy_net_tensor *out, sy_error *err) {
    uint32_t count = message->runs_count;
    const sy_onnx_run *run = count > 0 ? &source->survey->run[message->runs_begin] : NULL;
    uint64_t elements = (uint64_t)sy_net_elements(out);
    for (uint32_t i = 0; i < count; i++)
        if (run[i].field != run[0].field || (run[i].field != field && run[i].field != RAW_DATA))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "elements in field %u of the tensor, %s has them in %u or %u", run[i].field,
                sy_net_dtype_name(out->dtype), field, RAW_DATA);
    if (count > 1 && run->field == RAW_DATA)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "raw elements are there twice");
    if (count != 1 || run->field != RAW_DATA)
        return take_typed(source, run, count, elements, out, err);
    if (run->length != sy_net_bytes(out))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%zu bytes of elements, must be %zu", run->length, sy_net_bytes(out));
    return take_raw(source, source->bytes + run->offset, run->length, out, err);
}

sy_status sy_onnx_read_tensor(
    const sy_onnx_source *source, const SyPb__Tensor *message, sy_net_tensor *out_tensor, sy_error *err) {
    sy_onnx_type type = sy_onnx_type_of(message->data_type);
    *out_tensor = (sy_net_tensor){.dtype = type.dtype};
    if (type.dtype == 0 || type.dtype == SY_STRING)
        return sy_error_set(err, SY_UNSUPPORTED, "elements of type %s (%d)", type.name, message->data_type);
    if (message->segment != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "stored in segments");
    sy_status status = read_shape(message, out_tensor, err);
    if (status != SY_OK)
        return status;
    if (sy_net_elements(out_tensor) == 0) {
        out_tensor->data = sy_net_arena_alloc(source->arena, 0);
        return out_tensor->data != NULL ? SY_OK
                                        : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a tensor");
    }
    if (message->data_location == EXTERNAL)
        return take_external(source, message, out_tensor, err);
    return take_elements(source, message, type.field, out_tensor, err);
}
