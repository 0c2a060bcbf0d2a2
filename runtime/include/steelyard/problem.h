/*
 * A problem as it crosses the plugin ABI: an op, its tensors, its attributes, what follows it (post).
 * Plain values; std headers only. The written form ("gemm:m=512,...") and its arithmetic are in spec.h.
 */
#ifndef STEELYARD_PROBLEM_H
#define STEELYARD_PROBLEM_H

#include "steelyard/types.h"

/*
 * Ops, as uint32_t: an op that a backend does not know is SY_UNSUPPORTED. Numbers are ABI.
 * Tensor order of each: inputs, then outputs. A tensor that may be absent has SY_TENSOR_ABSENT and no more.
 */
enum {
    SY_OP_GEMM =
        1, /* in: A[batch,m,k] B[batch,k,n] C[batch,m,n]|absent; out: D[batch,m,n]. attr sy_gemm_attr */
    SY_OP_CONV = 2, /* in: X[n,c,h,w] W[k,c/g,r,s]; out: Y[n,k,p,q]. attr sy_conv_attr; 1 to 3 spatial dims */
    SY_OP_STREAM = 3, /* memory rates, 1-D tensors; attr sy_stream_attr says which and the operands */
    SY_OP_PEAK =
        4, /* register-resident multiply-adds; in: none; out: one 1-D tensor of sums. attr sy_peak_attr */
    SY_OP_REORDER = 5, /* in: X; out: Y. Same logical values in another layout; no attr */
    SY_OP_POOL = 6,    /* in: X[n,c,h,w]; out: Y. attr sy_pool_attr */
    SY_OP_SOFTMAX = 7, /* in: X; out: Y. attr sy_axis_attr */
    SY_OP_LSTM =
        8, /* in: X[t,n,i] W[d,4h,i] R[d,4h,h] B|absent H0|absent C0|absent; out: Y H C. attr sy_rnn_attr */
};

/* Layout of a tensor: strided, the backend's choice, or (bit 31) a private one by the plugin's own number. */
enum { SY_LAYOUT_STRIDED = 0, SY_LAYOUT_ANY = 1 };
#define SY_LAYOUT_PRIVATE UINT32_C(0x80000000)

/* Flags of a tensor. */
enum {
    SY_TENSOR_CONST = 1,    /* same values for the life of the plan: may be prepared once by SY_OP_REORDER */
    SY_TENSOR_ABSENT = 2,   /* an optional operand that is not there */
    SY_TENSOR_MAY_ALIAS = 4 /* may share memory with the tensor at the same index of the outputs */
};

#define SY_MAX_RANK 8u
#define SY_MAX_TENSORS 16u
#define SY_MAX_POSTS 8u

/**
 * One operand: logical dimensions in the op's order (images N C H W whatever the memory order is).
 *
 * dim         logical extents, >= 0; beyond `rank` unspecified.
 * stride      in elements, for SY_LAYOUT_STRIDED only; channels-last images are expressed by strides.
 *             0 means broadcast and is legal for inputs alone.
 * host_value  a small constant known now (scale, zero point): `dim` product elements of dtype, packed, valid
 *             during the call only; NULL otherwise.
 */
typedef struct sy_tensor {
    uint32_t size, dtype, layout, rank, flags, reserved;
    int64_t dim[SY_MAX_RANK], stride[SY_MAX_RANK];
    const void *host_value;
} sy_tensor;

/*
 * What is applied to the result, in order, before it is rounded to the output type. `operand` is an index
 * into `tensor` (an extra input) or SY_NO_OPERAND. "Element" below is the f32 (f64 for f64 work) value so
 * far.
 */
