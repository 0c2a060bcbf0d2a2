/* Stub of oneDNN, STUB_MAJOR 2 or 3 (or one that nobody knows): f32 products and convolutions by plain loops.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/peers/stub_onednn.h"

/* Exported, and declared nowhere. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* What is alive; what is to fail; the threads that were asked for. */
int stub_live, stub_fails_execute, stub_threads = 64;

static void *make(const void *from, size_t bytes) {
    void *made = calloc(1, bytes);
    if (made != NULL && from != NULL)
        memcpy(made, from, bytes);
    stub_live++;
    return made;
}

static int drop(void *object) {
    stub_live--;
    free(object);
    return SY_ONEDNN_OK;
}

const sy_onednn_version *dnnl_version(void) {
    static const sy_onednn_version version = {
        .major = STUB_MAJOR, .minor = 6, .patch = 1, .hash = "5eed", .cpu_runtime = STUB_RUNTIME};
    return &version;
}

int dnnl_get_effective_cpu_isa(void) {
    return 7;
}

void omp_set_num_threads(int threads) {
    stub_threads = threads;
}

int omp_get_max_threads(void) {
    return stub_threads;
}

int dnnl_engine_create(sy_onednn_engine **engine, int kind, size_t index) {
    static int the_engine;
    *engine = (void *)&the_engine;
    return kind == SY_ONEDNN_CPU && index == 0 ? SY_ONEDNN_OK : SY_ONEDNN_INVALID;
}

int dnnl_stream_create(sy_onednn_stream **stream, sy_onednn_engine *engine, unsigned flags) {
    (void)engine, (void)flags;
    *stream = make(NULL, 1);
    return SY_ONEDNN_OK;
}

int dnnl_stream_wait(sy_onednn_stream *stream) {
    (void)stream;
    return SY_ONEDNN_OK;
}

int dnnl_stream_destroy(sy_onednn_stream *stream) {
    return drop(stream);
}

static int set_strided(
    struct sy_onednn_md *md, int rank, const int64_t *dim, int type, const int64_t *stride) {
    *md = (struct sy_onednn_md){.rank = rank, .type = type};
    for (int i = 0; i < rank; i++) {
        md->dim[i] = dim[i];
        md->stride[i] = stride[i];
    }
    return SY_ONEDNN_OK;
}

/* "any" is the reverse of the usual order: the first dimension varies fastest. */
static int set_any(struct sy_onednn_md *md, int rank, const int64_t *dim, int type, int tag) {
    int64_t stride[RANK_MAX] = {0}, step = 1;
    for (int i = 0; i < rank; i++) {
        stride[i] = step;
        step *= dim[i];
    }
    set_strided(md, rank, dim, type, stride);
    md->is_any = 1;
    return tag == SY_ONEDNN_TAG_ANY ? SY_ONEDNN_OK : SY_ONEDNN_INVALID;
}

#if STUB_MAJOR == 2
int dnnl_memory_desc_init_by_strides(
    sy_onednn_md *md, int rank, const int64_t *dim, int type, const int64_t *stride) {
    return set_strided(md, rank, dim, type, stride);
}

int dnnl_memory_desc_init_by_tag(sy_onednn_md *md, int rank, const int64_t *dim, int type, int tag) {
    return set_any(md, rank, dim, type, tag);
}
#else
int dnnl_memory_desc_create_with_strides(
    sy_onednn_md **md, int rank, const int64_t *dim, int type, const int64_t *stride) {
    *md = make(NULL, sizeof **md);
    return set_strided(*md, rank, dim, type, stride);
}

int dnnl_memory_desc_create_with_tag(sy_onednn_md **md, int rank, const int64_t *dim, int type, int tag) {
    *md = make(NULL, sizeof **md);
    return set_any(*md, rank, dim, type, tag);
}

#ifndef STUB_LACKS_CLONE
int dnnl_memory_desc_clone(sy_onednn_md **md, const sy_onednn_md *from) {
    *md = make(from, sizeof *from);
    return SY_ONEDNN_OK;
}
#endif

int dnnl_memory_desc_destroy(sy_onednn_md *md) {
    return drop(md);
}
#endif

size_t dnnl_memory_desc_get_size(const sy_onednn_md *md) {
    int64_t last = 0;
    for (int i = 0; i < md->rank; i++)
        last += (md->dim[i] - 1) * md->stride[i];
    return md->rank == 0 ? 0 : (size_t)(last + 1) * sizeof(float);
}

int dnnl_memory_desc_equal(const sy_onednn_md *a, const sy_onednn_md *b) {
    return a->rank == b->rank && a->type == b->type && memcmp(a->dim, b->dim, sizeof a->dim) == 0 &&
           memcmp(a->stride, b->stride, sizeof a->stride) == 0;
}

