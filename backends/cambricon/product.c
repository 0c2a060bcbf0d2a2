/* Objects of products, and the heuristic's answers. */
#include "backends/cambricon/product.h"

#include "backends/cambricon/tensor.h"
#include "backends/cambricon/words.h"
#include "runtime/base/error.h"

/* Values are words of 32 bits, all of them. */
static int set_attribute(const cambricon_cnnl *api, void *desc, int attribute, int32_t value) {
    return cambricon_cnnl_code(api->SetMatMulDescAttr(desc, attribute, &value, sizeof value));
}

/* Sums in f32: 2.x is told by the compute type, 1.x by the result's type on chip. Who has the second may not
 * know the first. */
static int ask_for_f32(
    const cambricon_libraries *libraries, const sy_card_product *product, const cambricon_product *made) {
    if (product->a.dtype == SY_S8)
        return 0;
    int code = set_attribute(&libraries->cnnl, made->desc, CAMBRICON_COMPUTE_TYPE, cambricon_dtype(SY_F32));
    return libraries->cnnl.SetTensorDescriptorOnchipDataType != NULL
               ? cambricon_tensor_sum_f32(libraries, made->d)
               : code;
}

static int make_desc(const cambricon_libraries *libraries, const sy_card_product *product, bool may_be_tf32,
    cambricon_product *made) {
    const cambricon_cnnl *api = &libraries->cnnl;
    int code = cambricon_cnnl_code(api->CreateMatMulDescriptor(&made->desc));
    if (code == 0)
        code = set_attribute(api, made->desc, CAMBRICON_TRANS_A, product->a.is_transposed);
    if (code == 0)
        code = set_attribute(api, made->desc, CAMBRICON_TRANS_B, product->b.is_transposed);
    if (code == 0)
        code = set_attribute(api, made->desc, CAMBRICON_USE_BETA, product->has_c);
    if (code == 0) /* what is not said is allowed */
        code = set_attribute(api, made->desc, CAMBRICON_ALLOW_TF32, may_be_tf32);
    return code == 0 ? ask_for_f32(libraries, product, made) : code;
}

/* As it lies in memory: a transposed matrix has its columns for rows. */
static int make_matrix(const cambricon_libraries *libraries, const sy_card_product *product,
    const sy_card_matrix *matrix, void **out_desc) {
    int64_t rows = matrix->is_transposed ? matrix->columns : matrix->rows;
    int64_t columns = matrix->is_transposed ? matrix->rows : matrix->columns;
    cambricon_shape shape = {
        .layout = CAMBRICON_ARRAY, .dtype = matrix->dtype, .rank = 2, .dim = {rows, columns}};
    if (product->batch > 1)
        shape = (cambricon_shape){.layout = CAMBRICON_ARRAY,
            .dtype = matrix->dtype,
            .rank = 3,
            .dim = {matrix->batch_stride == 0 ? 1 : product->batch, rows, columns}};
    return cambricon_tensor_make(libraries, &shape, out_desc);
}

static int make_objects(const cambricon_libraries *libraries, const sy_card_product *product,
    bool may_be_tf32, cambricon_product *made) {
    int code = make_matrix(libraries, product, &product->a, &made->a);
    if (code == 0)
        code = make_matrix(libraries, product, &product->b, &made->b);
    if (code == 0)
        code = make_matrix(libraries, product, &product->d, &made->d);
    if (code == 0)
        code = make_desc(libraries, product, may_be_tf32, made);
    if (code == 0)
        code = cambricon_cnnl_code(libraries->cnnl.CreateMatMulAlgo(&made->algo));
    return code;
}

