/* Which algorithms there are for a convolution. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/dnn.h"

typedef struct perf {
    int algorithm, status;
    float ms;
    size_t workspace;
    int determinism, math, reserved[3];
} perf;
_Static_assert(sizeof(perf) == 48, "the record of the DNN libraries");

SIM_API int DNN(GetConvolution2dForwardOutputDim)(
    void *conv_desc, void *x_desc, void *w_desc, int *n, int *c, int *h, int *w) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    const dnn_conv *conv = sim_handle_get(conv_desc, DNN_CONV);
    const dnn_tensor *x = sim_handle_get(x_desc, DNN_TENSOR);
    const dnn_filter *filter = sim_handle_get(w_desc, DNN_FILTER);
    int64_t dim[4];
    bool is_right = conv != NULL && conv->is_set && x != NULL && filter != NULL &&
                    x->dtype != SY_DTYPE_NONE && filter->dtype != SY_DTYPE_NONE &&
                    dnn_output(x, filter, conv, dim);
    if (!is_right || n == NULL || c == NULL || h == NULL || w == NULL)
        return sim_leave(status_of("dnn", VERDICT_INVALID));
    *n = (int)dim[0];
    *c = (int)dim[1];
    *h = (int)dim[2];
    *w = (int)dim[3];
    return sim_leave(0);
}

/* Those that work first, best guess at the top; the others with the reason. */
static int fill(const dnn_problem *problem, bool is_measured, int wanted, perf *out) {
    static const int order[DNN_ALGORITHMS] = {1, 0, 6, 7, 2, 5, 4, 3};
    int used = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < DNN_ALGORITHMS && used < wanted; i++) {
            uint64_t workspace;
            verdict said = dnn_check_algorithm(problem, order[i], &workspace);
            if ((said == VERDICT_OK) != (pass == 0))
                continue;
            out[used] = (perf){.algorithm = order[i], .status = status_of("dnn", said), .determinism = 1};
            out[used].ms = pass == 0 && is_measured ? (float)(used + 1) : -1;
            out[used].workspace = pass == 0 ? workspace : 0;
            out[used++].math = problem->conv->math;
        }
    return used;
}

static int list(int code, void *handle, const dnn_problem *problem, bool is_measured, int wanted,
    int *out_got, void *out_perf) {
    if (code != 0)
        return sim_leave(code);
    sim_conv conv;
    if (problem == NULL || sim_handle_get(handle, DNN_HANDLE) == NULL || wanted < 1 || out_got == NULL ||
        out_perf == NULL)
        return sim_leave(status_of("dnn", VERDICT_INVALID));
    verdict said = dnn_check(problem, &conv);
    *out_got = said == VERDICT_OK ? fill(problem, is_measured, wanted, out_perf) : 0;
    return sim_leave(status_of("dnn", said));
}

SIM_API int DNN(GetConvolutionForwardAlgorithm_v7)(
    void *handle, void *x, void *w, void *conv, void *y, int wanted, int *out_got, void *out_perf) {
    int code = sim_enter(__func__);
    dnn_problem problem;
    bool is_right = code == 0 && dnn_problem_of(x, w, conv, y, &problem);
    return list(code, handle, is_right ? &problem : NULL, false, wanted, out_got, out_perf);
}

SIM_API int DNN(FindConvolutionForwardAlgorithm)(
    void *handle, void *x, void *w, void *conv, void *y, int wanted, int *out_got, void *out_perf) {
    int code = sim_enter(__func__);
    dnn_problem problem;
    bool is_right = code == 0 && dnn_problem_of(x, w, conv, y, &problem);
    return list(code, handle, is_right ? &problem : NULL, true, wanted, out_got, out_perf);
}

SIM_API int DNN(GetConvolutionForwardWorkspaceSize)(
    void *handle, void *x, void *w, void *conv, void *y, int algorithm, size_t *out_bytes) {
    int code = sim_enter(__func__);
    if (code != 0)
        return sim_leave(code);
    dnn_problem problem;
    sim_conv described;
    uint64_t bytes;
    if (sim_handle_get(handle, DNN_HANDLE) == NULL || !dnn_problem_of(x, w, conv, y, &problem) ||
        out_bytes == NULL)
        return sim_leave(status_of("dnn", VERDICT_INVALID));
    verdict said = dnn_check(&problem, &described);
    if (said == VERDICT_OK)
        said = dnn_check_algorithm(&problem, algorithm, &bytes);
    if (said == VERDICT_OK)
        *out_bytes = (size_t)bytes;
    return sim_leave(status_of("dnn", said));
}
