/* Softmax and its kin, and the normalisations. */
#include "tests/unit/runtime/model/ops/trial.h"

static const uint32_t reals[] = {SY_F32, SY_F64, SY_F16, SY_BF16};
enum { REALS = sizeof reals / sizeof reals[0] };

static double close_of(uint32_t dtype) {
    return dtype == SY_F32 ? 2e-6 : dtype == SY_F16 ? 2e-3 : dtype == SY_BF16 ? 2e-2 : 1e-7;
}

/* Softmax of x over groups of `count` numbers that are `step` apart, into y; a group begins at every element
 * whose place among `count * step` is below step. */
static void soften(const double *x, int total, int count, int step, bool is_log, double *y) {
    for (int i = 0; i < total; i++) {
        int first = i / (count * step) * count * step + i % step;
        double sum = 0;
        for (int j = 0; j < count; j++)
            sum += exp(x[first + j * step] - x[i]);
        y[i] = is_log ? -log(sum) : 1 / sum;
    }
}

enum { TOTAL = 2 * 3 * 40 };
static void fill(double *x) {
    for (int i = 0; i < TOTAL; i++)
        x[i] = (i * 7 % 23 - 11) / 4.0;
}

static void softmax_along(uint32_t opset, int64_t axis, int count, int step) {
    double x[TOTAL], y[TOTAL];
    fill(x);
    for (int is_log = 0; is_log < 2; is_log++)
        for (int i = 0; i < REALS; i++) {
            trial t;
            trial_open(&t, is_log ? "LogSoftmax" : "Softmax", opset);
            trial_int(&t, "axis", axis);
            trial_in(&t, reals[i], DIMS(2, 3, 40), (trial_numbers){x, TOTAL});
            soften(x, TOTAL, count, step, is_log, y);
            trial_gives(&t, reals[i], DIMS(2, 3, 40), (trial_numbers){y, TOTAL}, close_of(reals[i]));
            trial_close(&t);
        }
}

static void softmax_before_and_since_13(void **state) {
    (void)state;
    softmax_along(13, -1, 40, 1);
    softmax_along(13, 1, 3, 40);
    softmax_along(13, 0, 2, 120);
    softmax_along(11, 1, 120, 1);
    softmax_along(11, 2, 40, 1);
    softmax_along(11, 0, 240, 1);
    trial t;
    trial_open(&t, "Softmax", 11); /* an axis after the last: rows of one */
    trial_int(&t, "axis", 1);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1, 2, 3));
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(1), 0);
    trial_close(&t);
}

static void softmax_of_special_values(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open(&t, "Softmax", 13);
        trial_in(&t, reals[i], DIMS(3, 2), NUMBERS(10000, 10000, 0, -INFINITY, NAN, 1));
        trial_gives(&t, reals[i], DIMS(3, 2), NUMBERS(0.5, 0.5, 1, 0, NAN, NAN), 1e-6);
        trial_close(&t);
    }
    trial_open(&t, "Softmax", 13);
    trial_in(&t, SY_F32, DIMS(2, 0), NOTHING);
    trial_gives(&t, SY_F32, DIMS(2, 0), NOTHING, 0);
    trial_close(&t);
    trial_open(&t, "LogSoftmax", 13); /* longer than any block */
    trial_in(&t, SY_F32, DIMS(1, 5000), NUMBERS(3));
    trial_gives(&t, SY_F32, DIMS(1, 5000), NUMBERS(-log(5000)), 1e-6);
    trial_close(&t);
    trial_open(&t, "Softmax", 13);
    trial_in(&t, SY_F32, DIMS(1, 5000), NUMBERS(3));
    trial_gives(&t, SY_F32, DIMS(1, 5000), NUMBERS(1 / 5000.0), 1e-9);
    trial_close(&t);
    trial_open(&t, "Softmax", 13);
    trial_int(&t, "axis", 1);
    trial_in(&t, SY_F32, DIMS(2, 2, 700), NUMBERS(3));
    trial_gives(&t, SY_F32, DIMS(2, 2, 700), NUMBERS(0.5), 0);
    trial_close(&t);
    trial_open(&t, "Softmax", 13);
    trial_int(&t, "axis", 2);
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(3));
    trial_refused(&t, SY_INVALID_ARGUMENT, "axis 2 of a tensor of rank 2");
    trial_close(&t);
}

static void hardmax(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Hardmax", 13);
    trial_in(&t, SY_F32, DIMS(2, 3), NUMBERS(3, 3, 1, -5, -4, -3));
    trial_gives(&t, SY_F32, DIMS(2, 3), NUMBERS(1, 0, 0, 0, 0, 1), 0);
    trial_close(&t);
    trial_open(&t, "Hardmax", 13);
    trial_int(&t, "axis", 0);
    trial_in(&t, SY_F64, DIMS(2, 3), NUMBERS(3, 3, 1, -5, 4, -3));
    trial_gives(&t, SY_F64, DIMS(2, 3), NUMBERS(1, 0, 1, 0, 1, 0), 0);
    trial_close(&t);
}

