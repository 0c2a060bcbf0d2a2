/* Bands of direct convolution: which pixels make a tile, and from which addresses a tile reads. */
#include "kernels/conv/conv_direct.h"
#include "kernels/gemm/gemm_element.h"

enum { LEAST_ROWS = 4 };

/* What taps outside the image read: as long as the longest run of one tap. */
static const _Alignas(64) unsigned char zeros[CONV_ZERO_BYTES];

/* Outputs [begin, end) along one axis, and the taps that any of them has inside the image. */
typedef struct span {
    int64_t begin, end, tap_begin, tap_end;
    bool is_exact;
} span;

/* One axis of the image. */
typedef struct axis {
    int64_t in, window, stride, dilation, pad;
} axis;

static axis axis_of(const sy_conv_plan *plan, const conv_shape *shape, int which) {
    const sy_conv_desc *desc = &plan->desc;
    return (axis){which ? shape->w : shape->h, which ? desc->s : desc->r, shape->stride[which],
        desc->dilation[which], shape->pad[which]};
}

/* Taps of output `at` inside the image; an empty range where there is none. */
static span taps_inside(const axis *a, int64_t at) {
    const int64_t first = at * a->stride - a->pad, left = a->in - first;
    const int64_t low = first < 0 ? (-first + a->dilation - 1) / a->dilation : 0;
    const int64_t high = left > 0 ? (left + a->dilation - 1) / a->dilation : 0;
    span one = {at, at + 1, low < a->window ? low : a->window, high < a->window ? high : a->window, true};
    if (one.tap_end < one.tap_begin)
        one.tap_end = one.tap_begin;
    return one;
}

/* All of [begin, end) as one span; exact if all have the same taps. */
static span whole_span(const axis *a, int64_t begin, int64_t end) {
    span whole = taps_inside(a, begin);
    for (int64_t at = begin + 1; at < end; at++) {
        const span one = taps_inside(a, at);
        whole.is_exact = whole.is_exact && one.tap_begin == whole.tap_begin && one.tap_end == whole.tap_end;
        whole.tap_begin = one.tap_begin < whole.tap_begin ? one.tap_begin : whole.tap_begin;
        whole.tap_end = one.tap_end > whole.tap_end ? one.tap_end : whole.tap_end;
    }
    whole.end = end;
    return whole;
}

/* The first output after `at`, or `end`, that may have other taps: where all are inside, so they are up to
 * the far side. */
static int64_t next_change(const axis *a, int64_t at, int64_t end) {
    const int64_t first = at * a->stride - a->pad, left = a->in - first - ((a->window - 1) * a->dilation + 1);
    if (first < 0 || left < 0)
        return at + 1;
    const int64_t next = at + left / a->stride + 1;
    return next < end ? next : end;
}

/* [begin, end) cut where the taps change; one span if that makes too many. */
static int cut_axis(const axis *a, int64_t begin, int64_t end, span *out_spans) {
    int count = 0;
    for (int64_t at = begin, next; at < end; at = next) {
        span one = taps_inside(a, at);
        next = one.end = next_change(a, at, end);
        span *last = count ? &out_spans[count - 1] : NULL;
        if (last && last->tap_begin == one.tap_begin && last->tap_end == one.tap_end) {
            last->end = next;
            continue;
        }
        if (count == CONV_MAX_CUTS) {
            out_spans[0] = whole_span(a, begin, end);
            return 1;
        }
        out_spans[count++] = one;
    }
    return count;
}

/* The window of one output: nothing to cut. */
static bool is_padless(const sy_conv_plan *plan) {
    const int64_t *pad = plan->desc.pad;
    return (pad[0] | pad[1] | pad[2] | pad[3]) == 0;
}

static int cut(const sy_conv_plan *plan, const axis *a, int64_t begin, int64_t end, span *out_spans) {
    if (is_padless(plan)) {
        out_spans[0] = (span){begin, end, 0, a->window, true};
        return 1;
    }
    return cut_axis(a, begin, end, out_spans);
}

