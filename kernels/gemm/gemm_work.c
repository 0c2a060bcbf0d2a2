/* The blocked loops around the register tiles. Which tile and which block sizes is the table's business. */
#include "kernels/gemm/gemm_work.h"

/* Sums that a block keeps while its depth is cut: half of a small L2. */
enum { SUMS_BYTES = 262144 };

/* Tiles that a block of the whole depth keeps: those of a pair of strips. */
enum { TILES_AT_ONCE = 2 };

/* Panels of a row of B that is packed whole. */
enum { WHOLE_COLS = 32 };

/* One block: panels and columns that are multiplied over one stretch of the depth, in units. pitch: panels
 * that the sums of a strip are kept for. */
typedef struct block {
    int64_t panel, panels, pitch, col, cols, unit, count;
    const unsigned char *a, *b;
    int64_t row, a_row, b_step;
    unsigned char *sums;
    bool is_last, is_single;
} block;

static size_t round_up(size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

static size_t sum_bytes(const gemm_kernel *kernel) {
    return kernel->sum == SY_ELEMENT_F64 ? 8 : 4;
}

static int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

gemm_blocking gemm_work_blocking(
    const gemm_kernel *kernel, int64_t m, int64_t n, int64_t k, bool is_b_packed, bool is_direct) {
    const int64_t panels = gemm_panel_count(m, kernel->rows), units = gemm_form_units(&kernel->b, k);
    gemm_blocking blocking = {.kernel = kernel, .m = m, .k = k, .units = units, .is_direct = is_direct};
    /* B that is packed here has to stay in L2 beside A. A single panel of A does so at any usual depth, and B
     * is then read in one stream. */
    const int64_t usual = is_b_packed ? kernel->block_units : ceil_div(kernel->block_units, 2);
    const int64_t deepest = panels == 1 ? 8 * usual : usual;
    const int64_t blocks = units > deepest && kernel->b.header == 0 ? ceil_div(units, deepest) : 1;
    blocking.block_units = ceil_div(units, blocks);
    /* B that is packed here is read in rows of a block: all of a row if it is short, else as much as leaves
     * room in L2. */
    const int64_t own_n = n <= WHOLE_COLS * kernel->cols ? WHOLE_COLS * kernel->cols : 8 * kernel->cols;
    const int64_t wanted_n = is_b_packed ? kernel->block_n : own_n;
    const int64_t whole_n = ceil_div(n, kernel->cols) * kernel->cols;
    blocking.block_n = wanted_n < whole_n ? wanted_n : whole_n;
    /* Sums that wait for more depth should not leave L2. */
    const int64_t sums =
        blocks > 1 && !is_direct ? SUMS_BYTES / (4 * kernel->rows * kernel->block_panels) : INT64_MAX;
    if (sums < blocking.block_n)
        blocking.block_n = (sums / kernel->cols + 1) * kernel->cols;
    /* Deeper blocks than the table means have fewer panels, so that these still fit into L2. */
    const int64_t fit = kernel->block_units * kernel->block_panels / (blocking.block_units + 1);
    const int64_t wanted_panels = fit < kernel->block_panels ? fit + 1 : kernel->block_panels;
    const int64_t row_blocks = is_b_packed && wanted_panels < panels ? ceil_div(panels, wanted_panels) : 1;
    blocking.block_panels = ceil_div(panels, row_blocks);
    return blocking;
}

static size_t a_scratch(const gemm_blocking *blocking) {
    const gemm_kernel *kernel = blocking->kernel;
    return round_up((size_t)(blocking->block_panels * kernel->rows * blocking->block_units * kernel->a.unit));
}

/* Bytes between panels of B that are packed here: apart enough that pieces of many fall into different sets
 * of a cache. */
static int64_t panel_step(const gemm_kernel *kernel, int64_t units) {
    return (units + GEMM_PACK_ROWS) * kernel->cols * kernel->b.unit;
}

static size_t b_scratch(const gemm_blocking *blocking) {
    const gemm_kernel *kernel = blocking->kernel;
    return round_up((size_t)(blocking->block_n / kernel->cols * panel_step(kernel, blocking->block_units)));
}

size_t gemm_work_scratch(const gemm_blocking *blocking, bool has_a, bool has_b) {
    const gemm_kernel *kernel = blocking->kernel;
    const size_t tile = (size_t)(kernel->rows * kernel->cols) * sum_bytes(kernel);
    const bool is_single = blocking->block_units >= blocking->units;
    const size_t tiles =
        is_single ? TILES_AT_ONCE : (size_t)(blocking->block_panels * (blocking->block_n / kernel->cols));
    return (has_a ? 0 : a_scratch(blocking)) + (has_b ? 0 : b_scratch(blocking)) +
           (blocking->is_direct ? 0 : round_up(tiles * tile));
}

void gemm_source_matrix(const void *context, const gemm_form *form, int64_t lane, int lanes, int64_t depth,
    int64_t count, int width, void *out) {
    gemm_pack_panel(form, context, lane, lanes, depth, count, width, out);
}

/* Where a row of bare A begins in the block's depth; not read through if there is no such row. */
static const unsigned char *bare_row(const gemm_work *work, const block *at, int64_t row) {
    const int64_t bytes = (row * work->a.bare->lane_stride + at->unit) * work->blocking.kernel->a.unit;
    return (const unsigned char *)((uintptr_t)work->a.bare->base + (uintptr_t)bytes);
}

/* C (+)= A B on one tile, whichever way A comes. */
static void multiply_tile(const gemm_work *work, const block *at, int64_t row, int rows, int cols,
    const void *b, int64_t ldb, const void *next, void *c, int64_t ldc) {
    const gemm_blocking *blocking = &work->blocking;
    const gemm_kernel *kernel = blocking->kernel;
    const bool accumulate = at->unit > work->unit_begin;
    if (work->a.bare) {
        const int64_t lda = work->a.bare->lane_stride;
        const unsigned char *base = work->a.bare->base;
        const void *a = at->count > 0 ? base + (row * lda + at->unit) * kernel->a.unit : base;
        kernel->bare(rows, cols, at->count, a, lda, b, ldb, next, c, ldc, accumulate);
        return;
    }
    const int64_t a_units = work->a.packed ? blocking->units : at->count;
    const void *a =
        at->a + ((row - at->a_row) * a_units + (work->a.packed ? at->unit * rows : 0)) * kernel->a.unit;
    kernel->tile(rows, cols, at->count, a, b, next, c, ldc, accumulate);
}

/* A strip of columns of the block: the tiles of all its panels, each with its epilogue after the last of the
 * depth. `next`: the strip after it, if that is packed and will be wanted: it comes from far away, no
 * hardware foresees it, and the tiles fetch it by turns. The first strip fetches bare A instead. */
static void run_strip(const gemm_work *work, const block *at, int64_t j, const unsigned char *b, int64_t ldb,
    const unsigned char *next) {
    const gemm_blocking *blocking = &work->blocking;
    const gemm_kernel *kernel = blocking->kernel;
    const int64_t col = at->col + j * kernel->cols, left = at->col + at->cols - col;
    const int cols = left < kernel->cols ? (int)left : kernel->cols;
    const int64_t size = (int64_t)sum_bytes(kernel), ld = work->finish->d.row[0];
    const int64_t count = gemm_panel_count(blocking->m, kernel->rows);
    const int64_t low = blocking->m / count, taller = blocking->m % count;
    const bool is_short = at->panels < GEMM_FETCH_TURNS && low < kernel->rows;
    const int64_t turns = is_short ? GEMM_FETCH_TURNS / 2 : GEMM_FETCH_TURNS;
    const int64_t part = at->count * kernel->cols * kernel->b.unit / turns;
    const bool is_fresh = work->a.bare && j == 0 && at->count > 0;
    int64_t row = at->row;
    for (int64_t i = 0; i < at->panels; i++) {
        const int rows = (int)(low + (at->panel + i < taller));
        const unsigned char *ahead = is_fresh ? bare_row(work, at, row + rows)
                                     : next   ? next + i % turns * part
                                              : b;
        if (blocking->is_direct) {
            unsigned char *d = (unsigned char *)work->finish->out + (row * ld + col) * size;
            multiply_tile(work, at, row, rows, cols, b, ldb, ahead, d, ld);
        } else {
            const int64_t index = at->is_single ? 0 : j * at->pitch + i;
            void *tile = at->sums + index * kernel->rows * kernel->cols * size;
            const int width = 2 * cols <= kernel->cols ? cols : kernel->cols;
            multiply_tile(work, at, row, rows, width, b, ldb, ahead, tile, kernel->cols);
            if (at->is_last)
                kernel->finish(work->finish, tile, kernel->cols, row, rows, col, cols);
        }
        row += rows;
    }
}

/* One panel of the block's depth from its source, header included. */
static void pack_from(const gemm_work *work, const gemm_form *form, const gemm_source *source,
    const block *at, int64_t lane, int lanes, int width, unsigned char *to) {
    const int64_t depth = at->unit * form->group, left = work->blocking.k - depth;
    const int64_t most = (at->count - form->header) * form->group;
    source->pack(source->context, form, lane, lanes, depth, left < most ? left : most, width,
        to + form->header * width * form->unit);
    gemm_seal_panel(form, at->count, width, source->zero_other, source->constant, to);
}

/* Panels of A for the block: found in the packed whole, or packed into scratch. */
static void provide_a(const gemm_work *work, block *at, unsigned char *scratch) {
    const gemm_kernel *kernel = work->blocking.kernel;
    if (work->a.packed || work->a.bare) {
        at->a = work->a.packed;
        at->a_row = 0;
        return;
    }
    at->a = scratch;
    at->a_row = at->row;
    int64_t row = at->row;
    for (int64_t i = 0; i < at->panels && at->count > 0; i++) {
        const int64_t next = gemm_panel_row(work->blocking.m, kernel->rows, at->panel + i + 1);
        const int rows = (int)(next - row);
        pack_from(work, &kernel->a, &work->a, at, row, rows, rows,
            scratch + (row - at->a_row) * at->count * kernel->a.unit);
        row = next;
    }
}

/* Panel `j` of B of the block, from its source. */
static void pack_b(const gemm_work *work, const block *at, int64_t j, unsigned char *scratch) {
    const gemm_kernel *kernel = work->blocking.kernel;
    const int64_t left = at->cols - j * kernel->cols;
    const int lanes = left < kernel->cols ? (int)left : kernel->cols;
    pack_from(work, &kernel->b, &work->b, at, at->col + j * kernel->cols, lanes, kernel->cols,
        scratch + j * at->b_step);
}

/* The same where the source is a matrix: all panels together. */
static void pack_b_matrix(const gemm_work *work, const block *at, unsigned char *scratch) {
    const gemm_form *form = &work->blocking.kernel->b;
    const int64_t depth = at->unit * form->group, left = work->blocking.k - depth;
    const int64_t most = at->count * form->group;
    gemm_pack_panels(form, work->b.matrix, at->col, at->cols, depth, left < most ? left : most,
        work->blocking.kernel->cols, at->b_step, scratch);
}

/* Panels of B for the block, as those of A. Of a bare one only the last columns are packed, which a tile
 * would read beyond. k = 0: there is nothing to pack. */
static void provide_b(const gemm_work *work, block *at, unsigned char *scratch) {
    const gemm_kernel *kernel = work->blocking.kernel;
    const int64_t row_bytes = kernel->cols * kernel->b.unit, panels = ceil_div(at->cols, kernel->cols);
    if (work->b.packed) {
        at->b_step = work->blocking.units * row_bytes;
        at->b = (const unsigned char *)work->b.packed +
                (at->col - work->b.packed_lane) / kernel->cols * at->b_step + at->unit * row_bytes;
        return;
    }
    at->b = scratch;
    at->b_step = work->b.bare ? 0 : panel_step(kernel, at->count);
    if (at->count == 0)
        return;
    if (work->b.bare && at->cols % kernel->cols != 0)
        pack_b(work, at, panels - 1, scratch);
    else if (!work->b.bare && work->b.matrix)
        pack_b_matrix(work, at, scratch);
    else if (!work->b.bare)
        for (int64_t j = 0; j < panels; j++)
            pack_b(work, at, j, scratch);
}

/* Whether two strips at once are quicker: one panel of a few rows over packed B. */
static bool is_pairwise(const gemm_work *work, const block *at) {
    const gemm_kernel *kernel = work->blocking.kernel;
    return kernel->pair && work->a.bare && work->b.packed && at->panels == 1 && at->count > 0 &&
           work->blocking.m <= GEMM_PAIR_ROWS;
}

/* Strips j and j + 1, both whole, of one panel of rows. */
static void run_pair(const gemm_work *work, const block *at, int64_t j) {
    const gemm_blocking *blocking = &work->blocking;
    const gemm_kernel *kernel = blocking->kernel;
    const int rows = (int)blocking->m, cols = kernel->cols;
    const int64_t size = (int64_t)sum_bytes(kernel), ld = work->finish->d.row[0], col = at->col + j * cols;
    const int64_t lda = work->a.bare->lane_stride, b_step = at->b_step / kernel->b.unit;
    const unsigned char *a = (const unsigned char *)work->a.bare->base + at->unit * kernel->a.unit;
    const unsigned char *b = at->b + j * at->b_step;
    const bool accumulate = at->unit > work->unit_begin;
    if (blocking->is_direct) {
        unsigned char *d = (unsigned char *)work->finish->out + col * size;
        kernel->pair(rows, at->count, a, lda, b, b_step, d, ld, cols, accumulate);
        return;
    }
    const int64_t tile_bytes = kernel->rows * cols * size;
    unsigned char *tile = at->sums + (at->is_single ? 0 : j * tile_bytes);
    kernel->pair(rows, at->count, a, lda, b, b_step, tile, cols, kernel->rows * cols, accumulate);
    for (int i = 0; at->is_last && i < 2; i++)
        kernel->finish(work->finish, tile + i * tile_bytes, cols, 0, rows, col + i * cols, cols);
}

/* All tiles of one block: a strip of B stays in the nearest cache while the panels of A pass. */
static void run_tiles(const gemm_work *work, const block *at) {
    const gemm_kernel *kernel = work->blocking.kernel;
    const int64_t pairs = is_pairwise(work, at) ? at->cols / kernel->cols / 2 : 0;
    for (int64_t j = 0; j < pairs; j++)
        run_pair(work, at, 2 * j);
    for (int64_t j = 2 * pairs; j * kernel->cols < at->cols; j++) {
        const bool is_whole = at->cols - j * kernel->cols >= kernel->cols;
        if (!work->b.bare || !is_whole || at->count == 0) {
            const unsigned char *b = at->b + j * at->b_step;
            const bool has_next = work->b.packed && (j + 1) * kernel->cols < at->cols;
            run_strip(work, at, j, b, kernel->cols, has_next ? b + at->b_step : NULL);
            continue;
        }
        const int64_t ldb = work->b.bare->depth_stride, col = at->col + j * kernel->cols;
        const unsigned char *base = work->b.bare->base;
        run_strip(work, at, j, base + (at->unit * ldb + col) * kernel->b.unit, ldb, NULL);
    }
}

/* As many panels of A at a time as leave L2 room for the B that was packed there: they come from farther away
 * for every strip otherwise. */
static void run_parts(const gemm_work *work, const block *at) {
    const gemm_blocking *blocking = &work->blocking;
    const gemm_kernel *kernel = blocking->kernel;
    const bool is_shared = !work->b.packed && !work->b.bare && at->count > 0;
    const int64_t units = kernel->block_panels * kernel->block_units / 2;
    const int64_t most = !is_shared ? at->panels : units / at->count > 4 ? units / at->count : 4;
    const int64_t parts = ceil_div(at->panels, most);
    for (int64_t i = 0; i < parts; i++) {
        const int64_t first = gemm_share(at->panels, i, parts);
        block part = *at;
        part.panel = at->panel + first;
        part.panels = gemm_share(at->panels, i + 1, parts) - first;
        part.row = gemm_panel_row(blocking->m, kernel->rows, part.panel);
        if (!at->is_single)
            part.sums += (size_t)(first * kernel->rows * kernel->cols) * sum_bytes(kernel);
        run_tiles(work, &part);
    }
}

/* All of the depth for one block of panels and columns. */
static void run_block(const gemm_work *work, block at) {
    const gemm_blocking *blocking = &work->blocking;
    unsigned char *a = work->scratch;
    unsigned char *b = a + (work->a.packed || work->a.bare ? 0 : a_scratch(blocking));
    at.sums = b + (work->b.packed ? 0 : b_scratch(blocking));
    at.is_single = blocking->block_units >= blocking->units;
    at.row = gemm_panel_row(blocking->m, blocking->kernel->rows, at.panel);
    do {
        const int64_t left = work->unit_end - at.unit;
        at.count = left < blocking->block_units ? left : blocking->block_units;
        at.is_last = at.unit + at.count >= work->unit_end;
        provide_a(work, &at, a);
        provide_b(work, &at, b);
        run_parts(work, &at);
        at.unit += at.count;
    } while (!at.is_last);
}

void gemm_work_run(const gemm_work *work) {
    const gemm_blocking *blocking = &work->blocking;
    for (int64_t col = work->col_begin; col < work->col_end; col += blocking->block_n)
        for (int64_t panel = work->panel_begin; panel < work->panel_end; panel += blocking->block_panels) {
            block at = {.panel = panel, .col = col, .unit = work->unit_begin};
            const int64_t panels = work->panel_end - panel, cols = work->col_end - col;
            at.panels = at.pitch = panels < blocking->block_panels ? panels : blocking->block_panels;
            at.cols = cols < blocking->block_n ? cols : blocking->block_n;
            run_block(work, at);
        }
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
