/* The order of each operator's arguments. */
#ifndef BACKENDS_ASCEND_ARGUMENTS_H
#define BACKENDS_ASCEND_ARGUMENTS_H

#include "backends/ascend/call.h"

/* clang-format off */
/**
 * Phase one of the call's operator with its objects: fills launch->bytes and launch->executor. Returns the
 * vendor's code. Views, scalars and lists of a call are in this order:
 *
 *   Matmul, Mm, BatchMatMul  A B D
 *   Addmm                    C A B D; scalars beta, alpha
 *   QuantMatmulV3            A B scale D
 *   QuantMatmulV4, V5        A B scale row-scale D
 *   Convolution              X W bias Y; lists stride, padding, dilation, output padding
 *   Add                      B C A; scalar alpha
 *   InplaceCopy              from to
 */
/* clang-format on */
int ascend_phase_one(void (*function)(void), const ascend_call *call, ascend_launch *launch);

#endif
