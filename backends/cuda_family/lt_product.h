/* A product as Lt's descriptors, for one set of operands. */
#ifndef BACKENDS_CUDA_FAMILY_LT_PRODUCT_H
#define BACKENDS_CUDA_FAMILY_LT_PRODUCT_H

#include "backends/cuda_family/compute.h"
#include "backends/cuda_family/family.h"

/** Answers of the heuristic that are asked for, each a candidate. */
#define CF_LT_ANSWERS 8u

/** Room for one answer, of any stack. */
#define CF_LT_RESULT_BYTES 128u

/** What Lt calls A, B, C, D: our B, A, C or residual, D. NULL: not made yet. */
typedef struct cf_lt_objects {
    void *desc, *layout[4], *preference;
} cf_lt_objects;

/** An answer: an algorithm as the library's bytes, its workspace, and what it calls it. */
typedef struct cf_lt_answer {
    _Alignas(16) unsigned char algo[CF_LT_RESULT_BYTES];
    uint64_t workspace_bytes;
    char implementation[64];
} cf_lt_answer;

/**
 * Make the descriptors. `bias`: address of the bias on the device, NULL where there is none yet.
 * alignment: what every operand's address is a multiple of, in bytes.
 * Errors: as sy_card_code_error(); release with cf_lt_objects_free() in any case.
 */
sy_status cf_lt_objects_make(sy_device *device, const sy_card_product *product, const cf_compute *compute,
    const void *bias, uint32_t alignment, cf_lt_objects *out_objects, sy_error *err);
void cf_lt_objects_free(sy_device *device, cf_lt_objects *objects);

/** Answer `index` of the heuristic. SY_UNAVAILABLE: there are fewer. SY_UNSUPPORTED: none at all. */
sy_status cf_lt_ask(
    sy_device *device, const cf_lt_objects *objects, uint32_t index, cf_lt_answer *out_answer, sy_error *err);

/** Whether Lt can be asked for this product: types, epilogue, which operands must lie transposed. Errors:
 * SY_UNSUPPORTED with the reason. */
sy_status cf_lt_check(const sy_device *device, const sy_card_product *product, sy_error *err);

/** Whether Hopper and Ada want every operand dense along k for this type. */
bool cf_lt_wants_dense_k(uint32_t dtype);

#endif
