/* The calls of conv.h that compute: packing weights, and one share of one step. */
#include "kernels/conv/conv.h"

#include "kernels/conv/conv_depthwise.h"
#include "kernels/conv/conv_direct.h"
#include "kernels/conv/conv_matrix.h"

/* How an operand that lies like Y covers the product's rows and columns. */
static gemm_view view_like_y(const sy_conv_plan *plan, const void *base, uint32_t dtype) {
    const int64_t *stride = plan->desc.y_stride;
    gemm_view view = {.base = base, .dtype = dtype};
    if (conv_is_by_plane(plan->path)) {
        view.row[0] = stride[1];
        view.col = stride[3];
        return view;
    }
    view.row[0] = stride[3];
    view.row[1] = stride[2];
    view.row[2] = stride[0];
    view.col = stride[1];
    return view;
}

static const void *advance(const void *base, uint32_t dtype, int64_t elements) {
    return base ? (const unsigned char *)base + elements * (int64_t)sy_element_bytes(dtype) : NULL;
}

static gemm_view post_view(const sy_conv_plan *plan, const sy_kernel_post *post, const void *base,
    int64_t image, int64_t group, int64_t y_first) {
    const bool is_cols = conv_is_by_plane(plan->path);
    if (post->kind == SY_KERNEL_POST_ADD)
        return view_like_y(plan, advance(base, post->dtype, y_first), post->dtype);
    if (post->kind == SY_KERNEL_POST_SCALE_ROW)
        return (gemm_view){
            .base = advance(base, post->dtype, image), .dtype = post->dtype, .row = {0, 0, !is_cols}};
    const int64_t channel = group * conv_channels(&plan->desc);
    return (gemm_view){.base = advance(base, post->dtype, channel),
        .dtype = post->dtype,
        .row = {is_cols, 0, 0},
        .col = !is_cols};
}

/* Whether rows of Y follow one another at one stride over images and rows, so that no row needs a division.
 */
static bool is_plain(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    for (uint32_t i = 0; i < desc->n_post; i++)
        if (desc->post[i].kind == SY_KERNEL_POST_SCALE_ROW)
            return false;
    const int64_t row = plan->q * desc->y_stride[3];
    return (plan->p == 1 || desc->y_stride[2] == row) && (desc->n == 1 || desc->y_stride[0] == plan->p * row);
}

void conv_finish(const sy_conv_plan *plan, const sy_conv_args *args, int64_t image, int64_t group,
    gemm_finish *out_finish) {
    static const sy_conv_args none = {0};
    const sy_conv_desc *desc = &plan->desc;
    const sy_conv_args *from = args ? args : &none;
    const int64_t first = image * desc->y_stride[0] + group * conv_channels(desc) * desc->y_stride[1];
    gemm_finish finish = {.alpha = 1, .n_post = desc->n_post, .post = desc->post};
    finish.inner = finish.mid = INT64_MAX;
    if (!conv_is_by_plane(plan->path) && !is_plain(plan)) {
        finish.inner = plan->q;
        finish.mid = plan->p;
    }
    finish.d = view_like_y(plan, NULL, desc->dtype_y);
    if (from->y)
        finish.out = (unsigned char *)from->y + first * (int64_t)sy_element_bytes(desc->dtype_y);
    for (uint32_t i = 0; i < desc->n_post; i++)
        finish.operand[i] = post_view(plan, &desc->post[i], from->post_operand[i], image, group, first);
    *out_finish = finish;
}

/* Panel `panel` of a group's weights: columns for ROWS, rows for COLS. */
static void pack_weight_panel(const sy_conv_plan *plan, const gemm_kernel *kernel,
    const conv_weights *weights, int64_t panel, void *group) {
    const int64_t channels = conv_channels(&plan->desc), depth = conv_depth(&plan->desc);
    const bool is_rows = plan->path == CONV_PATH_ROWS;
    const int64_t lane = is_rows ? panel * kernel->cols : gemm_panel_row(channels, kernel->rows, panel);
    const int64_t next = is_rows ? lane + kernel->cols : gemm_panel_row(channels, kernel->rows, panel + 1);
    const int lanes = (int)((next < channels ? next : channels) - lane);
    const int width = is_rows ? kernel->cols : lanes;
    conv_pack_weights(weights, is_rows ? &kernel->b : &kernel->a, lane, lanes, 0, depth, width,
        (unsigned char *)group + lane * depth * kernel->a.unit);
}

void sy_conv_weights_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed) {
    const sy_conv_desc *desc = &plan->desc;
    if (conv_is_depthwise(plan->path)) {
        conv_depthwise_pack(plan, w, part, parts, packed);
        return;
    }
    if (conv_is_open(plan->path)) {
        conv_direct_pack(plan, w, part, parts, packed);
        return;
    }
    if (conv_is_matrix(plan->path)) {
        conv_matrix_pack(plan, w, part, parts, packed);
        return;
    }
    const gemm_kernel *kernel = conv_kernel(desc);
    const int64_t channels = conv_channels(desc);
    const int64_t panels =
        gemm_panel_count(channels, plan->path == CONV_PATH_ROWS ? kernel->cols : kernel->rows);
    const int64_t end = gemm_share(panels * desc->groups, part + 1, parts);
    for (int64_t i = gemm_share(panels * desc->groups, part, parts); i < end; i++) {
        const int64_t group = i / panels;
        const conv_weights weights = {plan, advance(w, desc->dtype_w, group * channels * desc->w_stride[0])};
        pack_weight_panel(
            plan, kernel, &weights, i % panels, (unsigned char *)packed + (size_t)group * plan->group_bytes);
    }
}

