/* Programs that run many times slower than usual take each so many of a long list. */
#ifndef STEELYARD_TESTS_SLOW_H
#define STEELYARD_TESTS_SLOW_H

/** What makes a program slow; STEELYARD_SLOW, a set of these, comes from the build. */
enum {
    SLOW_ADDRESS = 1, /* the address sanitizer */
    SLOW_THREAD = 2,  /* the thread sanitizer */
    SLOW_EMULATOR = 4 /* another processor's program, under an emulator */
};

/** The step of a loop, or the divisor of a count: `step` where the program is slow by one of `by`, else 1. */
static inline int slow_step(unsigned by, int step) {
    return (by & STEELYARD_SLOW) != 0 ? step : 1;
}

#endif
