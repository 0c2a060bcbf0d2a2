/* Tensors, scalars and arrays of integers: what they are told, copied. */
#include "tests/vendor_sim/ascend/op.h"

#include <stddef.h>
#include <string.h>

#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/world.h"

#define MEMORY_ALIGN 32u

int64_t as_tensor_elements(const as_tensor *tensor) {
    int64_t count = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        count *= tensor->dim[i];
    return count;
}

uint64_t as_tensor_bytes(const as_tensor *tensor) {
    int64_t last = 0;
    if (as_tensor_elements(tensor) == 0)
        return 0;
    for (uint32_t i = 0; i < tensor->rank; i++)
        last += (tensor->dim[i] - 1) * tensor->stride[i];
    if (tensor->format == ACL_FORMAT_FRACTAL_NZ) {
        last = 0;
        for (uint32_t i = 0; i < tensor->storage_rank; i++)
            last = (i == 0 ? 1 : last) * tensor->storage[i];
        last--;
    }
    return (uint64_t)(last + 1) * as_type_bytes(tensor->type);
}

bool as_tensor_is_packed(const as_tensor *tensor) {
    int64_t wanted = 1;
    for (uint32_t i = tensor->rank; i-- > 0; wanted *= tensor->dim[i])
        if (tensor->dim[i] != 1 && tensor->stride[i] != wanted)
            return false;
    return true;
}

bool as_tensor_has_shape(const as_tensor *tensor, uint32_t rank, const int64_t *dim) {
    return tensor->rank == rank && memcmp(tensor->dim, dim, rank * sizeof *dim) == 0;
}

int64_t as_tensor_at(const as_tensor *tensor, uint32_t rank, const int64_t *index) {
    int64_t at = 0;
    for (uint32_t i = 0; i < tensor->rank; i++)
        if (tensor->dim[i] != 1)
            at += index[rank - tensor->rank + i] * tensor->stride[i];
    return at * (int64_t)as_type_bytes(tensor->type);
}

bool as_next(uint32_t rank, const int64_t *dim, int64_t *index) {
    for (uint32_t i = rank; i-- > 0; index[i] = 0)
        if (++index[i] < dim[i])
            return true;
    return false;
}

static bool fill_in(as_tensor *tensor, const int64_t *dims, const int64_t *strides, const int64_t *storage) {
    int64_t packed = 1;
    for (uint32_t i = tensor->rank; i-- > 0; packed *= tensor->dim[i]) {
        tensor->dim[i] = dims[i];
        tensor->stride[i] = strides != NULL ? strides[i] : packed;
        if (tensor->dim[i] < 0 || tensor->stride[i] < 0)
            return false;
    }
    for (uint32_t i = 0; i < tensor->storage_rank; i++)
        if ((tensor->storage[i] = storage[i]) < 0)
            return false;
    return true;
}

/* Of what was told only; that the memory is there is seen when work runs. */
static bool is_sound(const as_tensor *tensor) {
    int64_t last = tensor->offset, room = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        last += (tensor->dim[i] - 1) * tensor->stride[i];
    for (uint32_t i = 0; i < tensor->storage_rank; i++)
        room *= tensor->storage[i];
    bool is_empty = as_tensor_elements(tensor) == 0;
    return is_empty || tensor->format == ACL_FORMAT_FRACTAL_NZ || last < room;
}

static aclTensor *create(const as_tensor *tensor) {
    as_tensor *object = NULL;
    aclTensor *handle = sim_handle_make(AS_TENSOR, sizeof *object, (void **)&object);
    *object = *tensor;
    return handle;
}

