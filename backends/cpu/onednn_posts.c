/* What follows a product, as an attribute of oneDNN's primitive. */
#include <string.h>

#include "backends/cpu/onednn_work.h"
#include "runtime/base/error.h"

/* A chain under construction. `bias` and `scales` are posts taken over by arguments of their own. */
typedef struct chain {
    const sy_task *task;
    const sy_onednn_shape *shape;
    sy_onednn_work *work;
    sy_onednn_posts *posts;
    sy_onednn_attr *attr;
    int length;
} chain;

static sy_status append(chain *c, int status, const char *what, sy_error *err) {
    c->length++;
    return sy_cpu_onednn_check(status, what, err);
}

static sy_status append_eltwise(
    chain *c, int function, double alpha, double beta, const char *what, sy_error *err) {
    const sy_onednn_dialect *dialect = c->work->onednn->dialect;
    return append(c,
        dialect->append_eltwise(
            &c->work->onednn->call, c->posts, dialect->eltwise[function], (float)alpha, (float)beta),
        what, err);
}

/* An operand over the output: full, a row or a column. A residual that oneDNN lays out lies as the output. */
static sy_status append_binary(chain *c, uint32_t index, int algorithm, const char *what, sy_error *err) {
    sy_onednn_work *work = c->work;
    const sy_onednn_calls *call = &work->onednn->call;
    uint32_t tensor = c->shape->post_tensor[index];
    int argument = work->onednn->dialect->post_base * (c->length + 1) | SY_ONEDNN_ARG_SRC_1;
    bool is_residual = c->task->post[index].kind == SY_POST_ADD;
    bool is_any =
        c->task->tensor[tensor].layout != SY_LAYOUT_STRIDED || (is_residual && work->way.frees_images);
    sy_status status =
        sy_onednn_slot_add(work, argument, tensor, c->task, &c->shape->post[index], is_any, err);
    if (status != SY_OK)
        return status;
    return append(
        c, call->posts_append_binary(c->posts, algorithm, work->slot[work->slots - 1].md), what, err);
}

/* round(x a) + b: b is whole, and an even one does not change how ties are rounded. */
static sy_status append_requant(chain *c, const sy_post *post, sy_error *err) {
    double half = (double)post->b / 2.0;
    if (half == (double)(int64_t)half)
        return append_eltwise(c, SY_ONEDNN_LINEAR, post->a, post->b, "requantisation", err);
    sy_status status = append_eltwise(c, SY_ONEDNN_LINEAR, post->a, 0.0, "requantisation", err);
    if (status == SY_OK)
        status = append_eltwise(c, SY_ONEDNN_ROUND, 0.0, 0.0, "requantisation", err);
    return status == SY_OK ? append_eltwise(c, SY_ONEDNN_LINEAR, 1.0, post->b, "requantisation", err)
                           : status;
}

static sy_status append_post(chain *c, uint32_t index, sy_error *err) {
    const sy_post *post = &c->task->post[index];
    switch (post->kind) {
    case SY_POST_BIAS: return append_binary(c, index, SY_ONEDNN_BINARY_ADD, "a bias", err);
    case SY_POST_ADD: return append_binary(c, index, SY_ONEDNN_BINARY_ADD, "a residual", err);
    case SY_POST_SCALE_ROW: return append_binary(c, index, SY_ONEDNN_BINARY_MUL, "scales of rows", err);
    case SY_POST_SCALE_COL: return append_binary(c, index, SY_ONEDNN_BINARY_MUL, "scales of columns", err);
    case SY_POST_RELU: return append_eltwise(c, SY_ONEDNN_RELU, 0.0, 0.0, "relu", err);
    case SY_POST_CLIP: return append_eltwise(c, SY_ONEDNN_CLIP, post->a, post->b, "clip", err);
    case SY_POST_SILU: return append_eltwise(c, SY_ONEDNN_SWISH, 1.0, 0.0, "silu", err);
    case SY_POST_GELU_ERF: return append_eltwise(c, SY_ONEDNN_GELU_ERF, 0.0, 0.0, "gelu_erf", err);
    case SY_POST_GELU_TANH: return append_eltwise(c, SY_ONEDNN_GELU_TANH, 0.0, 0.0, "gelu_tanh", err);
    case SY_POST_SIGMOID: return append_eltwise(c, SY_ONEDNN_LOGISTIC, 0.0, 0.0, "sigmoid", err);
    case SY_POST_TANH: return append_eltwise(c, SY_ONEDNN_TANH, 0.0, 0.0, "tanh", err);
    case SY_POST_REQUANT: return append_requant(c, post, err);
    default: return sy_error_set(err, SY_UNSUPPORTED, "onednn: has no post of kind %u", post->kind);
    }
}

