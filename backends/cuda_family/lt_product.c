/* Lt's objects, and what its heuristic answers. */
#include "backends/cuda_family/lt_product.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

/* Numbers of values, the same in every stack that has the library. */
enum {
    EPILOGUE_NONE = 1,
    EPILOGUE_RELU = 2,
    EPILOGUE_BIAS = 4,
    EPILOGUE_GELU = 32,
    PREFER_REDUCTIONS = 3,
    PREFER_ALIGNMENT = 5,
    REDUCE_IN_PLACE_OR_COMPUTE_TYPE = 3, /* not in the output's type: that would round partial sums to it */
    ALGO_ID = 0,
    ALGO_TILE = 1,
    ALGO_SPLIT_K = 2,
    ALGO_STAGES = 6,
    ALGO_CLUSTER = 8
};

static const uint64_t WORKSPACE_BYTES = UINT64_C(32) << 20; /* what NVIDIA recommends for Hopper */

bool cf_lt_wants_dense_k(uint32_t dtype) {
    return dtype == SY_F8E4M3 || dtype == SY_F8E5M2 || dtype == SY_S8;
}

static bool is_f8(uint32_t dtype) {
    return dtype == SY_F8E4M3 || dtype == SY_F8E5M2;
}

static sy_status check_types(const sy_card_product *product, const int *type, sy_error *err) {
    uint32_t a = product->a.dtype, b = product->b.dtype, d = product->d.dtype;
    if (a == SY_U8 || b == SY_U8 || type[a] == CF_NONE || type[b] == CF_NONE || type[d] == CF_NONE ||
        (a != b && !(is_f8(a) && is_f8(b))))
        return sy_error_set(
            err, SY_UNSUPPORTED, "no products of %s and %s", sy_dtype_name(a), sy_dtype_name(b));
    if (a == SY_F8E5M2 && b == SY_F8E5M2)
        return sy_error_set(err, SY_UNSUPPORTED, "no products of f8e5m2 with itself: one must be f8e4m3");
    if (a == SY_S8 && d != SY_S32)
        return sy_error_set(err, SY_UNSUPPORTED, "results of s8 are in s32, not in %s", sy_dtype_name(d));
    return SY_OK;
}

/* Seen on Hopper: f8 wants k in sixteens, s8 in fours, and both operands dense along k; m is free. */
static sy_status check_dense_k(const sy_card_product *product, sy_error *err) {
    int64_t step = is_f8(product->a.dtype) ? 16 : 4;
    if (is_f8(product->a.dtype) &&
        (product->a.is_transposed || (!product->b.is_transposed && product->n > 1 && product->k > 1)))
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s wants A and B dense along k (A as it is, B transposed in memory)",
            sy_dtype_name(product->a.dtype));
    if (product->a.ld % step != 0 || product->b.ld % step != 0)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s wants rows that are multiples of %lld, not %lld and %lld", sy_dtype_name(product->a.dtype),
            (long long)step, (long long)product->a.ld, (long long)product->b.ld);
    return SY_OK;
}

static sy_status check_epilogue(const sy_card_product *product, sy_error *err) {
    const sy_card_epilogue *epilogue = &product->epilogue;
    if (epilogue->scale_row != SY_NO_OPERAND || epilogue->scale_column != SY_NO_OPERAND)
        return sy_error_set(err, SY_UNSUPPORTED, "no scales by row and column in this epilogue");
    if (epilogue->activation == SY_CARD_GELU_ERF || epilogue->activation == SY_CARD_SILU)
        return sy_error_set(err, SY_UNSUPPORTED, "of activations there are relu and gelu by tanh alone");
    /* Measured on an H100: 4e-6 off in f32, and no better in f64. */
    if (epilogue->activation == SY_CARD_GELU_TANH && sy_dtype_size(product->d.dtype) > 2)
        return sy_error_set(err, SY_UNSUPPORTED,
            "gelu takes its tanh from a table: exact enough for results of 16 bits, not for %s",
            sy_dtype_name(product->d.dtype));
    if (epilogue->residual != SY_NO_OPERAND && product->has_c)
        return sy_error_set(err, SY_UNSUPPORTED, "a residual beside beta C");
    return SY_OK;
}

sy_status cf_lt_check(const sy_device *device, const sy_card_product *product, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    if (product->m == 0 || product->n == 0 || product->k == 0 || product->batch == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "an extent of 0");
    if (product->batch > INT32_MAX)
        return sy_error_set(err, SY_UNSUPPORTED, "more than 2^31 in a batch");
    sy_status status = check_types(product, libraries->stack->lt->numbers->dtype, err);
    if (status == SY_OK && cf_lt_wants_dense_k(product->a.dtype))
        status = check_dense_k(product, err);
    return status == SY_OK ? check_epilogue(product, err) : status;
}

