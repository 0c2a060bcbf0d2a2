/* The kernels and the database of tuned devices as text, put into the program when it is built
 * (sources.cmake). */
#ifndef BACKENDS_OPENCL_SOURCES_H
#define BACKENDS_OPENCL_SOURCES_H

#include <stddef.h>

/** A file: its name without the ending, its text (NUL-terminated) and length. */
typedef struct ocl_source_text {
    const char *name, *text;
    size_t length;
} ocl_source_text;

/** All files of kernels/opencl, and of backends/opencl/tuned; the last entry of each has name NULL. Defined
 * by generated files. */
extern const ocl_source_text ocl_source_texts[], ocl_tuned_texts[];

/** The kernel file of that name, NULL if there is none. */
const ocl_source_text *ocl_source_find(const char *name);

#endif
