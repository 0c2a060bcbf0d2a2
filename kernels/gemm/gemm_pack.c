/* Packing of matrices into panels. Which way depends on how the matrix lies; the values are the same. */
#include "kernels/gemm/gemm_pack.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Bytes of a lane at once; rows of a B that lies by rows at once, so that each is read in long stretches. */
enum { RUN_BYTES = 256, ROWS = 16, MAX_LANES = 64, MAX_ROW_BYTES = 512 };

/* Copy `count` rows of a constant size: one inlined memcpy each, where a call would cost more than the copy.
 */
static inline void copy_rows(
    const size_t bytes, const unsigned char *from, int64_t step, int64_t count, unsigned char *out) {
    for (int64_t p = 0; p < count; p++)
        memcpy(out + (size_t)p * bytes, from + p * step, bytes);
}

/* Full rows of the sizes that tiles have; false: another size. */
static bool copy_full_rows(
    size_t bytes, const unsigned char *from, int64_t step, int64_t count, unsigned char *out) {
    switch (bytes) {
    case 128: copy_rows(128, from, step, count, out); return true;
    case 64: copy_rows(64, from, step, count, out); return true;
    case 32: copy_rows(32, from, step, count, out); return true;
    default: return false;
    }
}

static size_t element_bytes(const gemm_form *form) {
    return (size_t)(form->unit / form->group);
}

static const unsigned char *element_at(const gemm_matrix *matrix, int64_t index) {
    return (const unsigned char *)matrix->base + index * (int64_t)sy_element_bytes(matrix->dtype);
}

/* Groups of one: row by row of the panel, lanes side by side as they lie. */
static void pack_by_depth(const gemm_form *form, const gemm_matrix *matrix, int64_t first, int lanes,
    int64_t count, int width, unsigned char *out) {
    const size_t element = element_bytes(form), row = (size_t)width * element;
    const size_t filled = (size_t)lanes * element;
    const bool is_copy = matrix->lane_stride == 1 && matrix->dtype == form->element;
    const int64_t step = matrix->depth_stride * (int64_t)element;
    if (is_copy && filled == row && copy_full_rows(row, element_at(matrix, first), step, count, out))
        return;
    for (int64_t p = 0; p < count; p++, out += row) {
        if (is_copy)
            memcpy(out, element_at(matrix, first) + p * step, filled);
        else
            gemm_load_panel(form, matrix->dtype, matrix->base, first + p * matrix->depth_stride,
                matrix->lane_stride, lanes, out);
        memset(out + filled, 0, row - filled);
    }
}

/* out[i][g] = row[g][i]: the rows of one group side by side in their unit, by the size of an element. */
static void zip_rows(
    int group, size_t element, const unsigned char *rows, size_t pitch, int width, unsigned char *out) {
    if (element == 1)
        for (int i = 0; i < width; i++)
            for (int g = 0; g < group; g++)
                out[i * group + g] = rows[(size_t)g * pitch + (size_t)i];
    else
        for (int i = 0; i < width; i++)
            for (int g = 0; g < group; g++)
                memcpy(out + (size_t)(i * group + g) * 2, rows + (size_t)g * pitch + (size_t)i * 2, 2);
}

/* Groups of more: a few rows of contiguous lanes at a time, zipped. */
static void pack_groups(const gemm_form *form, const gemm_matrix *matrix, int64_t first, int lanes,
    int64_t count, int width, unsigned char *out) {
    _Alignas(64) unsigned char rows[4 * MAX_ROW_BYTES];
    const size_t pitch = MAX_ROW_BYTES;
    for (int64_t p = 0; p < count; p += form->group, out += width * form->unit) {
        memset(rows, 0, (size_t)form->group * pitch);
        for (int64_t g = 0; g < form->group && p + g < count; g++)
            gemm_load_panel(form, matrix->dtype, matrix->base, first + (p + g) * matrix->depth_stride,
                matrix->lane_stride, lanes, rows + (size_t)g * pitch);
        zip_rows(form->group, element_bytes(form), rows, pitch, width, out);
    }
}