static int set_desc(const cf_lt_api *api, void *desc, int attribute, const void *value, size_t bytes) {
    return attribute == CF_NONE ? 0 : api->MatmulDescSetAttribute(desc, attribute, value, bytes);
}

static uint32_t epilogue_number(const sy_card_epilogue *epilogue) {
    uint32_t number = epilogue->activation == SY_CARD_RELU        ? EPILOGUE_RELU
                      : epilogue->activation == SY_CARD_GELU_TANH ? EPILOGUE_GELU
                                                                  : 0;
    number |= epilogue->bias != SY_NO_OPERAND ? EPILOGUE_BIAS : 0u;
    return number != 0 ? number : EPILOGUE_NONE;
}

static int make_desc(const cf_libraries *libraries, const sy_card_product *product, const cf_compute *compute,
    const void *bias, void **out_desc) {
    const cf_lt_row *row = libraries->stack->lt;
    const cf_lt_api *api = &libraries->lt;
    const int *type = libraries->stack->lt->numbers->dtype;
    int32_t op[2] = {
        product->b.is_transposed ? libraries->stack->lt->numbers->op_t : libraries->stack->lt->numbers->op_n,
        product->a.is_transposed ? libraries->stack->lt->numbers->op_t : libraries->stack->lt->numbers->op_n};
    uint32_t epilogue = epilogue_number(&product->epilogue);
    int32_t bias_type = type[compute->scale_type == SY_F64 ? SY_F64 : SY_F32];
    int code = api->MatmulDescCreate(out_desc, compute->number, type[compute->scale_type]);
    if (code == 0)
        code = set_desc(api, *out_desc, row->trans_a, &op[0], sizeof op[0]);
    if (code == 0)
        code = set_desc(api, *out_desc, row->trans_b, &op[1], sizeof op[1]);
    if (code == 0 && epilogue != EPILOGUE_NONE)
        code = set_desc(api, *out_desc, row->epilogue, &epilogue, sizeof epilogue);
    if (code == 0 && product->epilogue.bias != SY_NO_OPERAND) {
        code = set_desc(api, *out_desc, row->bias_type, &bias_type, sizeof bias_type);
        if (code == 0)
            code = set_desc(api, *out_desc, row->bias_pointer, &bias, sizeof bias);
    }
    return code;
}

static int make_layout(const cf_libraries *libraries, int type, uint64_t rows, uint64_t columns, int64_t ld,
    const sy_card_product *product, int64_t batch_stride, void **out_layout) {
    const cf_lt_row *row = libraries->stack->lt;
    const cf_lt_api *api = &libraries->lt;
    int32_t batch = (int32_t)product->batch;
    int code = api->MatrixLayoutCreate(out_layout, type, rows, columns, ld);
    if (code == 0 && batch > 1)
        code = api->MatrixLayoutSetAttribute(*out_layout, row->batch_count, &batch, sizeof batch);
    if (code == 0 && batch > 1)
        code =
            api->MatrixLayoutSetAttribute(*out_layout, row->batch_offset, &batch_stride, sizeof batch_stride);
    return code;
}

/* A row-major matrix is its transpose to a column-major library: rows and columns as they lie. */
static int make_layouts(
    const cf_libraries *libraries, const sy_card_product *product, cf_lt_objects *objects) {
    const int *type = libraries->stack->lt->numbers->dtype;
    const sy_card_matrix *first = &product->b, *second = &product->a, *sum = &product->c;
    uint32_t sum_type = is_f8(product->d.dtype) ? SY_BF16 : product->c.dtype;
    int code =
        make_layout(libraries, type[first->dtype], (uint64_t)(first->is_transposed ? product->k : product->n),
            (uint64_t)(first->is_transposed ? product->n : product->k), first->ld, product,
            first->batch_stride, &objects->layout[0]);
    if (code == 0)
        code = make_layout(libraries, type[second->dtype],
            (uint64_t)(second->is_transposed ? product->m : product->k),
            (uint64_t)(second->is_transposed ? product->k : product->m), second->ld, product,
            second->batch_stride, &objects->layout[1]);
    if (code == 0)
        code = make_layout(libraries, type[sum_type], (uint64_t)product->n, (uint64_t)product->m, sum->ld,
            product, sum->batch_stride, &objects->layout[2]);
    return code == 0
               ? make_layout(libraries, type[product->d.dtype], (uint64_t)product->n, (uint64_t)product->m,
                     product->d.ld, product, product->d.batch_stride, &objects->layout[3])
               : code;
}

