/* Elements of any type and layout as packed f64, and back. */
#ifndef TESTS_VENDOR_SIM_COMMON_TENSOR_H
#define TESTS_VENDOR_SIM_COMMON_TENSOR_H

#include "tests/vendor_sim/common/arithmetic.h"

/** All elements in order of `dim`, rounded and scaled; NULL: the host has no memory. To be freed. */
double *sim_tensor_unpack(const sim_tensor *tensor, const int64_t dim[4], uint32_t rounding);
/** Write them; rounded once. */
void sim_tensor_pack(const sim_tensor *tensor, const int64_t dim[4], const double *values);

/** The factor of a tensor, 1 if it has none. */
double sim_tensor_scale(const sim_tensor *tensor);
double sim_activate(uint32_t activation, double value);
/** What the settings want instead of arithmetic. */
bool sim_skips(void);
bool sim_wants_nan(void);

#endif
