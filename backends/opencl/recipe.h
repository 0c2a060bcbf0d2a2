/*
 * What it takes to solve a problem on a device, as plain values: sources with their definitions, launches
 * with their arguments, the layouts wanted. Made by families (family.h) without any call of OpenCL; plan.c
 * builds it.
 */
#ifndef BACKENDS_OPENCL_RECIPE_H
#define BACKENDS_OPENCL_RECIPE_H

#include "steelyard/backend.h"

/* Kinds of kernel arguments. */
enum {
    OCL_ARG_OPERAND = 1, /* two arguments of the kernel: the buffer of tensor `index`, and a ulong: its offset
                            in elements of `bytes` each */
    OCL_ARG_SCRATCH = 2, /* the same two for the workspace from byte `index64` on, elements of `bytes` each */
    OCL_ARG_INT = 3,     /* cl_int */
    OCL_ARG_LONG = 4,    /* cl_long */
    OCL_ARG_FLOAT = 5,
    OCL_ARG_DOUBLE = 6,
    OCL_ARG_LOCAL = 7 /* local memory of `bytes` bytes */
};

typedef struct ocl_arg {
    uint32_t kind, index;
    uint64_t bytes, index64;
    int64_t integer;
    double real;
} ocl_arg;

#define OCL_ARGS_MAX 80u
#define OCL_STEPS_MAX 3u
#define OCL_SOURCES_MAX 12u

/** One kernel launch. A global size of 0 somewhere: nothing to do, it is left out. local all 0: the driver
 * chooses. */
typedef struct ocl_step {
    char kernel[40];
    uint32_t dims, args;
    uint64_t global[3], local[3];
    ocl_arg arg[OCL_ARGS_MAX];
} ocl_step;

/** The recipe. Fields without a comment are those of sy_algorithm. */
typedef struct ocl_recipe {
    char name[64], implementation[64];
    uint32_t flags, math, n_layout;
    uint32_t layout[SY_MAX_TENSORS];
    const struct ocl_peer *peer; /* not NULL: a library does the work (peer.h); there are no steps then */
    double flop_ratio, bound_factor;
    uint64_t workspace_bytes;
    const char *source[OCL_SOURCES_MAX]; /* files in kernels/opencl without .cl, in order */
    uint32_t sources, steps;
    uint32_t failed;    /* something did not fit */
    char options[128];  /* of the compiler, besides -cl-std */
    char defines[6144]; /* the text before the sources */
    uint64_t defines_length;
    ocl_step step[OCL_STEPS_MAX];
} ocl_recipe;

/** Append to the definitions; too many set recipe->failed, which plan.c reports. */
__attribute__((format(printf, 2, 3))) void ocl_define(ocl_recipe *recipe, const char *format, ...);

/** Append a source; one that is there already is not taken twice. */
void ocl_source(ocl_recipe *recipe, const char *name);

/** Append a step; its arguments are then appended in the order of the kernel's. */
ocl_step *ocl_step_add(ocl_recipe *recipe, const char *kernel);
void ocl_arg_operand(ocl_step *step, uint32_t tensor, uint32_t dtype);
void ocl_arg_scratch(ocl_step *step, uint64_t offset_bytes, uint64_t element_bytes);
void ocl_arg_int(ocl_step *step, int64_t value);
void ocl_arg_long(ocl_step *step, int64_t value);
void ocl_arg_float(ocl_step *step, double value);
void ocl_arg_double(ocl_step *step, double value);
void ocl_arg_local(ocl_step *step, uint64_t bytes);

/** Global and local sizes of a step, in units of work-groups: global = groups x local. */
void ocl_step_groups(ocl_step *step, const uint64_t groups[3], const uint64_t local[3]);

/** Whether a step has anything to do: no global size is 0. */
static inline bool ocl_step_has_work(const ocl_step *step) {
    for (uint32_t i = 0; i < step->dims; i++)
        if (step->global[i] == 0)
            return false;
    return true;
}

#endif
