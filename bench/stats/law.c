/* Tails and quantiles of the few laws that the intervals need: from tails that the C library or a continued
 * fraction gives, inverted by a few steps; a comparison wants some of them for each of its rows. */
#include "bench/stats/law.h"

#include <math.h>
#include <stdbool.h>

static const double square_root_of_half = 0.70710678118654752440;

/* Start: Abramowitz & Stegun 26.2.23, off by less than 4.5e-4; each of Halley's steps triples the digits. */
double sy_normal_quantile(double p) {
    if (!(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? -INFINITY : INFINITY;
    double tail = p < 0.5 ? p : 1.0 - p; /* solve where the tail is small: no cancellation */
    double r = sqrt(-2.0 * log(tail));
    double x = r - (2.515517 + r * (0.802853 + r * 0.010328)) /
                       (1.0 + r * (1.432788 + r * (0.189269 + r * 0.001308)));
    for (int step = 0; step < 3; step++) {
        double excess = 0.5 * erfc(x * square_root_of_half) / tail - 1.0;
        double newton = excess * tail / (0.39894228040143267794 * exp(-0.5 * x * x));
        x += newton / (1.0 - 0.5 * x * newton);
    }
    return p < 0.5 ? -x : x;
}

/* Continued fraction of the incomplete beta function, evaluated from the front (modified Lentz). */
static double beta_fraction(double a, double b, double x) {
    const double tiny = 1e-300;
    double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m <= 500; m++) {
        for (int odd = 0; odd <= 1; odd++) {
            double k = m, two = 2.0 * k;
            double term = odd ? -(a + k) * (a + b + k) * x / ((a + two) * (a + two + 1.0))
                              : k * (b - k) * x / ((a + two - 1.0) * (a + two));
            d = 1.0 + term * d;
            d = 1.0 / (fabs(d) < tiny ? tiny : d);
            c = 1.0 + term / c;
            c = fabs(c) < tiny ? tiny : c;
            value *= c * d;
        }
        if (fabs(c * d - 1.0) < 1e-15)
            break;
    }
    return value;
}

/* I_x(a, b). */
static double incomplete_beta(double a, double b, double x) {
    if (x <= 0.0 || x >= 1.0)
        return x <= 0.0 ? 0.0 : 1.0;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1.0) / (a + b + 2.0))
        return front * beta_fraction(a, b, x) / a;
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b;
}

/* P(T > t) for t >= 0. */
static double student_tail(double t, double freedom) {
    return 0.5 * incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t));
}

double sy_student_cdf(double t, double freedom) {
    if (isnan(t) || !(freedom > 0.0))
        return NAN;
    return t < 0.0 ? student_tail(-t, freedom) : 1.0 - student_tail(t, freedom);
}

/* Where to begin: the expansion around the normal quantile, below the answer or close to it. */
static double student_start(double tail, double freedom) {
    double z = -sy_normal_quantile(tail), z3 = z * z * z;
    double second =
        freedom >= 3.0 ? (5.0 * z3 * z * z + 16.0 * z3 + 3.0 * z) / (96.0 * freedom * freedom) : 0.0;
    return z + (z3 + z) / (4.0 * freedom) + second;
}

/* Newton's steps on the upper tail, which falls and is convex, within the bracket that the steps so far give.
 */
double sy_student_quantile(double p, double freedom) {
    if (!(p > 0.0 && p < 1.0) || !(freedom >= 1.0))
        return NAN;
    double tail = p < 0.5 ? p : 1.0 - p;
    if (tail == 0.5)
        return 0.0;
    double low = 0.0, high = INFINITY, t = student_start(tail, freedom);
    double scale =
        exp(lgamma(0.5 * freedom + 0.5) - lgamma(0.5 * freedom)) / sqrt(freedom * 3.14159265358979323846);
    for (int step = 0; step < 200; step++) {
        double excess = student_tail(t, freedom) - tail;
        low = excess > 0.0 ? t : low;
        high = excess > 0.0 ? high : t;
        double density = scale * exp(-0.5 * (freedom + 1.0) * log1p(t * t / freedom));
        double next = t + excess / density;
        if (!(next >= low && next <= high))
            next = isinf(high) ? 2.0 * t + 1.0 : 0.5 * (low + high);
        bool is_close = fabs(next - t) <= 1e-6 * next; /* the error left is of the order of its square */
        t = next;
        if (is_close)
            break;
    }
    return p < 0.5 ? -t : t;
}

double sy_binomial_cdf(long k, size_t n, double p) {
    if (k < 0 || p >= 1.0)
        return k >= 0 && (size_t)k >= n ? 1.0 : 0.0;
    if ((size_t)k >= n || p <= 0.0)
        return 1.0;
    if ((double)k > (double)n * p) /* far above the mean the first term below may be too small for a double */
        return 1.0 - sy_binomial_cdf((long)n - k - 1, n, 1.0 - p);
    double count = (double)n, odds = (1.0 - p) / p, at = (double)k;
    double term = exp(lgamma(count + 1.0) - lgamma(at + 1.0) - lgamma(count - at + 1.0) + at * log(p) +
                      (count - at) * log1p(-p));
    double sum = 0.0;
    for (; at >= 0.0 && term > 0.0; at -= 1.0) { /* downwards: P(X = i - 1) from P(X = i) */
        sum += term;
        term *= at / (count - at + 1.0) * odds;
        if (at < count * p && term < sum * 1e-17)
            break;
    }
    return sum < 1.0 ? sum : 1.0;
}
