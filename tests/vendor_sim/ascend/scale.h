/* Scales of quantised products. */
#ifndef TESTS_VENDOR_SIM_ASCEND_SCALE_H
#define TESTS_VENDOR_SIM_ASCEND_SCALE_H

#include "tests/vendor_sim/ascend/op.h"

/** The scale of an index (of every one, if there is only one), of floats or as aclnnTransQuantParamV2() packs
 * it; out_offset, where it is packed: the offset, too. May be NULL. */
double as_scale_at(const as_tensor *scale, const char *view, int64_t index, double *out_offset);

#endif
