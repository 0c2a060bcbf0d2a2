#include "tests/unit/vendor_sim/cambricon/product.h"

#include <stdlib.h>

#include "runtime/base/convert.h"
#include "steelyard/types.h"

const product product_plain = {.dtype = CNNL_DTYPE_FLOAT,
    .out_dtype = CNNL_DTYPE_FLOAT,
    .tf32 = 0,
    .compute = CNNL_DTYPE_FLOAT,
    .alpha = 1,
    .m = 3,
    .n = 4,
    .k = 5};

static uint32_t type_of(int32_t dtype) {
    switch (dtype) {
    case CNNL_DTYPE_FLOAT: return SY_F32;
    case CNNL_DTYPE_HALF: return SY_F16;
    case CNNL_DTYPE_INT8: return SY_S8;
    case CNNL_DTYPE_INT32: return SY_S32;
    default: return SY_BF16;
    }
}

static void *upload_as(int32_t dtype, const float *values, int count) {
    uint32_t type = type_of(dtype);
    size_t bytes = (size_t)count * sy_dtype_size(type);
    char *packed = malloc(bytes);
    for (int i = 0; i < count; i++) {
        double value = (double)values[i];
        sy_convert_from_f64(type, &value, 1, packed + (size_t)i * sy_dtype_size(type));
    }
    void *memory = rig_upload(packed, bytes);
    free(packed);
    return memory;
}

static void download_as(int32_t dtype, void *memory, float *out, int count) {
    uint32_t type = type_of(dtype);
    char *packed = malloc((size_t)count * sy_dtype_size(type));
    rig_download(packed, memory, (size_t)count * sy_dtype_size(type));
    for (int i = 0; i < count; i++) {
        double value;
        sy_convert_to_f64(type, packed + (size_t)i * sy_dtype_size(type), 1, &value);
        out[i] = (float)value;
    }
    free(packed);
}

void product_set(cnnlMatMulDescriptor_t desc, int32_t attribute, int32_t value) {
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(desc, attribute, &value, sizeof value), 0);
}

static cnnlMatMulDescriptor_t describe(const product *one) {
    cnnlMatMulDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateMatMulDescriptor)(&desc), 0);
    product_set(desc, CNNL_MATMUL_DESC_TRANSA, one->trans_a);
    product_set(desc, CNNL_MATMUL_DESC_TRANSB, one->trans_b);
    product_set(desc, CNNL_MATMUL_USE_BETA, one->use_beta);
    if (one->compute >= 0)
        product_set(desc, CNNL_MATMUL_DESC_COMPUTE_TYPE, one->compute);
    if (one->tf32 >= 0)
        product_set(desc, CNNL_MATMUL_ALLOW_TF32, one->tf32);
    return desc;
}

static cnnlTensorDescriptor_t matrix(int batch, int rows, int columns, int32_t dtype) {
    return batch > 0 ? rig_tensor(CNNL_LAYOUT_ARRAY, dtype, batch, rows, columns, 0)
                     : rig_tensor(CNNL_LAYOUT_ARRAY, dtype, rows, columns, 0, 0);
}

product_objects product_make(product *one) {
    product_objects all = {.desc = describe(one)};
    all.a = matrix(one->a_batch, one->trans_a ? one->k : one->m, one->trans_a ? one->m : one->k, one->dtype);
    all.b = matrix(one->b_batch, one->trans_b ? one->n : one->k, one->trans_b ? one->k : one->n, one->dtype);
    all.c = matrix(one->batch, one->m, one->n, one->out_dtype);
    assert_int_equal(CNNL(cnnlCreateMatMulAlgo)(&all.algo), 0);
    assert_int_equal(CNNL(cnnlCreateMatMulHeuristicResult)(&all.result), 0);
    one->count = -1;
    one->found = one->batch > 0 ? CNNL(cnnlGetBatchMatMulExAlgoHeuristic)(rig.handle, all.desc, all.a, all.b,
                                      all.c, NULL, 1, &all.result, &one->count)
                                : CNNL(cnnlGetMatMulAlgoHeuristic)(rig.handle, all.desc, all.a, all.b, all.c,
                                      all.c, NULL, 1, &all.result, &one->count);
    if (one->found == 0 && one->count > 0)
        assert_int_equal(CNNL(cnnlGetMatMulHeuristicResult)(all.result, all.algo, &all.workspace_bytes), 0);
    return all;
}

void product_unmake(const product_objects *all) {
    rig_tensor_free(all->a);
    rig_tensor_free(all->b);
    rig_tensor_free(all->c);
    assert_int_equal(CNNL(cnnlDestroyMatMulHeuristicResult)(all->result), 0);
    assert_int_equal(CNNL(cnnlDestroyMatMulAlgo)(all->algo), 0);
    assert_int_equal(CNNL(cnnlDestroyMatMulDescriptor)(all->desc), 0);
}

/* All of it; c is read and written. */
void product_run(product *one, const float *a, const float *b, float *c) {
    product_objects all = product_make(one);
    int batches = one->batch > 0 ? one->batch : 1, c_count = batches * one->m * one->n;
    int a_count = (one->a_batch > 0 ? one->a_batch : 1) * one->m * one->k;
    int b_count = (one->b_batch > 0 ? one->b_batch : 1) * one->n * one->k;
    void *a_memory = upload_as(one->dtype, a, a_count), *b_memory = upload_as(one->dtype, b, b_count);
    void *c_memory = upload_as(one->out_dtype, c, c_count), *workspace = rig_workspace(all.workspace_bytes);
    if (one->found == 0 && one->count > 0) {
        one->done =
            one->batch > 0
                ? CNNL(cnnlBatchMatMulEx)(rig.handle, all.desc, all.algo, &one->alpha, all.a, a_memory, all.b,
                      b_memory, &one->beta, all.c, c_memory, workspace, all.workspace_bytes)
                : CNNL(cnnlMatMul_v2)(rig.handle, all.desc, all.algo, &one->alpha, all.a, a_memory, all.b,
                      b_memory, &one->beta, all.c, c_memory, workspace, all.workspace_bytes, all.c, c_memory);
        rig_sync();
        download_as(one->out_dtype, c_memory, c, c_count);
    }
    rig_free(workspace);
    rig_free(c_memory);
    rig_free(b_memory);
    rig_free(a_memory);
    product_unmake(&all);
}
