/* Features of tasks and of written problems. */
#include "backends/opencl/feature.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double log_of(int64_t size) {
    return size > 1 ? log2((double)size) : 0.0;
}

static void set_sizes(ocl_feature *feature, int64_t a, int64_t b, int64_t c, int64_t d) {
    const int64_t size[] = {a, b, c, d};
    for (int i = 0; i < 4; i++)
        feature->size[i] = log_of(size[i]);
}

static bool is_channels_first(const sy_tensor *image) {
    return image->layout == SY_LAYOUT_STRIDED && image->stride[1] != 1 && image->stride[3] == 1 &&
           image->dim[1] > 1;
}

bool ocl_feature_of_task(const sy_task *task, ocl_feature *out_feature) {
    const sy_tensor *a = &task->tensor[0], *b = &task->tensor[1], *d = sy_task_output(task, 0);
    *out_feature = (ocl_feature){.op = task->op};
    if (task->op != SY_OP_GEMM && (task->op != SY_OP_CONV || task->attr.conv.spatial != 2))
        return false;
    out_feature->dtype[0] = a->dtype, out_feature->dtype[1] = b->dtype, out_feature->dtype[2] = d->dtype;
    if (task->op == SY_OP_GEMM) {
        out_feature->kind[0] = task->attr.gemm.trans_a != 0;
        out_feature->kind[1] = task->attr.gemm.trans_b != 0;
        out_feature->kind[2] = (b->flags & SY_TENSOR_CONST) != 0;
        set_sizes(out_feature, a->dim[1], b->dim[2], a->dim[2], a->dim[0]);
        return true;
    }
    const sy_conv_attr *conv = &task->attr.conv;
    const int64_t kind[] = {b->dim[2], b->dim[3], conv->stride[0], conv->stride[1],
        conv->groups > 1 && b->dim[1] == 1, is_channels_first(d)};
    memcpy(out_feature->kind, kind, sizeof kind);
    int64_t groups = conv->groups > 0 ? conv->groups : 1;
    set_sizes(out_feature, d->dim[0] * d->dim[2] * d->dim[3], d->dim[1] / groups, b->dim[1], groups);
    return true;
}

/* Value of "key=" in a problem's text; NULL if it is not there. */
static const char *find_field(const char *problem, const char *key) {
    size_t length = strlen(key);
    for (const char *at = strchr(problem, ':'); at != NULL; at = strchr(at, ',')) {
        at++;
        if (strncmp(at, key, length) == 0 && at[length] == '=')
            return at + length + 1;
    }
    return NULL;
}

/* Up to `count` numbers separated by x; false if there are not so many, or they are out of all bounds. */
static bool read_numbers(const char *problem, const char *key, int count, int64_t *out) {
    const char *at = find_field(problem, key);
    for (int i = 0; i < count; i++) {
        char *end = NULL;
        if (at == NULL)
            return false;
        out[i] = strtoll(at, &end, 10);
        if (end == at || out[i] < 0 || out[i] > INT64_C(1) << 40)
            return false;
        at = *end == 'x' ? end + 1 : NULL;
    }
    return true;
}

static bool read_types(const char *problem, uint32_t dtype[3]) {
    char text[64] = "";
    const char *at = find_field(problem, "dtype");
    if (at == NULL)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(at, ","), at);
    char *name = text;
    for (int i = 0; i < 3; i++) {
        char *colon = strchr(name, ':');
        if (colon == NULL)
            return false;
        *colon = '\0';
        dtype[i] = sy_dtype_parse(name);
        if (dtype[i] == SY_DTYPE_NONE)
            return false;
        name = colon + 1;
    }
    return true;
}

static bool says(const char *problem, const char *key, const char *value) {
    const char *at = find_field(problem, key);
    size_t length = strlen(value);
    return at != NULL && strncmp(at, value, length) == 0 && (at[length] == ',' || at[length] == '\0');
}

static bool read_product(const char *problem, ocl_feature *feature) {
    int64_t m, n, k, batch;
    if (!read_numbers(problem, "m", 1, &m) || !read_numbers(problem, "n", 1, &n) ||
        !read_numbers(problem, "k", 1, &k) || !read_numbers(problem, "batch", 1, &batch) ||
        !read_numbers(problem, "ta", 1, &feature->kind[0]) ||
        !read_numbers(problem, "tb", 1, &feature->kind[1]))
        return false;
    feature->kind[2] = says(problem, "weights", "const");
    set_sizes(feature, m, n, k, batch);
    return true;
}

/* n c h w k groups r s, in this order. */
static bool read_extents(const char *problem, int64_t out[8]) {
    static const char *const key[] = {"n", "c", "h", "w", "k", "groups", "r", "s"};
    for (int i = 0; i < 8; i++)
        if (!read_numbers(problem, key[i], 1, &out[i]) || out[i] < 1)
            return false;
    return true;
}

static bool read_convolution(const char *problem, ocl_feature *feature) {
    int64_t x[8], stride[2], pad[4], dilation[2], out[2];
    if (!read_extents(problem, x) || !read_numbers(problem, "stride", 2, stride) ||
        !read_numbers(problem, "pad", 4, pad) || !read_numbers(problem, "dilation", 2, dilation))
        return false;
    for (int i = 0; i < 2; i++) {
        int64_t reach = (x[6 + i] - 1) * dilation[i] + 1, padded = x[2 + i] + pad[i] + pad[i + 2];
        if (stride[i] < 1 || padded < reach)
            return false;
        out[i] = (padded - reach) / stride[i] + 1;
    }
    int64_t channels = x[1] / x[5];
    const int64_t kind[] = {
        x[6], x[7], stride[0], stride[1], x[5] > 1 && channels == 1, says(problem, "layout", "nchw")};
    memcpy(feature->kind, kind, sizeof kind);
    set_sizes(feature, x[0] * out[0] * out[1], x[4] / x[5], channels, x[5]);
    return true;
}

bool ocl_feature_of_text(const char *problem, ocl_feature *out_feature) {
    *out_feature = (ocl_feature){0};
    if (!read_types(problem, out_feature->dtype))
        return false;
    if (strncmp(problem, "gemm:", 5) == 0) {
        out_feature->op = SY_OP_GEMM;
        return read_product(problem, out_feature);
    }
    out_feature->op = SY_OP_CONV;
    return strncmp(problem, "conv2d:", 7) == 0 && read_convolution(problem, out_feature);
}

double ocl_feature_distance(const ocl_feature *a, const ocl_feature *b) {
    double distance = 0.0;
    if (a->op != b->op || memcmp(a->dtype, b->dtype, sizeof a->dtype) != 0 ||
        memcmp(a->kind, b->kind, sizeof a->kind) != 0)
        return INFINITY;
    for (int i = 0; i < 4; i++)
        distance += fabs(a->size[i] - b->size[i]);
    return distance;
}
