/* Honest arithmetic: one noted launch, from stored bytes to stored bytes, by the reference loops. */
#include <string.h>

#include "backends/sim/sim.h"
#include "kernels/reference/conv.h"
#include "kernels/reference/gemm.h"
#include "kernels/reference/post.h"
#include "runtime/base/convert.h"
#include "runtime/base/seam.h"

/* All operands as packed f64 in logical order; NULL where absent. */
typedef struct values {
    double *of[SY_MAX_TENSORS];
} values;

static uint64_t element_count(const sy_tensor *tensor) {
    uint64_t count = 1;
    for (uint32_t i = 0; i < tensor->rank; i++)
        count *= (uint64_t)tensor->dim[i];
    return count;
}

/* Walk a tensor row by row (a row: the last dimension): offset of each row in elements. */
static void move_rows(const sy_tensor *tensor, char *memory, double *packed, bool to_memory) {
    uint32_t last = tensor->rank - 1;
    int64_t index[SY_MAX_RANK] = {0};
    uint64_t row = (uint64_t)tensor->dim[last], rows = row > 0 ? element_count(tensor) / row : 0;
    size_t bytes = sy_dtype_size(tensor->dtype);
    for (uint64_t i = 0; i < rows; i++) {
        int64_t offset = 0;
        for (uint32_t d = 0; d < last; d++)
            offset += index[d] * tensor->stride[d];
        char *at = memory + offset * (int64_t)bytes;
        if (to_memory)
            sy_convert_from_f64_strided(tensor->dtype, packed + i * row, tensor->stride[last], row, at);
        else
            sy_convert_to_f64_strided(tensor->dtype, at, tensor->stride[last], row, packed + i * row);
        for (uint32_t d = last; d-- > 0;) {
            if (++index[d] < tensor->dim[d])
                break;
            index[d] = 0;
        }
    }
}

static bool load(const sim_note *note, values *v) {
    const sy_plan *plan = note->plan;
    for (uint32_t i = 0; i < plan->n_in + plan->n_out; i++) {
        const sy_tensor *tensor = &plan->tensor[i];
        if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
            continue;
        v->of[i] = sy_mem_calloc(element_count(tensor), sizeof(double));
        if (v->of[i] == NULL)
            return false;
        if (i >= plan->n_in || element_count(tensor) == 0) /* an empty operand may lie nowhere */
            continue;
        move_rows(tensor, sim_span_open(note->operand[i]), v->of[i], false);
        sim_span_close(note->operand[i]);
    }
    return true;
}

static void store(const sim_note *note, const values *v) {
    const sy_plan *plan = note->plan;
    sy_span span = note->operand[plan->n_in];
    move_rows(&plan->tensor[plan->n_in], sim_span_open(span), v->of[plan->n_in], true);
    sim_span_close(span);
}

static void compute_gemm(const sy_plan *plan, const values *v) {
    const sy_tensor *a = &plan->tensor[0], *d = &plan->tensor[plan->n_in];
    int64_t m = d->dim[1], n = d->dim[2], k = a->dim[2];
    for (int64_t i = 0; i < d->dim[0]; i++) {
        sy_reference_gemm gemm = {.m = m,
            .n = n,
            .k = k,
            .a = v->of[0] + i * m * k,
            .b = v->of[1] + i * k * n,
            .c = v->of[2] != NULL ? v->of[2] + i * m * n : NULL,
            .d = v->of[plan->n_in] + i * m * n,
            .a_stride = {k, 1},
            .b_stride = {n, 1},
            .c_stride = {n, 1},
            .d_stride = {n, 1},
            .alpha = plan->attr.gemm.alpha,
            .beta = plan->attr.gemm.beta};
        sy_reference_gemm_run(&gemm);
    }
}

static void pack_strides(const sy_tensor *tensor, int64_t stride[4]) {
    int64_t step = 1;
    for (uint32_t i = 4; i-- > 0;) {
        stride[i] = step;
        step *= tensor->dim[i];
    }
}

static void compute_conv(const sy_plan *plan, const values *v) {
    const sy_tensor *x = &plan->tensor[0], *w = &plan->tensor[1], *y = &plan->tensor[plan->n_in];
    const sy_conv_attr *attr = &plan->attr.conv;
    sy_reference_conv conv = {.n = x->dim[0],
        .c = x->dim[1],
        .h = x->dim[2],
        .w = x->dim[3],
        .k = w->dim[0],
        .r = w->dim[2],
        .s = w->dim[3],
        .p = y->dim[2],
        .q = y->dim[3],
        .stride = {attr->stride[0], attr->stride[1]},
        .dilation = {attr->dilation[0], attr->dilation[1]},
        .pad = {attr->pad_lo[0], attr->pad_lo[1]},
        .groups = attr->groups,
        .x = v->of[0],
        .filter = v->of[1],
        .y = v->of[plan->n_in]};
    pack_strides(x, conv.x_stride);
    pack_strides(w, conv.w_stride);
    pack_strides(y, conv.y_stride);
    sy_reference_conv_run(&conv);
}