int dnnl_memory_create(
    sy_onednn_memory **memory, const sy_onednn_md *md, sy_onednn_engine *engine, void *data) {
    (void)engine;
    *memory = make(&(sy_onednn_memory){.md = *md, .data = data}, sizeof **memory);
    return SY_ONEDNN_OK;
}

int dnnl_memory_destroy(sy_onednn_memory *memory) {
    return drop(memory);
}

int dnnl_primitive_attr_create(sy_onednn_attr **attr) {
    *attr = make(NULL, sizeof **attr);
    return SY_ONEDNN_OK;
}

int dnnl_primitive_attr_destroy(sy_onednn_attr *attr) {
    return drop(attr);
}

int dnnl_primitive_attr_set_scratchpad_mode(sy_onednn_attr *attr, int mode) {
    (void)attr;
    return mode == SY_ONEDNN_SCRATCHPAD_USER ? SY_ONEDNN_OK : SY_ONEDNN_INVALID;
}

int dnnl_primitive_attr_set_scales_mask(sy_onednn_attr *attr, int argument, int mask) {
    (void)attr, (void)argument, (void)mask;
    return SY_ONEDNN_UNIMPLEMENTED;
}

int dnnl_primitive_attr_set_post_ops(sy_onednn_attr *attr, const sy_onednn_posts *posts) {
    attr->posts = *posts;
    return SY_ONEDNN_OK;
}

int dnnl_post_ops_create(sy_onednn_posts **posts) {
    *posts = make(NULL, sizeof **posts);
    return SY_ONEDNN_OK;
}

int dnnl_post_ops_destroy(sy_onednn_posts *posts) {
    return drop(posts);
}

static int add_post(sy_onednn_posts *posts, int kind, int algorithm, float alpha, float beta) {
    int i = posts->count++;
    posts->kind[i] = kind;
    posts->algorithm[i] = algorithm;
    posts->alpha[i] = alpha;
    posts->beta[i] = beta;
    return SY_ONEDNN_OK;
}

int dnnl_post_ops_append_binary(sy_onednn_posts *posts, int algorithm, const sy_onednn_md *operand) {
    (void)operand;
    return add_post(posts, BINARY, algorithm, 0.0f, 0.0f);
}

#if STUB_MAJOR == 2
int dnnl_post_ops_append_eltwise(
    sy_onednn_posts *posts, float scale, int algorithm, float alpha, float beta) {
    return scale == 1.0f ? add_post(posts, ELTWISE, algorithm, alpha, beta) : SY_ONEDNN_INVALID;
}

int dnnl_post_ops_append_sum(sy_onednn_posts *posts, float scale) {
    return add_post(posts, SUM, 0, scale, 0.0f);
}
#else
int dnnl_post_ops_append_eltwise(sy_onednn_posts *posts, int algorithm, float alpha, float beta) {
    return add_post(posts, ELTWISE, algorithm, alpha, beta);
}

int dnnl_post_ops_append_sum(sy_onednn_posts *posts, float scale, int zero_point, int type) {
    return zero_point == 0 && type == 0 ? add_post(posts, SUM, 0, scale, 0.0f) : SY_ONEDNN_INVALID;
}
#endif

static int can(const sy_onednn_pd *pd) {
    int can = pd->src.type == SY_ONEDNN_F32 && pd->dst.type == SY_ONEDNN_F32;
    for (int i = 0; i < pd->posts.count; i++)
        can = can && (pd->posts.kind[i] != ELTWISE || pd->posts.algorithm[i] == RELU ||
                         pd->posts.algorithm[i] == LINEAR);
    return can && (pd->kind != CONVOLUTION || pd->weights.rank == 4);
}

static void set_operands(sy_onednn_pd *pd, const sy_onednn_md *src, const sy_onednn_md *weights,
    const sy_onednn_md *bias, const sy_onednn_md *dst) {
    pd->src = *src;
    pd->weights = *weights;
    pd->dst = *dst;
    pd->has_bias = bias != NULL;
    if (bias != NULL)
        pd->bias = *bias;
}

static void set_window(sy_onednn_pd *pd, const int64_t *stride, const int64_t *dilation, const int64_t *pad) {
    pd->kind = CONVOLUTION;
    memcpy(pd->window.stride, stride, sizeof pd->window.stride);
    memcpy(pd->window.dilation, dilation, sizeof pd->window.dilation);
    memcpy(pd->window.pad_lo, pad, sizeof pd->window.pad_lo);
}

