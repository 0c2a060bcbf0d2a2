/* The input of a band as dense channels in the units of the tiles, for direct convolution. */
#include "kernels/conv/conv_direct.h"
#include "kernels/gemm/gemm_element.h"
#include "kernels/gemm/gemm_problem.h"

#include <string.h>

/* Units and columns turned at once. */
enum { UNITS = 16, COLUMNS = 64 };

/* First input row or column of outputs from `begin` on, and how many such outputs read, inside the image. */
static void input_range(const sy_conv_desc *desc, const conv_shape *shape, int which, int64_t in,
    int64_t begin, int64_t end, int64_t *out_first, int64_t *out_count) {
    const int64_t reach = ((which ? desc->s : desc->r) - 1) * desc->dilation[which] + 1;
    const int64_t first = begin * shape->stride[which] - shape->pad[which];
    const int64_t last = (end - 1) * shape->stride[which] - shape->pad[which] + reach;
    const int64_t low = first < 0 ? 0 : first < in ? first : in;
    const int64_t high = last < low ? low : last < in ? last : in;
    *out_first = low;
    *out_count = high - low;
}

static int64_t pixel_bytes(const conv_shape *shape) {
    return shape->units * shape->open->a.unit;
}

bool conv_band_copy_bytes(const sy_conv_plan *plan, const conv_shape *shape, size_t *out_bytes) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t rows = (plan->band_p - 1) * shape->stride[0] + (desc->r - 1) * desc->dilation[0] + 1;
    const int64_t cols = (plan->band_q - 1) * shape->stride[1] + (desc->s - 1) * desc->dilation[1] + 1;
    return gemm_bytes(
        rows < shape->h ? rows : shape->h, cols < shape->w ? cols : shape->w, pixel_bytes(shape), out_bytes);
}

/* Two lines of 16-bit elements as one of pairs. */
static void zip_lines(const uint16_t *even, const uint16_t *odd, int64_t count, uint32_t *out) {
    for (int64_t i = 0; i < count; i++)
        out[i] = (uint32_t)even[i] | (uint32_t)odd[i] << 16;
}

/* Unit `unit` of `count` pixels, as a line of units of four bytes. */
static void load_unit_line(const sy_conv_desc *desc, const conv_shape *shape, const void *x, int64_t first,
    int64_t unit, int64_t count, uint32_t *out) {
    const gemm_form *form = &shape->open->a;
    const int64_t channel = unit * form->group, stride = desc->x_stride[1];
    if (form->group == 1) {
        gemm_load_panel(form, desc->dtype_x, x, first + channel * stride, shape->x_col, count, out);
        return;
    }
    uint16_t even[COLUMNS], odd[COLUMNS] = {0};
    gemm_load_panel(form, desc->dtype_x, x, first + channel * stride, shape->x_col, count, even);
    if (channel + 1 < desc->c / desc->groups)
        gemm_load_panel(form, desc->dtype_x, x, first + (channel + 1) * stride, shape->x_col, count, odd);
    zip_lines(even, odd, count, out);
}

/* Planes: some units and columns at a time, turned. */
static void copy_planes(const sy_conv_plan *plan, const conv_shape *shape, const void *x, int64_t first,
    int64_t cols, unsigned char *out) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_open *open = shape->open;
    const bool is_in_place = desc->dtype_x == SY_ELEMENT_F32 && shape->x_col == 1;
    uint32_t lines[UNITS * COLUMNS];
    for (int64_t u = 0; u < shape->units; u += UNITS)
        for (int64_t col = 0; col < cols; col += COLUMNS) {
            const int64_t width = cols - col < COLUMNS ? cols - col : COLUMNS;
            const int64_t high = shape->units - u < UNITS ? shape->units - u : UNITS;
            uint32_t *to = (uint32_t *)(void *)out + col * shape->units + u;
            if (is_in_place) {
                open->turn((const float *)x + first + u * desc->x_stride[1] + col, desc->x_stride[1], high,
                    width, to, shape->units);
                continue;
            }
            for (int64_t i = 0; i < high; i++)
                load_unit_line(desc, shape, x, first + col * shape->x_col, u + i, width, lines + i * COLUMNS);
            open->turn(lines, COLUMNS, high, width, to, shape->units);
        }
}

/* One row of input: `cols` pixels. */
static void copy_row(const sy_conv_plan *plan, const conv_shape *shape, const void *x, int64_t first,
    int64_t cols, unsigned char *out) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_form *form = &shape->open->a;
    const int64_t channels = desc->c / desc->groups, bytes = pixel_bytes(shape);
    const int64_t filled = channels * (form->unit / form->group);
    if (filled == bytes && desc->x_stride[1] == 1 && shape->x_col == channels) {
        gemm_load_panel(form, desc->dtype_x, x, first, 1, cols * channels, out);
        return;
    }
    if (desc->x_stride[1] != 1) {
        copy_planes(plan, shape, x, first, cols, out);
        return;
    }
    for (int64_t i = 0; i < cols; i++, out += bytes) {
        gemm_load_panel(form, desc->dtype_x, x, first + i * shape->x_col, 1, channels, out);
        memset(out + filled, 0, (size_t)(bytes - filled));
    }
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
    input_range(desc, shape, 0, shape->h, band->p, band->p_end, &band->row, &rows);
    input_range(desc, shape, 1, shape->w, band->q, band->q_end, &band->col, &cols);
    band->x = memory;
    band->col_bytes = pixel_bytes(shape);
    band->row_bytes = cols * band->col_bytes;
    for (int64_t i = 0; i < rows; i++)
        copy_row(plan, shape, x, origin + (band->row + i) * shape->x_row + band->col * shape->x_col, cols,
            memory + i * band->row_bytes);
}
