/* Convolution of MIOpen: immediate mode, and the mode that finds first. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/miopen.h"

typedef struct solution {
    float ms;
    size_t workspace;
    uint64_t id;
    int algorithm;
} solution;
_Static_assert(sizeof(solution) == 32, "the record of solutions");

typedef struct perf {
    int algorithm;
    float ms;
    size_t workspace;
} perf;

static const struct {
    uint64_t id;
    int algorithm;
    uint64_t workspace;
} solutions[MIOPEN_SOLUTIONS] = {{85, 5, 0}, {13, 1, 0}, {91, 0, 65536}};

uint64_t miopen_id(int index) {
    return solutions[index].id;
}

/* Integers: only through a gemm. */
bool miopen_solution_of(
    const miopen_problem *problem, uint64_t id, int *out_index, int *out_algorithm, uint64_t *out_workspace) {
    for (int i = 0; i < MIOPEN_SOLUTIONS; i++)
        if (solutions[i].id == id && (problem->problem.x->dtype != SY_S8 || solutions[i].algorithm == 0)) {
            *out_index = i;
            *out_algorithm = solutions[i].algorithm;
            *out_workspace = solutions[i].workspace;
            return true;
        }
    return false;
}

static int leave(verdict said) {
    return sim_leave(status_of("dnn", said));
}

/* Handle and problem; what is wrong with them. */
static verdict begin(void *handle, void *w, void *x, void *conv, void *y, miopen_handle **out_handle,
    miopen_problem *out, sim_conv *out_conv) {
    *out_handle = sim_handle_get(handle, DNN_HANDLE);
    if (*out_handle == NULL || !miopen_problem_of(w, x, conv, y, out))
        return VERDICT_INVALID;
    return dnn_check(&out->problem, out_conv);
}

SIM_API int miopenConvolutionForwardGetSolutionCount(
    void *handle, void *w, void *x, void *conv, void *y, size_t *out_count) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv described;
    verdict said =
        out_count == NULL ? VERDICT_INVALID : begin(handle, w, x, conv, y, &one, &problem, &described);
    if (said == VERDICT_OK)
        *out_count = problem.problem.x->dtype == SY_S8 ? 1 : MIOPEN_SOLUTIONS;
    return leave(said);
}

SIM_API int miopenConvolutionForwardGetSolution(
    void *handle, void *w, void *x, void *conv, void *y, size_t most, size_t *out_got, void *out_solutions) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv described;
    if (out_got == NULL || out_solutions == NULL)
        return leave(VERDICT_INVALID);
    verdict said = begin(handle, w, x, conv, y, &one, &problem, &described);
    solution *out = out_solutions;
    *out_got = 0;
    for (int i = 0; i < MIOPEN_SOLUTIONS && said == VERDICT_OK && *out_got < most; i++) {
        int index, algorithm;
        uint64_t workspace;
        if (miopen_solution_of(&problem, miopen_id(i), &index, &algorithm, &workspace))
            out[(*out_got)++] = (solution){(float)(i + 1), (size_t)workspace, miopen_id(i), algorithm};
    }
    return leave(said);
}

SIM_API int miopenConvolutionForwardGetSolutionWorkspaceSize(
    void *handle, void *w, void *x, void *conv, void *y, uint64_t id, size_t *out_bytes) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv described;
    int index, algorithm;
    uint64_t workspace;
    verdict said = begin(handle, w, x, conv, y, &one, &problem, &described);
    if (said == VERDICT_OK &&
        (out_bytes == NULL || !miopen_solution_of(&problem, id, &index, &algorithm, &workspace)))
        said = VERDICT_INVALID;
    if (said == VERDICT_OK)
        *out_bytes = (size_t)workspace;
    return leave(said);
}

SIM_API int miopenConvolutionForwardCompileSolution(
    void *handle, void *w, void *x, void *conv, void *y, uint64_t id) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv described;
    int index, algorithm;
    uint64_t workspace;
    verdict said = begin(handle, w, x, conv, y, &one, &problem, &described);
    if (said == VERDICT_OK && !miopen_solution_of(&problem, id, &index, &algorithm, &workspace))
        said = VERDICT_INVALID;
    if (said == VERDICT_OK)
        one->compiled[index] = problem.number;
    return leave(said);
}

typedef struct operands {
    const void *x, *w;
    void *y, *workspace;
    size_t workspace_bytes;
} operands;

