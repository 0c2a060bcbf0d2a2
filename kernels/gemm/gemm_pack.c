/* Packing of matrices of any type and strides into panels; the fast turns are the table's interleave
 * functions. */
#include "kernels/gemm/gemm_pack.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Elements of a lane at once; rows of a B that lies by rows at once, so that each is read in long stretches.
 */
enum { RUN = 64, ROWS = 16, MAX_LANES = 64 };

/* `count` elements along any direction, as panel elements. */
static void load_run(const gemm_kernel *kernel, const gemm_matrix *matrix, int64_t first, int64_t stride,
    int64_t count, void *out) {
    switch (kernel->sum) {
    case SY_ELEMENT_F32: gemm_load_f32(matrix->dtype, matrix->base, first, stride, count, out); break;
    case SY_ELEMENT_F64: gemm_load_f64(matrix->dtype, matrix->base, first, stride, count, out); break;
    default: gemm_load_s16(matrix->dtype, matrix->base, first, stride, count, out); break;
    }
}

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

/* Row by row of the panel: right when lanes lie side by side, and the only way for integers. */
static void pack_by_depth(const gemm_kernel *kernel, const gemm_matrix *matrix, int64_t first, int lanes,
    int64_t count, int width, unsigned char *out) {
    const size_t element = (size_t)kernel->panel_element, row = (size_t)width * element;
    const size_t filled = (size_t)lanes * element;
    const bool is_copy = matrix->lane_stride == 1 && matrix->dtype == kernel->sum;
    const unsigned char *from = (const unsigned char *)matrix->base + first * (int64_t)element;
    if (is_copy && filled == row &&
        copy_full_rows(row, from, matrix->depth_stride * (int64_t)element, count, out))
        return;
    for (int64_t p = 0; p < count; p++, out += row) {
        if (is_copy)
            memcpy(out, from + p * matrix->depth_stride * (int64_t)element, filled);
        else
            load_run(kernel, matrix, first + p * matrix->depth_stride, matrix->lane_stride, lanes, out);
        memset(out + filled, 0, row - filled);
    }
}

/* Lane by lane, turned: right when depth is contiguous or the type has to be widened anyway. */
static void pack_by_lane(const gemm_kernel *kernel, const gemm_matrix *matrix, int64_t first, int lanes,
    int64_t count, int width, unsigned char *out) {
    _Alignas(64) unsigned char widened[MAX_LANES * RUN * 4];
    const void *lane[MAX_LANES];
    const size_t element = (size_t)kernel->panel_element;
    const bool is_in_place = matrix->depth_stride == 1 && matrix->dtype == kernel->sum;
    const int64_t step = is_in_place ? count : RUN * 4 / (int64_t)element;
    for (int64_t p = 0; p < count; p += step) {
        const int64_t run = count - p < step ? count - p : step;
        for (int i = 0; i < lanes; i++) {
            const int64_t at = first + i * matrix->lane_stride + p * matrix->depth_stride;
            unsigned char *own = widened + (size_t)i * RUN * 4;
            if (!is_in_place)
                load_run(kernel, matrix, at, matrix->depth_stride, run, own);
            lane[i] = is_in_place ? (const unsigned char *)matrix->base + (size_t)at * element : own;
        }
        kernel->interleave(lane, lanes, run, out + (size_t)p * (size_t)width * element, width);
    }
}

void gemm_pack_panel(const gemm_kernel *kernel, const gemm_matrix *matrix, int64_t lane, int lanes,
    int64_t depth, int64_t count, int width, void *out) {
    const int64_t first = lane * matrix->lane_stride + depth * matrix->depth_stride;
    if (width == 1)
        load_run(kernel, matrix, first, matrix->depth_stride, count, out);
    else if (!kernel->interleave || matrix->lane_stride == 1)
        pack_by_depth(kernel, matrix, first, lanes, count, width, out);
    else
        pack_by_lane(kernel, matrix, first, lanes, count, width, out);
}

void gemm_pack_columns(const gemm_kernel *kernel, const gemm_matrix *b, int64_t n, int64_t k,
    int64_t panel_begin, int64_t panel_end, void *out) {
    const int width = kernel->cols;
    const int64_t panel_bytes = k * width * kernel->panel_element;
    /* A few rows of B at a time over all panels: a whole panel would touch a page for every row. */
    const int64_t step = b->lane_stride == 1 ? ROWS : RUN;
    for (int64_t depth = 0; depth < k; depth += step)
        for (int64_t panel = panel_begin; panel < panel_end; panel++) {
            const int64_t lane = panel * width, run = k - depth < step ? k - depth : step;
            const int lanes = n - lane < width ? (int)(n - lane) : width;
            unsigned char *to =
                (unsigned char *)out + panel * panel_bytes + depth * width * kernel->panel_element;
            gemm_pack_panel(kernel, b, lane, lanes, depth, run, width, to);
        }
}

int64_t gemm_panel_count(int64_t m, int height) {
    return (m + height - 1) / height;
}

int64_t gemm_panel_row(int64_t m, int height, int64_t panel) {
    const int64_t count = gemm_panel_count(m, height);
    const int64_t low = m / count, taller = m % count;
    return panel * low + (panel < taller ? panel : taller);
}
