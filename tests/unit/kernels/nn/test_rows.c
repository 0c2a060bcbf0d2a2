#include "kernels/nn/nn.h"
#include "tests/unit/kernels/gemm/elements.h"

/* Rows of every length around a vector's, and longer than a block of sums. */
static const int64_t lengths[] = {
    0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 2047, 2048, 2049, 5000};
enum { LENGTHS = sizeof lengths / sizeof lengths[0] };

typedef void row_test(const sy_nn *nn, int64_t count);

static void for_all(row_test *test) {
    uint32_t isas[MAX_ISAS];
    int count = usable_isas(isas);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < LENGTHS; j++)
            test(sy_nn_find(isas[i]), lengths[j]);
}

/* Small whole numbers, so that sums and products are exact. */
static guarded whole_numbers(int64_t count, int by) {
    guarded row = guarded_create((size_t)count, SY_ELEMENT_F32);
    for (int64_t i = 0; i < count; i++)
        ((float *)row.data)[i] = (float)((i * by) % 23 - 7);
    return row;
}

static float plain_pair(uint32_t kind, float a, float b) {
    switch (kind) {
    case SY_NN_ADD: return a + b;
    case SY_NN_SUB: return a - b;
    case SY_NN_MUL: return a * b;
    case SY_NN_DIV: return a / b;
    case SY_NN_MAX: return fmaxf(a, b);
    case SY_NN_MIN: return fminf(a, b);
    default: return a < 0 ? a * b : a;
    }
}

static bool is_same(float a, float b) {
    return a == b || (isnan(a) && isnan(b));
}

static void try_pair(const sy_nn *nn, int64_t count) {
    for (uint32_t kind = SY_NN_ADD; kind <= SY_NN_PRELU; kind++)
        for (int form = 0; form < 16; form++) {
            guarded a = whole_numbers(count, 5), b = whole_numbers(count, 3);
            guarded other = guarded_create((size_t)count, SY_ELEMENT_F32), kept_a = whole_numbers(count, 5),
                    kept_b = whole_numbers(count, 3);
            int64_t a_step = form & 1, b_step = form >> 1 & 1;
            float *y = (float *)((form >> 2) == 1 && a_step   ? a.data
                                 : (form >> 2) == 2 && b_step ? b.data
                                                              : other.data);
            nn->pair(kind, (float *)a.data, a_step, (float *)b.data, b_step, count, y);
            for (int64_t i = 0; i < count; i++)
                assert_true(is_same(y[i], plain_pair(kind, ((float *)kept_a.data)[i * a_step],
                                              ((float *)kept_b.data)[i * b_step])));
            guarded_destroy(&a);
            guarded_destroy(&b);
            guarded_destroy(&other);
            guarded_destroy(&kept_a);
            guarded_destroy(&kept_b);
        }
}

static void two_rows(void **state) {
    (void)state;
    for_all(try_pair);
}

static void try_nan(const sy_nn *nn, int64_t count) {
    if (count == 0)
        return;
    guarded a = whole_numbers(count, 5), b = whole_numbers(count, 3);
    ((float *)a.data)[count / 2] = NAN;
    ((float *)b.data)[count - 1] = NAN;
    for (uint32_t kind = SY_NN_MAX; kind <= SY_NN_MIN; kind++) {
        guarded y = guarded_create((size_t)count, SY_ELEMENT_F32);
        nn->pair(kind, (float *)a.data, 1, (float *)b.data, 1, count, (float *)y.data);
        for (int64_t i = 0; i < count; i++)
            assert_int_equal(isnan(((float *)y.data)[i]), i == count / 2 || i == count - 1);
        guarded_destroy(&y);
    }
    assert_true(isnan(nn->reduce(SY_NN_ROW_MAX, (float *)a.data, count, 0)));
    assert_true(isnan(nn->reduce(SY_NN_ROW_MIN, (float *)b.data, count, 0)));
    guarded_destroy(&a);
    guarded_destroy(&b);
}

static void nan_passes_through_the_larger_and_smaller(void **state) {
    (void)state;
    for_all(try_nan);
}

static void try_reduce(const sy_nn *nn, int64_t count) {
    guarded row = whole_numbers(count, 7);
    const float *x = (const float *)row.data;
    double sum = 0, size = 0, square = 0, most = -INFINITY, least = INFINITY;
    for (int64_t i = 0; i < count; i++) {
        double away = (double)x[i] - 2;
        sum += away;
        size += fabs(away);
        square += away * away;
        most = fmax(most, (double)x[i]);
        least = fmin(least, (double)x[i]);
    }
    assert_true(nn->reduce(SY_NN_SUM, x, count, 2) == sum);
    assert_true(nn->reduce(SY_NN_SUM_ABS, x, count, 2) == size);
    assert_true(nn->reduce(SY_NN_SUM_SQUARE, x, count, 2) == square);
    assert_true(nn->reduce(SY_NN_ROW_MAX, x, count, 0) == most);
    assert_true(nn->reduce(SY_NN_ROW_MIN, x, count, 0) == least);
    guarded_destroy(&row);
}

static void sums_and_extremes(void **state) {
    (void)state;
    for_all(try_reduce);
}