#define SY_NO_OPERAND UINT32_MAX
enum {
    SY_POST_BIAS = 1,      /* + operand[n] (gemm: column; conv: output channel) */
    SY_POST_ADD = 2,       /* + operand, same shape and layout as the output (residual) */
    SY_POST_RELU = 3,      /* max(x, 0); NaN stays NaN */
    SY_POST_CLIP = 4,      /* min(max(x, a), b) */
    SY_POST_SILU = 5,      /* x / (1 + e^-x) */
    SY_POST_GELU_ERF = 6,  /* x/2 (1 + erf(x / sqrt 2)) */
    SY_POST_GELU_TANH = 7, /* x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) */
    SY_POST_SCALE_ROW = 8, /* * operand[m] (dequantisation: activation scale per row; conv: per image) */
    SY_POST_SCALE_COL = 9, /* * operand[n] (weight scale per column; conv: per output channel) */
    SY_POST_REQUANT = 10,  /* round(x * a) + b, saturated to the output type */
    SY_POST_SIGMOID = 11,
    SY_POST_TANH = 12,
};
typedef struct sy_post {
    uint32_t kind, operand;
    float a, b;
} sy_post;

/** D = post(alpha op(A) op(B) + beta C). Tensors give op(A), op(B) as m x k, k x n logically; a transpose is
 * a stride. */
typedef struct sy_gemm_attr {
    uint32_t size, trans_a, trans_b, reserved; /* trans_*: the operand lies transposed in memory; information,
                                                  the strides say the same */
    double alpha, beta;                        /* beta == 0: C is not read */
} sy_gemm_attr;

/** Convolution (cross-correlation: the filter is not flipped). Entry 0 is the outermost spatial dimension. */
typedef struct sy_conv_attr {
    uint32_t size, groups, spatial, transposed; /* spatial: 1, 2 or 3 */
    int64_t stride[3], dilation[3], pad_lo[3], pad_hi[3];
} sy_conv_attr;

/* Streams: which operands there are follows from the kind. Elements are f32 (bytes / 4 of them). */
enum {
    SY_STREAM_READ =
        1, /* in: X; out: one f32 a thread or more, a sum that keeps the reads alive. bytes moved: X */
    SY_STREAM_TRIAD = 2, /* in: B C; out: A = B + s C, s = 3. bytes: 3 x the operand's */
    SY_STREAM_FILL = 3   /* in: none; out: A = 1.5. bytes: A */
};
typedef struct sy_stream_attr {
    uint32_t size, kind, operand_count, reserved;
    uint64_t bytes; /* of one operand */
} sy_stream_attr;

/**
 * A ceiling by microkernel: at least `flop` FLOP of independent multiply-add chains on every unit of the
 * device. The algorithm's flop_ratio tells how many were really done. Input type in `dtype_in`, sums in
 * `dtype_acc`.
 */
typedef struct sy_peak_attr {
    uint32_t size, dtype_in, dtype_acc, reserved;
    uint64_t flop;
} sy_peak_attr;

/** Pooling over the spatial dimensions. */
typedef struct sy_pool_attr {
    uint32_t size, kind, spatial, count_include_pad; /* kind: 1 max, 2 average */
    int64_t window[3], stride[3], dilation[3], pad_lo[3], pad_hi[3];
} sy_pool_attr;

/** An op along one axis (softmax: 1 if log-softmax). */
typedef struct sy_axis_attr {
    uint32_t size, axis, log, reserved;
} sy_axis_attr;

/** Recurrent layer. Gate order as ONNX (LSTM: i o f c). direction: 0 forward, 1 reverse, 2 both (d = 2). */
typedef struct sy_rnn_attr {
    uint32_t size, direction, hidden, reserved;
} sy_rnn_attr;

/* Flags of a problem. */
enum { SY_PROBLEM_DETERMINISTIC = 1 };

/**
 * A problem. All pointers belong to the caller and are valid during the call only; a plan copies what it
 * needs.
 *
 * must_understand  bits for appended fields that change the meaning and are in use; a callee that does not
 *                  know a set bit answers SY_UNSUPPORTED. None is defined in version 1.
 * tensor           n_in inputs, then n_out outputs, at most SY_MAX_TENSORS. Operands of `post` are further
 *                  inputs: they come after the op's own inputs, within n_in.
 * acc_dtype        type in which products are summed.
 * math             widest lowering allowed (SY_MATH_*).
 */
typedef struct sy_problem {
    uint32_t size, op;
    uint64_t must_understand;
    const sy_tensor *tensor;
    uint32_t n_in, n_out;
    const void *attr; /* begins with its own size */
    const sy_post *post;
    uint32_t n_post, acc_dtype, math, flags;
} sy_problem;

#endif
