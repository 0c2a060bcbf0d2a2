/* cmocka's assertion for doubles, which Debian's version lacks. Include after cmocka.h. */
#ifndef STEELYARD_TESTS_NEAR_H
#define STEELYARD_TESTS_NEAR_H

#include <math.h>

/** Fail unless |value - expected| <= tolerance; NaN never passes. */
#define assert_near(expected, value, tolerance)                                                              \
    check_near((expected), (value), (tolerance), #value, __FILE__, __LINE__)

static inline void check_near(
    double expected, double value, double tolerance, const char *text, const char *file, int line) {
    if (fabs(value - expected) <= tolerance)
        return;
    print_error("%s:%d: %s is %.17g, expected %.17g +- %g\n", file, line, text, value, expected, tolerance);
    _fail(file, line);
}

#endif
