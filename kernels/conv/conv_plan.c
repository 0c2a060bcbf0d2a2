/* Choice of the way, block sizes, split over threads and memory of a convolution. Nothing is computed here.
 */
#include "kernels/conv/conv_depthwise.h"
#include "kernels/conv/conv_direct.h"
#include "kernels/conv/conv_matrix.h"
#include "kernels/gemm/gemm_problem.h"

/* FLOP below which one more thread costs more in waiting than it takes over. */
#define PART_FLOP 200000.0

int64_t sy_conv_extent(int64_t in, int64_t window, int64_t stride, int64_t dilation, int64_t pads) {
    const int64_t reach = window > 0 ? (window - 1) * dilation + 1 : 1;
    return in + pads < reach ? 0 : (in + pads - reach) / stride + 1;
}

const gemm_kernel *conv_kernel(const sy_conv_desc *desc) {
    return gemm_kernel_find(desc->isa, gemm_sum_type(desc->dtype_x, desc->dtype_w));
}

static const char *check_extents(const sy_conv_desc *desc) {
    const int64_t extents[] = {desc->n, desc->c, desc->h, desc->w, desc->k, desc->r, desc->s, desc->pad[0],
        desc->pad[1], desc->pad[2], desc->pad[3]};
    for (size_t i = 0; i < sizeof(extents) / sizeof(extents[0]); i++)
        if (extents[i] < 0 || extents[i] > INT32_MAX)
            return "an extent or a pad is negative or exceeds 2147483647";
    for (int i = 0; i < 2; i++)
        if (desc->stride[i] < 1 || desc->dilation[i] < 1 || desc->stride[i] > INT32_MAX ||
            desc->dilation[i] > INT32_MAX)
            return "a stride or dilation is not within 1 to 2147483647";
    for (int i = 0; i < 4; i++)
        if (desc->x_stride[i] < 0 || desc->w_stride[i] < 0 || desc->y_stride[i] < 0)
            return "negative stride";
    if (desc->groups < 1 || desc->c % desc->groups != 0 || desc->k % desc->groups != 0)
        return "groups do not divide the channels";
    return NULL;
}

static const char *check_desc(const sy_conv_desc *desc, int parts) {
    if (parts < 1)
        return "no threads";
    const char *why = check_extents(desc);
    if (why)
        return why;
    const uint32_t sum = gemm_sum_type(desc->dtype_x, desc->dtype_w);
    why = gemm_check_finish(sum, desc->dtype_y, desc->n_post, desc->post);
    if (why)
        return why;
    size_t bytes;
    if (!gemm_bytes(desc->c / desc->groups, desc->r, desc->s, &bytes) || bytes > INT32_MAX)
        return "the sum has more than 2147483647 terms";
    return conv_kernel(desc) ? NULL : "no kernels for this instruction set in this build";
}

/* Whether planes as they lie, with pixels as columns, beat turning them: 1 x 1 taps over f32 pixels that fill
 * most of their vectors. */
static bool is_flat_plane(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t cols = conv_kernel(desc)->cols, pixels = plan->p * plan->q;
    return desc->r == 1 && desc->s == 1 && desc->stride[0] == 1 && desc->stride[1] == 1 &&
           conv_kernel(desc)->sum == SY_ELEMENT_F32 &&
           5 * gemm_panel_count(pixels, (int)cols) * cols < 6 * pixels;
}

/* Whether a plain product goes better by open tiles: f32 as it lies, and more than a few pixels. Measured on
 * Zen 3: 3 % quicker than GEMM at ResNet-50's sizes, 15 to 30 % where output channels fill half a panel. */
static bool is_open_matrix(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    return desc->dtype_x == SY_ELEMENT_F32 && desc->dtype_w == SY_ELEMENT_F32 && conv_direct_can(plan) &&
           desc->n * plan->p * plan->q > GEMM_FEW_ROWS;
}

/* Open tiles where there are any and nothing is quicker. */
static uint32_t choose_product(const sy_conv_plan *plan, bool is_plane) {
    if (conv_matrix_is_few(&plan->desc))
        return CONV_PATH_FEW;
    if (conv_matrix_can(&plan->desc) && !is_open_matrix(plan))
        return CONV_PATH_MATRIX;
    if (!conv_direct_can(plan) || (is_plane && is_flat_plane(plan)))
        return is_plane ? CONV_PATH_COLS : CONV_PATH_ROWS;
    return is_plane ? CONV_PATH_DIRECT_PLANES : CONV_PATH_DIRECT;
}

static uint32_t choose_path(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_plane = (plan->p <= 1 || desc->y_stride[2] == plan->q * desc->y_stride[3]) &&
                          desc->y_stride[3] < desc->y_stride[1];
    const bool is_depthwise = desc->groups > 1 && desc->c == desc->groups && desc->k == desc->groups;
    if (!is_depthwise || desc->r * desc->s == 0 || desc->r * desc->s > CONV_MAX_TAPS)
        return choose_product(plan, is_plane);
    /* f64 sums have one loop for all layouts; it finishes by pixels. */
    const bool is_f64 = gemm_sum_type(desc->dtype_x, desc->dtype_w) == SY_ELEMENT_F64;
    return is_plane && !is_f64 && conv_planes_can(plan) ? CONV_PATH_PLANES : CONV_PATH_DEPTHWISE;
}

