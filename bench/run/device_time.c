/* Device times against host times. */
#include "bench/run/device_time.h"

#include <math.h>
#include <stdio.h>

#include "bench/run/ceiling.h"

void sy_device_time_compare(sy_device_time *sum, const double *host_ns, const double *device_ns, size_t count,
    uint64_t launches, double resolution_ns) {
    double steps_ns = resolution_ns > 0.0 && launches > 0 ? 2.0 * resolution_ns / (double)launches : 0.0;
    sum->batches += count;
    for (size_t i = 0; i < count; i++) {
        if (!(device_ns[i] > 0.0) || isinf(device_ns[i])) {
            sum->untold++;
            continue;
        }
        if (device_ns[i] > host_ns[i] * (1.0 + SY_DEVICE_TIME_OVER) + steps_ns)
            sum->longer++;
        sum->worst = fmax(sum->worst, device_ns[i] / host_ns[i]);
    }
}

bool sy_device_time_believed(const sy_device_time *sum, double host_ns, double device_ns, double of_ceiling,
    char out_reason[SY_DEVICE_TIME_REASON_MAX]) {
    int length = 0;
    if (sum->untold > 0)
        length = snprintf(out_reason, SY_DEVICE_TIME_REASON_MAX,
            "the timer told no time of %zu of %zu batches", sum->untold, sum->batches);
    else if (sum->longer > 0)
        length = snprintf(out_reason, SY_DEVICE_TIME_REASON_MAX,
            "longer than the host's time of the same batch in %zu of %zu, up to %.4g times", sum->longer,
            sum->batches, sum->worst);
    else if (!(device_ns >= host_ns * (1.0 - SY_DEVICE_TIME_UNDER)))
        length = snprintf(out_reason, SY_DEVICE_TIME_REASON_MAX,
            "%.3g %% of the host's time of the same batches: late launches or a wrong timer",
            100.0 * device_ns / host_ns);
    else if (of_ceiling > SY_CEILING_SLACK)
        length = snprintf(
            out_reason, SY_DEVICE_TIME_REASON_MAX, "it would be %.4g %% of the ceiling", 100.0 * of_ceiling);
    else
        out_reason[0] = '\0';
    return length == 0;
}
