/* Pools over whole images: values by hand, layouts and types against each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void open_global(one_op *op, const char *name, uint32_t dtype, one_list dim, one_list value) {
    one_op_open(op, name, 13);
    one_op_in(op, dtype, dim, value);
}

static void an_image_becomes_one_pixel(void **state) {
    (void)state;
    const struct {
        const char *name;
        one_list out;
    } rows[] = {
        {"GlobalMaxPool", NUMBERS(4, 8)},
        {"GlobalAveragePool", NUMBERS(2.5, 6.5)},
        {"GlobalLpPool", NUMBERS(5.477225575051661, 13.19090595827292)},
    };
    for (size_t i = 0; i < 4 * sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        open_global(&op, rows[i / 4].name, i & 1 ? SY_F64 : SY_F32, NUMBERS(1, 2, 2, 2),
            NUMBERS(1, 2, 3, 4, 5, 6, 7, 8));
        op.is_last = i & 2;
        one_op_run(&op);
        one_op_shape(&op, 0, NUMBERS(1, 2, 1, 1));
        one_op_expect(&op, 0, rows[i / 4].out, 1e-7);
        one_op_close(&op);
    }
}

static void a_nan_wins(void **state) {
    (void)state;
    for (int last = 0; last < 2; last++)
        for (size_t at = 0; at < 70; at += 23) {
            double x[70] = {1, 2};
            one_op op;
            x[at] = NAN;
            open_global(&op, "GlobalMaxPool", SY_F32, NUMBERS(1, 1, 70), (one_list){x, 70});
            op.is_last = last;
            one_op_run(&op);
            one_op_expect(&op, 0, NUMBERS(NAN), 0);
            one_op_close(&op);
        }
}

static void large_images_agree_with_f64(void **state) {
    (void)state;
    const one_list dims[] = {
        NUMBERS(2, 3, 7, 7), NUMBERS(1, 2, 113, 97), NUMBERS(1, 65, 3, 4, 5), NUMBERS(3, 5, 2500)};
    const char *const name[] = {"GlobalMaxPool", "GlobalAveragePool"};
    for (size_t i = 0; i < 2 * sizeof dims / sizeof dims[0]; i++) {
        one_op wide, plain;
        open_global(&wide, name[i % 2], SY_F64, dims[i / 2], NO_NUMBERS);
        one_op_run(&wide);
        open_global(&plain, name[i % 2], SY_F32, dims[i / 2], NO_NUMBERS);
        one_op_run(&plain);
        one_op_same(&wide, &plain, 1e-6);
        plain.is_last = true;
        plain.pitch_more = 5;
        one_op_run(&plain);
        one_op_same(&wide, &plain, 1e-6);
        one_op_close(&plain);
        one_op_close(&wide);
    }
}

/* No pixels, no spatial dimensions, no images. */
static void empty_images(void **state) {
    (void)state;
    one_op op;
    open_global(&op, "GlobalAveragePool", SY_F32, NUMBERS(1, 2, 0, 3), NO_NUMBERS);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(0, 0), 0);
    one_op_close(&op);
    open_global(&op, "GlobalMaxPool", SY_F32, NUMBERS(1, 2, 0), NO_NUMBERS);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(-INFINITY, -INFINITY), 0);
    one_op_close(&op);
    open_global(&op, "GlobalAveragePool", SY_F32, NUMBERS(2, 1), NUMBERS(3, 4));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(3, 4), 0);
    one_op_close(&op);
    open_global(&op, "GlobalMaxPool", SY_F32, NUMBERS(0, 2, 3), NO_NUMBERS);
    one_op_run(&op);
    one_op_shape(&op, 0, NUMBERS(0, 2, 1));
    one_op_close(&op);
}

static void what_is_no_image_is_refused(void **state) {
    (void)state;
    one_op op;
    open_global(&op, "GlobalMaxPool", SY_F32, NUMBERS(4), NO_NUMBERS);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "rank 1, must be 2 to 5");
    op.in[0].dtype = SY_S8;
    one_op_refused(&op, SY_UNSUPPORTED, "input 0 is s8");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_becomes_one_pixel),
        cmocka_unit_test(a_nan_wins),
        cmocka_unit_test(large_images_agree_with_f64),
        cmocka_unit_test(empty_images),
        cmocka_unit_test(what_is_no_image_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
