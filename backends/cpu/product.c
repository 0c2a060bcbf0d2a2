/* From tensors to the kernels' descriptors. */
#include "backends/cpu/product.h"

#include "runtime/base/error.h"
#include "steelyard/backend.h"

void sy_cpu_images_want(const sy_task *task, uint32_t *out_layout) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (task->tensor[i].layout == SY_LAYOUT_ANY && sy_task_is_image(task, i))
            out_layout[i] = SY_LAYOUT_CHANNELS_LAST;
}

sy_status sy_cpu_sums_check(uint32_t dtype, uint32_t acc_dtype, sy_error *err) {
    uint32_t own = dtype == SY_F64 ? SY_F64 : sy_dtype_is_float(dtype) ? SY_F32 : SY_S32;
    if (acc_dtype == own)
        return SY_OK;
    return sy_error_set(err, SY_UNSUPPORTED, "cpu: products of %s are summed in %s, not in %s",
        sy_dtype_name(dtype), sy_dtype_name(own), sy_dtype_name(acc_dtype));
}

static sy_status check_strided(const sy_task *task, uint32_t weights, sy_error *err) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (!sy_task_tensor_is_absent(&task->tensor[i]) && task->tensor[i].layout != SY_LAYOUT_STRIDED &&
            i != weights)
            return sy_error_set(err, SY_UNSUPPORTED, "cpu: tensor %u is not strided", i);
    return SY_OK;
}

static bool has_dims(const sy_tensor *tensor, const int64_t *dim, uint32_t rank) {
    bool same = !sy_task_tensor_is_absent(tensor) && tensor->rank == rank;
    for (uint32_t i = 0; same && i < rank; i++)
        same = tensor->dim[i] == dim[i];
    return same;
}

static void put_post(const sy_task *task, uint32_t index, sy_kernel_post *out_post, uint32_t *out_tensor) {
    const sy_post *post = &task->post[index];
    bool has_operand = post->kind == SY_POST_BIAS || post->kind == SY_POST_ADD ||
                       post->kind == SY_POST_SCALE_ROW || post->kind == SY_POST_SCALE_COL;
    *out_tensor = has_operand ? post->operand : SY_NO_OPERAND;
    *out_post = (sy_kernel_post){.kind = post->kind, .a = post->a, .b = post->b};
    if (has_operand)
        out_post->dtype = task->tensor[post->operand].dtype;
}

/* Strides of a post's operand over [batch, m, n]: a matrix like the output, or a vector along m or n. */
static sy_status read_product_post(
    const sy_task *task, uint32_t index, sy_cpu_product *product, sy_error *err) {
    sy_kernel_post *post = &product->desc.post[index];
    put_post(task, index, post, &product->post_tensor[index]);
    if (product->post_tensor[index] == SY_NO_OPERAND)
        return SY_OK;
    const sy_tensor *operand = &task->tensor[product->post_tensor[index]];
    const int64_t dim[] = {product->count, product->desc.m, product->desc.n};
    if (post->kind == SY_POST_ADD && has_dims(operand, dim, 3)) {
        product->batch.post[index] = operand->stride[0];
        post->stride[0] = operand->stride[1];
        post->stride[1] = operand->stride[2];
        return SY_OK;
    }
    uint32_t axis = post->kind == SY_POST_SCALE_ROW ? 0 : 1;
    if (post->kind != SY_POST_ADD && has_dims(operand, &dim[axis + 1], 1)) {
        post->stride[axis] = operand->stride[0];
        return SY_OK;
    }
    return sy_error_set(
        err, SY_INVALID_ARGUMENT, "cpu: the operand of post %u does not have the output's extents", index);
}

