#include "runtime/model/ops/strided.h"

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/post.h"
#include "runtime/model/ops/product.h"

/* A packed tensor seen through a permutation. */
typedef struct turned_view {
    uint32_t rank;
    int64_t dim[SY_NET_MAX_RANK], stride[SY_NET_MAX_RANK];
} turned_view;

static bool is_perm(const int64_t *perm, uint32_t rank) {
    uint32_t seen = 0;
    for (uint32_t i = 0; perm != NULL && i < rank; i++) {
        if (perm[i] < 0 || perm[i] >= (int64_t)rank || seen & 1u << perm[i])
            return false;
        seen |= 1u << perm[i];
    }
    return true;
}

static turned_view look(const sy_net_tensor *tensor, const int64_t *perm) {
    turned_view view = {.rank = tensor->rank};
    int64_t stride[SY_NET_MAX_RANK], next = 1;
    for (uint32_t i = tensor->rank; i-- > 0; next *= tensor->dim[i])
        stride[i] = next;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        uint32_t from = perm == NULL ? i : (uint32_t)perm[i];
        view.dim[i] = tensor->dim[from];
        view.stride[i] = stride[from];
    }
    return view;
}

/* Extent and stride of batch dimension `from_end` (2: the innermost one); 1 and 0 beyond, and where repeated.
 */
static int64_t batch_dim(const turned_view *view, uint32_t from_end) {
    return from_end < view->rank ? view->dim[view->rank - 1 - from_end] : 1;
}

static int64_t batch_stride(const turned_view *view, uint32_t from_end) {
    return batch_dim(view, from_end) == 1 ? 0 : view->stride[view->rank - 1 - from_end];
}

/* Extents of the result before it is turned. */
static bool join_shapes(const turned_view *a, const turned_view *b, sy_net_tensor *out) {
    out->rank = a->rank > b->rank ? a->rank : b->rank;
    for (uint32_t i = 2; i < out->rank; i++) {
        int64_t x = batch_dim(a, i), y = batch_dim(b, i);
        if (x != y && x != 1 && y != 1)
            return false;
        out->dim[out->rank - 1 - i] = x == 1 ? y : x;
    }
    out->dim[out->rank - 2] = a->dim[a->rank - 2];
    out->dim[out->rank - 1] = b->dim[b->rank - 1];
    return a->dim[a->rank - 1] == b->dim[b->rank - 2];
}

/* All batch dimensions as one, from the innermost outwards; those of extent 1 do not count. */
static bool join_batches(
    const turned_view *a, const turned_view *b, const turned_view *y, sy_net_strided *strided) {
    int64_t next[3] = {0, 0, 0};
    strided->batch = 1;
    for (uint32_t i = 2; i < y->rank; i++) {
        int64_t extent = batch_dim(y, i);
        const int64_t step[3] = {batch_stride(a, i), batch_stride(b, i), batch_stride(y, i)};
        if (extent == 1)
            continue;
        bool is_first = strided->batch == 1;
        if (!is_first && (step[0] != next[0] || step[1] != next[1] || step[2] != next[2]))
            return false;
        if (is_first) {
            strided->a_stride[0] = step[0];
            strided->b_stride[0] = step[1];
            strided->y_stride[0] = step[2];
        }
        for (uint32_t k = 0; k < 3; k++)
            next[k] = step[k] * extent;
        strided->batch *= extent;
    }
    return true;
}

/* Products of one B whose rows follow each other are one product. */
static void join_rows(sy_net_strided *strided) {
    bool is_one = strided->b_stride[0] == 0 && strided->a_stride[0] == strided->a_stride[1] * strided->m &&
                  strided->y_stride[0] == strided->y_stride[1] * strided->m;
    if (strided->batch == 1 || !is_one)
        return;
    strided->m *= strided->batch;
    strided->batch = 1;
}

static bool has_lines(const int64_t stride[3], int64_t rows, int64_t columns) {
    return stride[1] == 1 || stride[2] == 1 || rows == 1 || columns == 1;
}

bool sy_net_strided_set(const sy_net_tensor *a, const sy_net_tensor *b, const sy_net_strided_form *form,
    sy_net_tensor *out, sy_net_strided *out_strided) {
    sy_net_tensor plain = {.dtype = a->dtype}, turned = {.dtype = a->dtype};
    int64_t back[SY_NET_MAX_RANK];
    if (a->rank < 2 || b->rank < 2 || !is_perm(form->perm_a, a->rank) || !is_perm(form->perm_b, b->rank))
        return false;
    const turned_view left = look(a, form->perm_a), right = look(b, form->perm_b);
    if (!join_shapes(&left, &right, &plain) || !is_perm(form->perm_y, plain.rank))
        return false;
    turned.rank = plain.rank;
    for (uint32_t i = 0; i < plain.rank; i++) {
        uint32_t from = form->perm_y == NULL ? i : (uint32_t)form->perm_y[i];
        turned.dim[i] = plain.dim[from];
        back[from] = i;
    }
    const turned_view result = look(&turned, back);
    sy_net_strided strided = {
        .m = plain.dim[plain.rank - 2], .n = plain.dim[plain.rank - 1], .alpha = form->alpha};
    strided.k = left.dim[left.rank - 1];
    for (uint32_t i = 1; i < 3; i++) {
        strided.a_stride[i] = left.stride[left.rank - 3 + i];
        strided.b_stride[i] = right.stride[right.rank - 3 + i];
        strided.y_stride[i] = result.stride[result.rank - 3 + i];
    }
    if (!join_batches(&left, &right, &result, &strided))
        return false;
    join_rows(&strided);
    *out_strided = strided;
    if (out != NULL)
        sy_net_shape_like(out, &turned);
    return has_lines(strided.a_stride, strided.m, strided.k) &&
           has_lines(strided.b_stride, strided.k, strided.n) && (strided.y_stride[2] == 1 || strided.n == 1);
}

