/* NonMaxSuppression of constants: how many boxes are left decides an extent. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* chosen: batch, class and box of each that is left. */
typedef struct nms {
    int64_t count;
    int64_t *chosen;
} nms;

typedef struct box {
    double top, left, bottom, right, score;
    int64_t index;
} box;

static double threshold(const sy_net_call *call, uint32_t index, double otherwise) {
    bool has = sy_net_call_has(call, index) && sy_net_elements(&call->in[index]) > 0;
    return has ? sy_net_get(&call->in[index], 0) : otherwise;
}

static sy_status check(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *boxes = &call->in[0], *scores = &call->in[1];
    for (uint32_t i = 0; i < call->n_in; i++)
        if (sy_net_call_has(call, i) && call->in[i].data == NULL)
            return sy_net_call_fail(call, SY_UNAVAILABLE, err,
                "input %u decides an extent: its value has to be known when the network is compiled", i);
    sy_status status = sy_net_call_rank(call, 0, 3, 3, err);
    if (status == SY_OK)
        status = sy_net_call_rank(call, 1, 3, 3, err);
    if (status != SY_OK)
        return status;
    if (boxes->dtype != SY_F32 || scores->dtype != SY_F32 || boxes->dim[2] != 4 ||
        boxes->dim[0] != scores->dim[0] || boxes->dim[1] != scores->dim[2])
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "it needs f32 boxes, four numbers each, and an f32 score for each of them and each class");
    return SY_OK;
}

/* Boxes as corners; two opposite ones, in any order, or centre and size in the file. */
static box read_box(const sy_net_call *call, int64_t batch, int64_t index) {
    const float *at = (const float *)call->in[0].data + (batch * call->in[0].dim[1] + index) * 4;
    double a = (double)at[0], b = (double)at[1], c = (double)at[2], d = (double)at[3];
    if (sy_net_attr_int(call->node, "center_point_box", 0) != 0)
        return (box){
            .left = a - c / 2, .right = a + c / 2, .top = b - d / 2, .bottom = b + d / 2, .index = index};
    return (box){
        .top = fmin(a, c), .bottom = fmax(a, c), .left = fmin(b, d), .right = fmax(b, d), .index = index};
}

static double area_of(const box *a) {
    return (a->bottom - a->top) * (a->right - a->left);
}

static bool overlaps(const box *a, const box *b, double most) {
    double height = fmin(a->bottom, b->bottom) - fmax(a->top, b->top);
    double width = fmin(a->right, b->right) - fmax(a->left, b->left);
    if (!(height > 0 && width > 0))
        return false;
    double both = height * width, whole = area_of(a) + area_of(b) - both;
    return whole > 0 && both / whole > most;
}

static int by_score(const void *a, const void *b) {
    const box *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* One class of one image; `candidate` is room for all boxes. */
static void choose(const sy_net_call *call, nms *state, int64_t batch, int64_t class_index, box *candidate) {
    int64_t boxes = call->in[0].dim[1], classes = call->in[1].dim[1], count = 0, kept = 0;
    const float *score = (const float *)call->in[1].data + (batch * classes + class_index) * boxes;
    double least = threshold(call, 4, -INFINITY), most = threshold(call, 3, 0), limit = threshold(call, 2, 0);
    for (int64_t i = 0; i < boxes; i++) {
        if (!((double)score[i] > least))
            continue;
        candidate[count] = read_box(call, batch, i);
        candidate[count++].score = (double)score[i];
    }
    qsort(candidate, (size_t)count, sizeof *candidate, by_score);
    for (int64_t i = 0; i < count && (double)kept < limit; i++) {
        bool is_free = true;
        for (int64_t k = 0; k < kept && is_free; k++)
            is_free = !overlaps(&candidate[k], &candidate[i], most);
        if (!is_free)
            continue;
        int64_t *out = state->chosen + 3 * state->count++;
        out[0] = batch;
        out[1] = class_index;
        out[2] = candidate[i].index;
        candidate[kept++] = candidate[i];
    }
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = check(call, err);
    nms *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    int64_t boxes = call->in[0].dim[1], all = sy_net_elements(&call->in[1]);
    box *candidate = sy_net_arena_array(call->arena, (size_t)boxes, sizeof *candidate);
    state->chosen = sy_net_arena_array(call->arena, (size_t)all, 3 * sizeof *state->chosen);
    if (candidate == NULL || state->chosen == NULL)
        return sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for %lld boxes", (long long)all);
    for (int64_t i = 0; i < call->in[1].dim[0]; i++)
        for (int64_t k = 0; k < call->in[1].dim[1] && all > 0; k++)
            choose(call, state, i, k, candidate);
    call->out[0] = (sy_net_tensor){.dtype = SY_S64, .rank = 2, .dim = {state->count, 3}};
    return SY_OK;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const nms *state = call->state;
    (void)err;
    if (state->count > 0)
        memcpy(call->out[0].data, state->chosen, sy_net_bytes(&call->out[0]));
    return SY_OK;
}

static const sy_net_op row[] = {
    {"NonMaxSuppression", "", 10, 0, 0, 2, 5, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_nms = {row, sizeof row / sizeof row[0]};
