/* conv2d: cross-correlation of images with a filter, grouped, strided, dilated, padded on four sides. */
#include <inttypes.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/op/op.h"
#include "runtime/op/storage.h"

#define AT(member) offsetof(sy_spec, u.conv.member)

static const sy_op_field fields[] = {
    {.key = "n", .kind = SY_FIELD_INT, .offset = AT(n), .least = 1},
    {.key = "c", .kind = SY_FIELD_INT, .offset = AT(c), .least = 1},
    {.key = "h", .kind = SY_FIELD_INT, .offset = AT(h), .least = 1},
    {.key = "w", .kind = SY_FIELD_INT, .offset = AT(w), .least = 1},
    {.key = "k", .kind = SY_FIELD_INT, .offset = AT(k), .least = 1},
    {.key = "r", .kind = SY_FIELD_INT, .offset = AT(r), .least = 1},
    {.key = "s", .kind = SY_FIELD_INT, .offset = AT(s), .least = 1},
    {.key = "stride",
        .kind = SY_FIELD_PAIR,
        .offset = AT(stride),
        .least = 1,
        .silent = SY_SILENT_TEXT,
        .fallback = "1"},
    {.key = "pad",
        .kind = SY_FIELD_PADS,
        .offset = AT(pad),
        .least = 0,
        .silent = SY_SILENT_TEXT,
        .fallback = "0"},
    {.key = "dilation",
        .kind = SY_FIELD_PAIR,
        .offset = AT(dilation),
        .least = 1,
        .silent = SY_SILENT_TEXT,
        .fallback = "1"},
    {.key = "groups",
        .kind = SY_FIELD_INT,
        .offset = AT(groups),
        .least = 1,
        .silent = SY_SILENT_TEXT,
        .fallback = "1"},
    {.key = "layout",
        .kind = SY_FIELD_NAME,
        .offset = AT(layout),
        .silent = SY_SILENT_LAYOUT,
        .name = sy_spec_layout_name,
        .first = SY_IMAGE_ANY,
        .last = SY_IMAGE_NCHW},
    {.key = "epilogue",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, epilogue),
        .silent = SY_SILENT_TEXT,
        .fallback = "none",
        .name = sy_spec_epilogue_name,
        .first = SY_EPILOGUE_NONE,
        .last = SY_EPILOGUE_DEQUANT},
    {.key = "dtype", .kind = SY_FIELD_DTYPES, .silent = SY_SILENT_DTYPE},
    {.key = "math",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, math),
        .silent = SY_SILENT_MATH,
        .name = sy_math_name,
        .first = SY_MATH_STRICT,
        .last = SY_MATH_ANY},
    {.key = "weights",
        .kind = SY_FIELD_NAME,
        .offset = offsetof(sy_spec, weights),
        .silent = SY_SILENT_WEIGHTS,
        .name = sy_spec_weights_name,
        .first = SY_WEIGHTS_CONST,
        .last = SY_WEIGHTS_DYNAMIC},
};

/* One direction of a convolution, for the arithmetic of its output extent. */
typedef struct axis {
    const char *output, *input, *filter;
    int64_t extent, pad_lo, pad_hi, dilation, taps, stride;
} axis;

static sy_status axis_output(const axis *along, int64_t *out_extent, sy_error *err) {
    int64_t padded = 0, reach = 0;
    bool fits = along->extent >= 1 && along->pad_lo >= 0 && along->pad_hi >= 0 && along->dilation >= 1 &&
                along->taps >= 1 && along->stride >= 1;
    if (!fits)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "conv2d: %s, %s, stride and dilation must be at least 1 and pad at least 0", along->input,
            along->filter);
    fits = sy_add_i64(along->extent, along->pad_lo, &padded) && sy_add_i64(padded, along->pad_hi, &padded) &&
           sy_mul_i64(along->dilation, along->taps - 1, &reach) && sy_add_i64(reach, 1, &reach);
    if (!fits)
        return sy_error_set(err, SY_OVERFLOW,
            "conv2d: %s with its pads, or %s with its dilation, exceeds 2^63", along->input, along->filter);
    if (padded < reach)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "conv2d: output %s is empty: %s with its pads is %" PRId64 ", the filter reaches over %" PRId64,
            along->output, along->input, padded, reach);
    *out_extent = (padded - reach) / along->stride + 1;
    return SY_OK;
}

