/*
 * The written form of a problem ("gemm:m=512,n=4096,k=4096") as a value: parse, canonical print, hash, FLOP
 * and bytes, and its translation into the sy_problem that a backend gets. All arithmetic is checked; no
 * state; any thread.
 */
#ifndef STEELYARD_SPEC_H
#define STEELYARD_SPEC_H

#include "steelyard/problem.h"
#include "steelyard/status.h"

/* What a problem string may begin with. */
enum { SY_SPEC_GEMM = 1, SY_SPEC_CONV2D = 2, SY_SPEC_COPY = 3, SY_SPEC_STREAM = 4, SY_SPEC_PEAK = 5 };

enum { SY_COPY_H2D = 1, SY_COPY_D2H = 2, SY_COPY_D2D = 3, SY_COPY_P2P = 4 };

/* Layout of conv2d's images; weights are always logical [k, c/groups, r, s]. */
enum { SY_IMAGE_ANY = 0, SY_IMAGE_NHWC = 1, SY_IMAGE_NCHW = 2 };

enum { SY_WEIGHTS_CONST = 0, SY_WEIGHTS_DYNAMIC = 1 };

/* Named sequences of posts. */
enum {
    SY_EPILOGUE_NONE = 0,
    SY_EPILOGUE_BIAS = 1,
    SY_EPILOGUE_BIAS_RELU = 2,
    SY_EPILOGUE_BIAS_GELU_ERF = 3,
    SY_EPILOGUE_BIAS_GELU_TANH = 4,
    SY_EPILOGUE_BIAS_SILU = 5,
    SY_EPILOGUE_RESIDUAL_RELU = 6,
    SY_EPILOGUE_DEQUANT = 7 /* s32 sums x row scale x column scale, to f16, bf16 or f32 */
};

/** gemm: C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C, row-major, `batch` of them. */
typedef struct sy_spec_gemm {
    int64_t m, n, k, batch;
    uint32_t ta, tb;
    double alpha, beta;
} sy_spec_gemm;

/** conv2d. Pairs are {vertical, horizontal}; pad is {top, left, bottom, right}. */
typedef struct sy_spec_conv {
    int64_t n, c, h, w, k, r, s;
    int64_t stride[2], pad[4], dilation[2], groups;
    uint32_t layout; /* SY_IMAGE_* */
} sy_spec_conv;

/** A problem as written. Fields that the op does not have are 0. */
typedef struct sy_spec {
    uint32_t op;                                   /* SY_SPEC_* */
    uint32_t dtype_a, dtype_b, dtype_c, dtype_acc; /* conv2d: input, weights, output; stream and copy: none */
    uint32_t math, weights, epilogue;
    union {
        sy_spec_gemm gemm;
        sy_spec_conv conv;
        struct {
            uint64_t bytes;
            uint32_t kind, pinned; /* SY_COPY_* */
        } copy;
        struct {
            uint64_t bytes;
            uint32_t kind; /* SY_STREAM_* */
        } stream;
        struct {
            uint64_t flop;
        } peak;
    } u;
} sy_spec;

/**
 * What a problem string takes where it is silent: `--dtype`, `--math`, `--weights`, `--layout` of the command
 * line. dtype is a text as written ("bf16", "s8:s8:f16:s32"); NULL: "f32".
 */
typedef struct sy_spec_defaults {
    const char *dtype;
    uint32_t math, weights, layout;
} sy_spec_defaults;

/** Longest canonical string with its NUL. */
#define SY_SPEC_TEXT_MAX 512u

/** SHA-256 as hex with its NUL, and the shortened form used as a key. */
#define SY_HASH_HEX_MAX 65u
#define SY_KEY_HEX_MAX 17u

#pragma GCC visibility push(default)

/**
 * Parse a problem string: `op:field=value,...`. Silent fields: gemm batch=1, ta=tb=0, alpha=1, beta=0; conv2d
 * stride=1, pad=0, dilation=1, groups=1; epilogue=none; copy pinned=1; the rest must be written. Sizes of
 * `bytes` and `flop` take K M G T (1024 for bytes, 1000 for flop); a pair is 1 or 2x1, pads 1, 2x1 (vertical,
 * horizontal) or 1x1x0x0 (top, left, bottom, right). `dtype=T` or `a:b:c[:acc]`; plain f16, bf16, f8 sum in
 * f32, plain f8e4m3 and f8e5m2 have the result in bf16 (f8e4m3:f8e4m3:bf16:f32: too little range for unscaled
 * results), plain s8 is s8:s8:s32:s32, plain u8 u8:s8:s32:s32, plain f64 sums in f64. Types that go together:
 * f64; f32; f16 (result f16, bf16, f32; sums f32 or f16); bf16 (result bf16, f16, f32); any two f8 (result
 * f8, f16, bf16, f32); s8 or u8 with s8 (result s32, or f16, bf16, f32 by epilogue=dequant; alpha = 1, beta =
 * 0 or 1). peak takes the same texts, and its result is its sums. Types and modes may be given in the string
 * itself (dtype=, math=, weights=, layout=) and win over `defaults` (NULL: f32, strict, const, any). The
 * result is validated: extents >= 1 (k of gemm
 * >= 0), sizes and FLOP within 2^62, output not empty, groups divide channels, types allowed together,
 * epilogue possible for the types.
 *
 * Errors  SY_INVALID_ARGUMENT names the field, what is there and what would be right; SY_OVERFLOW a size too
 * large; SY_UNSUPPORTED a combination of types that no arithmetic is defined for. *out_spec is zeroed on
 * error.
 */