/* Lane by lane, turned: right when depth is contiguous or the type has to be widened anyway. */
static void pack_by_lane(const gemm_form *form, const gemm_matrix *matrix, int64_t first, int lanes,
    int64_t count, int width, unsigned char *out) {
    _Alignas(64) unsigned char widened[MAX_LANES * RUN_BYTES];
    const void *lane[MAX_LANES];
    const int64_t group = form->group;
    const bool is_in_place =
        matrix->depth_stride == 1 && matrix->dtype == form->element && count % group == 0;
    const int64_t step = is_in_place ? count : RUN_BYTES / form->unit * group;
    for (int64_t p = 0; p < count; p += step) {
        const int64_t run = count - p < step ? count - p : step, units = (run + group - 1) / group;
        for (int i = 0; i < lanes; i++) {
            const int64_t at = first + i * matrix->lane_stride + p * matrix->depth_stride;
            unsigned char *own = widened + (size_t)i * RUN_BYTES;
            lane[i] = is_in_place ? element_at(matrix, at) : own;
            if (is_in_place)
                continue;
            gemm_load_panel(form, matrix->dtype, matrix->base, at, matrix->depth_stride, run, own);
            const size_t filled = (size_t)run * element_bytes(form);
            memset(own + filled, 0, (size_t)(units * form->unit) - filled);
        }
        form->interleave(lane, lanes, units, out + p / group * width * form->unit, width);
    }
}

void gemm_pack_panel(const gemm_form *form, const gemm_matrix *matrix, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out) {
    const int64_t first = lane * matrix->lane_stride + depth * matrix->depth_stride;
    if (count == 0)
        return; /* a matrix without elements may have no address */
    if (width == 1 && form->group == 1)
        gemm_load_panel(form, matrix->dtype, matrix->base, first, matrix->depth_stride, count, out);
    else if (matrix->lane_stride == 1 && form->group == 1)
        pack_by_depth(form, matrix, first, lanes, count, width, out);
    else if (matrix->lane_stride == 1 && (size_t)width * element_bytes(form) <= MAX_ROW_BYTES)
        pack_groups(form, matrix, first, lanes, count, width, out);
    else
        pack_by_lane(form, matrix, first, lanes, count, width, out);
}

void gemm_seal_panel(
    const gemm_form *form, int64_t units, int width, int zero_other, int32_t constant, void *panel) {
    if (form->header == 0)
        return;
    int32_t *header = panel;
    const unsigned char *elements = (unsigned char *)panel + width * form->unit;
    const bool is_signed = form->element == SY_ELEMENT_S8;
    for (int i = 0; i < width; i++) {
        uint32_t sum = 0; /* wraps around, as the sums of products do */
        for (int64_t u = 0; zero_other != 0 && u < units - 1; u++)
            for (int g = 0; g < form->group; g++) {
                const unsigned char byte = elements[(u * width + i) * form->group + g];
                const int value = is_signed ? (int8_t)byte : byte;
                sum += (uint32_t)value;
            }
        header[i] = (int32_t)((uint32_t)zero_other * sum + (uint32_t)constant);
    }
}

void gemm_pack_columns(const gemm_kernel *kernel, const gemm_matrix *b, int64_t n, int64_t k, int zero_a,
    int64_t panel_begin, int64_t panel_end, void *out) {
    const gemm_form *form = &kernel->b;
    const int width = kernel->cols;
    const int64_t units = gemm_form_units(form, k), row_bytes = width * form->unit;
    /* A few rows of B at a time over all panels: a whole panel would touch a page for every row. */
    const int64_t step = b->lane_stride == 1 ? ROWS : RUN_BYTES / form->unit * form->group;
    for (int64_t depth = 0; depth < k; depth += step)
        for (int64_t panel = panel_begin; panel < panel_end; panel++) {
            const int64_t lane = panel * width, run = k - depth < step ? k - depth : step;
            const int lanes = n - lane < width ? (int)(n - lane) : width;
            unsigned char *to =
                (unsigned char *)out + (panel * units + form->header + depth / form->group) * row_bytes;
            gemm_pack_panel(form, b, lane, lanes, depth, run, width, to);
        }
    for (int64_t panel = panel_begin; form->header != 0 && panel < panel_end; panel++)
        gemm_seal_panel(form, units, width, zero_a, 0, (unsigned char *)out + panel * units * row_bytes);
}

int64_t gemm_panel_count(int64_t m, int height) {
    return (m + height - 1) / height;
}

int64_t gemm_panel_row(int64_t m, int height, int64_t panel) {
    const int64_t count = gemm_panel_count(m, height);
    const int64_t low = m / count, taller = m % count;
    return panel * low + (panel < taller ? panel : taller);
}