/* Strides of a post's operand over the output's four dimensions, by what it is indexed with. */
static void post_strides(const sy_plan *plan, uint32_t kind, const int64_t packed[4], int64_t out_stride[4]) {
    bool is_conv = plan->op == SY_OP_CONV;
    memset(out_stride, 0, 4 * sizeof *out_stride);
    switch (kind) {
    case SY_POST_BIAS:
    case SY_POST_SCALE_COL: out_stride[is_conv ? 1 : 3] = 1; break;
    case SY_POST_SCALE_ROW: out_stride[is_conv ? 0 : 2] = 1; break;
    case SY_POST_ADD: memcpy(out_stride, packed, 4 * sizeof *out_stride); break;
    default: break;
    }
}

static void apply_posts(const sy_plan *plan, const values *v) {
    const sy_tensor *out = &plan->tensor[plan->n_in];
    int64_t dim[4] = {1, 1, 1, 1}, stride[4];
    for (uint32_t i = 0; i < out->rank; i++)
        dim[4 - out->rank + i] = out->dim[i];
    sy_tensor shape = {.rank = 4, .dim = {dim[0], dim[1], dim[2], dim[3]}};
    pack_strides(&shape, stride);
    sy_reference_post posts[SY_MAX_POSTS];
    for (uint32_t i = 0; i < plan->n_post; i++) {
        const sy_post *post = &plan->post[i];
        posts[i] = (sy_reference_post){.kind = post->kind,
            .a = (double)post->a,
            .b = (double)post->b,
            .operand = post->operand != SY_NO_OPERAND ? v->of[post->operand] : NULL};
        post_strides(plan, post->kind, stride, posts[i].stride);
    }
    sy_reference_post_apply(posts, plan->n_post, dim, stride, v->of[plan->n_in]);
}

static void compute_stream(const sy_plan *plan, const values *v) {
    double *out = v->of[plan->n_in];
    uint64_t count = element_count(&plan->tensor[plan->n_in]);
    uint32_t kind = plan->attr.stream.kind;
    if (kind == SY_STREAM_READ) {
        uint64_t read = element_count(&plan->tensor[0]);
        memset(out, 0, count * sizeof *out);
        for (uint64_t i = 0; i < read; i++)
            out[i % count] += v->of[0][i];
    }
    for (uint64_t i = 0; kind == SY_STREAM_TRIAD && i < count; i++)
        out[i] = v->of[0][i] + 3.0 * v->of[1][i];
    for (uint64_t i = 0; kind == SY_STREAM_FILL && i < count; i++)
        out[i] = 1.5;
}

static void compute_scale(const sy_plan *plan, const values *v) {
    uint64_t count = element_count(&plan->tensor[0]);
    for (uint64_t i = 0; i < count; i++)
        v->of[1][i] = plan->attr.factor * v->of[0][i];
}

static void compute_values(const sy_plan *plan, const values *v) {
    uint64_t count = element_count(&plan->tensor[plan->n_in]);
    switch (plan->op) {
    case SY_OP_GEMM: compute_gemm(plan, v); break;
    case SY_OP_CONV: compute_conv(plan, v); break;
    case SY_OP_STREAM: compute_stream(plan, v); break;
    case SIM_OP_SCALE: compute_scale(plan, v); break;
    case SY_OP_REORDER: memcpy(v->of[1], v->of[0], count * sizeof(double)); break;
    default: memset(v->of[plan->n_in], 0, count * sizeof(double)); break; /* peak: sums of nothing */
    }
    if (plan->n_post > 0)
        apply_posts(plan, v);
}

/* The lie that the model may ask for: one element is off. */
static void falsify(const sy_plan *plan, const values *v) {
    if (plan->device->model.fault == SIM_FAULT_WRONG && sim_plan_is_faulty(plan))
        v->of[plan->n_in][0] = v->of[plan->n_in][0] * 2.0 + 16.0;
}

void sim_compute(const sim_note *note) {
    values v = {0};
    if (load(note, &v)) {
        compute_values(note->plan, &v);
        falsify(note->plan, &v);
        store(note, &v);
    }
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        sy_mem_free(v.of[i]);
}
