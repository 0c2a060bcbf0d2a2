/* The struct's fields, evened out over its forms, before they are judged. */
#ifndef BACKENDS_HORIZON_FACTS_H
#define BACKENDS_HORIZON_FACTS_H

#include "backends/horizon/tensor.h"

/** Fields of hbDNNTensorProperties. has_aligned: with aligned extents and a layout. has_strides: they were
 * written; -1: the user's to choose. */
typedef struct horizon_facts {
    uint32_t form;
    bool has_aligned, has_strides;
    int32_t rank, aligned_rank, layout, type, quantisation;
    int64_t dim[HORIZON_UCP_RANK], aligned[HORIZON_UCP_RANK], stride[HORIZON_UCP_RANK], aligned_bytes;
} horizon_facts;

/** Layouts of images. */
enum { HORIZON_NHWC = 0, HORIZON_NCHW = 2, HORIZON_NO_LAYOUT = 255 };

/** A type: its number in each generation (-1: it has none), and what it is here. */
typedef struct horizon_type {
    const char *name;
    int32_t dnn, ucp;
    uint32_t sort, dtype, bytes; /* bytes 0: not done */
} horizon_type;

/** The type of those facts, NULL if the number is none. */
const horizon_type *horizon_facts_type(const horizon_facts *facts);

/** Read the fields in the form that makes sense; false: none does, and `why` says how. */
bool horizon_facts_read(
    const horizon_raw *raw, bool is_ucp, horizon_facts *out_facts, char *why, size_t capacity);

#endif
