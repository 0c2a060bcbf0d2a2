/* `steelyard compare --calibrate`: how much a build differs from itself. */
#include "bench/verbs/compare_job.h"

int sy_compare_calibrate(sy_compare_job *job) {
    (void)job;
    return 1;
}