sy_status sy_spec_parse(const char *text, const sy_spec_defaults *defaults, sy_spec *out_spec, sy_error *err);

/** The checks of sy_spec_parse() for a spec made by hand. */
sy_status sy_spec_validate(const sy_spec *spec, sy_error *err);

/**
 * Canonical string: every field of the op in a fixed order with its value, C locale, e.g.
 * gemm:m=1,n=2,k=3,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=f32:f32:f32:f32,math=strict,weights=const
 * Parsing it gives the same spec back, bit for bit. Doubles are written shortest that read back equal.
 * SY_INVALID_ARGUMENT if it does not fit `capacity` (SY_SPEC_TEXT_MAX always does).
 */
sy_status sy_spec_print(const sy_spec *spec, char *out_text, size_t capacity, sy_error *err);

/** Direct count: 2 m n k batch; 2 n k p q (c/groups) r s; peak's flop; 0 for copy and stream. */
sy_status sy_spec_flop(const sy_spec *spec, uint64_t *out_flop, sy_error *err);

/** Compulsory bytes: every input read once (C only if beta != 0), every output written once; stream counts
 * read 1x, triad 3x, fill 1x its bytes; copy 1x (what crosses the link once); peak 0. */
sy_status sy_spec_bytes(const sy_spec *spec, uint64_t *out_bytes, sy_error *err);

/** Output extents of a convolution: floor((h + pads - dilation (r - 1) - 1) / stride) + 1.
 * SY_INVALID_ARGUMENT if < 1. */
sy_status sy_spec_conv_output(const sy_spec_conv *conv, int64_t *out_p, int64_t *out_q, sy_error *err);

/* What an operand is to the caller. */
enum {
    SY_ROLE_ACTIVATION = 1, /* A of gemm, X of conv2d, stream inputs */
    SY_ROLE_WEIGHT = 2,     /* B of gemm, W of conv2d; constant under weights=const */
    SY_ROLE_OUTPUT = 3,     /* D, Y */
    SY_ROLE_ACCUMULATE = 4, /* C of gemm with beta != 0: same dims as D */
    SY_ROLE_BIAS = 5,
    SY_ROLE_RESIDUAL = 6,
    SY_ROLE_SCALE_ROW = 7,
    SY_ROLE_SCALE_COL = 8
};

/** A sy_problem with everything it points to, by value; copy it only through sy_spec_problem(). */
typedef struct sy_problem_storage {
    sy_problem problem;
    sy_tensor tensor[SY_MAX_TENSORS];
    uint32_t role[SY_MAX_TENSORS]; /* SY_ROLE_* of each tensor; 0 for an absent one */
    sy_post post[SY_MAX_POSTS];
    union {
        sy_gemm_attr gemm;
        sy_conv_attr conv;
        sy_stream_attr stream;
        sy_peak_attr peak;
    } attr;
} sy_problem_storage;

/**
 * Build the problem a backend is asked. Tensors are packed row-major; images get strides of their layout, or
 * SY_LAYOUT_ANY when the spec says any; weights are row-major [k, n] / [k, c/g, r, s] with SY_TENSOR_CONST
 * under weights=const. Bias and scales are f32 (f64 for f64 work); a residual has the output's type and
 * layout. `copy` is not work for a plan: SY_UNSUPPORTED. *out_storage points into itself.
 */
sy_status sy_spec_problem(const sy_spec *spec, sy_problem_storage *out_storage, sy_error *err);

/** Packed extent of a tensor in elements and bytes (strided or not), checked. */
sy_status sy_tensor_extent(
    const sy_tensor *tensor, uint64_t *out_elements, uint64_t *out_bytes, sy_error *err);

/** Give a rank-4 image tensor the strides of SY_IMAGE_NHWC or SY_IMAGE_NCHW, and any other packed row-major
 * ones. */
void sy_tensor_set_strides(sy_tensor *tensor, uint32_t image_layout);

/** SHA-256 of `bytes` bytes as 64 hex digits. */
void sy_hash_sha256(const void *data, size_t bytes, char out_hex[SY_HASH_HEX_MAX]);

/** First 16 hex digits of the SHA-256 of a text. */
void sy_hash_key(const char *text, char out_hex[SY_KEY_HEX_MAX]);

/** Names as written: op ("conv2d"), epilogue ("bias_relu"), image layout ("nhwc"), copy and stream kinds,
 * weights. */
const char *sy_spec_op_name(uint32_t op);
const char *sy_spec_epilogue_name(uint32_t epilogue);
const char *sy_spec_layout_name(uint32_t layout);
const char *sy_spec_copy_name(uint32_t kind);
const char *sy_spec_stream_name(uint32_t kind);
const char *sy_spec_weights_name(uint32_t weights);
/** Inverse for the command line; false if the name is unknown. */
bool sy_spec_layout_parse(const char *name, uint32_t *out_layout);
bool sy_spec_weights_parse(const char *name, uint32_t *out_weights);

#pragma GCC visibility pop

#endif
