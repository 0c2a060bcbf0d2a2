/* The heuristic and the multiplication of the Lt library. Setting lt_algos (3): how many algorithms there
 * are. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/lt.h"

#define MAGIC UINT32_C(0x5e1f0001)

/* What follows the algorithm in a result. */
typedef struct result_tail {
    size_t workspace;
    int state;
    float waves;
    int reserved[4];
} result_tail;

static bool problem_of(void *desc, void *a, void *b, void *c, void *d, lt_problem *out) {
    *out = (lt_problem){sim_handle_get(desc, LT_DESC), sim_handle_get(a, LT_LAYOUT),
        sim_handle_get(b, LT_LAYOUT), sim_handle_get(c, LT_LAYOUT), sim_handle_get(d, LT_LAYOUT)};
    return out->desc != NULL && out->a != NULL && out->b != NULL && out->c != NULL && out->d != NULL;
}

static uint32_t least_alignment(const lt_preference *preference) {
    uint32_t least = preference->align_a < preference->align_b ? preference->align_a : preference->align_b;
    least = preference->align_c < least ? preference->align_c : least;
    return preference->align_d < least ? preference->align_d : least;
}

static int fill_results(const lt_problem *problem, const lt_preference *preference, int wanted, char *out) {
    size_t algo_bytes = (size_t)family_number("lt.algo_bytes");
    int got = 0;
    for (uint32_t index = 0; got < wanted && lt_workspace(index) != UINT64_MAX; index++) {
        if (lt_workspace(index) > preference->workspace)
            continue;
        lt_algorithm algorithm = {
            MAGIC, (uint16_t)index, (uint16_t)least_alignment(preference), lt_hash(problem)};
        result_tail tail = {.workspace = lt_workspace(index), .waves = 1};
        memset(out, 0, algo_bytes);
        memcpy(out, &algorithm, sizeof algorithm);
        memcpy(out + algo_bytes, &tail, sizeof tail);
        out += algo_bytes + sizeof tail;
        got++;
    }
    return got;
}

SIM_API int LT(MatmulAlgoGetHeuristic)(void *handle, void *desc, void *a, void *b, void *c, void *d,
    void *preference_handle, int wanted, void *out_results, int *out_got) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    lt_problem problem;
    const lt_preference *preference = sim_handle_get(preference_handle, LT_PREFERENCE);
    sim_gemm gemm = {.batch = 0};
    if (sim_handle_get(handle, "lt") == NULL || !problem_of(desc, a, b, c, d, &problem) ||
        preference == NULL || wanted < 1 || out_results == NULL || out_got == NULL)
        return sim_leave(status_of("blas", VERDICT_INVALID));
    *out_got = 0;
    verdict said = lt_check(&problem, &gemm);
    if (said == VERDICT_OK)
        *out_got = fill_results(&problem, preference, wanted, out_results);
    if (said == VERDICT_OK && *out_got == 0)
        said = VERDICT_UNSUPPORTED;
    return sim_leave(status_of("blas", said));
}

static bool operand(int device, const void *address, const sim_gemm *gemm, bool is_right, bool is_left,
    uint32_t align, sim_tensor *tensor) {
    const int64_t dim[3] = {gemm->batch, is_right ? gemm->k : gemm->m, is_left ? gemm->k : gemm->n};
    if (align >= 16 && (uintptr_t)address % 16 != 0)
        return false;
    return family_operand(device, address, sim_extent(tensor->dtype, 3, dim, tensor->stride), &tensor->data);
}

static bool scale_of(int device, const float *address, sim_tensor *tensor) {
    void *view = NULL;
    bool is_there = address == NULL || family_operand(device, address, sizeof *address, &view);
    tensor->scale = view;
    return is_there;
}

