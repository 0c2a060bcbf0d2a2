/* Rows of X for the depthwise way: in place if they are f32 with channels side by side, else widened and
 * turned into a ring. */
#include "kernels/conv/conv_depthwise.h"

#include "kernels/gemm/gemm_element.h"

/* Floats of an image's block that stay in L2 with what else is there; channels and pixels turned at once. */
enum { IMAGE_FLOATS = 64 << 10, CHANNELS = 16, PIXELS = 64 };

/* Rows under a block. */
static int64_t reach(const sy_conv_desc *desc) {
    return (desc->r - 1) * desc->dilation[0] + 1 + (conv_depthwise_high(desc) - 1) * desc->stride[0];
}

bool conv_rows_in_place(const sy_conv_desc *desc) {
    return desc->dtype_x == SY_ELEMENT_F32 && desc->x_stride[1] == 1;
}

int64_t conv_rows_count(const sy_conv_plan *plan, int64_t block) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t least = reach(desc) < desc->h ? reach(desc) : desc->h;
    const bool is_small = desc->w > 0 && desc->h <= IMAGE_FLOATS / block / desc->w;
    return is_small ? desc->h : least > 0 ? least : 1;
}

void conv_rows_load(
    uint32_t dtype, const void *x, int64_t first, int64_t stride, int64_t count, float *restrict out) {
    if (dtype == SY_ELEMENT_S8)
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const int8_t *)x)[first + i * stride];
    else if (dtype == SY_ELEMENT_U8)
        for (int64_t i = 0; i < count; i++)
            out[i] = ((const uint8_t *)x)[first + i * stride];
    else
        gemm_load_f32(dtype, x, first, stride, count, out);
}

/* Pixels that lie one after the other in their planes, turned. */
static void turn_pixels(const conv_rows *rows, int64_t first, int64_t pixels, float *out) {
    const sy_conv_desc *desc = &rows->plan->desc;
    const conv_turn_fn turn = conv_taps_find(desc->isa)->turn;
    const int64_t plane = desc->x_stride[1];
    float lines[CHANNELS * PIXELS];
    if (desc->dtype_x == SY_ELEMENT_F32) {
        turn((const float *)rows->x + first, plane, rows->channels, pixels, out, rows->ld);
        return;
    }
    for (int64_t p = 0; p < pixels; p += PIXELS)
        for (int64_t c = 0; c < rows->channels; c += CHANNELS) {
            const int64_t width = pixels - p < PIXELS ? pixels - p : PIXELS;
            const int64_t high = rows->channels - c < CHANNELS ? rows->channels - c : CHANNELS;
            for (int64_t i = 0; i < high; i++)
                conv_rows_load(
                    desc->dtype_x, rows->x, first + (c + i) * plane + p, 1, width, lines + i * PIXELS);
            turn(lines, PIXELS, high, width, out + p * rows->ld + c, rows->ld);
        }
}

/* `count` rows from `row` on, which lie one after the other in the ring. */
static void fill(const conv_rows *rows, int64_t row, int64_t count) {
    const sy_conv_desc *desc = &rows->plan->desc;
    const int64_t *stride = desc->x_stride;
    const int64_t first = rows->image * stride[0] + rows->channel * stride[1];
    const bool is_line = stride[2] == desc->w * stride[3];
    float *out = rows->ring + row % rows->rows * desc->w * rows->ld;
    if (stride[3] == 1 && stride[1] != 1 && is_line) {
        turn_pixels(rows, first + row * stride[2], count * desc->w, out);
        return;
    }
    for (int64_t i = 0; i < count; i++, out += desc->w * rows->ld) {
        if (stride[3] == 1 && stride[1] != 1) {
            turn_pixels(rows, first + (row + i) * stride[2], desc->w, out);
            continue;
        }
        for (int64_t col = 0; col < desc->w; col++)
            conv_rows_load(desc->dtype_x, rows->x, first + (row + i) * stride[2] + col * stride[3], stride[1],
                rows->channels, out + col * rows->ld);
    }
}

void conv_rows_fill(conv_rows *rows, int64_t first, int64_t end) {
    const sy_conv_desc *desc = &rows->plan->desc;
    const int64_t low = rows->next > first ? rows->next : first < 0 ? 0 : first;
    int64_t high = end < desc->h ? end : desc->h;
    if (rows->is_in_place || low >= high)
        return;
    if (rows->rows == desc->h)
        high = desc->h;
    for (int64_t row = low; row < high;) {
        const int64_t left = rows->rows - row % rows->rows, count = high - row < left ? high - row : left;
        fill(rows, row, count);
        row += count;
    }
    rows->next = high;
}

const float *conv_rows_at(const conv_rows *rows, int64_t row, int64_t *out_step) {
    const sy_conv_desc *desc = &rows->plan->desc;
    if (!rows->is_in_place) {
        *out_step = rows->ld;
        return rows->ring + row % rows->rows * desc->w * rows->ld;
    }
    *out_step = desc->x_stride[3];
    return (const float *)rows->x + rows->image * desc->x_stride[0] + rows->channel + row * desc->x_stride[2];
}
