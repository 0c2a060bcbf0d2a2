/*
 * What is used of oneDNN's C interface, declared here so that no header of it is needed: the handles, the
 * numbers and the functions, with their own argument order. Two major versions differ; what differs is behind
 * sy_onednn_dialect. Source: oneDNN 2.6 and 3.x, "C API" of the developer guide; numbers are stable within a
 * major version.
 */
#ifndef BACKENDS_CPU_ONEDNN_API_H
#define BACKENDS_CPU_ONEDNN_API_H

#include <stddef.h>
#include <stdint.h>

/** Most dimensions of a memory descriptor: the length of every array of extents that is handed over. */
#define SY_ONEDNN_RANK_MAX 12

/* Handles; all opaque. A memory descriptor is an object of the library in 3.x, a struct of ours in 2.x. */
typedef struct sy_onednn_engine sy_onednn_engine;
typedef struct sy_onednn_stream sy_onednn_stream;
typedef struct sy_onednn_md sy_onednn_md;
typedef struct sy_onednn_memory sy_onednn_memory;
typedef struct sy_onednn_attr sy_onednn_attr;
typedef struct sy_onednn_posts sy_onednn_posts;
typedef struct sy_onednn_pd sy_onednn_pd;
typedef struct sy_onednn_primitive sy_onednn_primitive;

/** dnnl_version_t: layout the same since 1.0. */
typedef struct sy_onednn_version {
    int major, minor, patch;
    const char *hash;
    unsigned cpu_runtime, gpu_runtime;
} sy_onednn_version;

/** dnnl_exec_arg_t. */
typedef struct sy_onednn_arg {
    int index;
    sy_onednn_memory *memory;
} sy_onednn_arg;

/* dnnl_status_t; other failures are told by number. */
enum { SY_ONEDNN_OK = 0, SY_ONEDNN_OUT_OF_MEMORY = 1, SY_ONEDNN_INVALID = 2, SY_ONEDNN_UNIMPLEMENTED = 3 };

/* Bits of dnnl_version_t.cpu_runtime. */
enum {
    SY_ONEDNN_SEQUENTIAL = 1,
    SY_ONEDNN_OMP = 2,
    SY_ONEDNN_TBB = 4,
    SY_ONEDNN_THREADPOOL = 8,
    SY_ONEDNN_SYCL = 512
};

/* Element types. */
enum {
    SY_ONEDNN_F16 = 1,
    SY_ONEDNN_BF16 = 2,
    SY_ONEDNN_F32 = 3,
    SY_ONEDNN_S32 = 4,
    SY_ONEDNN_S8 = 5,
    SY_ONEDNN_U8 = 6,
    SY_ONEDNN_F64 = 7 /* 3.x alone */
};

/* Arguments of an execution. A post's operand has post_base * (its position + 1) | SY_ONEDNN_ARG_SRC_1. */
enum {
    SY_ONEDNN_ARG_SRC = 1,
    SY_ONEDNN_ARG_SRC_1 = 2,
    SY_ONEDNN_ARG_DST = 17,
    SY_ONEDNN_ARG_WEIGHTS = 33,
    SY_ONEDNN_ARG_BIAS = 41,
    SY_ONEDNN_ARG_SCRATCHPAD = 80,
    SY_ONEDNN_ARG_SCALES = 4096 /* | the argument that is scaled; 3.x alone */
};

/* Other numbers that are the same in both versions. */
enum {
    SY_ONEDNN_CPU = 1,             /* dnnl_engine_kind_t */
    SY_ONEDNN_STREAM_DEFAULT = 1,  /* in order */
    SY_ONEDNN_TAG_ANY = 1,         /* dnnl_format_tag_t */
    SY_ONEDNN_SCRATCHPAD_USER = 1, /* dnnl_scratchpad_mode_t */
    SY_ONEDNN_INFERENCE = 96,      /* dnnl_forward_inference */
    SY_ONEDNN_CONVOLUTION_DIRECT = 1,
    SY_ONEDNN_BINARY_ADD = 0x1fff0,
    SY_ONEDNN_BINARY_MUL = 0x1fff1,
    SY_ONEDNN_QUERY_IMPLEMENTATION = 8, /* const char * */
    SY_ONEDNN_QUERY_SRC = 129,
    SY_ONEDNN_QUERY_WEIGHTS = 131,
    SY_ONEDNN_QUERY_DST = 133,
    SY_ONEDNN_QUERY_SCRATCHPAD = 136
};

