/* Small seeded generators: same sequence on every machine, no state but the caller's. Not for secrets. */
#ifndef STEELYARD_BASE_RANDOM_H
#define STEELYARD_BASE_RANDOM_H

#include <stdint.h>

/** State of one generator (xoshiro256**, Blackman & Vigna, ACM TOMS 47(4), 2021). */
typedef struct sy_random {
    uint64_t word[4];
} sy_random;

/** SplitMix64's mix of one value: a hash of 64 bits onto 64 bits (Steele, Lea & Flood, OOPSLA 2014). */
uint64_t sy_random_mix(uint64_t value);

/** Start a generator. Different (seed, stream) give unrelated sequences. */
void sy_random_seed(sy_random *random, uint64_t seed, uint64_t stream);

/** Next 64 random bits. */
uint64_t sy_random_next(sy_random *random);

/** Uniform in [0, bound), without bias; 0 if bound is 0. */
uint64_t sy_random_below(sy_random *random, uint64_t bound);

/** Uniform in [0, 1), 53 bits. */
double sy_random_unit(sy_random *random);

/** Standard normal (polar method, Marsaglia & Bray 1964). */
double sy_random_normal(sy_random *random);

#endif
