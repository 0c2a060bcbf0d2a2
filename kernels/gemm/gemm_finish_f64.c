/* The epilogue in f64, for f64 sums and (widened without loss) s32 sums: one row at a time, plain C for any
 * CPU. */
#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_finish.h"

#include <math.h>

static double apply_one(const sy_kernel_post *post, double x) {
    const double a = (double)post->a, b = (double)post->b;
    switch (post->kind) {
    case SY_KERNEL_POST_RELU: return x < 0 ? 0 : x;
    case SY_KERNEL_POST_CLIP: x = x < a ? a : x; return x > b ? b : x;
    case SY_KERNEL_POST_SILU: return x / (1 + exp(-x));
    case SY_KERNEL_POST_GELU_ERF: return 0.5 * x * erfc(-x * 0.70710678118654752440);
    case SY_KERNEL_POST_GELU_TANH: /* (1 + tanh u) / 2 = 1 / (1 + e^-2u), which does not cancel */
        return x / (1 + exp(-1.59576912160573071176 * (x + 0.044715 * x * x * x)));
    case SY_KERNEL_POST_REQUANT: return nearbyint(x * a) + b;
    case SY_KERNEL_POST_SIGMOID: return 1 / (1 + exp(-x));
    default: return tanh(x);
    }
}

static void apply_post(
    const gemm_finish *finish, uint32_t step, int64_t row, int64_t col, int cols, double *t) {
    const sy_kernel_post *post = &finish->post[step];
    if (!gemm_post_has_operand(post->kind)) {
        for (int j = 0; j < cols; j++)
            t[j] = apply_one(post, t[j]);
        return;
    }
    double line[64];
    const gemm_view *view = &finish->operand[step];
    gemm_load_f64(
        view->dtype, view->base, gemm_view_row(finish, view, row) + col * view->col, view->col, cols, line);
    const bool is_product = post->kind == SY_KERNEL_POST_SCALE_ROW || post->kind == SY_KERNEL_POST_SCALE_COL;
    for (int j = 0; j < cols; j++)
        t[j] = is_product ? t[j] * line[j] : t[j] + line[j];
}

/* t: the sums of one row. */
static void finish_row(const gemm_finish *finish, int64_t row, int64_t col, int cols, double *t) {
    if (finish->alpha != 1 || finish->beta != 0) {
        double c[64] = {0};
        if (finish->beta != 0)
            gemm_load_f64(finish->c.dtype, finish->c.base,
                gemm_view_row(finish, &finish->c, row) + col * finish->c.col, finish->c.col, cols, c);
        for (int j = 0; j < cols; j++)
            t[j] = finish->beta == 0 ? finish->alpha * t[j] : finish->alpha * t[j] + finish->beta * c[j];
    }
    for (uint32_t step = 0; step < finish->n_post; step++)
        apply_post(finish, step, row, col, cols, t);
    const gemm_view *d = &finish->d;
    gemm_store_f64(d->dtype, finish->out, gemm_view_row(finish, d, row) + col * d->col, d->col, cols, t);
}

void gemm_finish_f64(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    for (int i = 0; i < rows; i++)
        finish_row(finish, row + i, col, cols, (double *)tile + i * ld);
}

void gemm_finish_s32(
    const gemm_finish *finish, void *tile, int64_t ld, int64_t row, int rows, int64_t col, int cols) {
    for (int i = 0; i < rows; i++) {
        const int32_t *sum = (const int32_t *)tile + i * ld;
        double t[64];
        for (int j = 0; j < cols; j++)
            t[j] = sum[j];
        finish_row(finish, row + i, col, cols, t);
    }
}
