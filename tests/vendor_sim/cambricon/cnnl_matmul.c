/* libcnnl.so: descriptors of products, the heuristic, and the products themselves. */
#include <string.h>

#include "tests/vendor_sim/cambricon/cnnl_product.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlMatMulDescCreate(cnnlMatMulDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_MATMUL, sizeof(cnnl_matmul), desc);
}

cnnlStatus_t cnnlMatMulDescDestroy(cnnlMatMulDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_MATMUL, desc);
}

cnnlStatus_t cnnlMatMulAlgoCreate(cnnlMatMulAlgo_t *algo) {
    return cnnl_create(__func__, CNNL_ALGO, sizeof(cnnl_algo), algo);
}

cnnlStatus_t cnnlMatMulAlgoDestroy(cnnlMatMulAlgo_t algo) {
    return cnnl_destroy(__func__, CNNL_ALGO, algo);
}
#else
cnnlStatus_t cnnlCreateMatMulDescriptor(cnnlMatMulDescriptor_t *desc) {
    return cnnl_create(__func__, CNNL_MATMUL, sizeof(cnnl_matmul), desc);
}

cnnlStatus_t cnnlDestroyMatMulDescriptor(cnnlMatMulDescriptor_t desc) {
    return cnnl_destroy(__func__, CNNL_MATMUL, desc);
}

cnnlStatus_t cnnlCreateMatMulAlgo(cnnlMatMulAlgo_t *algo) {
    return cnnl_create(__func__, CNNL_ALGO, sizeof(cnnl_algo), algo);
}

cnnlStatus_t cnnlDestroyMatMulAlgo(cnnlMatMulAlgo_t algo) {
    return cnnl_destroy(__func__, CNNL_ALGO, algo);
}
#endif

cnnlStatus_t cnnlCreateMatMulHeuristicResult(cnnlMatMulHeuristicResult_t *result) {
    return cnnl_create(__func__, CNNL_RESULT, sizeof(cnnl_algo), result);
}

cnnlStatus_t cnnlDestroyMatMulHeuristicResult(cnnlMatMulHeuristicResult_t result) {
    return cnnl_destroy(__func__, CNNL_RESULT, result);
}

/* What the simulation does not do may be set to 0 only: it is so anyway. */
static bool may_be(int32_t attribute, int32_t value) {
    switch (attribute) {
    case CNNL_MATMUL_DESC_COMPUTE_TYPE:
    case CNNL_MATMUL_DESC_SCALE_TYPE:
    case CNNL_MATMUL_DESC_TRANSA:
    case CNNL_MATMUL_DESC_TRANSB:
    case CNNL_MATMUL_ALLOW_TF32:
    case CNNL_MATMUL_USE_BETA:
    case CNNL_MATMUL_DESC_USE_STRIDE: return true;
    default: return value == 0;
    }
}

cnnlStatus_t cnnlSetMatMulDescAttr(
    cnnlMatMulDescriptor_t handle, int32_t attribute, const void *value, size_t bytes) {
    cnnlStatus_t status = cnnl_enter(__func__);
    cnnl_matmul *desc = status == CNNL_STATUS_SUCCESS ? cnnl_get(handle, CNNL_MATMUL) : NULL;
    int64_t number = attribute - sim_number(SIM_NO_DEVICE, "attr_shift", 0);
    int32_t word = 0;
    bool is_right = desc != NULL && value != NULL && bytes == sizeof word && number >= 0 &&
                    number < CNNL_MATMUL_ATTRIBUTES;
    if (status == CNNL_STATUS_SUCCESS && !is_right)
        status = CNNL_STATUS_BAD_PARAM;
    if (status == CNNL_STATUS_SUCCESS) {
        memcpy(&word, value, sizeof word);
        status = may_be((int32_t)number, word) ? CNNL_STATUS_SUCCESS : CNNL_STATUS_NOT_SUPPORTED;
    }
    if (status == CNNL_STATUS_SUCCESS) {
        desc->value[number] = word;
        desc->has[number] = true;
    }
    return cnnl_leave(status);
}

