/*
 * What a library says of a tensor, read out of its struct and held against itself. Its layout differs between
 * versions and is known from manuals alone: a struct that makes no sense is refused, never believed.
 */
#ifndef BACKENDS_HORIZON_TENSOR_H
#define BACKENDS_HORIZON_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/horizon/api.h"
#include "steelyard/backend.h"

/** Room for a struct larger than any known: what is written behind the known part gives it away. */
enum { HORIZON_RAW_BYTES = 512 };

typedef struct horizon_raw {
    _Alignas(8) unsigned char byte[HORIZON_RAW_BYTES];
} horizon_raw;

/** Layouts of the struct: without strides; with them; UCP's. */
enum { HORIZON_FORM_EARLY = 0, HORIZON_FORM_DNN = 1, HORIZON_FORM_UCP = 2 };

/** Bytes of hbDNNTensorProperties and of hbDNNTensor in a form, and of the memories that the latter begins
 * with. */
size_t horizon_form_properties(uint32_t form);
size_t horizon_form_tensor(uint32_t form);

/* Sorts of tensors: elements; an image of one plane of bytes, rows padded to 16; the same with a plane of
 * half the rows behind it (NV12). */
enum { HORIZON_SORT_PLAIN = 0, HORIZON_SORT_GRAY = 1, HORIZON_SORT_NV12 = 2 };

/**
 * A tensor as the interface sees it, and where its elements lie in the library's memory: `stride` bytes
 * apart, in `bytes` of it. is_dense: they lie there as the interface wants them.
 */
typedef struct horizon_tensor {
    uint32_t form, sort, dtype, element_bytes, rank;
    int64_t dim[SY_MAX_RANK], stride[SY_MAX_RANK];
    uint64_t dense_bytes, bytes;
    bool is_dense;
} horizon_tensor;

/** A struct that was not written yet: zeros, and marks behind what all forms have. */
void horizon_raw_clear(horizon_raw *raw);

/**
 * Read what the library wrote. is_ucp: by its calls it is of that generation. Sets in `raw` what the user of
 * a tensor has to: strides that the model leaves open, the extents of an image's rows. Returns SY_OK;
 * SY_UNSUPPORTED with the reason in `why` ("is an image of two planes"): a tensor that the interface has no
 * words for; SY_INCOMPATIBLE: the struct makes no sense.
 */
sy_status horizon_tensor_read(
    horizon_raw *raw, bool is_ucp, horizon_tensor *out_tensor, char *why, size_t capacity);

/** Copy all elements, from dense memory into the library's (is_input) or back. */
void horizon_tensor_move(
    const horizon_tensor *tensor, unsigned char *inside, unsigned char *outside, bool is_input);

#endif
