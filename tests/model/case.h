/* One of ONNX's test cases: a folder with model.onnx and test_data_set_N/input_M.pb, output_M.pb. */
#ifndef TESTS_MODEL_CASE_H
#define TESTS_MODEL_CASE_H

#include "tests/model/compare.h"

typedef enum case_verdict { CASE_PASSED, CASE_WRONG, CASE_REFUSED } case_verdict;

#define CASE_REASON_MAX 512u

/** Load the model, run every data set, compare. REFUSED: an error of ours, in `reason`. */
case_verdict case_run(const char *folder, case_tolerance tolerance, char reason[CASE_REASON_MAX]);

#endif
