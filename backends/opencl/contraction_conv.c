/* From a checked convolution to a contraction: which of pixels and channels are rows, and how k counts. */
#include "backends/opencl/contraction.h"

#include "runtime/base/error.h"

/* Far beyond any image, and small enough that sums of a few of them stay within int64. */
#define WINDOW_MAX (INT64_C(1) << 40)

/* Tensors as N C H W, whatever their rank was. */
typedef struct geometry {
    int64_t x[4], w[4], y[4], x_stride[4], w_stride[4], y_stride[4];
    int64_t stride[2], dilation[2], pad_lo[2], pad_hi[2];
    int64_t groups;
} geometry;

/* With H of 1 put in if there is only one spatial dimension. */
static void spread(const sy_tensor *tensor, int64_t *out_dim, int64_t *out_stride) {
    bool is_flat = tensor->rank == 3;
    for (int i = 0; i < 4; i++) {
        int from = is_flat && i == 3 ? 2 : i;
        bool is_added = is_flat && i == 2;
        out_dim[i] = is_added ? 1 : tensor->dim[from];
        out_stride[i] = is_added ? 0 : tensor->stride[from];
    }
}

static sy_status read_window(const sy_conv_attr *attr, geometry *g, sy_error *err) {
    if (attr->transposed != 0 || attr->spatial == 0 || attr->spatial > 2)
        return sy_error_set(err, SY_UNSUPPORTED, "%s convolution of %u spatial dimensions is not done here",
            attr->transposed != 0 ? "transposed" : "plain", attr->spatial);
    bool is_flat = attr->spatial == 1;
    for (int i = 0; i < 2; i++) {
        bool is_added = is_flat && i == 0;
        int from = is_flat ? 0 : i;
        g->stride[i] = is_added ? 1 : attr->stride[from];
        g->dilation[i] = is_added ? 1 : attr->dilation[from];
        g->pad_lo[i] = is_added ? 0 : attr->pad_lo[from];
        g->pad_hi[i] = is_added ? 0 : attr->pad_hi[from];
        if (g->stride[i] < 1 || g->dilation[i] < 1 || g->pad_lo[i] < 0 || g->pad_hi[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "stride and dilation of a convolution must be at least 1, pads at least 0");
        if (g->stride[i] > WINDOW_MAX || g->dilation[i] > WINDOW_MAX || g->pad_lo[i] > WINDOW_MAX ||
            g->pad_hi[i] > WINDOW_MAX)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "a convolution's window exceeds 2^40");
    }
    g->groups = attr->groups;
    return SY_OK;
}

/* Extent of the output along spatial dimension `i`; 0 if the filter does not fit. */
static int64_t extent_of(const geometry *g, int i) {
    int64_t reach = (g->w[2 + i] - 1) * g->dilation[i] + 1;
    int64_t padded = g->x[2 + i] + g->pad_lo[i] + g->pad_hi[i];
    return padded < reach ? 0 : (padded - reach) / g->stride[i] + 1;
}

static sy_status read_dims(const sy_task *task, geometry *g, sy_error *err) {
    const sy_tensor *x = &task->tensor[0], *w = &task->tensor[1], *y = sy_task_output(task, 0);
    uint32_t rank = task->attr.conv.spatial + 2;
    if (!ocl_has_dims(x, x->dim, rank) || !ocl_has_dims(w, w->dim, rank) || !ocl_has_dims(y, y->dim, rank))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "conv wants X, W and Y of rank %u", rank);
    spread(x, g->x, g->x_stride);
    spread(w, g->w, g->w_stride);
    spread(y, g->y, g->y_stride);
    sy_status status = ocl_check_sizes(g->x, 4, err);
    if (status == SY_OK)
        status = ocl_check_sizes(g->w, 4, err);
    for (int i = 0; status == SY_OK && i < 2; i++) {
        const int64_t size[] = {g->stride[i], g->dilation[i], g->x[2 + i] + g->pad_lo[i] + g->pad_hi[i]};
        status = ocl_check_sizes(size, 3, err);
    }
    if (status != SY_OK)
        return status;
    int64_t p = extent_of(g, 0), q = extent_of(g, 1);
    if (g->groups < 1 || g->x[1] % g->groups != 0 || g->w[0] % g->groups != 0 ||
        g->w[1] != g->x[1] / g->groups || g->y[0] != g->x[0] || g->y[1] != g->w[0] || g->y[2] != p ||
        g->y[3] != q)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "conv wants X[n,c,h,w], W[k,c/groups,r,s], Y[n,k,%lld,%lld] with groups dividing c and k",
            (long long)p, (long long)q);
    return SY_OK;
}

