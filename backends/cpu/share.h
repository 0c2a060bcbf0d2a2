/* Splitting a range over the parts of a pool, always in the same way, so that memory stays near its thread.
 */
#ifndef BACKENDS_CPU_SHARE_H
#define BACKENDS_CPU_SHARE_H

#include <stdint.h>

/** From `begin` up to, not including, `end`. */
typedef struct sy_cpu_share {
    uint64_t begin, end;
} sy_cpu_share;

/** Share `part` of `parts` of 0 .. total-1, in whole units of `unit` (the last one may be short); shares
 * differ by at most one unit. */
static inline sy_cpu_share sy_cpu_share_of(uint64_t total, uint64_t unit, int part, int parts) {
    uint64_t units = total / unit + (total % unit != 0);
    uint64_t each = units / (uint64_t)parts, extra = units % (uint64_t)parts, index = (uint64_t)part;
    uint64_t first = each * index + (index < extra ? index : extra);
    uint64_t last = first + each + (index < extra);
    return (sy_cpu_share){
        .begin = first < units ? first * unit : total, .end = last < units ? last * unit : total};
}

#endif
