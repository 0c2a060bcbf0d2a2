#include "runtime/model/ops/product.h"

#include <stdbool.h>
#include <string.h>

/* Rows of C that share a gathered tile of B, and those in registers at once. */
enum { BLOCK_ROWS = 128, TILE_ROWS = 4, LANES = 4, TILE_VECTORS = 2, COLS = SY_NET_TILE_COLS };

typedef float f32v __attribute__((vector_size(16)));
typedef float f32v_at __attribute__((vector_size(16), aligned(4), may_alias));

typedef struct product_job {
    const sy_net_product *product;
    int64_t blocks, tiles; /* of rows, of columns */
} product_job;

/* The share of one item: rows i .. i + m - 1, columns from part.j on. */
typedef struct product_item {
    sy_net_part part;
    int64_t i, m, a, c;
} product_item;

static product_item item_at(const product_job *job, int64_t index) {
    const sy_net_product *product = job->product;
    product_item item = {0};
    item.part.batch = index / (job->blocks * job->tiles);
    int64_t rest = index % (job->blocks * job->tiles);
    item.i = rest / job->tiles * BLOCK_ROWS;
    item.part.j = rest % job->tiles * COLS;
    item.m = product->m - item.i < BLOCK_ROWS ? product->m - item.i : BLOCK_ROWS;
    item.part.cols = product->n - item.part.j < COLS ? (int)(product->n - item.part.j) : COLS;
    product->at(product->arg, item.part.batch, &item.a, &item.c);
    item.a += item.i * product->a_row;
    item.c += item.i * product->c_row + item.part.j * product->c_col;
    return item;
}

/* Columns of `sum` to C or onto it. */
static void put_f32(const sy_net_product *product, const float *sum, int cols, bool is_first, float *c) {
    if (is_first)
        for (int j = 0; j < cols; j++)
            c[j * product->c_col] = sum[j];
    else
        for (int j = 0; j < cols; j++)
            c[j * product->c_col] += sum[j];
}

/* TILE_ROWS x 8 sums over `depth`; rows that are not there repeat the last. */
static void tile_f32(const float *const a[TILE_ROWS], int64_t a_col, const float *panel, int depth,
    f32v sum[TILE_ROWS][TILE_VECTORS]) {
    f32v s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0}, s20 = {0}, s21 = {0}, s30 = {0}, s31 = {0};
    for (int64_t p = 0; p < depth; p++) {
        const f32v b0 = *(const f32v_at *)(panel + p * COLS);
        const f32v b1 = *(const f32v_at *)(panel + p * COLS + LANES);
        s00 += a[0][p * a_col] * b0;
        s01 += a[0][p * a_col] * b1;
        s10 += a[1][p * a_col] * b0;
        s11 += a[1][p * a_col] * b1;
        s20 += a[2][p * a_col] * b0;
        s21 += a[2][p * a_col] * b1;
        s30 += a[3][p * a_col] * b0;
        s31 += a[3][p * a_col] * b1;
    }
    const f32v all[TILE_ROWS][TILE_VECTORS] = {{s00, s01}, {s10, s11}, {s20, s21}, {s30, s31}};
    memcpy(sum, all, sizeof all);
}

/* All rows of an item over one gathered part. */
static void rows_f32(const sy_net_product *product, const product_item *item, const float *panel) {
    const float *a = (const float *)product->a + item->a + item->part.p * product->a_col;
    float *c = (float *)product->c + item->c;
    for (int64_t i = 0; i < item->m; i += TILE_ROWS) {
        const float *row[TILE_ROWS];
        int64_t rows = item->m - i < TILE_ROWS ? item->m - i : TILE_ROWS;
        for (int64_t r = 0; r < TILE_ROWS; r++)
            row[r] = a + (i + (r < rows ? r : rows - 1)) * product->a_row;
        for (int j = 0; j < item->part.cols; j += LANES * TILE_VECTORS) {
            f32v sum[TILE_ROWS][TILE_VECTORS];
            int rest = item->part.cols - j;
            tile_f32(row, product->a_col, panel + j, item->part.depth, sum);
            for (int64_t r = 0; r < rows; r++)
                put_f32(product, (const float *)sum[r], rest < 8 ? rest : 8, item->part.p == 0,
                    c + (i + r) * product->c_row + j * product->c_col);
        }
    }
}

