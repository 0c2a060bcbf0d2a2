/*
 * Families of kernels: each knows one way to do some ops, as a function from a device's traits and a problem
 * to a recipe. Pure: no call of OpenCL, no state; the same arguments give the same recipe.
 */
#ifndef BACKENDS_OPENCL_FAMILY_H
#define BACKENDS_OPENCL_FAMILY_H

#include "backends/opencl/recipe.h"
#include "backends/opencl/traits.h"
#include "runtime/task/task.h"

/** Text of a family's parameters ("m6n2k256..."), as in the name of a variant. */
#define OCL_PARAMETERS_MAX 48u

/**
 * What a family is asked.
 *
 * task        layouts may be open or resolved; task.variant counts from 1, 0 is the family's own choice.
 * is_final    a plan is made: constant weights in strided form are read as they are. Else they may be wished
 *             private.
 * parameters  what the database of tuned devices says for this problem and family; "": nothing.
 */
typedef struct ocl_request {
    const ocl_traits *traits;
    const sy_task *task;
    bool is_final;
    const char *parameters;
} ocl_request;

/**
 * A family.
 *
 * ops       SY_OP_* bits (1 << op).
 * cook      Fill the recipe: it comes zeroed but for flop_ratio 1, n_layout and layout (the problem's own),
 * and name (the family's). Errors: SY_UNSUPPORTED with the reason; SY_UNAVAILABLE: task.variant is past the
 * last one.
 */
typedef struct ocl_family {
    const char *name;
    uint32_t ops;
    sy_status (*cook)(const ocl_request *request, ocl_recipe *recipe, sy_error *err);
} ocl_family;

extern const ocl_family ocl_clblast_family, ocl_core, ocl_tile, ocl_skinny, ocl_depthwise, ocl_stream,
    ocl_peak, ocl_reorder;

#endif
