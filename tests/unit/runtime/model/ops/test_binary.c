#include "tests/unit/runtime/model/ops/trial.h"

static void pair_gives(const char *op, uint32_t opset, uint32_t dtype, trial_numbers a, trial_numbers b,
    trial_numbers expected) {
    trial t;
    trial_open(&t, op, opset);
    trial_in(&t, dtype, DIMS((int64_t)a.count), a);
    trial_in(&t, dtype, DIMS((int64_t)b.count), b);
    trial_gives(&t, dtype, DIMS((int64_t)expected.count), expected, 0);
    trial_close(&t);
}

static void arithmetic_in_every_type(void **state) {
    (void)state;
    const uint32_t types[] = {
        SY_F64, SY_F32, SY_F16, SY_BF16, SY_S8, SY_U8, SY_S16, SY_U16, SY_S32, SY_U32, SY_S64, SY_U64};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        pair_gives("Add", 14, types[i], NUMBERS(6, 12, 100), NUMBERS(3, 4, 5), NUMBERS(9, 16, 105));
        pair_gives("Sub", 14, types[i], NUMBERS(6, 12, 100), NUMBERS(3, 4, 5), NUMBERS(3, 8, 95));
        pair_gives("Mul", 14, types[i], NUMBERS(6, 12, 20), NUMBERS(3, 4, 5), NUMBERS(18, 48, 100));
        pair_gives("Div", 14, types[i], NUMBERS(6, 12, 100), NUMBERS(3, 4, 5), NUMBERS(2, 3, 20));
        pair_gives("Max", 13, types[i], NUMBERS(6, 2, 100), NUMBERS(3, 4, 5), NUMBERS(6, 4, 100));
        pair_gives("Min", 13, types[i], NUMBERS(6, 2, 100), NUMBERS(3, 4, 5), NUMBERS(3, 2, 5));
    }
}

static void integers_wrap_and_never_trap(void **state) {
    (void)state;
    pair_gives("Add", 14, SY_U8, NUMBERS(255, 200), NUMBERS(1, 100), NUMBERS(0, 44));
    pair_gives("Sub", 14, SY_S8, NUMBERS(-128, 0), NUMBERS(1, 0), NUMBERS(127, 0));
    pair_gives("Mul", 14, SY_S32, NUMBERS(0x1p30, 3), NUMBERS(4, 5), NUMBERS(0, 15));
    pair_gives("Div", 14, SY_S32, NUMBERS(-0x1p31, 7, -7), NUMBERS(-1, 0, 2), NUMBERS(-0x1p31, 0, -3));
    pair_gives("Div", 14, SY_S64, NUMBERS(-0x1p63, 7), NUMBERS(-1, 0), NUMBERS(-0x1p63, 0));
    pair_gives("Div", 14, SY_U64, NUMBERS(0x1p63, 7), NUMBERS(2, 0), NUMBERS(0x1p62, 0));
    pair_gives("Mod", 13, SY_S32, NUMBERS(-0x1p31, 7), NUMBERS(-1, 0), NUMBERS(0, 0));
    pair_gives("Max", 13, SY_U64, NUMBERS(0x1p63, 7), NUMBERS(1, 0x1p63), NUMBERS(0x1p63, 0x1p63));
}

static void modulo_has_the_sign_of_the_divisor_or_of_the_dividend(void **state) {
    (void)state;
    trial t;
    pair_gives("Mod", 13, SY_S8, NUMBERS(-4, 7, 5, 4, -7, 8), NUMBERS(2, -3, 8, -2, 3, 5),
        NUMBERS(0, -2, 5, 0, 2, 3));
    trial_open(&t, "Mod", 13);
    trial_int(&t, "fmod", 1);
    trial_in(&t, SY_S8, DIMS(4), NUMBERS(-7, 7, -8, 8));
    trial_in(&t, SY_S8, DIMS(4), NUMBERS(3, -3, 5, 5));
    trial_gives(&t, SY_S8, DIMS(4), NUMBERS(-1, 1, -3, 3), 0);
    trial_close(&t);
    trial_open(&t, "Mod", 13);
    trial_int(&t, "fmod", 1);
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(-4.25, 7.5, 1));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(2, -3, 0));
    trial_gives(&t, SY_F32, DIMS(3), NUMBERS(-0.25, 1.5, NAN), 0);
    trial_close(&t);
}

