/* How depthwise convolutions are cut. */
#include "backends/opencl/depthwise_shape.h"

#include <stdio.h>
#include <string.h>

/* Work-items a unit: enough that one that is late does not hold up the others. */
#define CPU_ITEMS_A_UNIT 8
/* Work-items a unit below which GPUs take single pixels. */
#define GPU_ITEMS_A_UNIT 1024
/* Pixels of an output plane up to which processors share out channels before rows. */
#define SMALL_PLANE 1024
/* Elements of a copied band that stay in a first-level cache beside the sums. */
#define BAND_ELEMENTS 4096

/* Strips: sums in registers beside a value and a row of weights; eight chains hide the latency. */
typedef struct strip {
    uint32_t rows, columns;
} strip;

static const strip cpu_strips[] = {{2, 4}, {1, 8}, {1, 4}, {2, 2}, {1, 2}, {1, 1}};
static const strip gpu_strips[] = {{1, 4}, {1, 1}, {1, 2}, {2, 2}, {2, 4}, {1, 8}};

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t parts(int64_t whole, int64_t part) {
    return (whole + part - 1) / part;
}

static int64_t channels_of(const ocl_contraction *c) {
    return c->rows_are_channels ? c->rows : c->cols;
}

/* Rows of a strip share lines of the image only if these are neighbours; long windows are not written out. */
static bool is_possible(const ocl_contraction *c, strip s) {
    bool is_short = c->image.r * c->image.s <= OCL_DEPTHWISE_TAPS_UNROLLED;
    return s.rows == 1 ||
           (c->image.dilation_h == 1 && is_short && c->image.p > 1 && c->image.stride_h <= c->image.r);
}

static uint32_t vector_width(const ocl_traits *traits, const ocl_contraction *c) {
    uint32_t width = 2, native = traits->kind == OCL_GPU ? 4 : traits->vector_f32;
    if (c->acc_dtype == SY_F64 && traits->kind != OCL_GPU)
        native /= 2;
    while (width < 16 && width * 2 <= native)
        width *= 2;
    return width;
}

/* Windows of five columns want eight pixels at once, as neighbours share more of what is read. */
static uint32_t first_strip(const ocl_traits *traits, const ocl_contraction *c) {
    const ocl_image *m = &c->image;
    if (traits->kind == OCL_GPU)
        return m->n * m->p * parts(m->q, 4) * parts(channels_of(c), 4) >=
                       (int64_t)traits->units * GPU_ITEMS_A_UNIT
                   ? 0
                   : 1;
    return 0;
}

static void cut_for_cpu(const ocl_traits *traits, const ocl_contraction *c, ocl_depthwise_shape *s) {
    const ocl_image *m = &c->image;
    int64_t wanted = (int64_t)traits->units * CPU_ITEMS_A_UNIT;
    int64_t vectors = parts(channels_of(c), s->vw), blocks = parts(m->p, s->rows);
    bool is_small = m->p * m->q <= SMALL_PLANE && vectors >= wanted;
    int64_t channel_parts = is_small ? parts(wanted, m->n) : 1;
    int64_t row_parts = least(blocks, parts(wanted, m->n * channel_parts));
    if (!is_small && m->n * row_parts < wanted)
        channel_parts = least(vectors, parts(wanted, m->n * row_parts));
    s->row_chunk = parts(blocks, row_parts) * s->rows;
    s->channel_chunk = parts(vectors, channel_parts) * s->vw;
    s->column_chunk = m->q;
}

static void cut_for_gpu(ocl_depthwise_shape *s) {
    s->row_chunk = s->rows;
    s->column_chunk = s->columns;
    s->channel_chunk = s->vw;
}

