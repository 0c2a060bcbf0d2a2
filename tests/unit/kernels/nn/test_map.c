#include "kernels/nn/nn.h"
#include "tests/support/slow.h"
#include "tests/unit/kernels/gemm/elements.h"

#include <float.h>

/* Reference values in f64; p as the kernel's. */
static double plain(uint32_t kind, double x, const float p[SY_NN_PARAMS]) {
    double a = (double)p[0], b = (double)p[1];
    switch (kind) {
    case SY_NN_RELU: return x < 0 ? 0 : x;
    case SY_NN_LEAKY: return x < 0 ? a * x : x;
    case SY_NN_CLIP: return fmin(fmax(x, a), b);
    case SY_NN_AFFINE: return a * x + b;
    case SY_NN_ELU: return x < 0 ? b * a * expm1(x) : b * x;
    case SY_NN_CELU: return x < 0 ? a * expm1(x / a) : x;
    case SY_NN_SIGMOID: return 1 / (1 + exp(-x));
    case SY_NN_SWISH: return x / (1 + exp(-a * x));
    case SY_NN_HARD_SIGMOID: return fmin(fmax(a * x + b, 0), 1);
    case SY_NN_HARD_SWISH: return x * fmin(fmax(x / 6 + 0.5, 0), 1);
    case SY_NN_TANH: return tanh(x);
    case SY_NN_ERF: return erf(x);
    case SY_NN_GELU_ERF: return 0.5 * x * erfc(-x * M_SQRT1_2);
    case SY_NN_EXP: return exp(x);
    case SY_NN_LOG: return log(x);
    case SY_NN_SOFTPLUS: return fmax(x, 0) + log1p(exp(-fabs(x)));
    case SY_NN_MISH: return x * tanh(fmax(x, 0) + log1p(exp(-fabs(x))));
    case SY_NN_SQRT: return sqrt(x);
    case SY_NN_ABS: return fabs(x);
    case SY_NN_NEG: return -x;
    case SY_NN_RECIPROCAL: return 1 / x;
    case SY_NN_SOFTSIGN: return x / (1 + fabs(x));
    case SY_NN_FLOOR: return floor(x);
    case SY_NN_CEIL: return ceil(x);
    case SY_NN_ROUND: return rint(x);
    default: return pow(x, a);
    }
}

/* Units in the last place of the f32 result, of the smallest normal at least. */
static double units(float found, double expected) {
    double size = fmax(fabs(expected), (double)FLT_MIN);
    return fabs((double)found - expected) / (ldexp(1, ilogb(size) - 23));
}

/* The largest error over `count` numbers from low to high, evenly spread; where it is. */
static double worst(
    const sy_nn *nn, uint32_t kind, const float p[SY_NN_PARAMS], double low, double high, float *where) {
    enum { STEPS = 200, COUNT = 499 };
    double most = 0;
    for (int s = 0; s < STEPS; s += slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 7)) {
        float x[COUNT], y[COUNT];
        for (int i = 0; i < COUNT; i++)
            y[i] = x[i] = (float)(low + (high - low) * (s * COUNT + i) / ((double)STEPS * COUNT));
        nn->map(kind, y, COUNT, p);
        for (int i = 0; i < COUNT; i++) {
            double error = units(y[i], plain(kind, (double)x[i], p));
            if (error > most) {
                most = error;
                *where = x[i];
            }
        }
    }
    return most;
}

typedef struct bound {
    uint32_t kind;
    float p[SY_NN_PARAMS];
    double low, high, most;
} bound;