static void run_f32(void *arg, int64_t begin, int64_t end) {
    const product_job *job = arg;
    _Alignas(64) float panel[SY_NET_TILE_DEPTH * COLS];
    memset(panel, 0, sizeof panel); /* columns past the last are computed, and not used */
    for (int64_t index = begin; index < end; index++) {
        product_item item = item_at(job, index);
        do { /* once at least: without depth C is 0 */
            int64_t rest = job->product->k - item.part.p;
            item.part.depth = rest < SY_NET_TILE_DEPTH ? (int)rest : SY_NET_TILE_DEPTH;
            job->product->gather(job->product->arg, &item.part, panel);
            rows_f32(job->product, &item, panel);
            item.part.p += item.part.depth;
        } while (item.part.p < job->product->k);
    }
}

static void row_s32(const int16_t *a, int64_t a_col, const int16_t *panel, int depth, int32_t sum[COLS]) {
    memset(sum, 0, COLS * sizeof *sum);
    for (int64_t p = 0; p < depth; p++)
        for (int j = 0; j < COLS; j++)
            sum[j] += (int32_t)a[p * a_col] * panel[p * COLS + j];
}

static void rows_s32(const sy_net_product *product, const product_item *item, const int16_t *panel) {
    const int16_t *a = (const int16_t *)product->a + item->a + item->part.p * product->a_col;
    int32_t *c = (int32_t *)product->c + item->c;
    for (int64_t i = 0; i < item->m; i++) {
        int32_t sum[COLS];
        row_s32(a + i * product->a_row, product->a_col, panel, item->part.depth, sum);
        for (int j = 0; j < item->part.cols; j++) {
            int32_t *to = &c[i * product->c_row + j * product->c_col];
            uint32_t before = item->part.p == 0 ? 0 : (uint32_t)*to;
            *to = (int32_t)(before + (uint32_t)sum[j]);
        }
    }
}

static void run_s32(void *arg, int64_t begin, int64_t end) {
    const product_job *job = arg;
    _Alignas(64) int16_t panel[SY_NET_TILE_DEPTH * COLS];
    memset(panel, 0, sizeof panel);
    for (int64_t index = begin; index < end; index++) {
        product_item item = item_at(job, index);
        do {
            int64_t rest = job->product->k - item.part.p;
            item.part.depth = rest < SY_NET_TILE_DEPTH ? (int)rest : SY_NET_TILE_DEPTH;
            job->product->gather(job->product->arg, &item.part, panel);
            rows_s32(job->product, &item, panel);
            item.part.p += item.part.depth;
        } while (item.part.p < job->product->k);
    }
}

static void run_all(const sy_net_product *product, const sy_team *team, sy_team_fn *fn) {
    product_job job = {product, (product->m + BLOCK_ROWS - 1) / BLOCK_ROWS, (product->n + COLS - 1) / COLS};
    int64_t rows = product->m < BLOCK_ROWS ? product->m : BLOCK_ROWS;
    int64_t cost = 0; /* too large to tell: large */
    if (__builtin_mul_overflow(rows * COLS, product->k, &cost))
        cost = INT64_MAX;
    sy_team_for(team, product->batch * job.blocks * job.tiles, cost, fn, &job);
}

void sy_net_product_f32(const sy_net_product *product, const sy_team *team) {
    run_all(product, team, run_f32);
}

void sy_net_product_s32(const sy_net_product *product, const sy_team *team) {
    run_all(product, team, run_s32);
}