/* alpha and beta come first: x alpha, then + beta D. */
static sy_status append_scalars(chain *c, sy_error *err) {
    const sy_onednn_shape *shape = c->shape;
    sy_status status = SY_OK;
    if (shape->alpha != 1.0)
        status = append_eltwise(c, SY_ONEDNN_LINEAR, shape->alpha, 0.0, "alpha", err);
    if (status == SY_OK && shape->beta != 0.0)
        status = append(c,
            c->work->onednn->dialect->append_sum(&c->work->onednn->call, c->posts, (float)shape->beta),
            "beta", err);
    return status;
}

/* A bias that comes first is an argument of the primitive: sums commute with beta C. */
static sy_status take_bias(chain *c, const sy_onednn_md **out_bias, bool *taken, sy_error *err) {
    if (c->task->n_post == 0 || c->task->post[0].kind != SY_POST_BIAS || c->shape->alpha != 1.0)
        return SY_OK;
    sy_status status = sy_onednn_slot_add(
        c->work, SY_ONEDNN_ARG_BIAS, c->shape->post_tensor[0], c->task, &c->shape->bias, false, err);
    if (status != SY_OK)
        return status;
    *out_bias = c->work->slot[c->work->slots - 1].md;
    taken[0] = true;
    return SY_OK;
}

/* One vector of scales as those of an argument; one that is spread out stays a post. */
static sy_status take_scale(
    chain *c, uint32_t index, int argument, int mask, bool *out_taken, sy_error *err) {
    const sy_onednn_work *work = c->work;
    uint32_t tensor = c->shape->post_tensor[index];
    const sy_tensor *scales = &c->task->tensor[tensor];
    sy_onednn_view view;
    sy_status status = sy_onednn_view_make(1, scales->dim, scales->stride, &view, err);
    if (status != SY_OK || (scales->dim[0] > 1 && scales->stride[0] != 1))
        return status;
    *out_taken = true;
    status = sy_cpu_onednn_check(
        work->onednn->call.attr_set_scales_mask(c->attr, argument, mask), "scales of an operand", err);
    return status == SY_OK ? sy_onednn_slot_add(
                                 c->work, SY_ONEDNN_ARG_SCALES | argument, tensor, c->task, &view, false, err)
                           : status;
}

/* Scales that come first, before anything is added, are those of the operands. */
static sy_status take_scales(chain *c, bool *taken, sy_error *err) {
    const sy_onednn_way *way = &c->work->way;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < c->task->n_post; i++) {
        bool is_row = c->task->post[i].kind == SY_POST_SCALE_ROW;
        if (!is_row && c->task->post[i].kind != SY_POST_SCALE_COL)
            break;
        if (is_row && way->scales_rows)
            status = take_scale(c, i, SY_ONEDNN_ARG_SRC, c->shape->rows_mask, &taken[i], err);
        if (!is_row && way->scales_columns)
            status = take_scale(c, i, SY_ONEDNN_ARG_WEIGHTS, c->shape->columns_mask, &taken[i], err);
    }
    return status;
}

static sy_status fill(chain *c, const sy_onednn_md **out_bias, sy_error *err) {
    const sy_onednn_calls *call = &c->work->onednn->call;
    bool taken[SY_MAX_POSTS] = {false};
    sy_status status = sy_cpu_onednn_check(
        call->attr_set_scratchpad_mode(c->attr, SY_ONEDNN_SCRATCHPAD_USER), "a scratchpad", err);
    if (status == SY_OK)
        status = take_bias(c, out_bias, taken, err);
    if (status == SY_OK)
        status = take_scales(c, taken, err);
    if (status == SY_OK)
        status = append_scalars(c, err);
    for (uint32_t i = 0; status == SY_OK && i < c->task->n_post; i++)
        if (!taken[i])
            status = append_post(c, i, err);
    return status == SY_OK ? sy_cpu_onednn_check(call->attr_set_posts(c->attr, c->posts), "posts", err)
                           : status;
}

sy_status sy_onednn_posts_make(const sy_task *task, const sy_onednn_shape *shape, sy_onednn_work *work,
    sy_onednn_attr **out_attr, const sy_onednn_md **out_bias, sy_error *err) {
    const sy_onednn_calls *call = &work->onednn->call;
    chain c = {.task = task, .shape = shape, .work = work};
    *out_attr = NULL;
    *out_bias = NULL;
    sy_status status = sy_cpu_onednn_check(call->attr_create(&c.attr), "an attribute", err);
    if (status != SY_OK)
        return status;
    status = sy_cpu_onednn_check(call->posts_create(&c.posts), "posts", err);
    if (status == SY_OK) {
        status = fill(&c, out_bias, err);
        call->posts_destroy(c.posts);
    }
    if (status != SY_OK) {
        call->attr_destroy(c.attr);
        return status;
    }
    *out_attr = c.attr;
    return SY_OK;
}
