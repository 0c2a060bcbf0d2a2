/* Checks of what has no product: copies byte by byte, streams and the sums of a ceiling by value. */
#ifndef STEELYARD_CHECK_PLAIN_H
#define STEELYARD_CHECK_PLAIN_H

#include "bench/check/check.h"

/**
 * Compare what a copy delivered with what it was given, all bytes. `verified` unless bytes is 0 or the source
 * is one byte throughout (then a copy that did nothing could pass). Cost: a memcmp.
 */
void sy_check_bytes(const void *expected, const void *actual, uint64_t bytes, sy_check_result *out_result);

/**
 * The output of `stream` and `peak`; sy_check_run() comes here for them.
 *
 *   triad  B + 3 C within two roundings of f32;  fill  1.5 exactly; both at all elements up to 2^24, beyond
 *          that at pieces of 4096 spread over all, first and last included
 *   read   the sums' total against that of the input, within 8 deviations: a share left out shows
 *   peak   numbers, all finite; never `verified`: what the chains compute is the backend's own
 *
 * Errors   SY_UNSUPPORTED for another op; SY_INVALID_ARGUMENT as sy_check_run().
 */
sy_status sy_check_plain_run(const sy_check_request *request, sy_check_result *out_result, sy_error *err);

#endif