static verdict enqueue(const miopen_handle *handle, const miopen_problem *problem, uint64_t workspace,
    const operands *at, sim_conv *conv) {
    int device = handle->base.device;
    family_queue queue;
    void *view;
    verdict said = dnn_queue_of(&handle->base, &queue);
    if (said != VERDICT_OK)
        return said;
    if (workspace > at->workspace_bytes) {
        sim_misuse("workspace_too_small");
        return VERDICT_INVALID;
    }
    if (!family_operand(device, at->workspace, workspace, &view) ||
        !dnn_find(device, at->x, problem->problem.x->dim, &conv->x) ||
        !dnn_find(device, at->w, problem->filter.dim, &conv->filter) ||
        !dnn_find(device, at->y, problem->problem.y->dim, &conv->y))
        return VERDICT_INVALID;
    family_enqueue(&queue,
        &(sim_work){.run = sim_conv_run, .args = conv, .bytes = sizeof *conv, .flop = sim_conv_flop(conv)});
    return VERDICT_OK;
}

SIM_API int miopenConvolutionForwardImmediate(void *handle, void *w_desc, const void *w, void *x_desc,
    const void *x, void *conv_desc, void *y_desc, void *y, void *workspace, size_t workspace_bytes,
    uint64_t id) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv conv;
    int index, algorithm;
    uint64_t wanted;
    const operands at = {x, w, y, workspace, workspace_bytes};
    verdict said = begin(handle, w_desc, x_desc, conv_desc, y_desc, &one, &problem, &conv);
    if (said == VERDICT_OK && !miopen_solution_of(&problem, id, &index, &algorithm, &wanted))
        said = VERDICT_INVALID;
    if (said == VERDICT_OK && one->compiled[index] != problem.number)
        sim_misuse("solution_not_compiled"); /* it works, and takes its time */
    return leave(said == VERDICT_OK ? enqueue(one, &problem, wanted, &at, &conv) : said);
}

SIM_API int miopenConvolutionForwardGetWorkSpaceSize(
    void *handle, void *w, void *x, void *conv, void *y, size_t *out_bytes) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv described;
    verdict said =
        out_bytes == NULL ? VERDICT_INVALID : begin(handle, w, x, conv, y, &one, &problem, &described);
    if (said == VERDICT_OK)
        *out_bytes = 65536; /* the most of all */
    return leave(said);
}

SIM_API int miopenFindConvolutionForwardAlgorithm(void *handle, void *x_desc, const void *x, void *w_desc,
    const void *w, void *conv_desc, void *y_desc, void *y, int most, int *out_got, void *out_perf,
    void *workspace, size_t workspace_bytes, bool is_exhaustive) {
    int code = sim_enter(__func__);
    (void)is_exhaustive;
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv conv;
    const operands at = {x, w, y, workspace, workspace_bytes};
    if (most < 1 || out_got == NULL || out_perf == NULL)
        return leave(VERDICT_INVALID);
    verdict said = begin(handle, w_desc, x_desc, conv_desc, y_desc, &one, &problem, &conv);
    if (said == VERDICT_OK) /* it runs them to know */
        said = enqueue(one, &problem, 0, &at, &conv);
    perf *out = out_perf;
    *out_got = 0;
    for (int i = 0; i < MIOPEN_SOLUTIONS && said == VERDICT_OK && *out_got < most; i++) {
        int index, algorithm;
        uint64_t wanted;
        if (miopen_solution_of(&problem, miopen_id(i), &index, &algorithm, &wanted) &&
            wanted <= workspace_bytes)
            out[(*out_got)++] = (perf){algorithm, (float)(i + 1), (size_t)wanted};
    }
    if (said == VERDICT_OK)
        one->found = problem.number;
    return leave(said);
}

static int index_of_algorithm(int algorithm) {
    for (int i = 0; i < MIOPEN_SOLUTIONS; i++)
        if (solutions[i].algorithm == algorithm)
            return i;
    return -1;
}

SIM_API int miopenConvolutionForward(void *handle, const void *alpha, void *x_desc, const void *x,
    void *w_desc, const void *w, void *conv_desc, int algorithm, const void *beta, void *y_desc, void *y,
    void *workspace, size_t workspace_bytes) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    miopen_handle *one;
    miopen_problem problem;
    sim_conv conv;
    const operands at = {x, w, y, workspace, workspace_bytes};
    int index = index_of_algorithm(algorithm);
    verdict said = begin(handle, w_desc, x_desc, conv_desc, y_desc, &one, &problem, &conv);
    if (said == VERDICT_OK && (alpha == NULL || beta == NULL || index < 0))
        said = VERDICT_INVALID;
    if (said == VERDICT_OK && (sim_element_get(SY_F32, alpha) != 1 || sim_element_get(SY_F32, beta) != 0))
        said = VERDICT_UNSUPPORTED;
    if (said == VERDICT_OK && one->found != problem.number) {
        sim_misuse("find_not_called");
        said = VERDICT_EXECUTION;
    }
    return leave(said == VERDICT_OK ? enqueue(one, &problem, solutions[index].workspace, &at, &conv) : said);
}