static void try_softmax(const sy_nn *nn, int64_t count) {
    for (int is_log = 0; is_log < 2; is_log++) {
        guarded row = whole_numbers(count, 7), out = guarded_create((size_t)count, SY_ELEMENT_F32);
        float *x = (float *)row.data, *y = (float *)out.data;
        double sum = 0;
        for (int64_t i = 0; i < count; i++)
            sum += exp((double)x[i]);
        if (count > 0)
            nn->softmax(x, count, is_log, y);
        for (int64_t i = 0; i < count; i++) {
            double expected = is_log ? (double)x[i] - log(sum) : exp((double)x[i]) / sum;
            assert_true(fabs((double)y[i] - expected) <= 3e-7 * fabs(expected));
        }
        if (count > 0)
            nn->softmax(x, count, is_log, x);
        assert_memory_equal(x, y, (size_t)count * sizeof *x);
        guarded_destroy(&row);
        guarded_destroy(&out);
    }
}

static void softmax_in_place_or_not(void **state) {
    (void)state;
    for_all(try_softmax);
}

static void try_norm(const sy_nn *nn, int64_t count) {
    guarded row = whole_numbers(count, 7), factor = whole_numbers(count, 3), term = whole_numbers(count, 5);
    float *x = (float *)row.data, *scale = (float *)factor.data, *bias = (float *)term.data;
    for (int form = 0; form < 4; form++) {
        guarded out = guarded_create((size_t)count, SY_ELEMENT_F32);
        float *y = (float *)out.data;
        nn->norm(x, count, (const float[2]){3, 0.5f}, form & 1 ? scale : NULL, form & 2 ? bias : NULL, y);
        for (int64_t i = 0; i < count; i++)
            assert_true(y[i] == (x[i] - 3) * 0.5f * (form & 1 ? scale[i] : 1) + (form & 2 ? bias[i] : 0));
        guarded_destroy(&out);
    }
    guarded expected = whole_numbers(count, 7);
    nn->blend(x, scale, bias, count, x);
    for (int64_t i = 0; i < count; i++)
        assert_true(x[i] == ((float *)expected.data)[i] * scale[i] + bias[i]);
    guarded_destroy(&row);
    guarded_destroy(&factor);
    guarded_destroy(&term);
    guarded_destroy(&expected);
}

static void scale_and_bias(void **state) {
    (void)state;
    for_all(try_norm);
}

static void try_squares(const sy_nn *nn, int64_t count) {
    enum { ROWS = 3, STEP = 2 };
    guarded row = whole_numbers(count + STEP * (ROWS - 1), 7),
            out = guarded_create((size_t)count, SY_ELEMENT_F32),
            result = guarded_create((size_t)count, SY_ELEMENT_F32);
    float *x = (float *)row.data, *sum = (float *)out.data, *y = (float *)result.data;
    nn->squares(x, STEP, ROWS, count, sum);
    for (int64_t i = 0; i < count; i++)
        assert_true(sum[i] == x[i] * x[i] + x[i + 2] * x[i + 2] + x[i + 4] * x[i + 4]);
    for (int form = 0; form < 2; form++) {
        float power = form == 0 ? 0.75f : 0.5f;
        nn->respond(x, sum, count, (const float[3]){0.25f, 2, power}, y);
        for (int64_t i = 0; i < count; i++) {
            double expected = (double)x[i] * pow(2 + 0.25 * (double)sum[i], -(double)power);
            assert_true(fabs((double)y[i] - expected) <= 1e-6 * fabs(expected));
        }
    }
    guarded_destroy(&row);
    guarded_destroy(&out);
    guarded_destroy(&result);
}

static void squares_of_neighbours(void **state) {
    (void)state;
    for_all(try_squares);
}

static void try_bytes(const sy_nn *nn, int64_t count) {
    guarded row = guarded_create((size_t)count, SY_ELEMENT_F32),
            bytes = guarded_create((size_t)count, SY_ELEMENT_U8);
    float *x = (float *)row.data;
    static const float special[] = {INFINITY, -INFINITY, NAN, 1e30f, -1e30f, 0.25f, 0.75f, -0.25f};
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        double low = is_signed ? -128 : 0, high = is_signed ? 127 : 255, zero = is_signed ? -5 : 100;
        for (int64_t i = 0; i < count; i++)
            x[i] = i % 5 == 4 ? special[i / 5 % 8] : (float)(i % 301 - 150) * 0.25f;
        nn->quantise(x, count, &(sy_nn_range){0.5f, (float)zero, (float)low, (float)high}, bytes.data);
        for (int64_t i = 0; i < count; i++) {
            double value = isnan(x[i]) ? 0 : rint((double)x[i] / 0.5),
                   wanted = fmin(fmax(value + zero, low), high);
            assert_int_equal(bytes.data[i], (uint8_t)(int)wanted);
        }
        nn->dequantise(bytes.data, is_signed, count, (const float[2]){0.5f, (float)zero}, x);
        for (int64_t i = 0; i < count; i++) {
            int code = is_signed ? (int8_t)bytes.data[i] : bytes.data[i];
            assert_true((double)x[i] == (code - zero) * 0.5);
        }
    }
    guarded_destroy(&row);
    guarded_destroy(&bytes);
}

static void rows_of_bytes(void **state) {
    (void)state;
    for_all(try_bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_rows),
        cmocka_unit_test(nan_passes_through_the_larger_and_smaller),
        cmocka_unit_test(sums_and_extremes),
        cmocka_unit_test(softmax_in_place_or_not),
        cmocka_unit_test(scale_and_bias),
        cmocka_unit_test(squares_of_neighbours),
        cmocka_unit_test(rows_of_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