/* Whether the gathered matrix is the image itself: 1 x 1 taps, every pixel taken, pixels at one stride. */
static bool is_matrix(const sy_conv_plan *plan) {
    const sy_conv_desc *desc = &plan->desc;
    const int64_t row = desc->w * desc->x_stride[3];
    const bool is_point = desc->r == 1 && desc->s == 1 && desc->stride[0] == 1 && desc->stride[1] == 1 &&
                          (desc->pad[0] | desc->pad[1] | desc->pad[2] | desc->pad[3]) == 0;
    const bool is_one_image = desc->n == 1 || plan->path == CONV_PATH_COLS;
    return is_point && (desc->h == 1 || desc->x_stride[2] == row) &&
           (is_one_image || desc->x_stride[0] == desc->h * row);
}

/* The share of a part in the product of one group (and image). */
static void run_job(const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int64_t image,
    int64_t group, int inner, void *scratch) {
    const sy_conv_desc *desc = &plan->desc;
    const gemm_kernel *kernel = conv_kernel(desc);
    const bool is_rows = plan->path == CONV_PATH_ROWS;
    const int64_t channels = conv_channels(desc), pixels = plan->p * plan->q * (is_rows ? desc->n : 1);
    const int64_t m = is_rows ? pixels : channels, n = is_rows ? channels : pixels;
    const int64_t first = image * desc->x_stride[0] + group * (desc->c / desc->groups) * desc->x_stride[1];
    const conv_image lanes = {plan, advance(args->x, desc->dtype_x, first)};
    const gemm_matrix matrix = {lanes.base, desc->dtype_x, desc->x_stride[3], desc->x_stride[1]};
    gemm_source gathered = {.pack = conv_gather, .context = &lanes};
    if (is_matrix(plan))
        gathered = (gemm_source){.matrix = &matrix, .pack = gemm_source_matrix, .context = &matrix};
    const gemm_source weights = {.packed = (const unsigned char *)packed + (size_t)group * plan->group_bytes};
    gemm_finish finish;
    conv_finish(plan, args, image, group, &finish);
    const int64_t panels = gemm_panel_count(m, kernel->rows), units = gemm_panel_count(n, kernel->cols);
    const int64_t part_m = inner / plan->parts_n, part_n = inner % plan->parts_n;
    const int64_t last = gemm_share(units, part_n + 1, plan->parts_n) * kernel->cols;
    const gemm_work work = {.blocking = {.kernel = kernel,
                                .m = m,
                                .k = conv_depth(desc),
                                .units = conv_depth(desc),
                                .block_units = plan->block_units,
                                .block_n = plan->block_n,
                                .block_panels = plan->block_panels,
                                .is_direct = conv_is_direct(plan, &finish)},
        .a = is_rows ? gathered : weights,
        .b = is_rows ? weights : gathered,
        .finish = &finish,
        .panel_begin = gemm_share(panels, part_m, plan->parts_m),
        .panel_end = gemm_share(panels, part_m + 1, plan->parts_m),
        .col_begin = gemm_share(units, part_n, plan->parts_n) * kernel->cols,
        .col_end = last < n ? last : n,
        .unit_end = conv_depth(desc),
        .scratch = scratch};
    gemm_work_run(&work);
}

/* The part's jobs, or its share of each. */
static void run_products(const sy_conv_plan *plan, const sy_conv_args *args, const void *packed, int part) {
    const sy_conv_desc *desc = &plan->desc;
    const int inner_parts = plan->parts_m * plan->parts_n, outer = part / inner_parts;
    const int64_t images = plan->path == CONV_PATH_COLS ? desc->n : 1, jobs = desc->groups * images;
    const int64_t end = gemm_share(jobs, outer + 1, plan->parts / inner_parts);
    unsigned char *scratch =
        (unsigned char *)args->workspace + plan->shared_bytes + (size_t)part * plan->scratch_bytes;
    for (int64_t job = gemm_share(jobs, outer, plan->parts / inner_parts); job < end; job++)
        run_job(plan, args, packed, job % images, job / images, part % inner_parts, scratch);
}

void sy_conv_step(const sy_conv_plan *plan, const sy_conv_args *args, int64_t step, int part) {
    const sy_conv_desc *desc = &plan->desc;
    const bool is_const = (desc->flags & SY_CONV_W_CONST) != 0;
    unsigned char *shared = args->workspace;
    if (conv_is_matrix(plan->path)) {
        conv_matrix_step(plan, args, step, part);
        return;
    }
    if (!is_const && step == 0) {
        sy_conv_weights_pack(plan, args->w, part, plan->parts, shared);
        return;
    }
    const void *packed = is_const ? args->w : shared;
    unsigned char *scratch = shared + plan->shared_bytes + (size_t)part * plan->scratch_bytes;
    switch (plan->path) {
    case CONV_PATH_PLANES: conv_planes_run(plan, args, packed, part, scratch); break;
    case CONV_PATH_DEPTHWISE:
        if (conv_kernel(desc)->sum == SY_ELEMENT_F64)
            conv_depthwise_run_f64(plan, args, packed, part);
        else
            conv_depthwise_run(plan, args, packed, part, scratch);
        break;
    case CONV_PATH_DIRECT:
    case CONV_PATH_DIRECT_PLANES: conv_direct_run(plan, args, packed, part, scratch); break;
    default: run_products(plan, args, packed, part); break;
    }
}

void sy_conv_run(const sy_conv_plan *plan, const sy_conv_args *args) {
    for (int64_t step = 0; step < plan->steps; step++)
        for (int part = 0; part < plan->parts; part++)
            sy_conv_step(plan, args, step, part);
}