/* Whether dimensions (outermost first) count through memory in even steps; *out_step is the step. */
static bool is_even(uint32_t count, const int64_t *dim, const int64_t *stride, int64_t *out_step) {
    int64_t wanted = 0;
    *out_step = 0;
    for (uint32_t i = count; i-- > 0;) {
        if (dim[i] <= 1)
            continue;
        if (*out_step == 0)
            *out_step = wanted = stride[i];
        if (stride[i] != wanted)
            return false;
        wanted = stride[i] * dim[i];
    }
    return true;
}

static bool counts_rsc(const geometry *g, int64_t *out_step) {
    const int64_t dim[] = {g->w[2], g->w[3], g->w[1]},
                  stride[] = {g->w_stride[2], g->w_stride[3], g->w_stride[1]};
    return is_even(3, dim, stride, out_step);
}

/* Weights as they lie: k must count evenly, in one of the two orders. */
static sy_status read_weights(const sy_task *task, const geometry *g, ocl_contraction *c, sy_error *err) {
    ocl_side *side = ocl_contraction_weights(c);
    *side = (ocl_side){.dtype = task->tensor[1].dtype, .tensor = 1};
    if (sy_layout_is_private(task->tensor[1].layout))
        return SY_OK;
    c->image.order = OCL_CHANNELS_OUTSIDE;
    if (!is_even(3, &g->w[1], &g->w_stride[1], &side->depth_stride)) {
        c->image.order = OCL_CHANNELS_INSIDE;
        if (!counts_rsc(g, &side->depth_stride))
            return sy_error_set(err, SY_UNSUPPORTED, "weights that lie neither as c r s nor as r s c");
    }
    side->line_stride = g->w_stride[0];
    side->inner_stride = g->w[0] / g->groups * g->w_stride[0];
    return SY_OK;
}

/* 1 x 1 over pixels in even steps is a plain matrix. */
static bool is_plain(const geometry *g, const ocl_image *image, int64_t *out_step) {
    bool is_point = image->r == 1 && image->s == 1 && image->stride_h == 1 && image->stride_w == 1;
    bool is_whole = g->pad_lo[0] == 0 && g->pad_lo[1] == 0 && image->p == image->h && image->q == image->w;
    const int64_t dim[] = {g->x[0], g->x[2], g->x[3]},
                  stride[] = {g->x_stride[0], g->x_stride[2], g->x_stride[3]};
    uint32_t first = image->across ? 0 : 1;
    return is_point && is_whole && is_even(3 - first, dim + first, stride + first, out_step);
}

static void read_image(const sy_task *task, const geometry *g, ocl_contraction *c) {
    ocl_side *side = ocl_contraction_weights(c) == &c->right ? &c->left : &c->right;
    int64_t channels = g->w[1], step = 0;
    uint32_t order = c->image.order;
    c->image = (ocl_image){.order = order,
        .across = c->image.across,
        .n = g->x[0],
        .c = channels,
        .h = g->x[2],
        .w = g->x[3],
        .p = g->y[2],
        .q = g->y[3],
        .r = g->w[2],
        .s = g->w[3],
        .stride_h = g->stride[0],
        .stride_w = g->stride[1],
        .dilation_h = g->dilation[0],
        .dilation_w = g->dilation[1],
        .pad_h = g->pad_lo[0],
        .pad_w = g->pad_lo[1],
        .n_stride = g->x_stride[0],
        .c_stride = g->x_stride[1],
        .h_stride = g->x_stride[2],
        .w_stride = g->x_stride[3]};
    *side = (ocl_side){.form = OCL_IMAGE,
        .dtype = task->tensor[0].dtype,
        .tensor = 0,
        .outer_stride = c->image.across ? 0 : g->x_stride[0],
        .inner_stride = channels * g->x_stride[1]};
    if (is_plain(g, &c->image, &step)) {
        side->form = OCL_STRIDED;
        side->line_stride = step;
        side->depth_stride = g->x_stride[1];
    }
}

/* D, or an operand of its extents, as rows and columns. */
static bool read_result(
    const geometry *g, const int64_t *stride, bool rows_are_pixels, bool across, ocl_matrix *matrix) {
    const int64_t dim[] = {g->y[0], g->y[2], g->y[3]}, steps[] = {stride[0], stride[2], stride[3]};
    int64_t pixel = 0, first = across ? 0 : 1;
    bool even = is_even((uint32_t)(3 - first), dim + first, steps + first, &pixel);
    matrix->row_stride = rows_are_pixels ? pixel : stride[1];
    matrix->col_stride = rows_are_pixels ? stride[1] : pixel;
    matrix->outer_stride = across ? 0 : stride[0];
    matrix->inner_stride = g->w[0] / g->groups * stride[1];
    return even;
}

