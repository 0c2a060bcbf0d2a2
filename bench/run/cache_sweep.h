/* How large a device's last-level cache is, where the device does not tell: from read rates over growing
 * arrays. */
#ifndef STEELYARD_RUN_CACHE_SWEEP_H
#define STEELYARD_RUN_CACHE_SWEEP_H

#include <stddef.h>
#include <stdint.h>

/**
 * The largest array that is read clearly faster than memory (1.4 times the rate of the largest arrays), in
 * bytes.
 *
 * bytes, rate   `count` array sizes, growing, and their read rates in any unit; a rate may be NaN (not
 * measured). Result        0 if there is no such array: no cache shows, or nothing was measured. Method
 * working-set sweep, as in Saavedra & Smith, IEEE Transactions on Computers 44(10), 1995, on rates.
 */
uint64_t sy_cache_sweep_knee(const uint64_t *bytes, const double *rate, size_t count);

#endif
