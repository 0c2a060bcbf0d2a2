/* One of ONNX's test cases: a folder with model.onnx and test_data_set_N/input_M.pb, output_M.pb. */
#ifndef TESTS_MODEL_CASE_H
#define TESTS_MODEL_CASE_H

#include "tests/model/compare.h"
#include "tests/model/data_set.h"

typedef enum case_verdict { CASE_PASSED, CASE_WRONG, CASE_REFUSED } case_verdict;

#define CASE_REASON_MAX 512u

/**
 * Load the model, run every data set, compare. REFUSED: an error of ours, in `reason`.
 * is_compiled  false: operator by operator; true: compiled for the processor and run as users do.
 */
case_verdict case_run(
    const char *folder, bool is_compiled, case_tolerance tolerance, char reason[CASE_REASON_MAX]);

/** The two ways of running one data set: outputs into `out` (data in `arena`), their number. */
sy_status case_evaluate(const sy_network *network, const data_set *set, sy_net_arena *arena,
    sy_net_tensor out[DATA_PORTS_MAX], uint32_t *out_count, sy_error *err);
sy_status case_execute(const sy_network *network, const data_set *set, sy_net_arena *arena,
    sy_net_tensor out[DATA_PORTS_MAX], uint32_t *out_count, sy_error *err);

#endif
