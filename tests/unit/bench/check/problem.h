/* Problems with a reference output made by kernels/reference, for tests of the check. */
#ifndef STEELYARD_TESTS_CHECK_PROBLEM_H
#define STEELYARD_TESTS_CHECK_PROBLEM_H

#include "bench/check/check.h"

/** A request whose output is owned here; `storage` and `output` are the test's to look at and to spoil. */
typedef struct problem {
    sy_spec spec;
    sy_problem_storage storage;
    uint64_t set[SY_MAX_TENSORS];
    sy_check_request request;
    void *output;
} problem;

/** Parse `text` and work its output out by the reference loops; budget_ns as in the request. Fails the test.
 */
void problem_open(const char *text, const sy_data_block *block, uint64_t budget_ns, problem *out_problem);
void problem_close(problem *at);

double problem_read(const problem *at, uint64_t element);
void problem_write(problem *at, uint64_t element, double value);

/** Run the check; fails the test unless the call itself is fine. */
sy_check_result problem_check(const problem *at);

#endif