static sy_status read_product_dims(const sy_task *task, sy_cpu_product *product, sy_error *err) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *c = &task->tensor[2];
    const sy_tensor *d = sy_task_output(task, 0);
    const int64_t dim_b[] = {a->dim[0], a->dim[2], b->dim[2]}, dim_d[] = {a->dim[0], a->dim[1], b->dim[2]};
    bool reads_c = task->attr.gemm.beta != 0.0;
    if (!has_dims(a, a->dim, 3) || !has_dims(b, dim_b, 3) || !has_dims(d, dim_d, 3) ||
        (reads_c && !has_dims(c, dim_d, 3)))
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: gemm wants A[batch,m,k], B[batch,k,n], %sD[batch,m,n]", reads_c ? "C[batch,m,n] and " : "");
    product->count = a->dim[0];
    product->desc.m = a->dim[1];
    product->desc.n = b->dim[2];
    product->desc.k = a->dim[2];
    product->batch = (sy_gemm_batch){.a = a->stride[0], .b = b->stride[0], .d = d->stride[0]};
    product->desc.dtype_a = a->dtype;
    product->desc.dtype_b = b->dtype;
    product->desc.dtype_d = d->dtype;
    product->desc.dtype_c = d->dtype;
    if (reads_c) {
        product->desc.dtype_c = c->dtype;
        product->batch.c = c->stride[0];
    }
    for (int i = 0; i < 2; i++) {
        product->desc.a_stride[i] = a->stride[i + 1];
        product->desc.b_stride[i] = b->stride[i + 1];
        product->desc.c_stride[i] = reads_c ? c->stride[i + 1] : d->stride[i + 1];
        product->desc.d_stride[i] = d->stride[i + 1];
    }
    return SY_OK;
}

sy_status sy_cpu_product_read(const sy_task *task, uint32_t isa, sy_cpu_product *out_product, sy_error *err) {
    *out_product = (sy_cpu_product){.desc = {.isa = isa,
                                        .alpha = task->attr.gemm.alpha,
                                        .beta = task->attr.gemm.beta,
                                        .n_post = task->n_post}};
    sy_status status = check_strided(task, 1, err);
    if (status == SY_OK)
        status = read_product_dims(task, out_product, err);
    for (uint32_t i = 0; status == SY_OK && i < task->n_post; i++)
        status = read_product_post(task, i, out_product, err);
    if (status == SY_OK && sy_layout_is_private(task->tensor[1].layout)) {
        out_product->desc.flags |= SY_GEMM_B_CONST;
        out_product->desc.b_stride[0] = out_product->desc.n;
        out_product->desc.b_stride[1] = 1;
        out_product->batch.b = 0;
    }
    return status;
}

/* Extents and strides in the order N C H W, with H of 1 put in if there is only one spatial dimension. */
static void spread(const sy_tensor *tensor, int64_t *out_dim, int64_t *out_stride) {
    bool is_flat = tensor->rank == 3;
    for (int i = 0; i < 4; i++) {
        int from = is_flat && i == 3 ? 2 : i;
        bool is_added = is_flat && i == 2;
        out_dim[i] = is_added ? 1 : tensor->dim[from];
        out_stride[i] = is_added ? 0 : tensor->stride[from];
    }
}

