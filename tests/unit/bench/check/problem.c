/* Reference outputs from the filled inputs, with none of the check's own code. */
#include "problem.h"

#include "kernels/reference/conv.h"
#include "kernels/reference/gemm.h"
#include "kernels/reference/post.h"
#include "runtime/base/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double *load(const problem *at, uint32_t index) {
    uint64_t elements, bytes;
    if ((at->storage.tensor[index].flags & SY_TENSOR_ABSENT) != 0)
        return NULL;
    assert_int_equal(sy_tensor_extent(&at->storage.tensor[index], &elements, &bytes, NULL), SY_OK);
    double *values = malloc((elements + 1) * sizeof *values);
    assert_non_null(values);
    sy_data_fill_f64(
        at->request.block, &at->storage, at->request.key, index, at->set[index], 0, elements, values);
    return values;
}

static void multiply_all(const problem *at, double *const input[], double *out) {
    const sy_spec_gemm *g = &at->spec.u.gemm;
    for (int64_t b = 0; b < g->batch; b++) {
        const sy_reference_gemm one = {.m = g->m,
            .n = g->n,
            .k = g->k,
            .a = input[0] + b * g->m * g->k,
            .b = input[1] + b * g->k * g->n,
            .c = input[2] != NULL ? input[2] + b * g->m * g->n : NULL,
            .d = out + b * g->m * g->n,
            .a_stride = {g->k, 1},
            .b_stride = {g->n, 1},
            .c_stride = {g->n, 1},
            .d_stride = {g->n, 1},
            .alpha = g->alpha,
            .beta = g->beta};
        sy_reference_gemm_run(&one);
    }
}

static void convolve_all(const problem *at, double *const input[], double *out) {
    const sy_spec_conv *c = &at->spec.u.conv;
    sy_reference_conv all = {.n = c->n,
        .c = c->c,
        .h = c->h,
        .w = c->w,
        .k = c->k,
        .r = c->r,
        .s = c->s,
        .stride = {c->stride[0], c->stride[1]},
        .dilation = {c->dilation[0], c->dilation[1]},
        .pad = {c->pad[0], c->pad[1]},
        .groups = c->groups,
        .x = input[0],
        .filter = input[1],
        .y = out,
        .x_stride = {c->c * c->h * c->w, c->h * c->w, c->w, 1},
        .w_stride = {c->c / c->groups * c->r * c->s, c->r * c->s, c->s, 1}};
    assert_int_equal(sy_spec_conv_output(c, &all.p, &all.q, NULL), SY_OK);
    all.y_stride[3] = 1;
    all.y_stride[2] = all.q;
    all.y_stride[1] = all.p * all.q;
    all.y_stride[0] = c->k * all.p * all.q;
    sy_reference_conv_run(&all);
}

/* Operand strides over the output's dims: [1, batch, m, n] or [n, k, p, q]. */
static void post_stride(const problem *at, uint32_t kind, const int64_t dim[4], int64_t out_stride[4]) {
    bool is_gemm = at->spec.op == SY_SPEC_GEMM;
    memset(out_stride, 0, 4 * sizeof *out_stride);
    if (kind == SY_POST_BIAS || kind == SY_POST_SCALE_COL)
        out_stride[is_gemm ? 3 : 1] = 1;
    else if (kind == SY_POST_SCALE_ROW)
        out_stride[is_gemm ? 2 : 0] = 1;
    else if (kind == SY_POST_ADD)
        for (int i = 3, step = 1; i >= 0; step *= (int)dim[i--])
            out_stride[i] = step;
}

static void apply_posts(const problem *at, double *const input[], double *out) {
    const sy_problem *p = &at->storage.problem;
    const sy_tensor *d = &at->storage.tensor[p->n_in];
    bool is_gemm = at->spec.op == SY_SPEC_GEMM;
    int64_t dim[4] = {1, 1, 1, 1}, stride[4] = {0, 0, 0, 1};
    for (uint32_t i = 0; i < d->rank; i++)
        dim[i + (is_gemm ? 1 : 0)] = d->dim[i];
    for (int i = 2; i >= 0; i--)
        stride[i] = stride[i + 1] * dim[i + 1];
    sy_reference_post post[SY_MAX_POSTS];
    for (uint32_t i = 0; i < p->n_post; i++) {
        post[i] = (sy_reference_post){.kind = p->post[i].kind,
            .operand = p->post[i].operand != SY_NO_OPERAND ? input[p->post[i].operand] : NULL};
        post_stride(at, p->post[i].kind, dim, post[i].stride);
    }
    sy_reference_post_apply(post, p->n_post, dim, stride, out);
}

void problem_open(const char *text, const sy_data_block *block, uint64_t budget_ns, problem *out_problem) {
    problem *at = out_problem;
    sy_error err = SY_ERROR_INIT;
    memset(at, 0, sizeof *at);
    if (sy_spec_parse(text, NULL, &at->spec, &err) != SY_OK ||
        sy_spec_problem(&at->spec, &at->storage, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        at->set[i] = 3 * i + 1;
    at->request = (sy_check_request){.spec = &at->spec,
        .block = block,
        .key = 99,
        .seed = 5,
        .set = at->set,
        .math = at->spec.math,
        .algorithm_bound_factor = 1.0,
        .budget_ns = budget_ns};
    assert_int_equal(sy_check_output_bytes(&at->spec, &at->request.output_bytes, &err), SY_OK);
    uint64_t elements = at->request.output_bytes / sy_dtype_size(at->spec.dtype_c);
    double *input[SY_MAX_TENSORS] = {NULL}, *out = calloc(elements, sizeof *out);
    at->output = malloc(at->request.output_bytes);
    assert_true(out != NULL && at->output != NULL);
    for (uint32_t i = 0; i < at->storage.problem.n_in; i++)
        input[i] = load(at, i);
    if (at->spec.op == SY_SPEC_GEMM)
        multiply_all(at, input, out);
    else
        convolve_all(at, input, out);
    apply_posts(at, input, out);
    sy_convert_from_f64(at->spec.dtype_c, out, elements, at->output);
    at->request.output = at->output;
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        free(input[i]);
    free(out);
}

void problem_close(problem *at) {
    free(at->output);
    at->output = NULL;
}

double problem_read(const problem *at, uint64_t element) {
    double value;
    size_t size = sy_dtype_size(at->spec.dtype_c);
    sy_convert_to_f64(at->spec.dtype_c, (const char *)at->output + element * size, 1, &value);
    return value;
}

void problem_write(problem *at, uint64_t element, double value) {
    size_t size = sy_dtype_size(at->spec.dtype_c);
    sy_convert_from_f64(at->spec.dtype_c, &value, 1, (char *)at->output + element * size);
}

sy_check_result problem_check(const problem *at) {
    sy_check_result result;
    sy_error err = SY_ERROR_INIT;
    if (sy_check_run(&at->request, &result, &err) != SY_OK)
        fail_msg("%s", err.text);
    return result;
}