static const int64_t *find_perm(const sy_net_node *node, const char *name) {
    size_t count = 0;
    return sy_net_attr_ints(node, name, &count);
}

sy_net_strided_form sy_net_strided_read(const sy_net_node *node) {
    return (sy_net_strided_form){.perm_a = find_perm(node, "perm_a"),
        .perm_b = find_perm(node, "perm_b"),
        .perm_y = find_perm(node, "perm_y"),
        .alpha = sy_net_attr_float(node, "alpha", 1)};
}

/* A permutation has an entry for each dimension. */
static bool fits(const sy_net_node *node, const char *name, uint32_t rank) {
    size_t count = 0;
    return sy_net_attr_ints(node, name, &count) == NULL || count == rank;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *a = &call->in[0], *b = &call->in[1];
    const sy_net_strided_form form = sy_net_strided_read(call->node);
    uint32_t rank = a->rank > b->rank ? a->rank : b->rank;
    bool is_known =
        sy_net_is_float(a->dtype) && b->dtype == a->dtype && sy_net_is_known(a) && sy_net_is_known(b);
    bool is_well = is_known && fits(call->node, "perm_a", a->rank) && fits(call->node, "perm_b", b->rank) &&
                   fits(call->node, "perm_y", rank) && !(form.perm_y != NULL && call->node->n_post > 0);
    sy_net_strided *strided = sy_net_call_state(call, sizeof *strided, err);
    if (strided == NULL)
        return SY_OUT_OF_MEMORY;
    if (!is_well || !sy_net_strided_set(a, b, &form, &call->out[0], strided))
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "a product of this form");
    return SY_OK;
}

typedef struct strided_job {
    const sy_net_strided *strided;
    const float *b;
    float *y;
} strided_job;

static void offsets(const void *arg, int64_t batch, int64_t *out_a, int64_t *out_c) {
    const sy_net_strided *strided = ((const strided_job *)arg)->strided;
    *out_a = batch * strided->a_stride[0];
    *out_c = batch * strided->y_stride[0];
}

static void gather(const void *arg, const sy_net_part *part, void *panel) {
    const strided_job *job = arg;
    const int64_t *stride = job->strided->b_stride;
    for (int p = 0; p < part->depth; p++) {
        const float *from =
            job->b + part->batch * stride[0] + (part->p + p) * stride[1] + part->j * stride[2];
        for (int j = 0; j < part->cols; j++)
            ((float *)panel)[p * SY_NET_TILE_COLS + j] = from[j * stride[2]];
    }
}

/* All of Y is written, whatever its strides: it is packed. */
static void scale(void *arg, int64_t begin, int64_t end) {
    const strided_job *job = arg;
    for (int64_t i = begin; i < end; i++)
        job->y[i] *= job->strided->alpha;
}

typedef struct any_job {
    const sy_net_call *call;
    const sy_net_strided *strided;
    const sy_net_posts *posts;
} any_job;

/* Rows of Y of all products, any type, in f64. */
static void run_any(void *arg, int64_t begin, int64_t end) {
    const any_job *job = arg;
    const sy_net_strided *s = job->strided;
    const sy_net_tensor *a = &job->call->in[0], *b = &job->call->in[1];
    for (int64_t row = begin; row < end; row++) {
        int64_t batch = row / s->m, i = row % s->m;
        for (int64_t j = 0; j < s->n; j++) {
            int64_t to = batch * s->y_stride[0] + i * s->y_stride[1] + j * s->y_stride[2];
            double sum = 0;
            for (int64_t p = 0; p < s->k; p++)
                sum += sy_net_get(a, batch * s->a_stride[0] + i * s->a_stride[1] + p * s->a_stride[2]) *
                       sy_net_get(b, batch * s->b_stride[0] + p * s->b_stride[1] + j * s->b_stride[2]);
            sum = sy_net_posts_value(
                job->posts, to / job->posts->width, to % job->posts->width, sum * (double)s->alpha);
            sy_net_set(&job->call->out[0], to, sum);
        }
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_strided *strided = call->state;
    sy_net_posts posts;
    sy_status status = sy_net_posts_set(call, SY_NET_POST_MATRIX, NULL, &posts, err);
    if (status != SY_OK)
        return status;
    if (call->out[0].dtype != SY_F32) {
        any_job all = {call, strided, &posts};
        sy_team_for(call->team, strided->batch * strided->m, strided->n * 64, run_any, &all);
        return SY_OK;
    }
    strided_job job = {strided, call->in[1].data, call->out[0].data};
    sy_net_product product = {.batch = strided->batch,
        .m = strided->m,
        .n = strided->n,
        .k = strided->k,
        .a_row = strided->a_stride[1],
        .a_col = strided->a_stride[2],
        .c_row = strided->y_stride[1],
        .c_col = strided->y_stride[2],
        .a = call->in[0].data,
        .c = call->out[0].data,
        .at = offsets,
        .gather = gather,
        .arg = &job};
    sy_net_product_f32(&product, call->team);
    if (strided->alpha != 1)
        sy_team_for(call->team, sy_net_elements(&call->out[0]), 1, scale, &job);
    sy_net_posts_run(&posts, call->team);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Product", "steelyard", 1, 0, SY_NET_OP_POSTS, 2, 2, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_strided = {row, sizeof row / sizeof row[0]};
