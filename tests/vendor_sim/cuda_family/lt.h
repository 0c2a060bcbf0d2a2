/* The Lt library: descriptors, and what Matmul and its heuristic make of them. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_LT_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_LT_H

#include "tests/vendor_sim/cuda_family/gemm.h"

#define LT_DESC "lt_desc"
#define LT_LAYOUT "lt_layout"
#define LT_PREFERENCE "lt_preference"

#ifdef SIM_LT_NUMBERS_2
#define LT_TYPES "blas2"
#define LT_COMPUTES "compute2"
#else
#define LT_TYPES "blas"
#define LT_COMPUTES "compute"
#endif

enum { LT_EPILOGUE_NONE = 1, LT_EPILOGUE_RELU = 2, LT_EPILOGUE_BIAS = 4, LT_EPILOGUE_GELU = 32 };

/** Fields have the sizes of the attributes. */
typedef struct lt_desc {
    int32_t compute, scale, transa, transb;
    uint32_t epilogue;
    int32_t bias_type; /* < 0: that of D */
    const void *bias;
    const float *a_scale, *b_scale, *c_scale, *d_scale;
    int8_t fast;
} lt_desc;

typedef struct lt_layout {
    uint32_t type;
    int32_t order;
    uint64_t rows, cols;
    int64_t ld, stride;
    int32_t batch;
} lt_layout;

typedef struct lt_preference {
    uint64_t workspace;
    uint32_t align_a, align_b, align_c, align_d;
} lt_preference;

/** One multiplication as described. */
typedef struct lt_problem {
    const lt_desc *desc;
    const lt_layout *a, *b, *c, *d;
} lt_problem;

/** What an algorithm struct holds, the rest of it is 0. align: of all addresses, as promised to the
 * heuristic. */
typedef struct lt_algorithm {
    uint32_t magic;
    uint16_t index, align;
    uint64_t problem;
} lt_algorithm;

/** Whether the library can do it at all: strides and types into `gemm` (no addresses yet). */
verdict lt_check(const lt_problem *problem, sim_gemm *gemm);
/** A number that differs between problems. */
uint64_t lt_hash(const lt_problem *problem);
/** Workspace of an algorithm; UINT64_MAX: there is none of that number. */
uint64_t lt_workspace(uint32_t index);

#endif