static void batch_in(trial *t, uint32_t dtype) {
    trial_in(t, dtype, DIMS(2), NUMBERS(2, 3));  /* scale */
    trial_in(t, dtype, DIMS(2), NUMBERS(1, -1)); /* bias */
    trial_in(t, dtype, DIMS(2), NUMBERS(2, 4));  /* mean */
    trial_in(t, dtype, DIMS(2), NUMBERS(4, 0.25));
}

static void batch_normalisation(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open(&t, "BatchNormalization", 15);
        trial_float(&t, "epsilon", 0);
        trial_in(&t, reals[i], DIMS(2, 2, 1, 3), NUMBERS(2, 4, 6, 4, 5, 3, 0, 2, 4, 4.5, 4, 3.5));
        batch_in(&t, reals[i]);
        trial_gives(&t, reals[i], DIMS(2, 2, 1, 3), NUMBERS(1, 3, 5, -1, 5, -7, -1, 1, 3, 2, -1, -4), 0);
        trial_close(&t);
        trial_open(&t, "BatchNormalization", 9);
        trial_float(&t, "epsilon", 0);
        trial_in(&t, reals[i], DIMS(3, 2), NUMBERS(2, 4, 4, 5, 0, 3));
        batch_in(&t, reals[i]);
        trial_gives(&t, reals[i], DIMS(3, 2), NUMBERS(1, -1, 3, 5, -1, -7), 0);
        trial_close(&t);
    }
}

static void batch_normalisation_that_learns(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "BatchNormalization", 15);
    trial_float(&t, "epsilon", 0);
    trial_float(&t, "momentum", 0.5f);
    trial_int(&t, "training_mode", 1);
    trial_outputs(&t, 3);
    trial_in(&t, SY_F32, DIMS(2, 2, 1, 1), NUMBERS(1, 10, 3, 14));
    batch_in(&t, SY_F32);
    trial_gives(&t, SY_F32, DIMS(2, 2, 1, 1), NUMBERS(-1, -4, 3, 2), 1e-6);
    trial_gives_too(&t, 1, SY_F32, DIMS(2), NUMBERS(2, 8), 1e-6);
    trial_gives_too(&t, 2, SY_F32, DIMS(2), NUMBERS(2.5, 2.125), 1e-6);
    trial_close(&t);
}

static void batch_normalisation_refuses(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "BatchNormalization", 15);
    trial_in(&t, SY_F32, DIMS(2, 3, 1, 1), NUMBERS(1));
    batch_in(&t, SY_F32);
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 1 must be a list of 3 numbers");
    trial_close(&t);
    trial_open(&t, "BatchNormalization", 15);
    trial_outputs(&t, 3);
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1));
    batch_in(&t, SY_F32);
    trial_refused(&t, SY_UNSUPPORTED, "more than one output");
    trial_close(&t);
    trial_open(&t, "BatchNormalization", 7);
    trial_int(&t, "spatial", 0);
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1));
    batch_in(&t, SY_F32);
    trial_refused(&t, SY_UNSUPPORTED, "spatial");
    trial_close(&t);
    trial_open(&t, "BatchNormalization", 15);
    trial_in(&t, SY_F32, SCALAR, NUMBERS(1));
    batch_in(&t, SY_F32);
    trial_refused(&t, SY_INVALID_ARGUMENT, "scalar");
    trial_close(&t);
}

static void layer_normalisation(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open(&t, "LayerNormalization", 17);
        trial_float(&t, "epsilon", 0);
        trial_outputs(&t, 3);
        trial_in(&t, reals[i], DIMS(2, 4), NUMBERS(1, 1, 3, 3, -4, 4, -4, 4));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(1, 2, 3, 4));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(0, 0, 1, 1));
        trial_gives(&t, reals[i], DIMS(2, 4), NUMBERS(-1, -2, 4, 5, -1, 2, -2, 5), 1e-6);
        trial_gives_too(&t, 1, SY_F32, DIMS(2, 1), NUMBERS(2, 0), 1e-6);
        trial_gives_too(&t, 2, SY_F32, DIMS(2, 1), NUMBERS(1, 0.25), 1e-6);
        trial_close(&t);
    }
    trial_open(&t, "LayerNormalization", 17); /* over two dimensions, without bias, longer than a block */
    trial_int(&t, "axis", 1);
    trial_in(&t, SY_F32, DIMS(2, 3, 1000), NUMBERS(5));
    trial_in(&t, SY_F32, DIMS(3, 1000), NUMBERS(2));
    trial_gives(&t, SY_F32, DIMS(2, 3, 1000), NUMBERS(0), 0);
    trial_close(&t);
    trial_open(&t, "LayerNormalization", 17);
    trial_in(&t, SY_F32, DIMS(2, 4), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 1 must have 4 elements");
    trial_close(&t);
}

