/* libcnnl.so: descriptors of tensors, and what operands are checked for. */
#include <math.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/cnnl.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/handle.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

cnnlStatus_t cnnlCreateTensorDescriptor(cnnlTensorDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_TENSOR, sizeof(cnnl_tensor), desc);
}

cnnlStatus_t cnnlDestroyTensorDescriptor(cnnlTensorDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_TENSOR, desc);
}

const cnnl_tensor *cnnl_described(cnnlTensorDescriptor_t desc) {
    const cnnl_tensor *tensor = cnnl_get(desc, CNNL_TENSOR);
    return tensor != NULL && tensor->is_set ? tensor : NULL;
}

/* A whole function. strides NULL: dense. */
static cnnlStatus_t set(const char *function, cnnlTensorDescriptor_t desc, int32_t layout, int32_t dtype,
    int count, const int64_t *dims, const int64_t *strides) {
    cnnlStatus_t status = cnnl_enter(function);
    cnnl_tensor *tensor = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_TENSOR) : NULL;
    bool is_right = tensor != NULL && layout >= 0 && layout <= CNNL_LAYOUT_NCL && dtype > 0 && count >= 0;
    if (status == CNNL_STATUS_SUCCESS && !is_right)
        status = CNNL_STATUS_BAD_PARAM;
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    if (tensor->is_set)
        sim_misuse("descriptor_set_again");
    tensor->layout = layout;
    tensor->dtype = dtype;
    tensor->count = count;
    int64_t dense = 1;
    for (int i = count - 1; i >= 0; i--) {
        tensor->dim[i] = dims[i];
        tensor->stride[i] = strides != NULL ? strides[i] : dense;
        dense *= dims[i];
        if (tensor->dim[i] < 0 || tensor->stride[i] < 0)
            status = CNNL_STATUS_BAD_PARAM;
    }
    tensor->is_set = status == CNNL_STATUS_SUCCESS;
    return cnnl_leave(status);
}

/* The same with int dims: too many dimensions, or none, leave a count that set() refuses. */
static int widen(int count, const int *from, int64_t *to) {
    if (count < 1 || count > CNNL_DIM_MAX || from == NULL)
        return -1;
    for (int i = 0; i < count; i++)
        to[i] = from[i];
    return count;
}

cnnlStatus_t cnnlSetTensorDescriptor(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int dims[]) {
    int64_t wide[CNNL_DIM_MAX] = {0};
    return set(__func__, desc, layout, dtype, widen(count, dims, wide), wide, NULL);
}

cnnlStatus_t cnnlSetTensorDescriptorEx(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int dims[], const int strides[]) {
    int64_t wide[CNNL_DIM_MAX] = {0}, wide_strides[CNNL_DIM_MAX] = {0};
    int known = widen(count, dims, wide);
    if (known > 0)
        known = widen(count, strides, wide_strides);
    return set(__func__, desc, layout, dtype, known, wide, wide_strides);
}

#ifndef CNNL_SIM_EARLY
cnnlStatus_t cnnlSetTensorDescriptor_v2(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int64_t dims[]) {
    bool is_known = count >= 1 && count <= CNNL_DIM_MAX && dims != NULL;
    return set(__func__, desc, layout, dtype, is_known ? count : -1, dims, NULL);
}

cnnlStatus_t cnnlSetTensorDescriptorEx_v2(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int64_t dims[], const int64_t strides[]) {
    bool is_known = count >= 1 && count <= CNNL_DIM_MAX && dims != NULL && strides != NULL;
    return set(__func__, desc, layout, dtype, is_known ? count : -1, dims, strides);
}
#endif

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlSetTensorDescriptorOnchipDataType(cnnlTensorDescriptor_t desc, cnnlDataType_t dtype) {
    cnnlStatus_t status = cnnl_enter(__func__);
    cnnl_tensor *tensor = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_TENSOR) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (tensor == NULL || dtype <= 0))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS)
        tensor->onchip = dtype;
    return cnnl_leave(status);
}

static cnnlStatus_t set_position(
    const char *function, cnnlTensorDescriptor_t desc, int position, float scale, int offset) {
    cnnlStatus_t status = cnnl_enter(function);
    cnnl_tensor *tensor = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_TENSOR) : NULL;
    if (status == CNNL_STATUS_SUCCESS && (tensor == NULL || !(scale > 0)))
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS && offset != 0)
        status = CNNL_STATUS_NOT_SUPPORTED;
    if (status == CNNL_STATUS_SUCCESS) {
        tensor->has_position = true;
        tensor->position = position;
        tensor->scale = scale;
    }
    return cnnl_leave(status);
}

cnnlStatus_t cnnlSetTensorDescriptorPosition(cnnlTensorDescriptor_t desc, int position) {
    return set_position(__func__, desc, position, 1, 0);
}

cnnlStatus_t cnnlSetTensorDescriptorPositionAndScale(cnnlTensorDescriptor_t desc, int position, float scale) {
    return set_position(__func__, desc, position, scale, 0);
}