static sy_status read_post(const sy_task *task, uint32_t index, const geometry *g, bool rows_are_pixels,
    ocl_contraction *c, sy_error *err) {
    const sy_post *from = &task->post[index];
    ocl_post *post = &c->post[index];
    bool is_matrix = from->kind == SY_POST_ADD, is_image = from->kind == SY_POST_SCALE_ROW;
    bool is_channel = from->kind == SY_POST_BIAS || from->kind == SY_POST_SCALE_COL;
    *post = (ocl_post){.kind = from->kind, .a = from->a, .b = from->b, .operand = {.tensor = SY_NO_OPERAND}};
    if (!is_matrix && !is_image && !is_channel)
        return SY_OK;
    const sy_tensor *operand = &task->tensor[from->operand], *y = sy_task_output(task, 0);
    const int64_t length = is_image ? g->x[0] : g->w[0];
    if (is_matrix ? !ocl_has_dims(operand, y->dim, y->rank) : !ocl_has_dims(operand, &length, 1))
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "the operand of post %u does not have the output's extents", index);
    post->operand = (ocl_matrix){.dtype = operand->dtype, .tensor = from->operand};
    if (is_image) {
        post->operand.outer_stride = operand->stride[0];
    } else if (is_channel) {
        *(rows_are_pixels ? &post->operand.col_stride : &post->operand.row_stride) = operand->stride[0];
        post->operand.inner_stride = g->w[0] / g->groups * operand->stride[0];
    } else {
        int64_t dim[4], stride[4];
        spread(operand, dim, stride);
        if (!read_result(g, stride, rows_are_pixels, c->image.across, &post->operand))
            return sy_error_set(
                err, SY_UNSUPPORTED, "the operand of post %u does not lie in even steps", index);
    }
    return SY_OK;
}

/* One product over all images, where their pixels follow each other and nothing differs from image to image.
 */
static bool can_go_across(const sy_task *task, const geometry *g) {
    ocl_matrix unused;
    bool can = read_result(g, g->y_stride, true, true, &unused);
    for (uint32_t i = 0; i < task->n_post; i++) {
        int64_t dim[4], stride[4];
        can = can && task->post[i].kind != SY_POST_SCALE_ROW;
        if (task->post[i].kind != SY_POST_ADD ||
            task->tensor[task->post[i].operand].rank != task->attr.conv.spatial + 2)
            continue;
        spread(&task->tensor[task->post[i].operand], dim, stride);
        can = can && read_result(g, stride, true, true, &unused);
    }
    return can;
}

ocl_side *ocl_contraction_weights(ocl_contraction *c) {
    return c->is_conv && c->rows_are_channels ? &c->left : &c->right;
}

sy_status ocl_contraction_read_conv(const sy_task *task, ocl_contraction *c, sy_error *err) {
    geometry g;
    sy_status status = read_window(&task->attr.conv, &g, err);
    if (status == SY_OK)
        status = read_dims(task, &g, err);
    if (status != SY_OK)
        return status;
    bool has_channel_vectors = g.y_stride[1] == 1 && g.w[0] / g.groups > 1;
    c->is_conv = true;
    c->rows_are_channels = !has_channel_vectors && g.y_stride[3] == 1;
    c->image.across = !c->rows_are_channels && can_go_across(task, &g);
    status = read_weights(task, &g, c, err);
    if (status != SY_OK)
        return status;
    read_image(task, &g, c);
    c->outer = c->image.across ? 1 : g.x[0];
    c->inner = g.groups;
    int64_t pixels = g.y[2] * g.y[3] * (c->image.across ? g.x[0] : 1), channels = g.w[0] / g.groups;
    c->rows = c->rows_are_channels ? channels : pixels;
    c->cols = c->rows_are_channels ? pixels : channels;
    c->depth = g.w[1] * g.w[2] * g.w[3];
    const int64_t size[] = {pixels, c->depth, g.y[2], g.y[3]};
    status = ocl_check_sizes(size, 4, err);
    c->d = (ocl_matrix){.dtype = sy_task_output(task, 0)->dtype, .tensor = task->n_in};
    if (status == SY_OK && !read_result(&g, g.y_stride, !c->rows_are_channels, c->image.across, &c->d))
        status = sy_error_set(err, SY_UNSUPPORTED, "pixels of the output do not lie in even steps");
    for (uint32_t i = 0; status == SY_OK && i < task->n_post; i++)
        status = read_post(task, i, &g, !c->rows_are_channels, c, err);
    return status;
}