static void layer_normalisation_with_residual(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open_in(&t, "com.microsoft", "SkipLayerNormalization", 1);
        trial_outputs(&t, 4);
        trial_in(&t, reals[i], DIMS(1, 1, 4), NUMBERS(0, 1, 2, 3));
        trial_in(&t, reals[i], DIMS(1, 1, 4), NUMBERS(1, 0, 0, -1));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(1));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(5));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(0, 0, 1, 1));
        trial_gives(&t, reals[i], DIMS(1, 1, 4), NUMBERS(4, 4, 6, 6), 1e-6);
        trial_gives_too(&t, 3, reals[i], DIMS(1, 1, 4), NUMBERS(1, 1, 3, 3), 0);
        trial_close(&t);
        trial_open_in(&t, "com.microsoft", "SkipSimplifiedLayerNormalization", 1);
        trial_in(&t, reals[i], DIMS(1, 2), NUMBERS(1, 2));
        trial_in(&t, reals[i], DIMS(1, 2), NUMBERS(0, -3));
        trial_in(&t, reals[i], DIMS(2), NUMBERS(2, 3));
        trial_gives(&t, reals[i], DIMS(1, 2), NUMBERS(2, -3), 1e-6);
        trial_close(&t);
    }
    trial_open(&t, "RMSNormalization", 23);
    trial_float(&t, "epsilon", 0);
    trial_in(&t, SY_F32, DIMS(1, 2), NUMBERS(3, -3));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(2, 1));
    trial_gives(&t, SY_F32, DIMS(1, 2), NUMBERS(2, -1), 1e-6);
    trial_close(&t);
    trial_open_in(&t, "com.microsoft", "SkipLayerNormalization", 1);
    trial_in(&t, SY_F32, DIMS(1, 2, 4), NUMBERS(0));
    trial_in(&t, SY_F32, DIMS(2, 4), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(1));
    trial_refused(&t, SY_UNSUPPORTED, "input 1 has another shape");
    trial_close(&t);
}

static void instance_and_group_normalisation(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open(&t, "InstanceNormalization", 6);
        trial_float(&t, "epsilon", 0);
        trial_in(&t, reals[i], DIMS(1, 2, 2), NUMBERS(1, 3, 10, 2));
        trial_in(&t, reals[i], DIMS(2), NUMBERS(2, 3));
        trial_in(&t, reals[i], DIMS(2), NUMBERS(0, 1));
        trial_gives(&t, reals[i], DIMS(1, 2, 2), NUMBERS(-2, 2, 4, -2), 1e-6);
        trial_close(&t);
        trial_open(&t, "GroupNormalization", 18); /* a scale a group */
        trial_float(&t, "epsilon", 0);
        trial_int(&t, "num_groups", 2);
        trial_in(&t, reals[i], DIMS(1, 4, 1), NUMBERS(1, 3, 10, 2));
        trial_in(&t, reals[i], DIMS(2), NUMBERS(2, 3));
        trial_in(&t, reals[i], DIMS(2), NUMBERS(0, 1));
        trial_gives(&t, reals[i], DIMS(1, 4, 1), NUMBERS(-2, 2, 4, -2), 1e-6);
        trial_close(&t);
        trial_open(&t, "GroupNormalization", 21); /* a scale a channel */
        trial_float(&t, "epsilon", 0);
        trial_int(&t, "num_groups", 2);
        trial_in(&t, reals[i], DIMS(1, 4, 1), NUMBERS(1, 3, 10, 2));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(2, 3, 4, 5));
        trial_in(&t, reals[i], DIMS(4), NUMBERS(0, 1, 2, 3));
        trial_gives(&t, reals[i], DIMS(1, 4, 1), NUMBERS(-2, 4, 6, -2), 1e-6);
        trial_close(&t);
    }
    const int64_t bad[] = {0, -1, 3, INT64_MAX};
    for (size_t i = 0; i < 4; i++) {
        trial_open(&t, "GroupNormalization", 21);
        trial_int(&t, "num_groups", bad[i]);
        trial_in(&t, SY_F32, DIMS(1, 4, 1), NUMBERS(1));
        trial_in(&t, SY_F32, DIMS(4), NUMBERS(1));
        trial_in(&t, SY_F32, DIMS(4), NUMBERS(1));
        trial_refused(&t, SY_INVALID_ARGUMENT, "must divide the 4 channels");
        trial_close(&t);
    }
}

