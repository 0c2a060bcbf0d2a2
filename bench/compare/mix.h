/* Numbers mixed into keys of hash tables. */
#ifndef STEELYARD_BENCH_COMPARE_MIX_H
#define STEELYARD_BENCH_COMPARE_MIX_H

#include <stdint.h>

/** Two numbers as one whose bits all depend on both. Source: the finaliser of SplitMix64 (Steele, Lea &
 * Flood, OOPSLA 2014). */
static inline uint64_t sy_mix(uint64_t a, uint64_t b) {
    uint64_t x = a + (b + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/** The same with a text that is kept once (intern.h): equal texts are equal pointers. */
static inline uint64_t sy_mix_text(uint64_t a, const char *kept_text) {
    return sy_mix(a, (uint64_t)(uintptr_t)kept_text);
}

#endif