aclTensor *aclCreateTensor(const int64_t *dims, uint64_t dim_count, int type, const int64_t *strides,
    int64_t offset, int format, const int64_t *storage_dims, uint64_t storage_dim_count, void *memory) {
    int code = as_enter(__func__);
    bool is_known = dim_count <= AS_RANK_MAX && storage_dim_count <= AS_RANK_MAX &&
                    (dims != NULL || dim_count == 0) && (storage_dims != NULL || storage_dim_count == 0) &&
                    as_type_bytes(type) > 0 && offset >= 0;
    if (code == ACLNN_SUCCESS && !is_known)
        code = as_fail(
            ACLNN_ERR_PARAM_INVALID, "%llu dimensions of type %d", (unsigned long long)dim_count, type);
    if (code == ACLNN_SUCCESS && (uintptr_t)memory % MEMORY_ALIGN != 0) {
        sim_misuse("unaligned_tensor");
        code = as_fail(ACLNN_ERR_PARAM_INVALID, "devPtr is no multiple of %u", MEMORY_ALIGN);
    }
    if (code == ACLNN_SUCCESS && strides == NULL && !as_is_on("null_strides", true))
        code = as_fail(ACLNN_ERR_PARAM_NULLPTR, "stride is NULL");
    as_tensor tensor = {.type = type,
        .format = format,
        .rank = (uint32_t)dim_count,
        .storage_rank = (uint32_t)storage_dim_count,
        .offset = offset,
        .memory = memory};
    if (code == ACLNN_SUCCESS && (!fill_in(&tensor, dims, strides, storage_dims) || !is_sound(&tensor)))
        code = as_fail(ACLNN_ERR_PARAM_INVALID, "the view is negative, or larger than its storage");
    aclTensor *handle = code == ACLNN_SUCCESS ? create(&tensor) : NULL;
    sim_leave(code);
    return handle;
}

aclScalar *aclCreateScalar(void *value, int type) {
    int code = as_enter(__func__);
    if (code == ACLNN_SUCCESS && (value == NULL || as_type_bytes(type) == 0))
        code = as_fail(ACLNN_ERR_PARAM_INVALID, "no value, or of type %d", type);
    as_scalar *scalar = NULL;
    aclScalar *handle = NULL;
    if (code == ACLNN_SUCCESS) {
        handle = sim_handle_make(AS_SCALAR, sizeof *scalar, (void **)&scalar);
        scalar->value = as_element_get(type, value);
    }
    sim_leave(code);
    return handle;
}

aclIntArray *aclCreateIntArray(const int64_t *values, uint64_t count) {
    int code = as_enter(__func__);
    if (code == ACLNN_SUCCESS && ((values == NULL && count > 0) || count > AS_INTS_MAX))
        code = as_fail(ACLNN_ERR_PARAM_INVALID, "%llu values", (unsigned long long)count);
    as_ints *ints = NULL;
    aclIntArray *handle = NULL;
    if (code == ACLNN_SUCCESS) {
        handle = sim_handle_make(AS_INTS, sizeof *ints, (void **)&ints);
        if (count > 0)
            memcpy(ints->value, values, count * sizeof *values);
        ints->count = count;
    }
    sim_leave(code);
    return handle;
}

static int destroy(const void *handle, const char *kind) {
    if (handle == NULL)
        return as_fail(ACLNN_ERR_PARAM_NULLPTR, "a %s is NULL", kind);
    if (sim_handle_get(handle, kind) == NULL)
        return as_fail(ACLNN_ERR_PARAM_INVALID, "not a %s", kind);
    if (as_use_of_object(handle) && !as_is_on("early_destroy", false))
        sim_misuse("destroyed_in_use");
    sim_handle_destroy(handle);
    return ACLNN_SUCCESS;
}

aclnnStatus aclDestroyTensor(const aclTensor *tensor) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == ACLNN_SUCCESS ? destroy(tensor, AS_TENSOR) : code);
}

aclnnStatus aclDestroyScalar(const aclScalar *scalar) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == ACLNN_SUCCESS ? destroy(scalar, AS_SCALAR) : code);
}

aclnnStatus aclDestroyIntArray(const aclIntArray *array) {
    int code = sim_enter_apart(__func__);
    return sim_leave(code == ACLNN_SUCCESS ? destroy(array, AS_INTS) : code);
}