cnnlStatus_t cnnlSetTensorDescriptorPositionScaleAndOffset(
    cnnlTensorDescriptor_t desc, int position, float scale, int offset) {
    return set_position(__func__, desc, position, scale, offset);
}
#endif

bool cnnl_is_dense(const cnnl_tensor *tensor) {
    int64_t dense = 1;
    for (int i = tensor->count - 1; i >= 0; i--) {
        if (tensor->dim[i] > 1 && tensor->stride[i] != dense)
            return false;
        dense *= tensor->dim[i];
    }
    return true;
}

bool cnnl_is_alike(const cnnl_tensor *one, const cnnl_tensor *other) {
    size_t bytes = (size_t)one->count * sizeof one->dim[0];
    return one->count == other->count && memcmp(one->dim, other->dim, bytes) == 0;
}

static cnnlStatus_t of_card(int device, const char *fact) {
    if (mlu_fact(device, fact) != 0)
        return CNNL_STATUS_SUCCESS;
    return (cnnlStatus_t)sim_number(device, "arch_code", CNNL_STATUS_ARCH_MISMATCH);
}

#ifdef CNNL_SIM_EARLY
enum { HAS_BF16 = 0 };
#else
enum { HAS_BF16 = 1 };
#endif

cnnlStatus_t cnnl_type(int device, int32_t dtype, uint32_t *out_type) {
    *out_type = SY_BF16;
    if (dtype == sim_number(SIM_NO_DEVICE, "bf16_dtype", CNNL_DTYPE_BFLOAT16)) {
        bool is_known = sim_number(SIM_NO_DEVICE, "cnnl_bf16", HAS_BF16) != 0;
        return is_known ? of_card(device, "bf16") : CNNL_STATUS_NOT_SUPPORTED;
    }
    switch (dtype) {
    case CNNL_DTYPE_HALF: *out_type = SY_F16; return of_card(device, "fp16");
    case CNNL_DTYPE_FLOAT: *out_type = SY_F32; return of_card(device, "fp32");
    case CNNL_DTYPE_INT8: *out_type = SY_S8; return of_card(device, "int8");
    case CNNL_DTYPE_INT32: *out_type = SY_S32; return CNNL_STATUS_SUCCESS;
    default: return CNNL_STATUS_NOT_SUPPORTED;
    }
}

cnnlStatus_t cnnl_view(int device, const cnnl_tensor *tensor, const void *pointer, void **out_view) {
    uint32_t type;
    cnnlStatus_t status = cnnl_type(device, tensor->dtype, &type);
    if (status != CNNL_STATUS_SUCCESS)
        return status;
    uint64_t bytes = sim_extent(type, (uint32_t)tensor->count, tensor->dim, tensor->stride);
    *out_view = pointer != NULL && bytes > 0 ? sim_memory_view(device, pointer, bytes) : NULL;
    if (*out_view != NULL)
        return CNNL_STATUS_SUCCESS;
    if (pointer != NULL && bytes > 0)
        sim_misuse(sim_memory_view(device, pointer, 1) != NULL ? "tensor_beyond_memory" : "host_pointer");
    return CNNL_STATUS_BAD_PARAM;
}

size_t cnnl_workspace(int device, int number) {
    return (size_t)sim_number(device, "workspace", 4096) * (size_t)(number + 1);
}

cnnlStatus_t cnnl_check_workspace(int device, const void *workspace, size_t bytes, size_t needed) {
    if (needed == 0)
        return CNNL_STATUS_SUCCESS;
    bool is_there = workspace != NULL && bytes >= needed && sim_memory_view(device, workspace, bytes) != NULL;
    if (!is_there)
        sim_misuse("workspace_too_small");
    return is_there ? CNNL_STATUS_SUCCESS : CNNL_STATUS_BAD_PARAM;
}

cnnlStatus_t cnnl_factor(const void *pointer, double *out_factor) {
    float factor;
    if (pointer == NULL)
        return CNNL_STATUS_BAD_PARAM;
    if (sim_memory_view(-1, pointer, 1) != NULL) {
        sim_misuse("device_pointer_as_factor");
        return CNNL_STATUS_BAD_PARAM;
    }
    memcpy(&factor, pointer, sizeof factor);
    *out_factor = (double)factor;
    return CNNL_STATUS_SUCCESS;
}

cnnlStatus_t cnnl_factor_or(const void *pointer, double fallback, double *out_factor) {
    *out_factor = fallback;
    return pointer != NULL ? cnnl_factor(pointer, out_factor) : CNNL_STATUS_SUCCESS;
}

#ifdef CNNL_SIM_1
enum { NEEDS_POSITION = 1 };
#else
enum { NEEDS_POSITION = 0 };
#endif

bool cnnl_is_quantized(const cnnl_tensor *tensor) {
    return tensor->dtype != CNNL_DTYPE_INT8 || tensor->has_position || !NEEDS_POSITION;
}

double cnnl_unit(const cnnl_tensor *tensor) {
    return tensor->has_position ? ldexp(1, tensor->position) / (double)tensor->scale : 1;
}
