/* Compiled programs: shared by the plans of a device, and kept for a while when none uses them. */
#ifndef BACKENDS_OPENCL_PROGRAM_H
#define BACKENDS_OPENCL_PROGRAM_H

#include "backends/opencl/opencl.h"

/** A program, known by the digest of all that it comes from (device, driver, options, text). */
typedef struct ocl_program {
    cl_program handle;
    unsigned char key[32];
    uint32_t references;
    struct ocl_program *next;
} ocl_program;

/**
 * The program of a recipe: one that the device has, one kept on disk, or a new one, which is then kept.
 * *out_compile_ns: host time in the driver's compiler; 0: it was there.
 *
 * The compiler is told -cl-std: 3.0 where it knows that, else 1.2, unless the recipe's options name one.
 *
 * Errors  SY_UNSUPPORTED: the driver's compiler refuses the text or the options; the reason is its first
 * error. SY_INTERNAL: the recipe names a source that is not there, or is longer than it may be.
 *         SY_OUT_OF_MEMORY, SY_LOST: see ocl_fail().
 */
sy_status ocl_program_get(sy_device *device, const ocl_recipe *recipe, ocl_program **out_program,
    uint64_t *out_compile_ns, sy_error *err);

/** Give it back; NULL is fine. */
void ocl_program_release(sy_device *device, ocl_program *program);

/** Release all that are idle: before the device is closed, when it has no plan any more. */
void ocl_programs_close(sy_device *device);

#endif
