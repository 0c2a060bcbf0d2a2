/*
 * The database of tuned devices: what `steelyard tune --export` has written, in backends/opencl/tuned (part
 * of the program) and in a file of the user's. For a problem on a device: the family and parameters that were
 * fastest for the most similar problem, on this very device, else on one of the same vendor and kind, else on
 * one of the same kind.
 */
#ifndef BACKENDS_OPENCL_TUNED_H
#define BACKENDS_OPENCL_TUNED_H

#include "backends/opencl/family.h"
#include "backends/opencl/opencl.h"

/** Sizes may be off by so many doublings in all, for an entry to be taken. */
#define OCL_TUNED_DISTANCE_MAX 2.5

/** "core", "m6n2d256r96c256"; parameters "": the family's own choice was the best. */
typedef struct ocl_advice {
    char family[16], parameters[OCL_PARAMETERS_MAX];
} ocl_advice;

typedef struct ocl_tuned ocl_tuned;

/**
 * Read what is there for a device: the user's file (NULL or "": none) before the program's own. What cannot
 * be read or is no such file is left out, with a line in the log. Errors: SY_OUT_OF_MEMORY.
 */
sy_status ocl_tuned_open(const sy_backend *backend, const ocl_traits *traits, const char *user_file,
    ocl_tuned **out_tuned, sy_error *err);
void ocl_tuned_close(ocl_tuned *tuned);

/** What to do with a task; false: nothing similar is known. Depends on no layout of constant weights. */
bool ocl_tuned_find(const ocl_tuned *tuned, const sy_task *task, ocl_advice *out_advice);

/**
 * Take the entries of one JSON text (schema steelyard.tuned/1) that hold for a device; `name` is for
 * messages. Errors: SY_INVALID_ARGUMENT: it is no such text; SY_OUT_OF_MEMORY. What was taken before stays.
 */
sy_status ocl_tuned_read(ocl_tuned *tuned, const ocl_traits *traits, const char *name, const char *text,
    size_t length, sy_error *err);

/** An empty database, for ocl_tuned_read(); NULL: no memory. */
ocl_tuned *ocl_tuned_create(void);

#endif