static void nan_passes(void **state) {
    (void)state;
    const uint32_t types[] = {SY_F32, SY_F64, SY_F16};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        pair_gives("Max", 13, types[i], NUMBERS(NAN, 1, -INFINITY), NUMBERS(1, NAN, 2), NUMBERS(NAN, NAN, 2));
        pair_gives("Min", 13, types[i], NUMBERS(NAN, 1, INFINITY), NUMBERS(1, NAN, 2), NUMBERS(NAN, NAN, 2));
        pair_gives(
            "Div", 14, types[i], NUMBERS(1, -1, 0), NUMBERS(0, 0, 0), NUMBERS(INFINITY, -INFINITY, NAN));
    }
}

/* a - b over shapes that broadcast in all ways: rows, columns, both, inner and outer extents of 1. */
static void broadcast_gives(trial_dims a, trial_dims b, trial_dims out) {
    enum { MOST = 4096 };
    static double number[3][MOST];
    int64_t stride[2][SY_NET_MAX_RANK] = {{0}};
    const trial_dims in[2] = {a, b};
    int64_t count[2] = {1, 1}, total = 1;
    for (int k = 0; k < 2; k++)
        for (uint32_t d = in[k].rank; d-- > 0; count[k] *= in[k].dim[d])
            stride[k][out.rank - in[k].rank + d] = in[k].dim[d] == 1 ? 0 : count[k];
    for (uint32_t d = 0; d < out.rank; d++)
        total *= out.dim[d];
    for (int i = 0; i < MOST; i++) {
        number[0][i] = i;
        number[1][i] = 3 * i;
    }
    for (int64_t i = 0; i < total; i++) {
        int64_t rest = i, at[2] = {0};
        for (uint32_t d = out.rank; d-- > 0; rest /= out.dim[d])
            for (int k = 0; k < 2; k++)
                at[k] += rest % out.dim[d] * stride[k][d];
        number[2][i] = number[0][at[0]] - number[1][at[1]];
    }
    const uint32_t types[] = {SY_F32, SY_F64, SY_S32};
    for (size_t i = 0; i < 3; i++) {
        trial t;
        trial_open(&t, "Sub", 14);
        trial_in(&t, types[i], a, (trial_numbers){number[0], (size_t)count[0]});
        trial_in(&t, types[i], b, (trial_numbers){number[1], (size_t)count[1]});
        trial_gives(&t, types[i], out, (trial_numbers){number[2], (size_t)total}, 0);
        trial_close(&t);
    }
}

static void broadcasting(void **state) {
    (void)state;
    broadcast_gives(DIMS(2, 3, 4, 5), DIMS(2, 3, 4, 5), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 3, 4, 5), SCALAR, DIMS(2, 3, 4, 5));
    broadcast_gives(SCALAR, DIMS(2, 3, 4, 5), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 3, 4, 5), DIMS(1, 3, 1, 1), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(3, 1, 1), DIMS(2, 3, 4, 5), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 3, 4, 5), DIMS(5), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 3, 4, 5), DIMS(4, 1), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 3, 4, 5), DIMS(2, 1, 4, 1), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(2, 1, 4, 1), DIMS(1, 3, 1, 5), DIMS(2, 3, 4, 5));
    broadcast_gives(DIMS(300, 7), DIMS(7), DIMS(300, 7)); /* short rows, more than go together */
    broadcast_gives(DIMS(1, 7), DIMS(300, 7), DIMS(300, 7));
    broadcast_gives(DIMS(20, 130), DIMS(130), DIMS(20, 130));
    broadcast_gives(DIMS(2, 37, 3), DIMS(2, 1, 1), DIMS(2, 37, 3));
    broadcast_gives(DIMS(1, 1, 1, 1), DIMS(1), DIMS(1, 1, 1, 1));
    broadcast_gives(DIMS(1, 2, 1, 2, 1, 2, 1, 2), DIMS(2, 1, 2, 1, 2, 1, 2, 1), DIMS(2, 2, 2, 2, 2, 2, 2, 2));
}

