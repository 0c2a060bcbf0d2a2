/* Which families are offered for a problem on a device, in which order, with which variants. Knows no op. */
#ifndef BACKENDS_OPENCL_CANDIDATES_H
#define BACKENDS_OPENCL_CANDIDATES_H

#include "backends/opencl/family.h"
#include "backends/opencl/opencl.h"

/** A list has no more candidates. */
#define OCL_CANDIDATES_MAX 64u

/** A family's place in the device's table, from 1, and a variant, 0: the family's own choice. */
typedef struct ocl_candidate {
    uint32_t place, variant;
} ocl_candidate;

/** The list for the problem that was asked for last: a host asks for one candidate after the other. */
typedef struct ocl_candidates {
    sy_task task;
    uint32_t count;
    bool is_valid;
    ocl_candidate candidate[OCL_CANDIDATES_MAX];
} ocl_candidates;

/**
 * Candidate `index` for a task: the families that do its op, those first that the database of tuned devices
 * names, then in the order of the table; behind them the variants of the first ones that take the problem.
 * false: past the end. Any thread.
 */
bool ocl_candidate_at(sy_device *device, const sy_task *task, uint32_t index, ocl_candidate *out_candidate);

/** The family at a place, if it does `op`; NULL: there is none. */
const ocl_family *ocl_candidate_family(const sy_device *device, uint32_t place, uint32_t op);

/** Let the candidate's family cook for a task. Errors: the family's; SY_UNSUPPORTED: it does not promise what
 * the task wants. */
sy_status ocl_candidate_cook(const sy_device *device, ocl_candidate candidate, const sy_task *task,
    bool is_final, ocl_recipe *out_recipe, sy_error *err);

#endif