/* Fill in as many results as there are algorithms, and are asked for. */
static cnnlStatus_t fill_results(int device, const cnnl_problem *problem, int requested,
    cnnlMatMulHeuristicResult_t results[], int *out_returned) {
    int count = sim_number(device, "heuristic", 1) != 0 ? (int)sim_number(device, "algos", 2) : 0;
    count = count < requested ? count : requested;
    for (int i = 0; i < count; i++) {
        cnnl_algo *result = cnnl_get(results[i], CNNL_RESULT);
        if (result == NULL)
            return CNNL_STATUS_BAD_PARAM;
        *result = (cnnl_algo){.is_there = true, .problem = *problem, .workspace = cnnl_workspace(device, i)};
    }
    *out_returned = count;
    return CNNL_STATUS_SUCCESS;
}

/* Of operands a, b, c and d. What is not supported is refused, or there are 0 results of it. */
static cnnlStatus_t find_algorithms(const char *function, cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t operand[4], bool is_batched, int requested, cnnlMatMulHeuristicResult_t results[],
    int *returned) {
    cnnl_handle *context;
    cnnl_problem problem;
    cnnlStatus_t status = cnnl_enter_on(function, handle, &context);
    const cnnl_matmul *matmul = status == CNNL_STATUS_SUCCESS ? cnnl_get(desc, CNNL_MATMUL) : NULL;
    if (status == CNNL_STATUS_SUCCESS &&
        (matmul == NULL || requested < 1 || results == NULL || returned == NULL))
        status = CNNL_STATUS_BAD_PARAM;
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    cnnl_operands operands = {cnnl_described(operand[0]), cnnl_described(operand[1]),
        cnnl_described(operand[2]), cnnl_described(operand[3])};
    bool is_quiet = strcmp(sim_text(SIM_NO_DEVICE, "heuristic_refusal", "code"), "zero") == 0;
    *returned = 0;
    status = cnnl_problem_of(context, matmul, &operands, is_batched, &problem);
    if (status == CNNL_STATUS_SUCCESS)
        status = fill_results(context->device, &problem, requested, results, returned);
    else if (is_quiet && status != CNNL_STATUS_BAD_PARAM)
        status = CNNL_STATUS_SUCCESS;
    return cnnl_leave(status);
}

static cnnlStatus_t take_result(const char *function, cnnlMatMulHeuristicResult_t result_handle,
    cnnlMatMulAlgo_t algo_handle, size_t *workspace_bytes) {
    cnnlStatus_t status = cnnl_enter(function);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    const cnnl_algo *result = cnnl_get(result_handle, CNNL_RESULT);
    cnnl_algo *algo = cnnl_get(algo_handle, CNNL_ALGO);
    if (result == NULL || !result->is_there || algo == NULL || workspace_bytes == NULL)
        return cnnl_leave(CNNL_STATUS_BAD_PARAM);
    *algo = *result;
    *workspace_bytes = result->workspace;
    return cnnl_leave(CNNL_STATUS_SUCCESS);
}

typedef struct call {
    cnnlHandle_t handle;
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulAlgo_t algo;
    cnnlTensorDescriptor_t a, b, c, d;
    cnnl_pointers pointers;
    const void *workspace;
    size_t workspace_bytes;
    bool is_batched;
} call;

/* An algorithm is good for what it was found for alone. */
static cnnlStatus_t check_algo(int device, const call *one, const cnnl_problem *problem) {
    const cnnl_algo *algo = cnnl_get(one->algo, CNNL_ALGO);
    if (algo == NULL || !algo->is_there || memcmp(&algo->problem, problem, sizeof *problem) != 0) {
        sim_misuse("algorithm_of_another_problem");
        return CNNL_STATUS_BAD_PARAM;
    }
    return cnnl_check_workspace(device, one->workspace, one->workspace_bytes, algo->workspace);
}

static cnnlStatus_t multiply(const char *function, const call *one) {
    cnnl_handle *context;
    cnnl_problem problem;
    cnnlStatus_t status = cnnl_enter_on(function, one->handle, &context);
    const cnnl_matmul *matmul = status == CNNL_STATUS_SUCCESS ? cnnl_get(one->desc, CNNL_MATMUL) : NULL;
    if (status == CNNL_STATUS_SUCCESS && matmul == NULL)
        status = CNNL_STATUS_BAD_PARAM;
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    cnnl_operands operands = {
        cnnl_described(one->a), cnnl_described(one->b), cnnl_described(one->c), cnnl_described(one->d)};
    status = cnnl_problem_of(context, matmul, &operands, one->is_batched, &problem);
    if (status == CNNL_STATUS_SUCCESS)
        status = check_algo(context->device, one, &problem);
    if (status == CNNL_STATUS_SUCCESS)
        status = cnnl_multiply(context, matmul, &problem, &operands, &one->pointers);
    return cnnl_leave(status);
}

