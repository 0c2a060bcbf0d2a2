/* Wraps and resets told apart. */
#include "bench/energy/unwrap.h"

#include "runtime/base/error.h"

sy_status sy_energy_unwrap_next(sy_energy_unwrap *unwrap, long double count, sy_error *err) {
    long double before = unwrap->last, step = count - before;
    unwrap->last = count;
    if (!unwrap->is_started) {
        unwrap->is_started = true;
        return SY_OK;
    }
    if (step < 0) {
        step += unwrap->range;
        if (step < 0 || step >= unwrap->range / 2)
            return sy_error_set(err, SY_INTERNAL,
                "the counter went back from %.6Lf to %.6Lf, which is no wrap", before, count);
    }
    unwrap->total += step;
    return SY_OK;
}