static void nothing_to_do(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Add", 13);
    trial_in(&t, SY_F32, DIMS(2, 0), NOTHING);
    trial_in(&t, SY_F32, DIMS(1), NUMBERS(1));
    trial_gives(&t, SY_F32, DIMS(2, 0), NOTHING, 0);
    trial_close(&t);
}

static void parametric_relu(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "PRelu", 16);
    trial_in(&t, SY_F32, DIMS(1, 2, 1, 2), NUMBERS(-1, 1, -2, NAN));
    trial_in(&t, SY_F32, DIMS(2, 1, 1), NUMBERS(0.5, 0.25));
    trial_gives(&t, SY_F32, DIMS(1, 2, 1, 2), NUMBERS(-0.5, 1, -0.5, NAN), 0);
    trial_close(&t);
    trial_open(&t, "PRelu", 16);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(3, 2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "does not broadcast");
    trial_close(&t);
}

static void logic_bits_and_shifts(void **state) {
    (void)state;
    pair_gives("And", 7, SY_BOOL, NUMBERS(0, 0, 1, 1), NUMBERS(0, 1, 0, 1), NUMBERS(0, 0, 0, 1));
    pair_gives("Or", 7, SY_BOOL, NUMBERS(0, 0, 1, 1), NUMBERS(0, 1, 0, 1), NUMBERS(0, 1, 1, 1));
    pair_gives("Xor", 7, SY_BOOL, NUMBERS(0, 0, 1, 1), NUMBERS(0, 1, 0, 1), NUMBERS(0, 1, 1, 0));
    pair_gives("BitwiseAnd", 18, SY_S32, NUMBERS(-1, 12), NUMBERS(7, 10), NUMBERS(7, 8));
    pair_gives("BitwiseOr", 18, SY_U8, NUMBERS(1, 12), NUMBERS(128, 10), NUMBERS(129, 14));
    pair_gives("BitwiseXor", 18, SY_S64, NUMBERS(-1, 12), NUMBERS(1, 10), NUMBERS(-2, 6));
    trial t;
    trial_open(&t, "BitShift", 11);
    trial_text(&t, "direction", "LEFT");
    trial_in(&t, SY_U8, DIMS(4), NUMBERS(1, 3, 255, 1));
    trial_in(&t, SY_U8, DIMS(4), NUMBERS(7, 1, 8, 200));
    trial_gives(&t, SY_U8, DIMS(4), NUMBERS(128, 6, 0, 0), 0);
    trial_close(&t);
    trial_open(&t, "BitShift", 11);
    trial_text(&t, "direction", "RIGHT");
    trial_in(&t, SY_U64, DIMS(2), NUMBERS(0x1p63, 9));
    trial_in(&t, SY_U64, DIMS(2), NUMBERS(63, 0x1p40));
    trial_gives(&t, SY_U64, DIMS(2), NUMBERS(1, 0), 0);
    trial_close(&t);
}

