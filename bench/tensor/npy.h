/* NumPy's .npy files. Source: NumPy, NEP 1 and the module numpy.lib.format. */
#ifndef STEELYARD_TENSOR_NPY_H
#define STEELYARD_TENSOR_NPY_H

#include "bench/tensor/host.h"

/**
 * Read a file of format 1 to 3: plain little-endian numbers in C order. *out_tensor:
 * sy_host_tensor_release(); empty on error. Errors, each with the path: SY_IO; SY_INVALID_ARGUMENT: no such
 * file, damaged, or numbers of a kind that is not read; SY_OVERFLOW; SY_OUT_OF_MEMORY.
 */
sy_status sy_npy_read(const char *path, sy_host_tensor *out_tensor, sy_error *err);

/** Write a file, format 1; what is there is replaced. bf16, which NumPy has not, becomes its two bytes (V2).
 * Errors: SY_IO. */
sy_status sy_npy_write(const char *path, const sy_host_tensor *tensor, sy_error *err);

#endif
