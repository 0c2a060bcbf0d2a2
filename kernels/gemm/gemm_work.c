/* The blocked loops around the register tiles. Which tile and which block sizes is the table's business. */
#include "kernels/gemm/gemm_work.h"

/* One block: panels and columns that are multiplied over one stretch of k. */
typedef struct block {
    int64_t panel, panels, col, cols, depth, count;
    const unsigned char *a, *b;
    int64_t a_row, b_step;
    unsigned char *sums;
    bool is_last, is_single;
} block;

static size_t round_up(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

static size_t sum_bytes(const gemm_kernel *kernel) {
    return kernel->sum == SY_ELEMENT_F64 ? 8 : 4;
}

gemm_blocking gemm_work_blocking(
    const gemm_kernel *kernel, int64_t m, int64_t n, int64_t k, bool is_b_packed, bool is_direct) {
    const int64_t panels = gemm_panel_count(m, kernel->rows);
    gemm_blocking blocking = {.kernel = kernel, .m = m, .k = k, .is_direct = is_direct};
    /* A single panel of A stays in L2 at any usual depth, and B is then read in one stream. */
    const int64_t deepest = panels == 1 ? 8 * kernel->block_k : kernel->block_k;
    const int64_t blocks = k > deepest ? (k + deepest - 1) / deepest : 1;
    blocking.block_k = (k + blocks - 1) / blocks;
    const int64_t wanted_n = is_b_packed ? kernel->block_n : 8 * kernel->cols;
    const int64_t whole_n = (n + kernel->cols - 1) / kernel->cols * kernel->cols;
    blocking.block_n = wanted_n < whole_n ? wanted_n : whole_n;
    blocking.block_panels = is_b_packed && kernel->block_panels < panels ? kernel->block_panels : panels;
    return blocking;
}

static size_t a_scratch(const gemm_blocking *blocking) {
    const gemm_kernel *kernel = blocking->kernel;
    return round_up(
        (size_t)(blocking->block_panels * kernel->rows * blocking->block_k * kernel->panel_element));
}

static size_t b_scratch(const gemm_blocking *blocking) {
    return round_up((size_t)(blocking->block_n * blocking->block_k * blocking->kernel->panel_element));
}

size_t gemm_work_scratch(const gemm_blocking *blocking, bool has_a, bool has_b) {
    const gemm_kernel *kernel = blocking->kernel;
    const size_t tile = (size_t)(kernel->rows * kernel->cols) * sum_bytes(kernel);
    const bool is_single = blocking->block_k >= blocking->k;
    const size_t tiles =
        is_single ? 1 : (size_t)(blocking->block_panels * (blocking->block_n / kernel->cols));
    return (has_a ? 0 : a_scratch(blocking)) + (has_b ? 0 : b_scratch(blocking)) +
           (blocking->is_direct ? 0 : round_up(tiles * tile));
}

void gemm_source_matrix(const void *context, const gemm_kernel *kernel, int64_t lane, int lanes,
    int64_t depth, int64_t count, int width, void *out) {
    gemm_pack_panel(kernel, context, lane, lanes, depth, count, width, out);
}

/* The tile of panel `i` and column unit `j` of the block: product, then, after the last stretch of k, the
 * epilogue. */
static void run_tile(const gemm_work *work, const block *at, int64_t i, int64_t j) {
    const gemm_blocking *blocking = &work->blocking;
    const gemm_kernel *kernel = blocking->kernel;
    const int64_t row = gemm_panel_row(blocking->m, kernel->rows, at->panel + i);
    const int rows = (int)(gemm_panel_row(blocking->m, kernel->rows, at->panel + i + 1) - row);
    const int64_t col = at->col + j * kernel->cols;
    const int64_t left = at->col + at->cols - col;
    const int cols = left < kernel->cols ? (int)left : kernel->cols;
    const int64_t a_depth = work->a.packed ? blocking->k : at->count;
    const void *a = at->a + ((row - at->a_row) * a_depth + (work->a.packed ? at->depth * rows : 0)) *
                                kernel->panel_element;
    const void *b = at->b + j * at->b_step;
    const bool accumulate = at->depth > 0;
    const int64_t size = (int64_t)sum_bytes(kernel);
    if (blocking->is_direct) {
        const int64_t ld = work->finish->d.row[0];
        unsigned char *d = (unsigned char *)work->finish->out + (row * ld + col) * size;
        kernel->tile(rows, cols, at->count, a, b, d, ld, accumulate);
        return;
    }
    const int64_t index = at->is_single ? 0 : j * at->panels + i;
    void *tile = at->sums + index * kernel->rows * kernel->cols * size;
    kernel->tile(rows, kernel->cols, at->count, a, b, tile, kernel->cols, accumulate);
    if (at->is_last)
        kernel->finish(work->finish, tile, kernel->cols, row, rows, col, cols);
}

/* Panels of A for the block: found in the packed whole, or packed into scratch. */
static void provide_a(const gemm_work *work, block *at, unsigned char *scratch) {
    const gemm_kernel *kernel = work->blocking.kernel;
    if (work->a.packed) {
        at->a = work->a.packed;
        at->a_row = 0;
        return;
    }
    at->a = scratch;
    at->a_row = gemm_panel_row(work->blocking.m, kernel->rows, at->panel);
    for (int64_t i = 0; i < at->panels; i++) {
        const int64_t row = gemm_panel_row(work->blocking.m, kernel->rows, at->panel + i);
        const int rows = (int)(gemm_panel_row(work->blocking.m, kernel->rows, at->panel + i + 1) - row);
        unsigned char *to = scratch + (row - at->a_row) * at->count * kernel->panel_element;
        work->a.pack(work->a.context, kernel, row, rows, at->depth, at->count, rows, to);
    }
}

/* The same for B. */
static void provide_b(const gemm_work *work, block *at, unsigned char *scratch) {
    const gemm_kernel *kernel = work->blocking.kernel;
    const int64_t row_bytes = kernel->cols * kernel->panel_element;
    if (work->b.packed) {
        at->b_step = work->blocking.k * row_bytes;
        at->b = (const unsigned char *)work->b.packed +
                (at->col - work->b.packed_lane) / kernel->cols * at->b_step + at->depth * row_bytes;
        return;
    }
    at->b = scratch;
    at->b_step = at->count * row_bytes;
    if (at->count == 0) /* k = 0: there is nothing to pack, and a packed operand of no bytes has no address */
        return;
    for (int64_t j = 0; j * kernel->cols < at->cols; j++) {
        const int64_t left = at->cols - j * kernel->cols;
        const int lanes = left < kernel->cols ? (int)left : kernel->cols;
        work->b.pack(work->b.context, kernel, at->col + j * kernel->cols, lanes, at->depth, at->count,
            kernel->cols, scratch + j * at->b_step);
    }
}

/* All of k for one block of panels and columns. */
static void run_block(const gemm_work *work, block at) {
    const gemm_blocking *blocking = &work->blocking;
    unsigned char *a = work->scratch;
    unsigned char *b = a + (work->a.packed ? 0 : a_scratch(blocking));
    at.sums = b + (work->b.packed ? 0 : b_scratch(blocking));
    at.is_single = blocking->block_k >= blocking->k;
    do {
        const int64_t left = blocking->k - at.depth;
        at.count = left < blocking->block_k ? left : blocking->block_k;
        at.is_last = at.depth + at.count >= blocking->k;
        provide_a(work, &at, a);
        provide_b(work, &at, b);
        for (int64_t j = 0; j * blocking->kernel->cols < at.cols; j++)
            for (int64_t i = 0; i < at.panels; i++)
                run_tile(work, &at, i, j);
        at.depth += at.count;
    } while (!at.is_last);
}

void gemm_work_run(const gemm_work *work) {
    const gemm_blocking *blocking = &work->blocking;
    for (int64_t col = work->col_begin; col < work->col_end; col += blocking->block_n)
        for (int64_t panel = work->panel_begin; panel < work->panel_end; panel += blocking->block_panels) {
            block at = {.panel = panel, .col = col};
            const int64_t panels = work->panel_end - panel, cols = work->col_end - col;
            at.panels = panels < blocking->block_panels ? panels : blocking->block_panels;
            at.cols = cols < blocking->block_n ? cols : blocking->block_n;
            run_block(work, at);
        }
}

static int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

void gemm_work_split(int64_t panels, int64_t units, int height, int width, int parts, int32_t *out_parts_m,
    int32_t *out_parts_n) {
    int64_t best_work = INT64_MAX, best_read = INT64_MAX;
    *out_parts_m = *out_parts_n = 1;
    for (int parts_m = 1; parts_m <= parts && parts_m <= panels; parts_m++) {
        const int64_t fit = parts / parts_m, parts_n = fit < units ? fit : units;
        const int64_t share_m = ceil_div(panels, parts_m), share_n = ceil_div(units, parts_n);
        const int64_t work = share_m * share_n, read = share_m * height + share_n * width;
        if (work < best_work || (work == best_work && read < best_read)) {
            best_work = work;
            best_read = read;
            *out_parts_m = parts_m;
            *out_parts_n = (int32_t)parts_n;
        }
    }
}
