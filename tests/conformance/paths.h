/* Which register kernels of products a run of the kit has executed, by the names of their rows in the table
 * of choices. */
#ifndef TESTS_CONFORMANCE_PATHS_H
#define TESTS_CONFORMANCE_PATHS_H

#include <stdbool.h>

/** Forget which rows have been asked for since the last call. */
void paths_begin(void);

/** What was asked for since paths_begin() has been executed, with a right result if `is_right`. */
void paths_end(bool is_right);

/**
 * One line for each row that an instruction set of this build has: "path native NAME", "path emulated NAME"
 * or "path unproven NAME" (to stdout, and to the file that the variable STEELYARD_PATHS names), the last
 * where this run has not executed it. AVX-512 and AVX-VNNI are emulated in a build with STEELYARD_EMULATED.
 */
void paths_print(void);

#endif