/** The functions. A member that only one major version has is NULL under the other. */
typedef struct sy_onednn_calls {
    const sy_onednn_version *(*version)(void);
    int (*effective_isa)(void);
    int (*engine_create)(sy_onednn_engine **engine, int kind, size_t index);
    int (*stream_create)(sy_onednn_stream **stream, sy_onednn_engine *engine, unsigned flags);
    int (*stream_wait)(sy_onednn_stream *stream);
    int (*stream_destroy)(sy_onednn_stream *stream);
    size_t (*md_size)(const sy_onednn_md *md);
    int (*md_equal)(const sy_onednn_md *a, const sy_onednn_md *b);
    int (*memory_create)(
        sy_onednn_memory **memory, const sy_onednn_md *md, sy_onednn_engine *engine, void *data);
    int (*memory_destroy)(sy_onednn_memory *memory);
    int (*attr_create)(sy_onednn_attr **attr);
    int (*attr_destroy)(sy_onednn_attr *attr);
    int (*attr_set_scratchpad_mode)(sy_onednn_attr *attr, int mode);
    int (*attr_set_posts)(sy_onednn_attr *attr, const sy_onednn_posts *posts);
    int (*posts_create)(sy_onednn_posts **posts);
    int (*posts_destroy)(sy_onednn_posts *posts);
    int (*posts_append_binary)(sy_onednn_posts *posts, int algorithm, const sy_onednn_md *operand);
    int (*reorder_pd)(sy_onednn_pd **pd, const sy_onednn_md *source, sy_onednn_engine *source_engine,
        const sy_onednn_md *target, sy_onednn_engine *target_engine, const sy_onednn_attr *attr);
    const sy_onednn_md *(*pd_query_md)(const sy_onednn_pd *pd, int what, int index);
    int (*pd_query)(const sy_onednn_pd *pd, int what, int index, void *result);
    int (*pd_destroy)(sy_onednn_pd *pd);
    int (*primitive_create)(sy_onednn_primitive **primitive, const sy_onednn_pd *pd);
    int (*primitive_execute)(
        const sy_onednn_primitive *primitive, sy_onednn_stream *stream, int count, const sy_onednn_arg *args);
    int (*primitive_destroy)(sy_onednn_primitive *primitive);
    /* 2.x */
    int (*md_init_by_strides)(
        sy_onednn_md *md, int rank, const int64_t *dim, int type, const int64_t *stride);
    int (*md_init_by_tag)(sy_onednn_md *md, int rank, const int64_t *dim, int type, int tag);
    int (*append_eltwise_scaled)(sy_onednn_posts *posts, float scale, int algorithm, float alpha, float beta);
    int (*append_sum_plain)(sy_onednn_posts *posts, float scale);
    int (*matmul_desc_init)(void *desc, const sy_onednn_md *src, const sy_onednn_md *weights,
        const sy_onednn_md *bias, const sy_onednn_md *dst);
    int (*conv_desc_init)(void *desc, int propagation, int algorithm, const sy_onednn_md *src,
        const sy_onednn_md *weights, const sy_onednn_md *bias, const sy_onednn_md *dst, const int64_t *stride,
        const int64_t *dilation, const int64_t *pad_lo, const int64_t *pad_hi);
    int (*pd_create)(sy_onednn_pd **pd, const void *desc, const sy_onednn_attr *attr,
        sy_onednn_engine *engine, const sy_onednn_pd *hint);
    /* 3.x */
    int (*md_create_with_strides)(
        sy_onednn_md **md, int rank, const int64_t *dim, int type, const int64_t *stride);
    int (*md_create_with_tag)(sy_onednn_md **md, int rank, const int64_t *dim, int type, int tag);
    int (*md_clone)(sy_onednn_md **md, const sy_onednn_md *from);
    int (*md_destroy)(sy_onednn_md *md);
    int (*append_eltwise)(sy_onednn_posts *posts, int algorithm, float alpha, float beta);
    int (*append_sum)(sy_onednn_posts *posts, float scale, int32_t zero_point, int type);
    int (*attr_set_scales_mask)(sy_onednn_attr *attr, int argument, int mask);
    int (*matmul_pd)(sy_onednn_pd **pd, sy_onednn_engine *engine, const sy_onednn_md *src,
        const sy_onednn_md *weights, const sy_onednn_md *bias, const sy_onednn_md *dst,
        const sy_onednn_attr *attr);
    int (*conv_pd)(sy_onednn_pd **pd, sy_onednn_engine *engine, int propagation, int algorithm,
        const sy_onednn_md *src, const sy_onednn_md *weights, const sy_onednn_md *bias,
        const sy_onednn_md *dst, const int64_t *stride, const int64_t *dilation, const int64_t *pad_lo,
        const int64_t *pad_hi, const sy_onednn_attr *attr);
    /* of the OpenMP runtime that the library loaded; NULL if it has none */
    void (*omp_set_num_threads)(int threads);
    int (*omp_get_max_threads)(void);
} sy_onednn_calls;

