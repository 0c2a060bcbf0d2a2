/* Choices that follow from how a side lies in memory. */
#include "backends/opencl/fetch.h"

/* Tiles reach over the ends by so much at most. */
enum { MARGIN = 2048 };

static bool is_packed(const ocl_traits *traits, const ocl_contraction *c) {
    return c->acc_dtype == SY_S32 && traits->dot8 && traits->little_endian;
}

ocl_cells ocl_cells_of(const ocl_traits *traits, const ocl_contraction *c) {
    if (c->acc_dtype == SY_F64)
        return (ocl_cells){.cell = "double", .sum = "double", .bytes = 8, .k = 1};
    if (c->acc_dtype == SY_F32)
        return (ocl_cells){.cell = "float", .sum = "float", .bytes = 4, .k = 1};
    return is_packed(traits, c) ? (ocl_cells){.cell = "uint", .sum = "int", .bytes = 4, .k = 4}
                                : (ocl_cells){.cell = "int", .sum = "int", .bytes = 4, .k = 1};
}

/* The packed dot product for the signs of both sides. */
static const char *dot_of(const ocl_contraction *c) {
    bool left = c->left.dtype == SY_S8, right = c->right.dtype == SY_S8;
    if (left)
        return right ? "dot_4x8packed_ss_int" : "dot_4x8packed_su_int";
    return right ? "dot_4x8packed_us_int" : "(int)dot_4x8packed_uu_uint";
}

void ocl_cells_define(
    ocl_recipe *recipe, const ocl_traits *traits, const ocl_contraction *c, uint32_t lanes, uint32_t vector) {
    ocl_cells cells = ocl_cells_of(traits, c);
    ocl_define(recipe, "#define CELL %s\n#define SUM %s\n#define PACKED %d\n#define IS_INT %d\n", cells.cell,
        cells.sum, cells.k > 1, c->acc_dtype == SY_S32);
    ocl_define(recipe, "#define LANES %u\n", lanes);
    if (cells.k > 1)
        ocl_define(recipe, "#define DOT %s\n", dot_of(c));
    if (vector > 1)
        ocl_define(recipe, "#define VW %u\n", vector);
    if (traits->fp16)
        ocl_define(recipe, "#define HAS_F16\n");
    if (traits->kind != OCL_CPU)
        ocl_define(recipe, "#define CHECK_ALIGNMENT\n");
}

/* Channels of an image follow each other along k. */
static bool has_channels_along(const ocl_contraction *c, uint32_t cell_k) {
    const ocl_image *m = &c->image;
    bool is_inside = m->order == OCL_CHANNELS_INSIDE || m->r * m->s == 1;
    return m->c_stride == 1 && is_inside && m->c % cell_k == 0;
}

static bool is_along(const ocl_contraction *c, const ocl_side *side, uint32_t cell_k) {
    if (side->form == OCL_PANELS)
        return false;
    if (side->form == OCL_IMAGE)
        return has_channels_along(c, cell_k);
    if (side->depth_stride == 1 || side->line_stride == 1)
        return side->depth_stride == 1;
    return side->depth_stride > 0 && side->depth_stride < side->line_stride;
}

/* Whether vectors of `run` elements begin at multiples of it, on every line and for every k. */
static bool is_even(const ocl_contraction *c, const ocl_side *side, bool along, int64_t run) {
    const ocl_image *m = &c->image;
    if (side->form == OCL_PANELS)
        return side->width % run == 0;
    if (side->form == OCL_IMAGE)
        return m->c % run == 0 && m->n_stride % run == 0 && m->h_stride % run == 0 && m->w_stride % run == 0;
    return (along ? side->line_stride : side->depth_stride) % run == 0;
}

/* Whether what is read at once lies side by side. */
static bool has_neighbours(const ocl_side *side, bool along) {
    if (side->form == OCL_PANELS)
        return true;
    if (side->form == OCL_IMAGE) /* pixels are at the border, or strided */
        return along;
    return (along ? side->depth_stride : side->line_stride) == 1;
}

/* The largest offset that is computed, in elements, for an element that is there. */
static double reach_of(const ocl_contraction *c, const ocl_side *side) {
    const ocl_image *m = &c->image;
    double lines = (double)(side == &c->left ? c->rows : c->cols) + MARGIN, depth = (double)c->depth + MARGIN;
    if (side->form == OCL_PANELS)
        return (lines + side->width) * (depth + side->width);
    if (side->form == OCL_STRIDED)
        return lines * (double)side->line_stride + depth * (double)side->depth_stride;
    double y = (double)(m->h + m->pad_h + m->p * m->stride_h + m->r * m->dilation_h);
    double x = (double)(m->w + m->pad_w + m->q * m->stride_w + m->s * m->dilation_w);
    double images = m->across ? (double)m->n * (double)m->n_stride : 0.0;
    return images + (double)m->c * (double)m->c_stride + y * (double)m->h_stride + x * (double)m->w_stride;
}

ocl_fetch ocl_fetch_of(const ocl_contraction *c, const ocl_side *side, const ocl_fetch_wish *wish) {
    ocl_fetch fetch = {.is_along = is_along(c, side, wish->cell_k), .vector = wish->vector};
    bool has_next = has_neighbours(side, fetch.is_along);
    uint32_t cell_elements = fetch.is_along ? wish->cell_k : 1;
    bool must_be_even = side->form != OCL_STRIDED || !wish->is_any_aligned;
    if (!has_next || (fetch.is_along ? wish->cells : wish->lines) % fetch.vector != 0 ||
        (must_be_even && !is_even(c, side, fetch.is_along, (int64_t)fetch.vector * cell_elements)))
        fetch.vector = 1;
    fetch.is_next = has_next && fetch.vector * cell_elements > 1;
    fetch.is_wide = reach_of(c, side) >= 2147483647.0;
    return fetch;
}

void ocl_fetch_define(ocl_recipe *recipe, const char *name, const ocl_fetch *fetch) {
    ocl_define(recipe, "#define %s_INDEX %s\n#define %s_ALONG %d\n#define %s_NEXT %d\n#define %s_VECTOR %u\n",
        name, fetch->is_wide ? "long" : "int", name, fetch->is_along, name, fetch->is_next, name,
        fetch->vector);
}

void ocl_fetch_sources(ocl_recipe *recipe) {
    static const char *const sources[] = {"cell", "left", "fetch", "right", "fetch", "product"};
    enum { COUNT = sizeof sources / sizeof sources[0] };
    if (recipe->sources + COUNT > OCL_SOURCES_MAX) {
        recipe->failed = 1;
        return;
    }
    for (uint32_t i = 0; i < COUNT; i++) /* one of them twice, which ocl_source() would not do */
        recipe->source[recipe->sources++] = sources[i];
}