/* Everything that is behind a pointer. */
static bool find_operands(
    int device, const lt_problem *problem, const void *const address[4], uint32_t align, sim_gemm *gemm) {
    const lt_desc *desc = problem->desc;
    bool is_there = operand(device, address[0], gemm, false, true, align, &gemm->a) &&
                    operand(device, address[1], gemm, true, false, align, &gemm->b) &&
                    operand(device, address[3], gemm, false, false, align, &gemm->d) &&
                    (gemm->beta == 0 || operand(device, address[2], gemm, false, false, align, &gemm->c));
    is_there = is_there && scale_of(device, desc->a_scale, &gemm->a) &&
               scale_of(device, desc->b_scale, &gemm->b) && scale_of(device, desc->c_scale, &gemm->c) &&
               scale_of(device, desc->d_scale, &gemm->d);
    if (is_there && (desc->epilogue & LT_EPILOGUE_BIAS) != 0)
        is_there = family_operand(
            device, desc->bias, (uint64_t)gemm->m * sy_dtype_size(gemm->bias.dtype), &gemm->bias.data);
    return is_there;
}

/* A caller's algorithm must be of this problem and have its workspace; without one the library takes what
 * fits. */
static verdict choose(const lt_problem *problem, const void *algo, size_t workspace_bytes, int device,
    const void *workspace, lt_algorithm *out) {
    void *view;
    *out = (lt_algorithm){MAGIC, 0, 1, lt_hash(problem)};
    if (algo == NULL)
        return VERDICT_OK;
    memcpy(out, algo, sizeof *out);
    if (out->magic != MAGIC || lt_workspace(out->index) == UINT64_MAX)
        return VERDICT_INVALID;
    if (out->problem != lt_hash(problem)) {
        sim_misuse("algorithm_of_another_problem");
        return VERDICT_UNSUPPORTED;
    }
    if (lt_workspace(out->index) > workspace_bytes) {
        sim_misuse("workspace_too_small");
        return VERDICT_INVALID;
    }
    bool is_there =
        (uintptr_t)workspace % 16 == 0 && family_operand(device, workspace, lt_workspace(out->index), &view);
    return is_there ? VERDICT_OK : VERDICT_INVALID;
}

static verdict multiply(int device, const lt_problem *problem, const void *alpha, const void *beta,
    const void *const address[4], const void *algo, const void *workspace, size_t workspace_bytes,
    void *stream) {
    const blas_handle at = {.device = device, .stream = stream};
    family_queue queue;
    lt_algorithm chosen;
    sim_gemm gemm = {.batch = 0};
    verdict said = blas_queue_of(&at, &queue);
    if (said == VERDICT_OK)
        said = alpha == NULL || beta == NULL ? VERDICT_INVALID : lt_check(problem, &gemm);
    if (said == VERDICT_OK)
        said = choose(problem, algo, workspace_bytes, device, workspace, &chosen);
    if (said != VERDICT_OK)
        return said;
    uint32_t scalar = family_dtype(LT_TYPES, problem->desc->scale);
    gemm.alpha = sim_element_get(scalar, alpha);
    gemm.beta = sim_element_get(scalar, beta);
    if (!find_operands(device, problem, address, sy_dtype_size(gemm.a.dtype) == 1 ? 16 : chosen.align, &gemm))
        return VERDICT_INVALID;
    if (gemm.m > 0 && gemm.n > 0)
        family_enqueue(&queue,
            &(sim_work){
                .run = sim_gemm_run, .args = &gemm, .bytes = sizeof gemm, .flop = sim_gemm_flop(&gemm)});
    return VERDICT_OK;
}

SIM_API int LT(Matmul)(void *handle, void *desc, const void *alpha, const void *a, void *a_layout,
    const void *b, void *b_layout, const void *beta, const void *c, void *c_layout, void *d, void *d_layout,
    const void *algo, void *workspace, size_t workspace_bytes, void *stream) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const int *device = sim_handle_get(handle, "lt");
    lt_problem problem;
    if (device == NULL || !problem_of(desc, a_layout, b_layout, c_layout, d_layout, &problem))
        return sim_leave(status_of("blas", VERDICT_INVALID));
    const void *const address[4] = {a, b, c, d};
    return sim_leave(status_of(
        "blas", multiply(*device, &problem, alpha, beta, address, algo, workspace, workspace_bytes, stream)));
}