/* Elementwise functions by our names; their numbers are in the dialect. */
enum {
    SY_ONEDNN_RELU,
    SY_ONEDNN_TANH,
    SY_ONEDNN_LINEAR,
    SY_ONEDNN_LOGISTIC,
    SY_ONEDNN_GELU_TANH,
    SY_ONEDNN_GELU_ERF,
    SY_ONEDNN_SWISH,
    SY_ONEDNN_CLIP,
    SY_ONEDNN_ROUND,
    SY_ONEDNN_ELTWISE_COUNT
};

/** A convolution's window, outermost dimension first; dilation as oneDNN counts it: 0 is a dense window. */
typedef struct sy_onednn_window {
    int64_t stride[SY_ONEDNN_RANK_MAX], dilation[SY_ONEDNN_RANK_MAX];
    int64_t pad_lo[SY_ONEDNN_RANK_MAX], pad_hi[SY_ONEDNN_RANK_MAX];
} sy_onednn_window;

/** The four operands of a product or a convolution; bias may be NULL. */
typedef struct sy_onednn_operands {
    const sy_onednn_md *src, *weights, *bias, *dst;
} sy_onednn_operands;

/**
 * What the two major versions do differently. Functions return oneDNN's status. A descriptor made by
 * md_strided(), md_any() or md_clone() is the caller's and goes back by md_destroy() (NULL is fine).
 *
 * post_base        see SY_ONEDNN_ARG_SRC_1.
 * has_scales       scales are an attribute of an argument, given at execution (SY_ONEDNN_ARG_SCALES).
 * window           NULL: the operands are of a matrix product.
 */
typedef struct sy_onednn_dialect {
    int major, post_base;
    int has_scales;
    int eltwise[SY_ONEDNN_ELTWISE_COUNT];
    int (*md_strided)(const sy_onednn_calls *call, int rank, const int64_t *dim, int type,
        const int64_t *stride, sy_onednn_md **out_md);
    int (*md_any)(const sy_onednn_calls *call, int rank, const int64_t *dim, int type, sy_onednn_md **out_md);
    int (*md_clone)(const sy_onednn_calls *call, const sy_onednn_md *from, sy_onednn_md **out_md);
    void (*md_destroy)(const sy_onednn_calls *call, sy_onednn_md *md);
    int (*append_eltwise)(
        const sy_onednn_calls *call, sy_onednn_posts *posts, int algorithm, float alpha, float beta);
    int (*append_sum)(const sy_onednn_calls *call, sy_onednn_posts *posts, float scale);
    int (*pd_create)(const sy_onednn_calls *call, sy_onednn_engine *engine,
        const sy_onednn_operands *operands, const sy_onednn_window *window, const sy_onednn_attr *attr,
        sy_onednn_pd **out_pd);
} sy_onednn_dialect;

/** The dialects of 2.x and 3.x. */
extern const sy_onednn_dialect sy_onednn_dialect_2, sy_onednn_dialect_3;

#endif
