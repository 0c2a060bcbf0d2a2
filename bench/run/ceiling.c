/* Setting rows against the ceilings of their device. */
#include "bench/run/ceiling.h"

#include <math.h>
#include <stdio.h>

void sy_ceilings_init(sy_ceilings *out_ceilings) {
    for (size_t i = 0; i < SY_DTYPE_COUNT; i++)
        out_ceilings->flop_per_s[i] = NAN;
    out_ceilings->byte_per_s = NAN;
}

bool sy_ceiling_problem(const sy_spec *spec, uint64_t flop, char *out_text, size_t capacity) {
    if (spec->op != SY_SPEC_GEMM && spec->op != SY_SPEC_CONV2D)
        return false;
    snprintf(out_text, capacity, "peak:flop=%llu,dtype=%s", (unsigned long long)flop,
        sy_dtype_name(spec->dtype_a));
    return true;
}

void sy_ceiling_memory_problem(uint64_t cache_bytes, char *out_text, size_t capacity) {
    uint64_t bytes = UINT64_C(4) * cache_bytes;
    uint64_t least = UINT64_C(256) << 20, most = UINT64_C(4) << 30;
    bytes = bytes < least ? least : bytes > most ? most : bytes;
    snprintf(out_text, capacity, "stream:bytes=%llu,kind=read", (unsigned long long)bytes);
}

void sy_ceiling_fractions(const sy_ceilings *ceilings, const sy_spec *spec, uint64_t flop, uint64_t byte,
    double seconds, double *out_of_ceiling, double *out_of_roofline) {
    *out_of_ceiling = NAN;
    *out_of_roofline = NAN;
    if (!(seconds > 0.0))
        return;
    if (flop == 0) {
        *out_of_ceiling = (double)byte / seconds / ceilings->byte_per_s;
        return;
    }
    double peak = ceilings->flop_per_s[spec->dtype_a];
    double roof_s = fmax((double)flop / peak, (double)byte / ceilings->byte_per_s);
    *out_of_ceiling = (double)flop / seconds / peak;
    *out_of_roofline = isnan(peak) || isnan(ceilings->byte_per_s) ? NAN : roof_s / seconds;
}
