/* The sides of a contraction as definitions and arguments of kernels (kernels/opencl/sides.cl). */
#ifndef BACKENDS_OPENCL_SIDES_H
#define BACKENDS_OPENCL_SIDES_H

#include "backends/opencl/contraction.h"
#include "backends/opencl/recipe.h"

/* Which of a side's strides is known to be 1. */
enum { OCL_UNIT_NONE = 0, OCL_UNIT_DEPTH = 1, OCL_UNIT_LINE = 2 };

/** The one that is 1, of a strided side (depth first, if both are); of an image the channel (DEPTH) or the
 * column (LINE). Panels: LINE. */
uint32_t ocl_side_unit(const ocl_contraction *c, const ocl_side *side);

/**
 * Define L_T, L_LOAD, L_LOADV, L_FORM, L_UNIT, L_WIDTH (of panels, else 1), the same for R, and IMAGE_ORDER.
 * Sources element and sides are appended.
 */
void ocl_define_sides(ocl_recipe *recipe, const ocl_contraction *c);

/** Append the arguments of SIDES_PARAMS; ocl_image_args() those of IMAGE_PARAMS, none where no side is an
 * image. A kernel's parameters are: SIDES_PARAMS, FINISH_PARAMS IMAGE_PARAMS. `members` is c->inner: batch
 * member i is outer i / members, inner i % members. */
void ocl_sides_args(ocl_step *step, const ocl_contraction *c);
void ocl_image_args(ocl_step *step, const ocl_contraction *c);

#endif
