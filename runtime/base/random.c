/* Seeded generators: SplitMix64 to spread a seed, xoshiro256** for the sequence. */
#include "runtime/base/random.h"

#include <math.h>

static uint64_t rotate_left(uint64_t value, int bits) {
    return (value << bits) | (value >> (64 - bits));
}

uint64_t sy_random_mix(uint64_t value) {
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

void sy_random_seed(sy_random *random, uint64_t seed, uint64_t stream) {
    uint64_t value = sy_random_mix(seed) ^ sy_random_mix(~stream);
    for (int i = 0; i < 4; i++) {
        value = sy_random_mix(value);
        random->word[i] = value;
    }
    random->word[0] |= 1; /* an all-zero state would stay zero */
}

uint64_t sy_random_next(sy_random *random) {
    uint64_t *s = random->word;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t sy_random_below(sy_random *random, uint64_t bound) {
    if (bound == 0)
        return 0;
    uint64_t reject_under = (0 - bound) % bound;
    uint64_t value;
    do
        value = sy_random_next(random);
    while (value < reject_under);
    return value % bound;
}

double sy_random_unit(sy_random *random) {
    return (double)(sy_random_next(random) >> 11) * 0x1p-53;
}

double sy_random_normal(sy_random *random) {
    double x, y, square;
    do {
        x = 2.0 * sy_random_unit(random) - 1.0;
        y = 2.0 * sy_random_unit(random) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    return x * sqrt(-2.0 * log(square) / square);
}