static int cut_columns(const sy_conv_plan *plan, const conv_shape *shape, const conv_band *band,
    int64_t height, span *out_spans) {
    const axis a = axis_of(plan, shape, 1);
    if (is_padless(plan) || height >= LEAST_ROWS || shape->is_merged || shape->is_strip)
        return cut(plan, &a, band->q, band->q_end, out_spans);
    out_spans[0] = whole_span(&a, band->q, band->q_end);
    return 1;
}

/* What a tile keeps of a pixel. */
typedef struct place {
    int64_t pixel, y, row, col, x;
} place;

static place place_of(const conv_shape *shape, const conv_band *band, int64_t p, int64_t q) {
    const int64_t row = p * shape->stride[0] - shape->pad[0], col = q * shape->stride[1] - shape->pad[1];
    return (place){.pixel = (p - band->p) * (band->q_end - band->q) + q - band->q,
        .y = band->image * shape->y_image + p * shape->y_row + q * shape->y_col,
        .row = row,
        .col = col,
        .x = (row - band->row) * band->row_bytes + (col - band->col) * band->col_bytes};
}

/* The next pixels of a region, in order of rows: (*p, *q) and what is known of it move on. */
static void add_pixels(const conv_shape *shape, const conv_band *band, const conv_region *region, int64_t *p,
    int64_t *q, place *at, conv_tile *tile) {
    const int64_t x_step = shape->stride[1] * band->col_bytes;
    for (int i = 0; i < tile->rows; i++) {
        tile->pixel[i] = at->pixel++;
        tile->y[i] = at->y;
        tile->row[i] = at->row;
        tile->col[i] = at->col;
        tile->x[i] = at->x;
        at->y += shape->y_col;
        at->col += shape->stride[1];
        at->x += x_step;
        if (++*q == region->q_end) {
            *q = region->q;
            *at = place_of(shape, band, ++*p, *q);
        }
    }
}

/* Tiles of one region; all heights differ by at most one. */
static int64_t add_tiles(
    const conv_shape *shape, const conv_band *band, const conv_region *region, conv_tile *out_tiles) {
    const int64_t pixels = (region->p_end - region->p) * (region->q_end - region->q);
    const int64_t count = gemm_panel_count(pixels, shape->open->rows);
    const int64_t low = pixels / count, taller = pixels % count;
    int64_t p = region->p, q = region->q;
    place at = place_of(shape, band, p, q);
    for (int64_t t = 0; t < count; t++) {
        conv_tile *tile = &out_tiles[t];
        tile->rows = (int32_t)(t < taller ? low + 1 : low);
        tile->r_begin = region->r_begin;
        tile->r_end = region->r_end;
        tile->s_begin = region->s_begin;
        tile->s_end = region->s_end;
        tile->is_exact = region->is_exact;
        add_pixels(shape, band, region, &p, &q, &at, tile);
    }
    return count;
}

int conv_band_regions(
    const sy_conv_plan *plan, const conv_shape *shape, const conv_band *band, conv_region *out_regions) {
    span rows[CONV_MAX_CUTS], cols[CONV_MAX_CUTS];
    const axis vertical = axis_of(plan, shape, 0);
    const int n_rows = cut(plan, &vertical, band->p, band->p_end, rows);
    int count = 0;
    for (int i = 0; i < n_rows; i++) {
        const int n_cols = cut_columns(plan, shape, band, rows[i].end - rows[i].begin, cols);
        for (int j = 0; j < n_cols; j++)
            out_regions[count++] = (conv_region){rows[i].begin, rows[i].end, cols[j].begin, cols[j].end,
                rows[i].tap_begin, rows[i].tap_end, cols[j].tap_begin, cols[j].tap_end,
                rows[i].is_exact && cols[j].is_exact};
    }
    return count;
}

int64_t conv_band_tiles(const conv_shape *shape, const conv_band *band, const conv_region *regions,
    int n_regions, conv_tile *out_tiles) {
    int64_t count = 0;
    for (int i = 0; i < n_regions; i++)
        count += add_tiles(shape, band, &regions[i], out_tiles + count);
    return count;
}

