/* Which register kernels a run of the kit has executed: the functions of every row of the tables of products
 * (packed and open tiles, strips, lanes), of depthwise convolution and of Winograd's transforms. */
#ifndef TESTS_CONFORMANCE_PATHS_H
#define TESTS_CONFORMANCE_PATHS_H

#include <stdbool.h>

/** Forget what has been called since the last call. */
void paths_begin(void);

/** What has been called since paths_begin() is proven if the result `is_right`. */
void paths_end(bool is_right);

/**
 * One line for each path that this build has: "path native NAME ISA", "path emulated NAME ISA" or "path
 * unproven NAME ISA" (to stdout, and to the file that the variable STEELYARD_PATHS names), the last where
 * this run has not called it for a right result. NAME is that of a row of gemm_table*.c for its tile, else of
 * the function; ISA the level and the bits it needs (avx512+vnni). AVX-512 and AVX-VNNI are emulated in a
 * build with STEELYARD_EMULATED.
 */
void paths_print(void);

#endif