cnnlStatus_t cnnlGetMatMulAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlTensorDescriptor_t d,
    cnnlMatMulPrefer_t prefer, int requested, cnnlMatMulHeuristicResult_t results[], int *returned) {
    (void)prefer;
    cnnlTensorDescriptor_t operand[4] = {a, b, c, d};
    return find_algorithms(__func__, handle, desc, operand, false, requested, results, returned);
}

cnnlStatus_t cnnlGetMatMulHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes) {
    return take_result(__func__, result, algo, workspace_bytes);
}

cnnlStatus_t cnnlMatMul_v2(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes, cnnlTensorDescriptor_t d_desc, void *d) {
    call one = {handle, desc, algo, a_desc, b_desc, c_desc, d_desc, {alpha, beta, a, b, c, d}, workspace,
        workspace_bytes, false};
    return multiply(__func__, &one);
}

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlGetBatchMatMulAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlMatMulPrefer_t prefer,
    int requested, cnnlMatMulHeuristicResult_t results[], int *returned) {
    (void)prefer;
    cnnlTensorDescriptor_t operand[4] = {a, b, c, c};
    return find_algorithms(__func__, handle, desc, operand, true, requested, results, returned);
}

cnnlStatus_t cnnlGetBatchMatMulHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes) {
    return take_result(__func__, result, algo, workspace_bytes);
}

cnnlStatus_t cnnlBatchMatMulBCast_v2(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes) {
    call one = {handle, desc, algo, a_desc, b_desc, c_desc, c_desc, {alpha, beta, a, b, c, c}, workspace,
        workspace_bytes, true};
    return multiply(__func__, &one);
}

/* The oldest one: no descriptor, no algorithm, no workspace. */
cnnlStatus_t cnnlMatMul(cnnlHandle_t handle, bool trans_a, bool trans_b, const void *alpha,
    cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc, const void *b,
    const void *beta, cnnlTensorDescriptor_t c_desc, void *c) {
    cnnl_handle *context;
    cnnl_problem problem;
    cnnl_matmul matmul = {.value = {0}};
    matmul.value[CNNL_MATMUL_DESC_TRANSA] = trans_a;
    matmul.value[CNNL_MATMUL_DESC_TRANSB] = trans_b;
    matmul.value[CNNL_MATMUL_USE_BETA] = 1;
    cnnlStatus_t status = cnnl_enter_on(__func__, handle, &context);
    if (status != CNNL_STATUS_SUCCESS)
        return cnnl_leave(status);
    cnnl_operands operands = {
        cnnl_described(a_desc), cnnl_described(b_desc), cnnl_described(c_desc), cnnl_described(c_desc)};
    status = cnnl_problem_of(context, &matmul, &operands, false, &problem);
    if (status == CNNL_STATUS_SUCCESS)
        status =
            cnnl_multiply(context, &matmul, &problem, &operands, &(cnnl_pointers){alpha, beta, a, b, c, c});
    return cnnl_leave(status);
}
#else
cnnlStatus_t cnnlGetBatchMatMulExAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlMatMulPrefer_t prefer,
    int requested, cnnlMatMulHeuristicResult_t results[], int *returned) {
    (void)prefer;
    cnnlTensorDescriptor_t operand[4] = {a, b, c, c};
    return find_algorithms(__func__, handle, desc, operand, true, requested, results, returned);
}

cnnlStatus_t cnnlGetBatchMatMulExHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes) {
    return take_result(__func__, result, algo, workspace_bytes);
}

cnnlStatus_t cnnlBatchMatMulEx(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes) {
    call one = {handle, desc, algo, a_desc, b_desc, c_desc, c_desc, {alpha, beta, a, b, c, c}, workspace,
        workspace_bytes, true};
    return multiply(__func__, &one);
}
#endif