static int finish_pd(sy_onednn_pd **out_pd, sy_onednn_pd *pd, const sy_onednn_attr *attr) {
    if (attr != NULL)
        pd->posts = attr->posts;
    *out_pd = NULL;
    if (!can(pd))
        return SY_ONEDNN_UNIMPLEMENTED;
    *out_pd = make(pd, sizeof *pd);
    return SY_ONEDNN_OK;
}

#if STUB_MAJOR == 2
int dnnl_matmul_desc_init(void *desc, const sy_onednn_md *src, const sy_onednn_md *weights,
    const sy_onednn_md *bias, const sy_onednn_md *dst) {
    sy_onednn_pd *pd = desc;
    pd->kind = MATMUL;
    set_operands(pd, src, weights, bias, dst);
    return SY_ONEDNN_OK;
}

int dnnl_dilated_convolution_forward_desc_init(void *desc, int propagation, int algorithm,
    const sy_onednn_md *src, const sy_onednn_md *weights, const sy_onednn_md *bias, const sy_onednn_md *dst,
    const int64_t *stride, const int64_t *dilation, const int64_t *pad_lo, const int64_t *pad_hi) {
    (void)pad_hi;
    set_operands(desc, src, weights, bias, dst);
    set_window(desc, stride, dilation, pad_lo);
    return propagation == SY_ONEDNN_INFERENCE && algorithm == SY_ONEDNN_CONVOLUTION_DIRECT
               ? SY_ONEDNN_OK
               : SY_ONEDNN_INVALID;
}

int dnnl_primitive_desc_create(sy_onednn_pd **pd, const void *desc, const sy_onednn_attr *attr,
    sy_onednn_engine *engine, const sy_onednn_pd *hint) {
    sy_onednn_pd copy = *(const sy_onednn_pd *)desc;
    (void)engine, (void)hint;
    return finish_pd(pd, &copy, attr);
}
#else
int dnnl_matmul_primitive_desc_create(sy_onednn_pd **pd, sy_onednn_engine *engine, const sy_onednn_md *src,
    const sy_onednn_md *weights, const sy_onednn_md *bias, const sy_onednn_md *dst,
    const sy_onednn_attr *attr) {
    sy_onednn_pd made = {.kind = MATMUL};
    (void)engine;
    set_operands(&made, src, weights, bias, dst);
    return finish_pd(pd, &made, attr);
}

int dnnl_convolution_forward_primitive_desc_create(sy_onednn_pd **pd, sy_onednn_engine *engine,
    int propagation, int algorithm, const sy_onednn_md *src, const sy_onednn_md *weights,
    const sy_onednn_md *bias, const sy_onednn_md *dst, const int64_t *stride, const int64_t *dilation,
    const int64_t *pad_lo, const int64_t *pad_hi, const sy_onednn_attr *attr) {
    sy_onednn_pd made = {0};
    (void)engine, (void)pad_hi;
    if (propagation != SY_ONEDNN_INFERENCE || algorithm != SY_ONEDNN_CONVOLUTION_DIRECT)
        return SY_ONEDNN_INVALID;
    set_operands(&made, src, weights, bias, dst);
    set_window(&made, stride, dilation, pad_lo);
    return finish_pd(pd, &made, attr);
}
#endif

int dnnl_reorder_primitive_desc_create(sy_onednn_pd **pd, const sy_onednn_md *source,
    sy_onednn_engine *source_engine, const sy_onednn_md *target, sy_onednn_engine *target_engine,
    const sy_onednn_attr *attr) {
    sy_onednn_pd made = {.kind = REORDER, .src = *source, .dst = *target};
    (void)source_engine, (void)target_engine;
    return finish_pd(pd, &made, attr);
}

const sy_onednn_md *dnnl_primitive_desc_query_md(const sy_onednn_pd *pd, int what, int index) {
    (void)index;
    return what == SY_ONEDNN_QUERY_SRC       ? &pd->src
           : what == SY_ONEDNN_QUERY_WEIGHTS ? &pd->weights
           : what == SY_ONEDNN_QUERY_DST     ? &pd->dst
                                             : &pd->scratchpad;
}

int dnnl_primitive_desc_query(const sy_onednn_pd *pd, int what, int index, void *result) {
    (void)pd, (void)index;
    if (what != SY_ONEDNN_QUERY_IMPLEMENTATION)
        return SY_ONEDNN_INVALID;
    *(const char **)result = "stub:any";
    return SY_ONEDNN_OK;
}

int dnnl_primitive_desc_destroy(sy_onednn_pd *pd) {
    return drop(pd);
}

int dnnl_primitive_create(sy_onednn_primitive **primitive, const sy_onednn_pd *pd) {
    *primitive = make(pd, sizeof *pd);
    return SY_ONEDNN_OK;
}

int dnnl_primitive_destroy(sy_onednn_primitive *primitive) {
    return drop(primitive);
}