/* False: not even one row fits. */
static bool cut_planes(const ocl_traits *traits, const ocl_contraction *c, ocl_depthwise_shape *s) {
    const ocl_image *m = &c->image;
    int64_t reach_h = (m->r - 1) * m->dilation_h / m->stride_h,
            reach_w = (m->s - 1) * m->dilation_w / m->stride_w;
    int64_t wanted = (int64_t)traits->units * CPU_ITEMS_A_UNIT, slack = OCL_DEPTHWISE_RUN * s->vw;
    int64_t channels = channels_of(c), row_parts = least(m->p, parts(wanted, m->n * channels));
    if (m->stride_h > OCL_DEPTHWISE_BUFFER_MAX || m->stride_w > OCL_DEPTHWISE_BUFFER_MAX ||
        reach_h > OCL_DEPTHWISE_BUFFER_MAX || m->q + reach_w > OCL_DEPTHWISE_BUFFER_MAX)
        return false;
    int64_t pixel_parts = m->stride_h * m->stride_w;
    s->pitch = m->q + reach_w;
    s->row_chunk = parts(m->p, row_parts);
    s->column_chunk = m->q;
    s->channel_chunk = parts(channels, least(channels, parts(wanted, m->n * row_parts)));
    if (pixel_parts * s->pitch > OCL_DEPTHWISE_BUFFER_MAX)
        return false;
    s->band = most(1, least(s->row_chunk, BAND_ELEMENTS / (pixel_parts * s->pitch) - reach_h));
    s->lines = s->band + reach_h;
    int64_t elements = pixel_parts * s->lines * s->pitch + slack;
    s->buffer = BAND_ELEMENTS;
    while (s->buffer < elements)
        s->buffer *= 2;
    s->sums = 1024;
    while (s->sums < s->band * s->pitch + slack)
        s->sums *= 2;
    return elements <= OCL_DEPTHWISE_BUFFER_MAX;
}

static bool cut_channels(
    const ocl_traits *traits, const ocl_contraction *c, uint32_t index, ocl_depthwise_shape *s) {
    const strip *strips = traits->kind == OCL_GPU ? gpu_strips : cpu_strips;
    const uint32_t count = OCL_DEPTHWISE_SHAPES_MAX, first = first_strip(traits, c);
    for (uint32_t i = 0; i < count; i++) {
        strip one = strips[i == 0 ? first : i <= first ? i - 1 : i];
        if (!is_possible(c, one) || index-- > 0)
            continue;
        s->rows = one.rows;
        s->columns = one.columns;
        if (traits->kind == OCL_GPU)
            cut_for_gpu(s);
        else
            cut_for_cpu(traits, c, s);
        return true;
    }
    return false;
}

bool ocl_depthwise_shape_of(
    const ocl_traits *traits, const ocl_contraction *c, uint32_t index, ocl_depthwise_shape *out_shape) {
    ocl_depthwise_shape s = {
        .form = OCL_DEPTHWISE_CHANNELS, .vw = vector_width(traits, c), .rows = 1, .columns = 1};
    if (c->rows_are_channels) {
        if (index > 0)
            return false;
        s.form = OCL_DEPTHWISE_PLANES;
        if (traits->kind == OCL_GPU || !cut_planes(traits, c, &s)) {
            s = (ocl_depthwise_shape){.form = OCL_DEPTHWISE_POINTS, .vw = s.vw, .rows = 1, .columns = 1};
            s.row_chunk = s.column_chunk = s.channel_chunk = 1;
        }
    } else if (!cut_channels(traits, c, index, &s)) {
        return false;
    }
    *out_shape = s;
    return true;
}

void ocl_depthwise_shape_print(const ocl_depthwise_shape *shape, char out_text[OCL_PARAMETERS_MAX]) {
    out_text[0] = '\0';
    if (shape->form == OCL_DEPTHWISE_CHANNELS)
        snprintf(out_text, OCL_PARAMETERS_MAX, "p%uq%u", shape->rows, shape->columns);
}

int ocl_depthwise_shape_find(const ocl_traits *traits, const ocl_contraction *c, const char *text) {
    ocl_depthwise_shape shape;
    char name[OCL_PARAMETERS_MAX];
    for (uint32_t i = 0; text[0] != '\0' && ocl_depthwise_shape_of(traits, c, i, &shape); i++) {
        ocl_depthwise_shape_print(&shape, name);
        if (strcmp(name, text) == 0)
            return (int)i;
    }
    return -1;
}
