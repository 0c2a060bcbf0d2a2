/* The kernels' text, put into the program when it is built (sources.cmake). */
#ifndef BACKENDS_OPENCL_SOURCES_H
#define BACKENDS_OPENCL_SOURCES_H

#include <stddef.h>

/** A file of kernels/opencl: its name without the ending, its text (NUL-terminated) and length. */
typedef struct ocl_source_text {
    const char *name, *text;
    size_t length;
} ocl_source_text;

/** All files, by name; the last entry has name NULL. Defined by the generated file. */
extern const ocl_source_text ocl_source_texts[];

/** The file of that name, NULL if there is none. */
const ocl_source_text *ocl_source_find(const char *name);

#endif
