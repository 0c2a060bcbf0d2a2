/* What follows the sums: alpha, C, posts and the store, as definitions and arguments of kernels. */
#ifndef BACKENDS_OPENCL_POST_H
#define BACKENDS_OPENCL_POST_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/element.h"
#include "backends/opencl/recipe.h"

/**
 * Define, for the element (row, col) of the batch member that FINISH_BEGIN was told:
 *   REAL                         float or double: what posts compute in; absent integers stay int
 * (FINISH_IS_INT) FINISH_PARAMS                the kernel's parameters: D, C, operands of posts, their
 * strides, alpha, beta FINISH_BEGIN(outer, inner);  moves the pointers; once a work-item FINISH(sum, row,
 * col);       alpha, C, posts, store of one element; sum is an ACC (float, double or int) FINISHV(sum, row,
 * col);      VW elements from col on; only if FINISH_VECTOR is defined: columns of D and of what it is made
 * from lie side by side Wants element.cl.
 */
void ocl_define_finish(ocl_recipe *recipe, const ocl_contraction *c);

/** Append the arguments of FINISH_PARAMS. */
void ocl_finish_args(ocl_step *step, const ocl_contraction *c);

#endif
