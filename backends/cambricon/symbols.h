/* Functions looked up by the names that the versions of Neuware give them. */
#ifndef BACKENDS_CAMBRICON_SYMBOLS_H
#define BACKENDS_CAMBRICON_SYMBOLS_H

#include "backends/cambricon/api.h"
#include "runtime/base/dynlib.h"

/** Groups of CNNL's functions: a library does what it has a whole group of. */
typedef enum cambricon_group {
    CAMBRICON_MATMUL,
    CAMBRICON_BATCH, /* besides MATMUL */
    CAMBRICON_CONV,
    CAMBRICON_OP_TENSOR,
    CAMBRICON_ACTIVATION,
    CAMBRICON_GROUPS
} cambricon_group;

/** What a library lacks of each group, as names; "": nothing. */
typedef struct cambricon_lacks {
    char of[CAMBRICON_GROUPS][192];
} cambricon_lacks;

/** SY_INCOMPATIBLE: from before CNRT 6, or functions that nothing works without are missing. */
sy_status cambricon_cnrt_bind(const sy_dynlib *library, cambricon_cnrt *out_api, sy_error *err);

/** SY_INCOMPATIBLE: not even handles and descriptors of tensors. */
sy_status cambricon_cnnl_bind(
    const sy_dynlib *library, cambricon_cnnl *out_api, cambricon_lacks *out_lacks, sy_error *err);

#endif