static sy_status read_window(const sy_conv_attr *attr, sy_conv_desc *desc, sy_error *err) {
    if (attr->transposed != 0 || attr->spatial == 0 || attr->spatial > 2)
        return sy_error_set(err, SY_UNSUPPORTED,
            "cpu: %s convolution of %u spatial dimensions is not done here",
            attr->transposed != 0 ? "transposed" : "plain", attr->spatial);
    bool is_flat = attr->spatial == 1;
    for (int i = 0; i < 2; i++) {
        bool is_added = is_flat && i == 0;
        int from = is_flat ? 0 : i;
        desc->stride[i] = is_added ? 1 : attr->stride[from];
        desc->dilation[i] = is_added ? 1 : attr->dilation[from];
        desc->pad[i] = is_added ? 0 : attr->pad_lo[from];
        desc->pad[i + 2] = is_added ? 0 : attr->pad_hi[from];
    }
    for (int i = 0; i < 4; i++)
        if (desc->stride[i % 2] < 1 || desc->dilation[i % 2] < 1 || desc->pad[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "cpu: stride and dilation of a convolution must be at least 1, pads at least 0");
    desc->groups = attr->groups;
    return SY_OK;
}

/* Far beyond any image, and small enough that sums of a few of them stay within int64. */
#define WINDOW_MAX (INT64_C(1) << 40)

static sy_status read_convolution_dims(const sy_task *task, sy_cpu_convolution *conv, sy_error *err) {
    const sy_tensor *x = &task->tensor[0], *w = &task->tensor[1], *y = sy_task_output(task, 0);
    sy_conv_desc *desc = &conv->desc;
    uint32_t rank = task->attr.conv.spatial + 2;
    int64_t dim_x[4], dim_w[4], dim_y[4];
    if (!has_dims(x, x->dim, rank) || !has_dims(w, w->dim, rank) || !has_dims(y, y->dim, rank))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: conv wants X, W and Y of rank %u", rank);
    spread(x, dim_x, desc->x_stride);
    spread(w, dim_w, desc->w_stride);
    spread(y, dim_y, desc->y_stride);
    for (int i = 0; i < 4; i++)
        if (desc->pad[i] > WINDOW_MAX || desc->stride[i % 2] > WINDOW_MAX ||
            desc->dilation[i % 2] > WINDOW_MAX || dim_x[i] > WINDOW_MAX || dim_w[i] > WINDOW_MAX / 4 ||
            desc->dilation[i % 2] > WINDOW_MAX / (dim_w[i % 2 + 2] + 1))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: a convolution's window exceeds 2^40");
    desc->n = dim_x[0], desc->c = dim_x[1], desc->h = dim_x[2], desc->w = dim_x[3];
    desc->k = dim_w[0], desc->r = dim_w[2], desc->s = dim_w[3];
    conv->p =
        sy_conv_extent(desc->h, desc->r, desc->stride[0], desc->dilation[0], desc->pad[0] + desc->pad[2]);
    conv->q =
        sy_conv_extent(desc->w, desc->s, desc->stride[1], desc->dilation[1], desc->pad[1] + desc->pad[3]);
    if (desc->groups < 1 || desc->c % desc->groups != 0 || desc->k % desc->groups != 0 ||
        dim_w[1] != desc->c / desc->groups || dim_y[0] != desc->n || dim_y[1] != desc->k ||
        dim_y[2] != conv->p || dim_y[3] != conv->q)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: conv wants X[n,c,h,w], W[k,c/groups,r,s], Y[n,k,%lld,%lld] with groups dividing c and k",
            (long long)conv->p, (long long)conv->q);
    desc->dtype_x = x->dtype, desc->dtype_w = w->dtype, desc->dtype_y = y->dtype;
    return SY_OK;
}

static sy_status read_convolution_post(
    const sy_task *task, uint32_t index, sy_cpu_convolution *conv, sy_error *err) {
    sy_kernel_post *post = &conv->desc.post[index];
    put_post(task, index, post, &conv->post_tensor[index]);
    if (conv->post_tensor[index] == SY_NO_OPERAND)
        return SY_OK;
    const sy_tensor *operand = &task->tensor[conv->post_tensor[index]], *y = sy_task_output(task, 0);
    int64_t length = post->kind == SY_POST_SCALE_ROW ? conv->desc.n : conv->desc.k;
    bool fits =
        post->kind == SY_POST_ADD ? has_dims(operand, y->dim, y->rank) : has_dims(operand, &length, 1);
    bool is_dense = post->kind == SY_POST_ADD || operand->dim[0] <= 1 || operand->stride[0] == 1;
    for (uint32_t i = 0; post->kind == SY_POST_ADD && i < y->rank; i++)
        is_dense = is_dense && (operand->stride[i] == y->stride[i] || y->dim[i] <= 1);
    if (!fits)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: the operand of post %u does not have the output's extents", index);
    if (!is_dense)
        return sy_error_set(err, SY_UNSUPPORTED,
            "cpu: the operand of post %u must be dense, or lie as the output does", index);
    return SY_OK;
}

sy_status sy_cpu_convolution_read(
    const sy_task *task, uint32_t isa, sy_cpu_convolution *out_convolution, sy_error *err) {
    *out_convolution = (sy_cpu_convolution){.desc = {.isa = isa, .n_post = task->n_post}};
    sy_status status = check_strided(task, 1, err);
    if (status == SY_OK)
        status = read_window(&task->attr.conv, &out_convolution->desc, err);
    if (status == SY_OK)
        status = read_convolution_dims(task, out_convolution, err);
    for (uint32_t i = 0; status == SY_OK && i < task->n_post; i++)
        status = read_convolution_post(task, i, out_convolution, err);
    if (status == SY_OK && sy_layout_is_private(task->tensor[1].layout)) {
        sy_conv_desc *desc = &out_convolution->desc;
        desc->flags |= SY_CONV_W_CONST;
        desc->w_stride[3] = 1;
        desc->w_stride[2] = desc->s;
        desc->w_stride[1] = desc->r * desc->s;
        desc->w_stride[0] = desc->c / desc->groups * desc->r * desc->s;
    }
    return status;
}