static void power(void **state) {
    (void)state;
    trial t;
    static const struct {
        uint32_t base, exponent;
    } types[] = {{SY_F32, SY_F32}, {SY_F32, SY_S64}, {SY_F16, SY_F16}, {SY_F64, SY_S32}, {SY_S32, SY_S32},
        {SY_S64, SY_F32}, {SY_S32, SY_U64}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        trial_open(&t, "Pow", 15);
        trial_in(&t, types[i].base, DIMS(2, 3), NUMBERS(1, 2, 3, 4, -5, 6));
        trial_in(&t, types[i].exponent, DIMS(3), NUMBERS(2, 3, 0));
        trial_gives(&t, types[i].base, DIMS(2, 3), NUMBERS(1, 8, 1, 16, -125, 1), 0);
        trial_close(&t);
        trial_open(&t, "Pow", 15);
        trial_in(&t, types[i].base, DIMS(2, 3), NUMBERS(1, 2, 3, 4, -5, 6));
        trial_in(&t, types[i].exponent, SCALAR, NUMBERS(2));
        trial_gives(&t, types[i].base, DIMS(2, 3), NUMBERS(1, 4, 9, 16, 25, 36), 0);
        trial_close(&t);
    }
    trial_open(&t, "Pow", 15);
    trial_in(&t, SY_S32, DIMS(5), NUMBERS(0, 1, -1, -1, 2));
    trial_in(&t, SY_S64, DIMS(5), NUMBERS(-1, -5, -3, -2, -1));
    trial_gives(&t, SY_S32, DIMS(5), NUMBERS(0, 1, -1, 1, 0), 0);
    trial_close(&t);
    trial_open(&t, "Pow", 7);
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(2, -8, 0, INFINITY));
    trial_in(&t, SY_F32, DIMS(4), NUMBERS(0.5, 0.5, -1, -1));
    trial_gives(&t, SY_F32, DIMS(4), NUMBERS(M_SQRT2, NAN, INFINITY, 0), 1e-7);
    trial_close(&t);
}

static void any_number_of_inputs(void **state) {
    (void)state;
    static const struct {
        const char *op;
        double one, three[4];
    } cases[] = {
        {"Sum", 5, {16, 20, 17, 21}},
        {"Mean", 5, {16 / 3.0, 20 / 3.0, 17 / 3.0, 7}},
        {"Max", 5, {10, 10, 10, 10}},
        {"Min", 5, {1, 1, 2, 2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        trial t;
        trial_open(&t, cases[i].op, 13);
        trial_in(&t, SY_F32, DIMS(2, 1), NUMBERS(1, 2));
        trial_in(&t, SY_F32, DIMS(2), NUMBERS(5, 9));
        trial_in(&t, SY_F32, SCALAR, NUMBERS(10));
        trial_gives(&t, SY_F32, DIMS(2, 2), (trial_numbers){cases[i].three, 4}, 1e-6);
        trial_close(&t);
        trial_open(&t, cases[i].op, 13);
        trial_in(&t, SY_F64, DIMS(1), NUMBERS(5));
        trial_gives(&t, SY_F64, DIMS(1), NUMBERS(cases[i].one), 0);
        trial_close(&t);
    }
}

static void refusals(void **state) {
    (void)state;
    trial t;
    trial_open(&t, "Add", 13);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(3), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "extents 2 and 3");
    trial_close(&t);
    trial_open(&t, "Add", 13);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F64, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 0 is f32 and input 1 f64");
    trial_close(&t);
    trial_open(&t, "And", 7);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_UNSUPPORTED, "input 0 is f32");
    trial_close(&t);
    trial_open(&t, "Mod", 13);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "fmod must be 1 for f32");
    trial_close(&t);
    trial_open(&t, "BitShift", 11);
    trial_in(&t, SY_U8, DIMS(2), NUMBERS(1));
    trial_in(&t, SY_U8, DIMS(2), NUMBERS(1));
    trial_refused(&t, SY_INVALID_ARGUMENT, "must be LEFT or RIGHT");
    trial_close(&t);
    trial_open(&t, "Max", 13);
    trial_in(&t, SY_F32, DIMS(2), NUMBERS(1));
    trial_in_left_out(&t);
    trial_refused(&t, SY_INVALID_ARGUMENT, "input 1 is left out");
    trial_close(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_in_every_type),
        cmocka_unit_test(integers_wrap_and_never_trap),
        cmocka_unit_test(modulo_has_the_sign_of_the_divisor_or_of_the_dividend),
        cmocka_unit_test(nan_passes),
        cmocka_unit_test(broadcasting),
        cmocka_unit_test(nothing_to_do),
        cmocka_unit_test(parametric_relu),
        cmocka_unit_test(logic_bits_and_shifts),
        cmocka_unit_test(power),
        cmocka_unit_test(any_number_of_inputs),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
