/* Weights in FRACTAL_NZ. */
#include "tests/vendor_sim/ascend/product.h"

#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define BLOCK_ROWS 16
#define BLOCK_BYTES 32

static int64_t columns_of_block(int type) {
    return BLOCK_BYTES / (int64_t)as_type_bytes(type);
}

static int64_t rounded_up(int64_t value, int64_t to) {
    return (value + to - 1) / to * to;
}

int64_t as_nz_elements(int type, int64_t rows, int64_t columns) {
    return rounded_up(rows, BLOCK_ROWS) * rounded_up(columns, columns_of_block(type));
}

int64_t as_nz_at(int type, int64_t rows, int64_t row, int64_t column) {
    int64_t width = columns_of_block(type);
    return column / width * rounded_up(rows, BLOCK_ROWS) * width + row * width + column % width;
}

/* Copy all matrices of a tensor between packed rows and that format. */
static void reorder(const as_tensor *tensor, char *packed, char *nz, bool to_nz) {
    int64_t rows = tensor->dim[tensor->rank - 2], columns = tensor->dim[tensor->rank - 1];
    int64_t one = rows * columns, count = one > 0 ? as_tensor_elements(tensor) / one : 0;
    int64_t room = as_nz_elements(tensor->type, rows, columns);
    size_t bytes = as_type_bytes(tensor->type);
    for (int64_t i = 0; i < count; i++)
        for (int64_t row = 0; row < rows; row++)
            for (int64_t column = 0; column < columns; column++) {
                int64_t at = i * room + as_nz_at(tensor->type, rows, row, column);
                char *in_rows = packed + (size_t)(i * one + row * columns + column) * bytes;
                char *in_nz = nz + (size_t)at * bytes;
                memcpy(to_nz ? in_nz : in_rows, to_nz ? in_rows : in_nz, bytes);
            }
}

char *as_nz_unpack(as_tensor *tensor, const char *data) {
    size_t bytes = (size_t)as_tensor_elements(tensor) * as_type_bytes(tensor->type);
    char *packed = malloc(bytes + 1);
    if (packed == NULL)
        return NULL;
    reorder(tensor, packed, (char *)(uintptr_t)data, false);
    tensor->format = ACL_FORMAT_ND;
    int64_t stride = 1;
    for (uint32_t i = tensor->rank; i-- > 0; stride *= tensor->dim[i])
        tensor->stride[i] = stride;
    return packed;
}

static int64_t elements_of(const as_tensor *tensor) {
    int64_t rows = tensor->dim[tensor->rank - 2], columns = tensor->dim[tensor->rank - 1];
    int64_t one = rows * columns, count = one > 0 ? as_tensor_elements(tensor) / one : 0;
    return count * as_nz_elements(tensor->type, rows, columns);
}

static bool has_nz(int type) {
    return type == ACL_FLOAT16 || type == ACL_BF16 || type == ACL_FLOAT || type == ACL_INT8;
}

aclnnStatus aclnnCalculateMatmulWeightSizeV2(const aclIntArray *shape, int type, uint64_t *count) {
    const as_ints *dims = NULL;
    int code = as_enter(__func__);
    if (code == ACLNN_SUCCESS && count == NULL)
        code = as_fail(ACLNN_ERR_PARAM_NULLPTR, "weightTensorSize is NULL");
    if (code == ACLNN_SUCCESS)
        code = as_plan_ints(shape, 2, 6, &dims);
    if (code == ACLNN_SUCCESS && !has_nz(type))
        code = as_refuse("type %d", type);
    if (code != ACLNN_SUCCESS)
        return sim_leave(code);
    as_tensor tensor = {.type = type, .rank = (uint32_t)dims->count};
    for (uint32_t i = 0; i < tensor.rank; i++)
        tensor.dim[i] = dims->value[i];
    uint64_t unit = as_is_word("nz_size", "elements", "bytes") ? as_type_bytes(type) : 1;
    *count = (uint64_t)elements_of(&tensor) * unit;
    return sim_leave(ACLNN_SUCCESS);
}

/* In place: the memory must have room for whole blocks. */
static int run(const as_plan *plan, char *const *view) {
    const as_tensor *weight = &plan->tensor[0];
    size_t bytes = (size_t)as_tensor_elements(weight) * as_type_bytes(weight->type);
    char *packed = malloc(bytes + 1);
    if (packed == NULL)
        return -1;
    memcpy(packed, view[1], bytes);
    memset(view[1], 0, as_tensor_bytes(&plan->tensor[1]));
    reorder(weight, packed, view[1], true);
    free(packed);
    return 0;
}

aclnnStatus aclnnTransMatmulWeightGetWorkspaceSize(
    aclTensor *weight, uint64_t *workspace, aclOpExecutor **executor) {
    as_plan plan;
    int code = as_plan_begin(&plan, __func__, "aclnnTransMatmulWeight", workspace, executor);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, weight, false, false);
    const as_tensor *tensor = &plan.tensor[0];
    if (code == ACLNN_SUCCESS && (tensor->rank < 2 || !has_nz(tensor->type) || !as_tensor_is_packed(tensor)))
        code = as_refuse("a weight of %u dimensions, of type %d, or not packed", tensor->rank, tensor->type);
    if (code == ACLNN_SUCCESS)
        code = as_plan_add(&plan, weight, true, false);
    if (code == ACLNN_SUCCESS) { /* seen as what it becomes */
        plan.tensor[1].format = ACL_FORMAT_FRACTAL_NZ;
        plan.tensor[1].storage_rank = 1;
        plan.tensor[1].storage[0] = elements_of(tensor);
    }
    plan.run = run;
    return as_plan_end(&plan, code);
}

AS_PHASE_TWO(aclnnTransMatmulWeight) {
    return as_launch(__func__, workspace, workspace_bytes, executor, stream);
}
