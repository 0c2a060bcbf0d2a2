/* oneDNN 3.x: memory descriptors are objects of the library, primitive descriptors are made directly. */
#include "backends/cpu/onednn_api.h"

static int make_strided(const sy_onednn_calls *call, int rank, const int64_t *dim, int type,
    const int64_t *stride, sy_onednn_md **out_md) {
    *out_md = NULL;
    return call->md_create_with_strides(out_md, rank, dim, type, stride);
}

static int make_any(
    const sy_onednn_calls *call, int rank, const int64_t *dim, int type, sy_onednn_md **out_md) {
    *out_md = NULL;
    return call->md_create_with_tag(out_md, rank, dim, type, SY_ONEDNN_TAG_ANY);
}

static int clone_md(const sy_onednn_calls *call, const sy_onednn_md *from, sy_onednn_md **out_md) {
    *out_md = NULL;
    return call->md_clone(out_md, from);
}

static void destroy(const sy_onednn_calls *call, sy_onednn_md *md) {
    if (md != NULL)
        call->md_destroy(md);
}

static int append_eltwise(
    const sy_onednn_calls *call, sy_onednn_posts *posts, int algorithm, float alpha, float beta) {
    return call->append_eltwise(posts, algorithm, alpha, beta);
}

/* Type 0 is the output's own. */
static int append_sum(const sy_onednn_calls *call, sy_onednn_posts *posts, float scale) {
    return call->append_sum(posts, scale, 0, 0);
}

static int create_pd(const sy_onednn_calls *call, sy_onednn_engine *engine,
    const sy_onednn_operands *operands, const sy_onednn_window *window, const sy_onednn_attr *attr,
    sy_onednn_pd **out_pd) {
    *out_pd = NULL;
    if (window == NULL)
        return call->matmul_pd(
            out_pd, engine, operands->src, operands->weights, operands->bias, operands->dst, attr);
    return call->conv_pd(out_pd, engine, SY_ONEDNN_INFERENCE, SY_ONEDNN_CONVOLUTION_DIRECT, operands->src,
        operands->weights, operands->bias, operands->dst, window->stride, window->dilation, window->pad_lo,
        window->pad_hi, attr);
}

const sy_onednn_dialect sy_onednn_dialect_3 = {
    .major = 3,
    .post_base = 32768,
    .has_scales = 1,
    .eltwise = {[SY_ONEDNN_RELU] = 0x20,
        [SY_ONEDNN_TANH] = 0x21,
        [SY_ONEDNN_LINEAR] = 0x26,
        [SY_ONEDNN_LOGISTIC] = 0x29,
        [SY_ONEDNN_GELU_TANH] = 0x2b,
        [SY_ONEDNN_GELU_ERF] = 0x31,
        [SY_ONEDNN_SWISH] = 0x2c,
        [SY_ONEDNN_CLIP] = 0x2e,
        [SY_ONEDNN_ROUND] = 0x32},
    .md_strided = make_strided,
    .md_any = make_any,
    .md_clone = clone_md,
    .md_destroy = destroy,
    .append_eltwise = append_eltwise,
    .append_sum = append_sum,
    .pd_create = create_pd,
};