static void mean_variance_and_lp(void **state) {
    (void)state;
    trial t;
    for (int i = 0; i < REALS; i++) {
        trial_open(&t, "MeanVarianceNormalization", 13);
        trial_in(&t, reals[i], DIMS(2, 2, 1, 1), NUMBERS(1, 10, 3, 14));
        trial_gives(&t, reals[i], DIMS(2, 2, 1, 1), NUMBERS(-1, -1, 1, 1), 1e-6);
        trial_close(&t);
        trial_open(&t, "LpNormalization", 7);
        trial_in(&t, reals[i], DIMS(2, 2), NUMBERS(3, -4, 0, 0));
        trial_gives(&t, reals[i], DIMS(2, 2), NUMBERS(0.6, -0.8, 0, 0), close_of(reals[i]));
        trial_close(&t);
        trial_open(&t, "LpNormalization", 7);
        trial_int(&t, "p", 1);
        trial_int(&t, "axis", 0);
        trial_in(&t, reals[i], DIMS(2, 2), NUMBERS(3, -4, 1, 12));
        trial_gives(&t, reals[i], DIMS(2, 2), NUMBERS(0.75, -0.25, 0.25, 0.75), 0);
        trial_close(&t);
    }
    trial_open(&t, "MeanVarianceNormalization", 13);
    trial_ints(&t, "axes", DIMS(1));
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1, 3, 3, 1));
    trial_gives(&t, SY_F32, DIMS(2, 2), NUMBERS(-1, 1, 1, -1), 1e-6);
    trial_close(&t);
    trial_open(&t, "LpNormalization", 7);
    trial_int(&t, "p", 3);
    trial_in(&t, SY_F32, DIMS(2, 2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "p is 3");
    trial_close(&t);
}

static void local_response(void **state) {
    (void)state;
    double expected[6];
    const double sums[] = {1 + 4, 1 + 4 + 9, 4 + 9 + 16, 9 + 16 + 25, 16 + 25 + 36, 25 + 36};
    trial t;
    for (int i = 0; i < 6; i++)
        expected[i] = (i + 1) / pow(2 + 0.5 / 3 * sums[i], 0.75);
    for (int i = 0; i < REALS; i++)
        for (int is_flat = 0; is_flat < 2; is_flat++) {
            trial_open(&t, "LRN", 13);
            trial_int(&t, "size", 3);
            trial_float(&t, "alpha", 0.5f);
            trial_float(&t, "bias", 2);
            trial_in(&t, reals[i], is_flat ? DIMS(1, 6) : DIMS(1, 6, 1, 1), NUMBERS(1, 2, 3, 4, 5, 6));
            trial_gives(&t, reals[i], is_flat ? DIMS(1, 6) : DIMS(1, 6, 1, 1), (trial_numbers){expected, 6},
                close_of(reals[i]));
            trial_close(&t);
        }
    trial_open(&t, "LRN", 13); /* a window over all channels and more, planes longer than a chunk */
    trial_int(&t, "size", INT64_MAX);
    trial_float(&t, "alpha", 0);
    trial_float(&t, "beta", 2);
    trial_in(&t, SY_F32, DIMS(2, 3, 2, 300), NUMBERS(5));
    trial_gives(&t, SY_F32, DIMS(2, 3, 2, 300), NUMBERS(5), 1e-6);
    trial_close(&t);
    trial_open(&t, "LRN", 13); /* an even window reaches further to higher channels */
    trial_int(&t, "size", 2);
    trial_float(&t, "alpha", 2);
    trial_float(&t, "beta", 1);
    trial_in(&t, SY_F32, DIMS(1, 2, 1), NUMBERS(1, 3));
    trial_gives(&t, SY_F32, DIMS(1, 2, 1), NUMBERS(1 / 11.0, 0.3), 1e-6);
    trial_close(&t);
    trial_open(&t, "LRN", 13);
    trial_in(&t, SY_F32, DIMS(1, 2, 1), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "size is 0");
    trial_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(softmax_before_and_since_13),
        cmocka_unit_test(softmax_of_special_values),
        cmocka_unit_test(hardmax),
        cmocka_unit_test(batch_normalisation),
        cmocka_unit_test(batch_normalisation_that_learns),
        cmocka_unit_test(batch_normalisation_refuses),
        cmocka_unit_test(layer_normalisation),
        cmocka_unit_test(layer_normalisation_with_residual),
        cmocka_unit_test(instance_and_group_normalisation),
        cmocka_unit_test(mean_variance_and_lp),
        cmocka_unit_test(local_response),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