/* Threads over jobs (groups, images) if there are enough, else over rows or columns of each. */
static void split_parts(
    sy_conv_plan *plan, const gemm_kernel *kernel, int64_t jobs, int64_t m, int64_t n, int parts) {
    const int64_t panels = gemm_panel_count(m, kernel->rows), units = gemm_panel_count(n, kernel->cols);
    plan->parts_m = plan->parts_n = 1;
    if (jobs % parts == 0 || jobs >= 4 * (int64_t)parts) {
        plan->parts = parts;
        return;
    }
    /* Images are gathered once a share of the other side: split along the pixels as long as that balances. */
    if (plan->path == CONV_PATH_ROWS && panels >= 4 * (int64_t)parts)
        plan->parts_m = parts;
    else if (plan->path == CONV_PATH_COLS && units >= 4 * (int64_t)parts)
        plan->parts_n = parts;
    else
        gemm_work_split(panels, units, kernel->rows, kernel->cols, parts, &plan->parts_m, &plan->parts_n);
    plan->parts = plan->parts_m * plan->parts_n;
}

/* Memory and blocks of ROWS and COLS. */
static const char *lay_out_products(sy_conv_plan *plan, const gemm_kernel *kernel, int parts) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_rows = plan->path == CONV_PATH_ROWS;
    const int64_t pixels = plan->p * plan->q * (is_rows ? desc->n : 1), channels = conv_channels(desc);
    const int64_t m = is_rows ? pixels : channels, n = is_rows ? channels : pixels;
    const int64_t lanes = is_rows ? gemm_panel_count(channels, kernel->cols) * kernel->cols : channels;
    if (!gemm_bytes(lanes, conv_depth(desc), kernel->a.unit, &plan->group_bytes))
        return "packed weights exceed the address space";
    plan->group_bytes = (plan->group_bytes + 63) / 64 * 64;
    if (plan->steps == 0)
        return NULL;
    split_parts(plan, kernel, desc->groups * (is_rows ? 1 : desc->n), m, n, parts);
    gemm_finish finish;
    conv_finish(plan, NULL, 0, 0, &finish);
    const gemm_blocking blocking =
        gemm_work_blocking(kernel, m, n, conv_depth(desc), is_rows, conv_is_direct(plan, &finish));
    plan->block_units = blocking.block_units;
    plan->block_n = blocking.block_n;
    plan->block_panels = blocking.block_panels;
    plan->scratch_bytes = gemm_work_scratch(&blocking, !is_rows, is_rows);
    return NULL;
}

static const char *lay_out_depthwise(sy_conv_plan *plan, const gemm_kernel *kernel, int parts) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t lanes = gemm_panel_count(desc->c, kernel->cols) * kernel->cols;
    const int64_t element = kernel->sum == SY_ELEMENT_F64 ? sizeof(double) : sizeof(float);
    if (!gemm_bytes(lanes, desc->r * desc->s, element, &plan->weights_bytes))
        return "packed weights exceed the address space";
    plan->parts = parts;
    if (plan->steps == 0)
        return NULL;
    const bool has_room = plan->path == CONV_PATH_PLANES ? conv_planes_scratch(plan, &plan->scratch_bytes)
                                                         : conv_depthwise_scratch(plan, &plan->scratch_bytes);
    return has_room ? NULL : "rows of the image exceed the address space";
}

/* Everything that depends on the way; weights_bytes is that of all groups here. */
static const char *lay_out(sy_conv_plan *plan, int parts) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_kernel *kernel = conv_kernel(desc);
    const bool is_const = (desc->flags & SY_CONV_W_CONST) != 0;
    const double outputs = (double)desc->n * (double)desc->k * (double)plan->p * (double)plan->q;
    const double useful = 1 + 2 * outputs * (double)conv_depth(desc) / PART_FLOP;
    const int wanted = useful < parts ? (int)useful : parts;
    plan->path = choose_path(plan);
    if (conv_is_matrix(plan->path))
        return conv_matrix_lay_out(plan, parts);
    plan->steps = outputs > 0 ? (is_const ? 1 : 2) : 0;
    const char *why = conv_is_open(plan->path)        ? conv_direct_lay_out(plan, wanted)
                      : conv_is_depthwise(plan->path) ? lay_out_depthwise(plan, kernel, wanted)
                                                      : lay_out_products(plan, kernel, wanted);
    if (why)
        return why;
    if (!conv_is_depthwise(plan->path) &&
        __builtin_mul_overflow(plan->group_bytes, (size_t)desc->groups, &plan->weights_bytes))
        return "packed weights exceed the address space";
    if (!is_const) {
        plan->shared_bytes = plan->steps ? (plan->weights_bytes + 63) / 64 * 64 : 0;
        plan->weights_bytes = 0;
    }
    if (__builtin_mul_overflow((size_t)plan->parts, plan->scratch_bytes, &plan->workspace_bytes) ||
        __builtin_add_overflow(plan->workspace_bytes, plan->shared_bytes, &plan->workspace_bytes))
        return "workspace exceeds the address space";
    return NULL;
}

const char *sy_conv_plan_init(const sy_conv_desc *desc, int parts, sy_conv_plan *out_plan) {
    *out_plan = (sy_conv_plan){0};
    const char *why = check_desc(desc, parts);
    if (why)
        return why;
    sy_conv_plan plan = {.desc = *desc, .parts = 1, .parts_m = 1, .parts_n = 1};
    plan.p =
        sy_conv_extent(desc->h, desc->r, desc->stride[0], desc->dilation[0], desc->pad[0] + desc->pad[2]);
    plan.q =
        sy_conv_extent(desc->w, desc->s, desc->stride[1], desc->dilation[1], desc->pad[1] + desc->pad[3]);
    size_t pixels;
    if (!gemm_bytes(desc->n, plan.p, plan.q, &pixels) || pixels > INT64_MAX / INT32_MAX)
        return "more output pixels than can be counted";
    why = lay_out(&plan, parts);
    if (why)
        return why;
    *out_plan = plan;
    return NULL;
}
