/* Inputs and outputs: types and extents. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/reader.h"
#include "runtime/model/onnx/types.h"

/* What a value is instead of a tensor; NULL: a tensor, or not said. */
static const char *other_kind(const SyPb__Type *type) {
    if (type->sequence_type != NULL)
        return "a sequence";
    if (type->map_type != NULL)
        return "a map";
    if (type->optional_type != NULL)
        return "optional";
    if (type->sparse_tensor_type != NULL)
        return "a sparse tensor";
    return type->opaque_type != NULL ? "opaque" : NULL;
}

static sy_status read_extent(
    sy_reader *reader, const SyPb__Dimension *message, sy_net_value *value, uint32_t i) {
    value->tensor.dim[i] = SY_NET_UNKNOWN;
    if (message->dim_param != NULL && message->dim_param[0] != '\0')
        return sy_reader_keep(reader, message->dim_param, &value->dim_name[i]);
    /* Exporters write -1, and a few 0, for what they do not know; 0 is taken as it is. */
    if (message->has_dim_value && message->dim_value >= 0)
        value->tensor.dim[i] = message->dim_value;
    else if (message->has_dim_value && message->dim_value != SY_NET_UNKNOWN)
        return sy_error_set(
            reader->err, SY_INVALID_ARGUMENT, "extent %u is %lld", i, (long long)message->dim_value);
    return SY_OK;
}

static sy_status read_shape(sy_reader *reader, const SyPb__Shape *shape, sy_net_value *value) {
    if (shape->n_dim > SY_NET_MAX_RANK)
        return sy_error_set(
            reader->err, SY_OVERFLOW, "rank is %zu, at most %u is possible", shape->n_dim, SY_NET_MAX_RANK);
    value->tensor.rank = (uint32_t)shape->n_dim;
    value->dim_name = sy_net_arena_array(reader->arena, SY_NET_MAX_RANK, sizeof *value->dim_name);
    if (value->dim_name == NULL)
        return sy_reader_no_memory(reader);
    for (uint32_t i = 0; i < value->tensor.rank; i++) {
        sy_status status = read_extent(reader, shape->dim[i], value, i);
        if (status != SY_OK)
            return status;
    }
    return sy_net_tensor_check(&value->tensor, reader->err);
}

sy_status sy_reader_type(sy_reader *reader, const SyPb__ValueInfo *message, sy_net_value *value) {
    const char *name = sy_reader_text(message->name);
    const SyPb__Type *type = message->type;
    sy_status status = SY_OK;
    if (type == NULL)
        return SY_OK;
    const char *kind = other_kind(type);
    if (kind != NULL)
        return sy_error_set(reader->err, SY_UNSUPPORTED, "'%s' is %s; only tensors are done", name, kind);
    if (type->tensor_type == NULL)
        return SY_OK;
    sy_onnx_type element = sy_onnx_type_of(type->tensor_type->elem_type);
    if (element.dtype == 0 && type->tensor_type->elem_type != 0)
        return sy_error_set(reader->err, SY_UNSUPPORTED, "'%s' has elements of type %s (%d)", name,
            element.name, type->tensor_type->elem_type);
    value->tensor.dtype = element.dtype;
    if (type->tensor_type->shape != NULL)
        status = read_shape(reader, type->tensor_type->shape, value);
    return status == SY_OK ? SY_OK : sy_error_prefix(reader->err, status, "'%s'", name);
}