/* The vendor's own callers ask for one answer: so do we, unless a later one is wanted. */
static int ask(sy_device *device, uint32_t index, cambricon_product *made, int *out_count) {
    const cambricon_cnnl *api = &cambricon_libraries_of(device)->cnnl;
    void *handle = cambricon_device_of(device)->asker;
    int code = 0, requested = (int)index + 1;
    *out_count = 0;
    for (uint32_t i = 0; i <= index && code == 0; i++)
        code = cambricon_cnnl_code(api->CreateMatMulHeuristicResult(&made->result[i]));
    if (code != 0)
        return code;
    return cambricon_cnnl_code(made->is_batched
                                   ? api->GetBatchMatMulExAlgoHeuristic(handle, made->desc, made->a, made->b,
                                         made->d, NULL, requested, made->result, out_count)
                                   : api->GetMatMulAlgoHeuristic(handle, made->desc, made->a, made->b,
                                         made->d, made->d, NULL, requested, made->result, out_count));
}

static sy_status take_answer(sy_device *device, uint32_t index, cambricon_product *made, sy_error *err) {
    const cambricon_cnnl *api = &cambricon_libraries_of(device)->cnnl;
    int count = 0;
    int code = index < CAMBRICON_ANSWERS ? ask(device, index, made, &count) : 0;
    if (code != 0)
        return sy_card_code_error(device, code, err, "CNNL's heuristic");
    if (count <= 0 && index == 0)
        return sy_error_set(
            err, SY_UNSUPPORTED, "CNNL's heuristic knows no algorithm for these types and extents");
    if ((uint32_t)count <= index)
        return sy_error_set(err, SY_UNAVAILABLE, "no algorithm %u", index);
    void *result = made->result[index];
    code = cambricon_cnnl_code(
        made->is_batched ? api->GetBatchMatMulExHeuristicResult(result, made->algo, &made->workspace_bytes)
                         : api->GetMatMulHeuristicResult(result, made->algo, &made->workspace_bytes));
    return code == 0 ? SY_OK : sy_card_code_error(device, code, err, "an answer of CNNL's heuristic");
}

sy_status cambricon_product_make(sy_device *device, const sy_card_product *product, bool may_be_tf32,
    uint32_t index, cambricon_product *out_product, sy_error *err) {
    *out_product = (cambricon_product){.is_batched = product->batch > 1,
        .alpha = (float)product->alpha,
        .beta = product->has_c ? (float)product->beta : 0.0f};
    int code = make_objects(cambricon_libraries_of(device), product, may_be_tf32, out_product);
    return code == 0 ? take_answer(device, index, out_product, err)
                     : sy_card_code_error(device, code, err, "describing the product");
}

void cambricon_product_free(const sy_device *device, cambricon_product *product) {
    const cambricon_libraries *libraries = cambricon_libraries_of(device);
    cambricon_tensor_free(libraries, product->a);
    cambricon_tensor_free(libraries, product->b);
    cambricon_tensor_free(libraries, product->d);
    for (uint32_t i = 0; i < CAMBRICON_ANSWERS; i++)
        if (product->result[i] != NULL)
            (void)libraries->cnnl.DestroyMatMulHeuristicResult(product->result[i]);
    if (product->algo != NULL)
        (void)libraries->cnnl.DestroyMatMulAlgo(product->algo);
    if (product->desc != NULL)
        (void)libraries->cnnl.DestroyMatMulDescriptor(product->desc);
    *product = (cambricon_product){0};
}

int cambricon_product_run(const sy_device *device, void *handle, const cambricon_product *product,
    const void *a, const void *b, void *c, void *d, void *workspace) {
    const cambricon_cnnl *api = &cambricon_libraries_of(device)->cnnl;
    const cambricon_product *p = product;
    return cambricon_cnnl_code(p->is_batched
                                   ? api->BatchMatMulEx(handle, p->desc, p->algo, &p->alpha, p->a, a, p->b, b,
                                         &p->beta, p->d, d, workspace, p->workspace_bytes)
                                   : api->MatMul_v2(handle, p->desc, p->algo, &p->alpha, p->a, a, p->b, b,
                                         &p->beta, p->d, c, workspace, p->workspace_bytes, p->d, d));
}