/* Preferences that a stack's library does not know are left as they are. */
static int make_preference(const cf_libraries *libraries, uint32_t alignment, void **out_preference) {
    const cf_lt_api *api = &libraries->lt;
    uint32_t reductions = REDUCE_IN_PLACE_OR_COMPUTE_TYPE;
    int code = api->MatmulPreferenceCreate(out_preference);
    if (code == 0)
        code = api->MatmulPreferenceSetAttribute(
            *out_preference, libraries->stack->lt->max_workspace, &WORKSPACE_BYTES, sizeof WORKSPACE_BYTES);
    if (code != 0)
        return code;
    (void)api->MatmulPreferenceSetAttribute(
        *out_preference, PREFER_REDUCTIONS, &reductions, sizeof reductions);
    for (int i = 0; i < 4; i++)
        (void)api->MatmulPreferenceSetAttribute(
            *out_preference, PREFER_ALIGNMENT + i, &alignment, sizeof alignment);
    return 0;
}

sy_status cf_lt_objects_make(sy_device *device, const sy_card_product *product, const cf_compute *compute,
    const void *bias, uint32_t alignment, cf_lt_objects *out_objects, sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    *out_objects = (cf_lt_objects){0};
    int code = make_desc(libraries, product, compute, bias, &out_objects->desc);
    if (code == 0)
        code = make_layouts(libraries, product, out_objects);
    if (code == 0)
        code = make_preference(libraries, alignment, &out_objects->preference);
    return code == 0 ? SY_OK
                     : sy_card_code_error(device, cf_code(CF_CODE_LT, code), err, "describing the product");
}

void cf_lt_objects_free(sy_device *device, cf_lt_objects *objects) {
    const cf_lt_api *api = &cf_libraries_of(device)->lt;
    if (objects->desc != NULL)
        (void)api->MatmulDescDestroy(objects->desc);
    for (uint32_t i = 0; i < 4; i++)
        if (objects->layout[i] != NULL)
            (void)api->MatrixLayoutDestroy(objects->layout[i]);
    if (objects->preference != NULL)
        (void)api->MatmulPreferenceDestroy(objects->preference);
    *objects = (cf_lt_objects){0};
}

static int32_t config(const cf_lt_api *api, const void *algo, int attribute) {
    int32_t value = -1;
    size_t written = 0;
    if (api->MatmulAlgoConfigGetAttribute == NULL ||
        api->MatmulAlgoConfigGetAttribute(algo, attribute, &value, sizeof value, &written) != 0)
        return -1;
    return written == sizeof(uint16_t) ? (int32_t)(uint16_t)value : value;
}

static void put_answer(const cf_libraries *libraries, const unsigned char *result, cf_lt_answer *out) {
    const cf_lt_row *row = libraries->stack->lt;
    const cf_lt_api *api = &libraries->lt;
    size_t workspace = 0;
    memcpy(out->algo, result, row->algo_bytes);
    memcpy(&workspace, result + row->workspace_offset, sizeof workspace);
    out->workspace_bytes = workspace;
    out->implementation[0] = '\0';
    if (config(api, result, ALGO_ID) >= 0)
        snprintf(out->implementation, sizeof out->implementation, "algo %d tile %d stages %d split %d",
            config(api, result, ALGO_ID), config(api, result, ALGO_TILE), config(api, result, ALGO_STAGES),
            config(api, result, ALGO_SPLIT_K));
}

sy_status cf_lt_ask(sy_device *device, const cf_lt_objects *objects, uint32_t index, cf_lt_answer *out_answer,
    sy_error *err) {
    const cf_libraries *libraries = cf_libraries_of(device);
    const cf_lt_row *row = libraries->stack->lt;
    _Alignas(16) unsigned char results[CF_LT_ANSWERS][CF_LT_RESULT_BYTES] = {{0}};
    unsigned char *packed = &results[0][0];
    int count = 0, state = 0;
    int code = libraries->lt.MatmulAlgoGetHeuristic(cf_device_of(device)->lt, objects->desc,
        objects->layout[0], objects->layout[1], objects->layout[2], objects->layout[3], objects->preference,
        (int)CF_LT_ANSWERS, packed, &count);
    if (code != 0 || count <= 0)
        return sy_card_code_error(device, cf_code(CF_CODE_LT, code != 0 ? code : row->numbers->not_supported),
            err, "asking for algorithms");
    if (index >= CF_LT_ANSWERS || index >= (uint32_t)count)
        return sy_error_set(err, SY_UNAVAILABLE, "no algorithm %u, there are %d", index, count);
    memcpy(&state, packed + index * row->result_bytes + row->state_offset, sizeof state);
    if (state != 0)
        return sy_card_code_error(device, cf_code(CF_CODE_LT, state), err, "this algorithm");
    put_answer(libraries, packed + index * row->result_bytes, out_answer);
    return SY_OK;
}
