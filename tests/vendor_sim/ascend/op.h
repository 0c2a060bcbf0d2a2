/*
 * The inside of the simulated operators: objects, and the two phases. Phase one checks what it is given and
 * makes a plan of it, phase two enqueues the plan. Functions want the lock held but for as_plan_begin(),
 * which takes it, and run(), which works without. Codes are aclnnStatuses.
 */
#ifndef TESTS_VENDOR_SIM_ASCEND_OP_H
#define TESTS_VENDOR_SIM_ASCEND_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/vendor_sim/ascend/aclnn.h"
#include "tests/vendor_sim/ascend/ascend.h"

#define AS_RANK_MAX 8u
#define AS_TENSORS_MAX 10u

/* Kinds of objects. */
#define AS_TENSOR "tensor"
#define AS_SCALAR "scalar"
#define AS_INTS "int_array"
#define AS_EXECUTOR "executor"

/** Strides and offset in elements. */
typedef struct as_tensor {
    int type, format;
    uint32_t rank, storage_rank;
    int64_t dim[AS_RANK_MAX], stride[AS_RANK_MAX], storage[AS_RANK_MAX], offset;
    void *memory;
} as_tensor;

typedef struct as_scalar {
    double value;
} as_scalar;

#define AS_INTS_MAX 32u
typedef struct as_ints {
    int64_t value[AS_INTS_MAX];
    uint64_t count;
} as_ints;

typedef struct as_plan as_plan;

/** The work. view[i]: the first element of tensor i, NULL where there is none. 0, or what the stream fails
 * with. */
typedef int (*as_run)(const as_plan *plan, char *const *view);

/** What an executor does. handle NULL: an optional tensor that was not given. */
struct as_plan {
    const char *op; /* of phase two */
    int device;
    uint32_t count;
    as_tensor tensor[AS_TENSORS_MAX];
    const void *handle[AS_TENSORS_MAX];
    bool is_out[AS_TENSORS_MAX];
    double number[2];
    int64_t integer[12];
    uint32_t rounding; /* of f32 inputs, SIM_ROUND_* */
    double flop, moved;
    bool skips, spoils; /* the settings skip=1, nan=1 */
    as_run run;
    uint64_t *out_workspace;
    aclOpExecutor **out_executor;
};

typedef struct as_executor {
    as_plan plan;
    uint64_t workspace;
    bool is_repeatable;
} as_executor;

#pragma GCC visibility push(default)

/* type.c */
/** Bytes of an element; 0: no type that the simulation knows. */
uint32_t as_type_bytes(int type);
bool as_type_is_float(int type);
/** SY_* of it, for common/arithmetic.h; 0: there is none. */
uint32_t as_type_common(int type);
double as_element_get(int type, const void *element);
void as_element_set(int type, void *element, double value);

/* tensor.c */
/** Elements of the view; bytes from its first to behind its last; whether they are packed. */
int64_t as_tensor_elements(const as_tensor *tensor);
uint64_t as_tensor_bytes(const as_tensor *tensor);
bool as_tensor_is_packed(const as_tensor *tensor);
bool as_tensor_has_shape(const as_tensor *tensor, uint32_t rank, const int64_t *dim);
/** Offset in bytes of an element whose indices are those of a tensor of another rank, aligned at the last
 * dimension; a dimension of 1 is repeated. */
int64_t as_tensor_at(const as_tensor *tensor, uint32_t rank, const int64_t *index);
/** The next index in row-major order; false past the last. */
bool as_next(uint32_t rank, const int64_t *dim, int64_t *index);

/* plan.c */
/** Begin phase one of `op`. */
int as_plan_begin(as_plan *plan, const char *function, const char *op, uint64_t *out_workspace,
    aclOpExecutor **out_executor);
/** End it: an executor of the plan, if code is 0. Returns the code. */
int as_plan_end(as_plan *plan, int code);
/** Add a tensor. An optional one may be NULL. */
int as_plan_add(as_plan *plan, const aclTensor *tensor, bool is_out, bool is_optional);
/** An array of integers: `least` to `most` of them. */
int as_plan_ints(const aclIntArray *array, uint64_t least, uint64_t most, const as_ints **out_ints);
int as_plan_scalar(const aclScalar *scalar, double *out_value);
/** ACLNN_ERR_PARAM_INVALID, with a reason. */
__attribute__((format(printf, 1, 2))) int as_refuse(const char *format, ...);

/* first.c */
/** Take the time of a first use, if there is one at that moment: "plan" or "run". */
void as_first_time(const as_plan *plan, const char *when);

/* executor.c */
/** Phase two of `op`. */
int as_launch(const char *op, void *workspace, uint64_t bytes, aclOpExecutor *executor, aclrtStream stream);

#pragma GCC visibility pop

#endif
