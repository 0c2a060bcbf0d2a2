/* Putting a sy_problem_storage together, tensor by tensor. */
#include "runtime/op/storage.h"

#include <string.h>

sy_tensor *sy_storage_add(
    sy_problem_storage *storage, uint32_t role, uint32_t dtype, uint32_t rank, const int64_t *dim) {
    sy_problem *problem = &storage->problem;
    uint32_t index = problem->n_in + problem->n_out;
    sy_tensor *tensor = &storage->tensor[index];
    *tensor = (sy_tensor){.size = sizeof *tensor, .dtype = dtype, .layout = SY_LAYOUT_STRIDED, .rank = rank};
    memcpy(tensor->dim, dim, rank * sizeof *dim);
    sy_tensor_set_strides(tensor, SY_IMAGE_NCHW);
    storage->role[index] = role;
    if (role == SY_ROLE_OUTPUT)
        problem->n_out++;
    else
        problem->n_in++;
    return tensor;
}

void sy_storage_add_absent(sy_problem_storage *storage) {
    uint32_t index = storage->problem.n_in++;
    storage->tensor[index] = (sy_tensor){.size = sizeof(sy_tensor), .flags = SY_TENSOR_ABSENT};
    storage->role[index] = 0;
}

/* The posts of each epilogue in order; 0 ends a row. */
static const uint32_t epilogue_posts[][3] = {
    [SY_EPILOGUE_NONE] = {0},
    [SY_EPILOGUE_BIAS] = {SY_POST_BIAS},
    [SY_EPILOGUE_BIAS_RELU] = {SY_POST_BIAS, SY_POST_RELU},
    [SY_EPILOGUE_BIAS_GELU_ERF] = {SY_POST_BIAS, SY_POST_GELU_ERF},
    [SY_EPILOGUE_BIAS_GELU_TANH] = {SY_POST_BIAS, SY_POST_GELU_TANH},
    [SY_EPILOGUE_BIAS_SILU] = {SY_POST_BIAS, SY_POST_SILU},
    [SY_EPILOGUE_RESIDUAL_RELU] = {SY_POST_ADD, SY_POST_RELU},
    [SY_EPILOGUE_DEQUANT] = {SY_POST_SCALE_ROW, SY_POST_SCALE_COL},
};

/* Append the operand of one post, if it has one; returns its index. */
static uint32_t add_operand(sy_problem_storage *storage, uint32_t kind, const sy_spec *spec,
    const sy_tensor *output, int64_t rows, int64_t columns) {
    uint32_t index = storage->problem.n_in;
    uint32_t dtype = spec->dtype_acc == SY_F64 ? SY_F64 : SY_F32;
    switch (kind) {
    case SY_POST_BIAS: sy_storage_add(storage, SY_ROLE_BIAS, dtype, 1, &columns); return index;
    case SY_POST_SCALE_ROW: sy_storage_add(storage, SY_ROLE_SCALE_ROW, dtype, 1, &rows); return index;
    case SY_POST_SCALE_COL: sy_storage_add(storage, SY_ROLE_SCALE_COL, dtype, 1, &columns); return index;
    case SY_POST_ADD:
        *sy_storage_add(storage, SY_ROLE_RESIDUAL, output->dtype, output->rank, output->dim) = *output;
        return index;
    default: return SY_NO_OPERAND;
    }
}

void sy_storage_add_epilogue(sy_problem_storage *storage, const sy_spec *spec, const sy_tensor *output,
    int64_t rows, int64_t columns) {
    const uint32_t *kinds = epilogue_posts[spec->epilogue];
    for (size_t i = 0; i < 3 && kinds[i] != 0; i++) {
        uint32_t operand = add_operand(storage, kinds[i], spec, output, rows, columns);
        storage->post[storage->problem.n_post++] = (sy_post){.kind = kinds[i], .operand = operand};
    }
}

void sy_storage_finish(sy_problem_storage *storage, uint32_t op, const sy_spec *spec) {
    sy_problem *problem = &storage->problem;
    problem->size = sizeof *problem;
    problem->op = op;
    problem->tensor = storage->tensor;
    problem->attr = &storage->attr;
    problem->post = storage->post;
    problem->acc_dtype = spec->dtype_acc != SY_DTYPE_NONE ? spec->dtype_acc : SY_F32;
    problem->math = spec->math;
}
