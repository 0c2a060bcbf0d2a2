/* Does the check see what it says it sees, and accuse nobody else? Run by tests and by the `audit` verb. */
#ifndef STEELYARD_CHECK_SELFTEST_H
#define STEELYARD_CHECK_SELFTEST_H

#include "bench/check/check.h"

/**
 * What came out.
 *
 * honest, accused   simulated honest results that were checked, and those called wrong (must be 0)
 * faults, missed    broken results that the check claims to see, and those it called right (must be 0)
 * weak              broken results that it said beforehand it may not see
 * verified          the honest result counted as verified
 * first             the first failure in words, "" if there is none
 */
typedef struct sy_check_self_test_report {
    uint32_t honest, accused, faults, missed, weak;
    bool verified;
    char first[320];
} sy_check_self_test_report;

/**
 * Make honest results of `spec` by software arithmetic (in index order, blocked, in lanes, truncated where
 * the types allow it), break each in every known way (zeros, one element off by 1.5 x the smallest error
 * claimed, a 16x16 tile of another input set, the last 4 of k dropped, transposed if square, gain 1.01, sign)
 * and check all of them. Adds to *report; zero it first.
 *
 * level, budget_ns  as in sy_check_request; a small budget makes a small problem be checked like a large one
 * Cost     about 10 ns a FLOP: give it problems under 1e8 FLOP. Memory: two matrices in f64, three outputs.
 * Errors   SY_OUT_OF_MEMORY; those of sy_check_run(). A missed fault is no error of the call.
 */
sy_status sy_check_self_test(const sy_spec *spec, const sy_data_block *block, uint64_t seed, uint32_t level,
    uint64_t budget_ns, sy_check_self_test_report *report, sy_error *err);

#endif