int64_t conv_band_most_tiles(const sy_conv_plan *plan, const conv_shape *shape) {
    const int64_t pixels = plan->band_p * plan->band_q;
    const int64_t regions = is_padless(plan) ? 1 : CONV_MAX_REGIONS;
    const int64_t most = pixels / shape->open->rows + regions;
    (void)shape;
    return most < pixels ? most : pixels;
}

/* What listing a tile's runs needs to know. */
typedef struct lister {
    const sy_conv_plan *plan;
    const conv_shape *shape;
    const conv_band *band;
    conv_stretch stretch;
    unsigned char *at;
} lister;

/* Where the rows of a tile find tap (r, s), some of them outside the image. */
static void point_to_tap(const lister *list, const conv_tile *tile, int64_t r, int64_t s, const void **out) {
    const conv_shape *shape = list->shape;
    const conv_band *band = list->band;
    for (int i = 0; i < tile->rows; i++) {
        const int64_t row = tile->row[i] + r * list->plan->desc.dilation[0];
        const int64_t col = tile->col[i] + s * list->plan->desc.dilation[1];
        const bool is_inside = row >= 0 && row < shape->h && col >= 0 && col < shape->w;
        out[i] = is_inside
                     ? band->x + (row - band->row) * band->row_bytes + (col - band->col) * band->col_bytes +
                           list->stretch.unit * shape->open->a.unit
                     : zeros;
    }
}

static void add_run(lister *list, conv_tile *tile, int64_t r, int64_t s, int64_t count) {
    const conv_shape *shape = list->shape;
    const conv_band *band = list->band;
    gemm_open_run *run = (gemm_open_run *)(void *)list->at;
    run->count = count;
    run->b = (r * list->plan->desc.s + s) * shape->units + list->stretch.unit;
    tile->runs++;
    list->at += gemm_open_run_bytes(tile->rows);
    if (!tile->is_exact) {
        point_to_tap(list, tile, r, s, run->a);
        return;
    }
    const int64_t offset = r * list->plan->desc.dilation[0] * band->row_bytes +
                           s * list->plan->desc.dilation[1] * band->col_bytes +
                           list->stretch.unit * shape->open->a.unit;
    for (int i = 0; i < tile->rows; i++)
        run->a[i] = band->x + (tile->x[i] + offset);
}

/* Rows of the window: all taps of a row are one run if the tile has them all inside. */
static void list_merged(lister *list, conv_tile *tile) {
    const int64_t begin = list->stretch.begin > tile->r_begin ? list->stretch.begin : tile->r_begin;
    const int64_t end = list->stretch.end < tile->r_end ? list->stretch.end : tile->r_end;
    for (int64_t r = begin; r < end; r++) {
        if (tile->is_exact && tile->s_end > tile->s_begin) {
            add_run(list, tile, r, tile->s_begin, (tile->s_end - tile->s_begin) * list->shape->units);
            continue;
        }
        for (int64_t s = tile->s_begin; s < tile->s_end; s++)
            add_run(list, tile, r, s, list->shape->units);
    }
}

static void list_taps(lister *list, conv_tile *tile) {
    const int64_t window = list->plan->desc.s;
    for (int64_t t = list->stretch.begin; t < list->stretch.end; t++) {
        const int64_t r = t / window, s = t % window;
        if (r >= tile->r_begin && r < tile->r_end && s >= tile->s_begin && s < tile->s_end)
            add_run(list, tile, r, s, list->stretch.count);
    }
}

void conv_band_list(const sy_conv_plan *plan, const conv_shape *shape, const conv_band *band,
    conv_stretch stretch, conv_tile *tiles, int64_t count, unsigned char *memory) {
    lister list = {plan, shape, band, stretch, memory};
    for (int64_t t = 0; t < count; t++) {
        tiles[t].runs = 0;
        tiles[t].run = (const gemm_open_run *)(void *)list.at;
        if (shape->is_merged)
            list_merged(&list, &tiles[t]);
        else
            list_taps(&list, &tiles[t]);
    }
}
