#include "runtime/model/ops/patch.h"

#include <string.h>

/* A row of a panel: its tap along each dimension, and the first element of its channel. */
typedef struct patch_row {
    int64_t tap[SY_NET_SPATIAL], channel;
} patch_row;

static patch_row row_at(const sy_net_patch *patch, const sy_net_part *part, int64_t p) {
    const sy_net_window *window = patch->window;
    int64_t size = sy_net_window_size(window), rest = p % size;
    int64_t group = part->batch % patch->groups;
    patch_row row;
    row.channel =
        sy_net_image_at(&patch->image, part->batch / patch->groups, group * patch->channels + p / size);
    for (int axis = SY_NET_SPATIAL - 1; axis >= 0; axis--) {
        row.tap[axis] = rest % window->kernel[axis];
        rest /= window->kernel[axis];
    }
    return row;
}

/* Where output `o` meets the image along an axis; -1: nowhere. */
static int64_t source(const sy_net_patch *patch, uint32_t axis, int64_t o, int64_t tap) {
    const sy_net_window *window = patch->window;
    int64_t in = 0;
    if (patch->is_turned) {
        int64_t at = o + window->lo[axis] - tap * window->dilation[axis];
        in = at < 0 || at % window->stride[axis] != 0 ? -1 : at / window->stride[axis];
    } else {
        in = o * window->stride[axis] - window->lo[axis] + tap * window->dilation[axis];
    }
    return in < window->in[axis] && in >= 0 ? in : -1;
}

/* Elements of the image `from` + i * step, minus the zero point. */
static void copy_s16(const sy_net_patch *patch, int64_t from, int64_t step, int64_t count, int16_t *to) {
    if (patch->x_dtype == SY_U8)
        for (int64_t i = 0; i < count; i++)
            to[i] = (int16_t)(((const uint8_t *)patch->x)[from + i * step] - patch->zero);
    else
        for (int64_t i = 0; i < count; i++)
            to[i] = (int16_t)(((const int8_t *)patch->x)[from + i * step] - patch->zero);
}

static void copy_f32(const sy_net_patch *patch, int64_t from, int64_t step, int64_t count, float *to) {
    const float *x = (const float *)patch->x + from;
    if (step == 1)
        memcpy(to, x, (size_t)count * sizeof *to);
    else
        for (int64_t i = 0; i < count; i++)
            to[i] = x[i * step];
}

/* Pixels of one output row that meet the image: w .. result - 1 of those from *out_w on, up to `end`. */
static int64_t inside(const sy_net_patch *patch, int64_t tap, int64_t end, int64_t *w) {
    const sy_net_window *window = patch->window;
    int64_t stride = window->stride[2], shift = window->lo[2] - tap * window->dilation[2];
    int64_t first = shift > 0 ? (shift + stride - 1) / stride : 0;
    int64_t room = window->in[2] + shift;
    int64_t last = room > 0 ? (room - 1) / stride + 1 : 0;
    *w = *w > first ? *w : first;
    *w = *w < end ? *w : end;
    last = last < end ? last : end;
    return last > *w ? last : *w;
}

/* `count` pixels of one output row from column w on, of one row of the panel. */
static void fill_run(const sy_net_patch *patch, const patch_row *row, int64_t line, int64_t w, int64_t count,
    bool is_f32, void *to) {
    size_t size = is_f32 ? sizeof(float) : sizeof(int16_t);
    int64_t step = patch->image.step[2];
    memset(to, 0, (size_t)count * size);
    if (line < 0)
        return;
    int64_t first = w, stride = patch->window->stride[2];
    int64_t end = patch->is_turned ? w + count : inside(patch, row->tap[2], w + count, &first);
    int64_t stop = end;
    while (first < stop) {
        int64_t x = source(patch, 2, first, row->tap[2]);
        end = patch->is_turned ? first + 1 : stop;
        char *at = (char *)to + (size_t)(first - w) * size;
        if (x >= 0 && is_f32)
            copy_f32(patch, line + x * step, stride * step, end - first, (float *)at);
        else if (x >= 0)
            copy_s16(patch, line + x * step, stride * step, end - first, (int16_t *)at);
        first = end;
    }
}

/* One row of the panel: runs of output pixels that lie in one row of the image. */
static void fill_row(
    const sy_net_patch *patch, const sy_net_part *part, const patch_row *row, bool is_f32, void *to) {
    const int64_t *out = patch->window->out;
    size_t size = is_f32 ? sizeof(float) : sizeof(int16_t);
    for (int64_t j = 0; j < part->cols;) {
        int64_t pixel = part->j + j, w = pixel % out[2], h = pixel / out[2] % out[1];
        int64_t count = out[2] - w < part->cols - j ? out[2] - w : part->cols - j;
        int64_t z = source(patch, 0, pixel / (out[2] * out[1]), row->tap[0]);
        int64_t y = source(patch, 1, h, row->tap[1]);
        int64_t line =
            z < 0 || y < 0 ? -1 : row->channel + z * patch->image.step[0] + y * patch->image.step[1];
        fill_run(patch, row, line, w, count, is_f32, (char *)to + (size_t)j * size);
        j += count;
    }
}

void sy_net_patch_f32(const void *arg, const sy_net_part *part, void *panel) {
    const sy_net_patch *patch = arg;
    for (int p = 0; p < part->depth; p++) {
        patch_row row = row_at(patch, part, part->p + p);
        fill_row(patch, part, &row, true, (float *)panel + p * SY_NET_TILE_COLS);
    }
}

void sy_net_patch_s16(const void *arg, const sy_net_part *part, void *panel) {
    const sy_net_patch *patch = arg;
    for (int p = 0; p < part->depth; p++) {
        patch_row row = row_at(patch, part, part->p + p);
        fill_row(patch, part, &row, false, (int16_t *)panel + p * SY_NET_TILE_COLS);
    }
}
