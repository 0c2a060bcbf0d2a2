/* MIOpen: the same descriptors, other names and orders; filters are tensors. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_MIOPEN_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_MIOPEN_H

#include "tests/vendor_sim/cuda_family/dnn.h"

#define MIOPEN_SOLUTIONS 3

/** `base` first: the shared rules look at it. compiled, found: what was prepared, by number of the problem.
 */
typedef struct miopen_handle {
    dnn_handle base;
    uint64_t compiled[MIOPEN_SOLUTIONS], found;
} miopen_handle;

/** A problem with the parts that MIOpen has no descriptors of; not to be copied. */
typedef struct miopen_problem {
    dnn_problem problem;
    dnn_filter filter;
    dnn_conv conv;
    uint64_t number; /* differs between problems */
} miopen_problem;

/** From the four descriptors; false if one is none. */
bool miopen_problem_of(void *w, void *x, void *conv, void *y, miopen_problem *out);
/** Algorithm and workspace of a solution; false if there is none of that id. */
bool miopen_solution_of(
    const miopen_problem *problem, uint64_t id, int *out_index, int *out_algorithm, uint64_t *out_workspace);
/** Id of the solution of that index. */
uint64_t miopen_id(int index);

#endif
