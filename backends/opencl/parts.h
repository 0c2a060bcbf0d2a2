/* Products whose k is cut into parts, summed by different work-groups: partial sums in the workspace, and a
 * second step that adds them in order and finishes (kernels/opencl/parts.cl). */
#ifndef BACKENDS_OPENCL_PARTS_H
#define BACKENDS_OPENCL_PARTS_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/fetch.h"
#include "backends/opencl/recipe.h"

#define OCL_PARTS_MAX 64u

/** Whether k can be cut into that many parts: elements of D and of the batch can be counted by an int, and
 * partial sums fit a buffer of the device. 1 part is always possible. */
bool ocl_parts_fit(const ocl_traits *traits, const ocl_contraction *c, uint32_t parts);

/** Append the arguments RESULT_PARAMS of the first step: the parts' place, or if there is only one part those
 * of what follows the sums. */
void ocl_parts_args(ocl_step *step, const ocl_contraction *c, uint32_t parts);

/** Append the source and the second step, and set the workspace; nothing for one part. Wants the definitions
 * of cells, of what follows the sums, and of SPLIT. */
void ocl_parts_step(ocl_recipe *recipe, const ocl_traits *traits, const ocl_contraction *c, uint32_t parts);

#endif
