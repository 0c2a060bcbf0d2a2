/* oneDNN 2.x: memory descriptors are structs, primitive descriptors come from operation descriptors. */
#include <string.h>

#include "backends/cpu/onednn_api.h"
#include "runtime/base/seam.h"

/* dnnl_memory_desc_t of 2.0 to 2.7, in bytes. */
#define MD_BYTES 696

/* Beyond the largest operation descriptor of 2.x, a convolution's with 5976 bytes. */
#define OP_DESC_BYTES 8192

static int take(int status, sy_onednn_md *md, sy_onednn_md **out_md) {
    if (status != SY_ONEDNN_OK) {
        sy_mem_free(md);
        md = NULL;
    }
    *out_md = md;
    return status;
}

static int make_strided(const sy_onednn_calls *call, int rank, const int64_t *dim, int type,
    const int64_t *stride, sy_onednn_md **out_md) {
    sy_onednn_md *md = sy_mem_calloc(1, MD_BYTES);
    return take(md == NULL ? SY_ONEDNN_OUT_OF_MEMORY : call->md_init_by_strides(md, rank, dim, type, stride),
        md, out_md);
}

static int make_any(
    const sy_onednn_calls *call, int rank, const int64_t *dim, int type, sy_onednn_md **out_md) {
    sy_onednn_md *md = sy_mem_calloc(1, MD_BYTES);
    return take(
        md == NULL ? SY_ONEDNN_OUT_OF_MEMORY : call->md_init_by_tag(md, rank, dim, type, SY_ONEDNN_TAG_ANY),
        md, out_md);
}

static int clone_md(const sy_onednn_calls *call, const sy_onednn_md *from, sy_onednn_md **out_md) {
    (void)call;
    *out_md = sy_mem_alloc(MD_BYTES);
    if (*out_md == NULL)
        return SY_ONEDNN_OUT_OF_MEMORY;
    memcpy(*out_md, from, MD_BYTES);
    return SY_ONEDNN_OK;
}

static void destroy(const sy_onednn_calls *call, sy_onednn_md *md) {
    (void)call;
    sy_mem_free(md);
}

static int append_eltwise(
    const sy_onednn_calls *call, sy_onednn_posts *posts, int algorithm, float alpha, float beta) {
    return call->append_eltwise_scaled(posts, 1.0f, algorithm, alpha, beta);
}

static int append_sum(const sy_onednn_calls *call, sy_onednn_posts *posts, float scale) {
    return call->append_sum_plain(posts, scale);
}

static int create_pd(const sy_onednn_calls *call, sy_onednn_engine *engine,
    const sy_onednn_operands *operands, const sy_onednn_window *window, const sy_onednn_attr *attr,
    sy_onednn_pd **out_pd) {
    _Alignas(16) unsigned char desc[OP_DESC_BYTES] = {0};
    int status;
    *out_pd = NULL;
    if (window == NULL)
        status =
            call->matmul_desc_init(desc, operands->src, operands->weights, operands->bias, operands->dst);
    else
        status = call->conv_desc_init(desc, SY_ONEDNN_INFERENCE, SY_ONEDNN_CONVOLUTION_DIRECT, operands->src,
            operands->weights, operands->bias, operands->dst, window->stride, window->dilation,
            window->pad_lo, window->pad_hi);
    return status == SY_ONEDNN_OK ? call->pd_create(out_pd, desc, attr, engine, NULL) : status;
}

const sy_onednn_dialect sy_onednn_dialect_2 = {
    .major = 2,
    .post_base = 16384,
    .eltwise = {[SY_ONEDNN_RELU] = 0x1f,
        [SY_ONEDNN_TANH] = 0x2f,
        [SY_ONEDNN_LINEAR] = 0x7f,
        [SY_ONEDNN_LOGISTIC] = 0xaf,
        [SY_ONEDNN_GELU_TANH] = 0xcf,
        [SY_ONEDNN_GELU_ERF] = 0x30,
        [SY_ONEDNN_SWISH] = 0xdf,
        [SY_ONEDNN_CLIP] = 0xff,
        [SY_ONEDNN_ROUND] = 0x40},
    .md_strided = make_strided,
    .md_any = make_any,
    .md_clone = clone_md,
    .md_destroy = destroy,
    .append_eltwise = append_eltwise,
    .append_sum = append_sum,
    .pd_create = create_pd,
};