static const bound bounds[] = {
    {SY_NN_EXP, {0}, -87, 88.7, 1.1},
    {SY_NN_EXP, {0}, -103.5, -87, 1.1},
    {SY_NN_EXP, {0}, -1, 1, 1.1},
    {SY_NN_LOG, {0}, 1e-30, 4, 1.1},
    {SY_NN_LOG, {0}, 4, 3e38, 1.1},
    {SY_NN_LOG, {0}, 1e-45, 1.2e-38, 1.1},
    {SY_NN_TANH, {0}, -10, 10, 1.5},
    {SY_NN_ERF, {0}, -5, 5, 3},
    {SY_NN_ERF, {0}, -0.01, 0.01, 3},
    {SY_NN_SIGMOID, {0}, -87, 87, 2.5},
    {SY_NN_SOFTPLUS, {0}, -87, 90, 2.1},
    {SY_NN_MISH, {0}, -15, 25, 5},
    {SY_NN_GELU_ERF, {0}, -1, 10, 6},
    {SY_NN_GELU_ERF, {0}, -5, -1, 13},
    {SY_NN_GELU_ERF, {0}, -12, -5, 70},
    {SY_NN_ELU, {1, 1}, -30, 3, 1.1},
    {SY_NN_CELU, {1.5f, 0}, -30, 3, 2.1},
    {SY_NN_SWISH, {1.702f, 0}, -20, 20, 36},
    {SY_NN_POWER, {-0.75f, 0}, 0.5, 100, 6},
    {SY_NN_POWER, {2.5f, 0}, 1e-3, 1e3, 28},
    {SY_NN_RELU, {0}, -2, 2, 0},
    {SY_NN_LEAKY, {0.25f, 0}, -2, 2, 0},
    {SY_NN_CLIP, {-0.5f, 1.25f}, -2, 2, 0},
    {SY_NN_AFFINE, {0.5f, 0.25f}, 0, 2, 1},
    {SY_NN_HARD_SIGMOID, {0.25f, 0.5f}, 0, 4, 1},
    {SY_NN_HARD_SWISH, {0}, -2, 4, 3},
    {SY_NN_SQRT, {0}, 0, 9, 0.5},
    {SY_NN_ABS, {0}, -2, 2, 0},
    {SY_NN_NEG, {0}, -2, 2, 0},
    {SY_NN_RECIPROCAL, {0}, 0.25, 9, 0.5},
    {SY_NN_SOFTSIGN, {0}, -2, 2, 2},
    {SY_NN_FLOOR, {0}, -9, 9, 0},
    {SY_NN_CEIL, {0}, -9, 9, 0},
    {SY_NN_ROUND, {0}, -9, 9, 0},
};

static void errors_are_within_what_is_promised(void **state) {
    (void)state;
    uint32_t isas[MAX_ISAS];
    int count = usable_isas(isas);
    for (int i = 0; i < count; i++)
        for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
            float where = 0;
            double most = worst(
                sy_nn_find(isas[i]), bounds[b].kind, bounds[b].p, bounds[b].low, bounds[b].high, &where);
            if (!(most <= bounds[b].most))
                fail_msg("%s: kind %u is %g units off at %.9g, at most %g", sy_isa_name(isas[i]),
                    bounds[b].kind, most, (double)where, bounds[b].most);
        }
}

/* The same bits wherever an element is in a row: no vector, no tail is another function. */
static void an_element_does_not_depend_on_its_place(void **state) {
    (void)state;
    enum { MOST = 67 };
    uint32_t isas[MAX_ISAS];
    int count = usable_isas(isas);
    for (int i = 0; i < count; i++)
        for (uint32_t kind = SY_NN_RELU; kind <= SY_NN_POWER; kind++) {
            const float p[SY_NN_PARAMS] = {0.75f, 1.5f}, x = 0.8125f;
            float first = x;
            sy_nn_find(isas[i])->map(kind, &first, 1, p);
            for (int n = 0; n <= MOST; n += slow_step(SLOW_EMULATOR, 3)) {
                guarded row = guarded_create((size_t)n, SY_ELEMENT_F32);
                float *y = (float *)row.data;
                for (int j = 0; j < n; j++)
                    y[j] = x;
                sy_nn_find(isas[i])->map(kind, y, n, p);
                for (int j = 0; j < n; j++)
                    assert_memory_equal(&y[j], &first, sizeof first);
                guarded_destroy(&row);
            }
        }
}

static void another_level_is_served_by_generic_kernels(void **state) {
    (void)state;
    assert_int_equal(sy_nn_find(77)->level, SY_ISA_GENERIC);
    for (size_t i = 0; i < MAX_ISAS; i++)
        if (sy_isa_is_built(known_isas[i]))
            assert_int_equal(sy_nn_find(known_isas[i])->level, known_isas[i] & SY_ISA_LEVEL_MASK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_within_what_is_promised),
        cmocka_unit_test(an_element_does_not_depend_on_its_place),
        cmocka_unit_test(another_level_is_served_by_generic_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
