/* What convolutions by descriptors take, of cuDNN's shape and of MIOpen's. */
#ifndef BACKENDS_CUDA_FAMILY_DNN_CHECK_H
#define BACKENDS_CUDA_FAMILY_DNN_CHECK_H

#include "backends/cuda_family/stack.h"
#include "runtime/card/convolution.h"

/** One floating-point type that the row has, summed in f32 (f64: in f64). SY_UNSUPPORTED with the reason. */
sy_status cf_dnn_check_types(const cf_dnn_row *row, const sy_task *task, sy_error *err);

/** Extents that 32 bits hold, none of 0, the same padding on both sides. SY_UNSUPPORTED with the reason. */
sy_status cf_dnn_check_sizes(const sy_card_convolution *conv, const char *name, sy_error *err);

#endif