sy_status sy_spec_conv_output(const sy_spec_conv *conv, int64_t *out_p, int64_t *out_q, sy_error *err) {
    const axis vertical = {.output = "p",
        .input = "h",
        .filter = "r",
        .extent = conv->h,
        .pad_lo = conv->pad[0],
        .pad_hi = conv->pad[2],
        .dilation = conv->dilation[0],
        .taps = conv->r,
        .stride = conv->stride[0]};
    const axis horizontal = {.output = "q",
        .input = "w",
        .filter = "s",
        .extent = conv->w,
        .pad_lo = conv->pad[1],
        .pad_hi = conv->pad[3],
        .dilation = conv->dilation[1],
        .taps = conv->s,
        .stride = conv->stride[1]};
    int64_t p = 0, q = 0;
    *out_p = 0;
    *out_q = 0;
    sy_status status = axis_output(&vertical, &p, err);
    if (status == SY_OK)
        status = axis_output(&horizontal, &q, err);
    if (status != SY_OK)
        return status;
    *out_p = p;
    *out_q = q;
    return SY_OK;
}

static sy_status validate(const sy_spec *spec, sy_error *err) {
    const sy_spec_conv *conv = &spec->u.conv;
    int64_t p = 0, q = 0;
    if (conv->c % conv->groups != 0 || conv->k % conv->groups != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "conv2d: groups is %" PRId64 ", must divide c %" PRId64 " and k %" PRId64, conv->groups, conv->c,
            conv->k);
    if (conv->groups > UINT32_MAX)
        return sy_error_set(
            err, SY_OVERFLOW, "conv2d: groups is %" PRId64 ", larger than 2^32", conv->groups);
    return sy_spec_conv_output(conv, &p, &q, err);
}

static sy_status count_flop(const sy_spec *spec, uint64_t *out_flop, sy_error *err) {
    const sy_spec_conv *conv = &spec->u.conv;
    int64_t p = 0, q = 0;
    sy_status status = sy_spec_conv_output(conv, &p, &q, err);
    if (status != SY_OK)
        return status;
    const int64_t factor[] = {2, conv->n, conv->k, p, q, conv->c / conv->groups, conv->r, conv->s};
    return sy_op_product("conv2d", "2 n k p q (c/groups) r s FLOP", factor, 8, out_flop, err);
}

/* Images lie as the spec says; the writer of the spec may leave it to the device. */
static void lay_out(sy_tensor *image, uint32_t layout) {
    sy_tensor_set_strides(image, layout);
    if (layout == SY_IMAGE_ANY)
        image->layout = SY_LAYOUT_ANY;
}

static void make_attr(const sy_spec_conv *conv, sy_conv_attr *out_attr) {
    *out_attr = (sy_conv_attr){.size = sizeof *out_attr, .groups = (uint32_t)conv->groups, .spatial = 2};
    for (size_t i = 0; i < 2; i++) {
        out_attr->stride[i] = conv->stride[i];
        out_attr->dilation[i] = conv->dilation[i];
        out_attr->pad_lo[i] = conv->pad[i];
        out_attr->pad_hi[i] = conv->pad[i + 2];
    }
}

static void make_problem(const sy_spec *spec, sy_problem_storage *storage) {
    const sy_spec_conv *conv = &spec->u.conv;
    int64_t p = 0, q = 0;
    (void)sy_spec_conv_output(conv, &p, &q, NULL); /* validated before */
    const int64_t dim_x[] = {conv->n, conv->c, conv->h, conv->w};
    const int64_t dim_w[] = {conv->k, conv->c / conv->groups, conv->r, conv->s};
    const int64_t dim_y[] = {conv->n, conv->k, p, q};
    lay_out(sy_storage_add(storage, SY_ROLE_ACTIVATION, spec->dtype_a, 4, dim_x), conv->layout);
    sy_tensor *weights = sy_storage_add(storage, SY_ROLE_WEIGHT, spec->dtype_b, 4, dim_w);
    weights->flags |= spec->weights == SY_WEIGHTS_CONST ? SY_TENSOR_CONST : 0;
    sy_problem_storage output = {0};
    lay_out(sy_storage_add(&output, SY_ROLE_OUTPUT, spec->dtype_c, 4, dim_y), conv->layout);
    sy_storage_add_epilogue(storage, spec, &output.tensor[0], conv->n, conv->k);
    lay_out(sy_storage_add(storage, SY_ROLE_OUTPUT, spec->dtype_c, 4, dim_y), conv->layout);
    make_attr(conv, &storage->attr.conv);
    sy_storage_finish(storage, SY_OP_CONV, spec);
}

const sy_op_row sy_op_conv2d = {
    .op = SY_SPEC_CONV2D,
    .name = "conv2d",
    .field = fields,
    .field_count = sizeof fields / sizeof fields[0],
    .validate = validate,
    .flop = count_flop,
    .problem = make_problem,
};
