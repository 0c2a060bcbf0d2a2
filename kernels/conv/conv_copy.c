/* The input of a band as dense channels in the units of the tiles, for direct convolution. */
#include "kernels/conv/conv_direct.h"
#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_problem.h"

#include <string.h>

/* Channels and columns turned at once, and bytes of the largest element. */
enum { CHANNELS = 16, COLUMNS = 64, MOST_BYTES = 4 };

/* First input row or column of outputs from `begin` on, and how many such outputs read, inside the image. */
static void input_range(const sy_conv_desc *desc, int which, int64_t in, int64_t begin, int64_t end,
    int64_t *out_first, int64_t *out_count) {
    const int64_t reach = ((which ? desc->s : desc->r) - 1) * desc->dilation[which] + 1;
    const int64_t first = begin * desc->stride[which] - desc->pad[which];
    const int64_t last = (end - 1) * desc->stride[which] - desc->pad[which] + reach;
    const int64_t low = first < 0 ? 0 : first < in ? first : in;
    const int64_t high = last < low ? low : last < in ? last : in;
    *out_first = low;
    *out_count = high - low;
}

static int64_t pixel_bytes(const sy_conv_plan *plan, const conv_shape *shape) {
    return shape->units * conv_open(&plan->desc)->a.unit;
}

bool conv_band_copy_bytes(const sy_conv_plan *plan, const conv_shape *shape, size_t *out_bytes) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t rows = (plan->band_p - 1) * desc->stride[0] + (desc->r - 1) * desc->dilation[0] + 1;
    const int64_t cols = (plan->band_q - 1) * desc->stride[1] + (desc->s - 1) * desc->dilation[1] + 1;
    return gemm_bytes(rows < shape->h ? rows : shape->h, cols < shape->w ? cols : shape->w,
        pixel_bytes(plan, shape), out_bytes);
}

/* out[j][i] = line[i][j], i < high, j < width. */
static void turn_lines(const unsigned char *line, int64_t pitch, int high, int64_t width, int64_t element,
    unsigned char *out, int64_t step) {
    for (int64_t j = 0; j < width; j++)
        for (int i = 0; i < high; i++)
            if (element == 4)
                memcpy(out + j * step + i * 4, line + i * pitch + j * 4, 4);
            else
                memcpy(out + j * step + i * 2, line + i * pitch + j * 2, 2);
}

/* Planes: some channels and columns at a time, turned. */
static void copy_planes(const sy_conv_plan *plan, const conv_shape *shape, const void *x, int64_t first,
    int64_t cols, unsigned char *out) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_form *form = &conv_open(desc)->a;
    const int64_t element = form->unit / form->group, channels = desc->c / desc->groups;
    const int64_t step = pixel_bytes(plan, shape);
    _Alignas(64) unsigned char line[CHANNELS * COLUMNS * MOST_BYTES];
    for (int64_t c = 0; c < channels; c += CHANNELS)
        for (int64_t col = 0; col < cols; col += COLUMNS) {
            const int64_t width = cols - col < COLUMNS ? cols - col : COLUMNS;
            const int64_t high = channels - c < CHANNELS ? channels - c : CHANNELS;
            for (int64_t i = 0; i < high; i++)
                gemm_load_panel(form, desc->dtype_x, x,
                    first + (c + i) * desc->x_stride[1] + col * desc->x_stride[3], desc->x_stride[3], width,
                    line + i * COLUMNS * element);
            turn_lines(
                line, COLUMNS * element, (int)high, width, element, out + col * step + c * element, step);
        }
}

/* One row of input: `cols` pixels. */
static void copy_row(const sy_conv_plan *plan, const conv_shape *shape, const void *x, int64_t first,
    int64_t cols, unsigned char *out) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_form *form = &conv_open(desc)->a;
    const int64_t channels = desc->c / desc->groups, bytes = pixel_bytes(plan, shape);
    const int64_t filled = channels * (form->unit / form->group);
    if (filled == bytes && desc->x_stride[1] == 1 && shape->x_col == channels) {
        gemm_load_panel(form, desc->dtype_x, x, first, 1, cols * channels, out);
        return;
    }
    for (int64_t i = 0; i < cols && filled < bytes; i++)
        memset(out + i * bytes + filled, 0, (size_t)(bytes - filled));
    if (desc->x_stride[1] != 1) {
        copy_planes(plan, shape, x, first, cols, out);
        return;
    }
    for (int64_t i = 0; i < cols; i++)
        gemm_load_panel(form, desc->dtype_x, x, first + i * shape->x_col, 1, channels, out + i * bytes);
}

void conv_band_copy(const sy_conv_plan *plan, const conv_shape *shape, const void *x, conv_band *band,
    unsigned char *memory) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t channels = desc->c / desc->groups;
    const int64_t origin = band->image * shape->x_image + band->group * channels * desc->x_stride[1];
    const int64_t element = (int64_t)sy_element_bytes(desc->dtype_x);
    band->row = band->col = 0;
    if (shape->is_in_place) {
        band->x = (const unsigned char *)x + origin * element;
        band->row_bytes = shape->x_row * element;
        band->col_bytes = shape->x_col * element;
        return;
    }
    int64_t rows, cols;
    input_range(desc, 0, shape->h, band->p, band->p_end, &band->row, &rows);
    input_range(desc, 1, shape->w, band->q, band->q_end, &band->col, &cols);
    band->x = memory;
    band->col_bytes = pixel_bytes(plan, shape);
    band->row_bytes = cols * band->col_bytes;
    for (int64_t i = 0; i < rows; i++)
        copy_row(plan, shape, x, origin + (band->row + i) * shape->x_row + band->col * shape->x_col, cols,
            memory + i * band->row_bytes);
}
