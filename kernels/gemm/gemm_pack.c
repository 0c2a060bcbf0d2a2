/* Packing of matrices into panels. Which way depends on how the matrix lies; the values are the same. */
#include "kernels/gemm/gemm_pack.h"

#include "kernels/gemm/gemm_element.h"

#include <string.h>

/* Bytes of a lane at once; most lanes, and most bytes of one row of a panel. */
enum { RUN_BYTES = 256, MAX_LANES = 64, MAX_ROW_BYTES = 512 };

/* How many rows of B ahead are fetched while one is packed. */
enum { AHEAD_ROWS = 16 };

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
    _Alignas(64) unsigned char rows[8 * MAX_ROW_BYTES];
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
    if (form->header == 0 || units == 0)
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

/* One row of `panels` whole panels, `bytes` each (a constant), as they lie; the row that comes `ahead` bytes
 * later is fetched meanwhile. */
static inline void spread_row(const size_t bytes, const unsigned char *from, int64_t ahead, int64_t panels,
    int64_t panel_step, unsigned char *out) {
    for (int64_t j = 0; j < panels; j++, from += bytes, out += panel_step) {
        const uintptr_t next = (uintptr_t)from + (uintptr_t)ahead; /* an address, never read through */
        __builtin_prefetch((const void *)next);
        if (bytes > 64)
            __builtin_prefetch((const void *)(next + 64));
        memcpy(out, from, bytes);
    }
}

/* Row by row over all panels, each read from one end to the other. False: panels of another size. */
static bool spread_rows(const gemm_matrix *b, size_t row, int64_t first, int64_t count, int64_t panels,
    int64_t panel_step, unsigned char *out) {
    const int64_t step = b->depth_stride * (int64_t)sy_element_bytes(b->dtype), ahead = AHEAD_ROWS * step;
    const unsigned char *from = element_at(b, first);
    if (row != 32 && row != 64 && row != 128)
        return false;
    for (int64_t p = 0; p < count; p++, from += step, out += row)
        switch (row) {
        case 32: spread_row(32, from, ahead, panels, panel_step, out); break;
        case 64: spread_row(64, from, ahead, panels, panel_step, out); break;
        default: spread_row(128, from, ahead, panels, panel_step, out); break;
        }
    return true;
}

void gemm_pack_panels(const gemm_form *form, const gemm_matrix *b, int64_t lane, int64_t lanes, int64_t depth,
    int64_t count, int width, int64_t panel_step, void *out) {
    const int64_t row = width * form->unit, whole = lanes / width;
    const int64_t first = lane * b->lane_stride + depth * b->depth_stride;
    const bool is_copy = form->group == 1 && b->lane_stride == 1 && b->dtype == form->element;
    unsigned char *to = out;
    int64_t done = 0;
    if (count == 0)
        return;
    if (is_copy && whole > 0 && spread_rows(b, (size_t)row, first, count, whole, panel_step, to))
        done = whole;
    const int64_t run = b->lane_stride == 1 ? GEMM_PACK_ROWS : RUN_BYTES / form->unit * form->group;
    for (int64_t p = 0; p < count; p += run)
        for (int64_t j = done; j * width < lanes; j++) {
            const int64_t left = lanes - j * width;
            gemm_pack_panel(form, b, lane + j * width, left < width ? (int)left : width, depth + p,
                count - p < run ? count - p : run, width, to + j * panel_step + p / form->group * row);
        }
}

void gemm_pack_columns(const gemm_kernel *kernel, const gemm_matrix *b, int64_t n, int64_t k, int zero_a,
    int64_t panel_begin, int64_t panel_end, void *out) {
    const gemm_form *form = &kernel->b;
    const int width = kernel->cols;
    const int64_t units = gemm_form_units(form, k), panel_bytes = units * width * form->unit;
    unsigned char *to = out;
    for (int64_t first = panel_begin; first < panel_end; first += GEMM_PACK_PANELS) {
        const int64_t end = panel_end - first < GEMM_PACK_PANELS ? panel_end : first + GEMM_PACK_PANELS;
        const int64_t lane = first * width, last = end * width < n ? end * width : n;
        gemm_pack_panels(form, b, lane, last - lane, 0, k, width, panel_bytes,
            to + first * panel_bytes + form->header * width * form->unit);
        for (int64_t panel = first; panel < end; panel++)
            gemm_seal_panel(form, units, width, zero_a, 0, to + panel * panel_bytes);
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
