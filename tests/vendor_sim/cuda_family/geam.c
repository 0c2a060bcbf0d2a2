/* C = alpha op(A) + beta op(B), the way to transpose on the device. */
#include "tests/vendor_sim/cuda_family/gemm.h"

typedef struct geam {
    int64_t m, n;
    sim_tensor a, b, c; /* {row, column} */
    double alpha, beta;
} geam;

static double element(const sim_tensor *tensor, int64_t row, int64_t column) {
    return (double)((const float *)tensor->data)[row * tensor->stride[0] + column * tensor->stride[1]];
}

/* What has the factor 0 is not read. A or B may be C as it lies, so one element after the other. */
static int run(void *args) {
    const geam *one = args;
    for (int64_t column = 0; column < one->n; column++)
        for (int64_t row = 0; row < one->m; row++) {
            double value = one->alpha != 0 ? one->alpha * element(&one->a, row, column) : 0;
            value += one->beta != 0 ? one->beta * element(&one->b, row, column) : 0;
            ((float *)one->c.data)[row + column * one->c.stride[1]] = (float)value;
        }
    return 0;
}

static verdict operand(const blas_handle *handle, int op, const float *address, int ld, int m, int n,
    double factor, sim_tensor *out) {
    bool is_plain = op == family_number("op.n");
    if (!is_plain && op != family_number("op.t") && op != family_number("op.c"))
        return VERDICT_INVALID;
    int64_t rows = is_plain ? m : n, columns = is_plain ? n : m;
    if (ld < 1 || ld < rows)
        return VERDICT_INVALID;
    const int64_t dim[2] = {columns, rows}, stride[2] = {ld, 1};
    *out = (sim_tensor){.dtype = SY_F32, .stride = {is_plain ? 1 : ld, is_plain ? ld : 1}};
    uint64_t bytes = factor != 0 ? sim_extent(SY_F32, 2, dim, stride) : 0;
    return family_operand(handle->device, address, bytes, &out->data) ? VERDICT_OK : VERDICT_INVALID;
}

SIM_API int BLAS(Sgeam)(void *handle, int op_a, int op_b, int m, int n, const float *alpha, const float *a,
    int lda, const float *beta, const float *b, int ldb, float *c, int ldc) {
    int code = sim_enter(__func__);
    blas_handle *one = code == 0 ? sim_handle_get(handle, "blas") : NULL;
    if (code != 0 || one == NULL)
        return sim_leave(code != 0 ? code : status_of("blas", VERDICT_UNINITIALIZED));
    if (m < 0 || n < 0 || alpha == NULL || beta == NULL)
        return sim_leave(status_of("blas", VERDICT_INVALID));
    geam args = {.m = m, .n = n, .alpha = (double)*alpha, .beta = (double)*beta};
    family_queue queue;
    verdict said = blas_queue_of(one, &queue);
    if (said == VERDICT_OK)
        said = operand(one, op_a, a, lda, m, n, args.alpha, &args.a);
    if (said == VERDICT_OK)
        said = operand(one, op_b, b, ldb, m, n, args.beta, &args.b);
    if (said == VERDICT_OK)
        said = operand(one, (int)family_number("op.n"), c, ldc, m, n, 1, &args.c);
    if (said == VERDICT_OK)
        family_enqueue(&queue,
            &(sim_work){
                .run = run, .args = &args, .bytes = sizeof args, .moved = 8.0 * (double)m * (double)n});
    return sim_leave(status_of("blas", said));
}
