/* What follows a product: every kind against f64, operands that do not fit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/reference/post.h"
#include "runtime/model/ops/post.h"
#include "tests/support/one_op.h"

static const double values[] = {0, -0.0, 1, -1, 0.5, -0.5, 3, -3, 7.5, -7.5, 20, -20, 1e-6, -1e-6, 88, -88,
    INFINITY, -INFINITY, NAN, 2.5};
enum { COUNT = sizeof values / sizeof values[0] };

static void every_kind_is_what_f64_makes_it(void **state) {
    (void)state;
    for (uint32_t kind = SY_POST_BIAS; kind <= SY_POST_TANH; kind++) {
        sy_net_post post = {.kind = kind, .a = -2.5f, .b = 4.0f};
        float line[COUNT], operand[COUNT];
        for (int i = 0; i < COUNT; i++) {
            line[i] = (float)values[i];
            operand[i] = (float)(i - 5);
        }
        sy_net_post_line(&post, line, COUNT, operand, 1);
        for (int i = 0; i < COUNT; i++) {
            sy_reference_post one = {.kind = kind, .a = -2.5, .b = 4};
            double right = sy_reference_post_value(&one, (double)(float)values[i], (double)operand[i]);
            double error = fabs((double)line[i] - right);
            bool is_same = (isnan(right) && isnan(line[i])) || (double)line[i] == right;
            if (!is_same && !(error <= 2e-6 * (1 + fabs(right))))
                fail_msg("kind %u of %g is %g, not %g", kind, values[i], (double)line[i], right);
        }
    }
}

static void one_operand_serves_a_line(void **state) {
    (void)state;
    float line[3] = {1, 2, 3}, operand[1] = {10};
    sy_net_post post = {.kind = SY_POST_SCALE_COL};
    sy_net_post_line(&post, line, 3, operand, 0);
    assert_true(line[0] == 10 && line[1] == 20 && line[2] == 30);
    post.kind = SY_POST_ADD;
    sy_net_post_line(&post, line, 3, operand, 0);
    assert_true(line[0] == 20 && line[1] == 30 && line[2] == 40);
}

static void open_conv(one_op *op, uint32_t dtype) {
    one_op_open(op, "Conv", 13);
    one_op_in(op, dtype, NUMBERS(2, 1, 2), NUMBERS(1, 2, 3, 4));
    one_op_in(op, dtype, NUMBERS(2, 1, 1), NUMBERS(1, 10));
    one_op_in(op, dtype, NUMBERS(2), NUMBERS(0, 0));
}

/* A row is an image, a column a channel, in both layouts and by both ways of computing. */
static void images_have_rows_and_columns(void **state) {
    (void)state;
    for (int i = 0; i < 4; i++) {
        uint32_t dtype = i & 1 ? SY_F64 : SY_F32;
        one_op op;
        open_conv(&op, dtype);
        one_op_in(&op, dtype, NUMBERS(2), NUMBERS(1, 2));
        one_op_in(&op, dtype, NUMBERS(2), NUMBERS(0.5, 0.25));
        one_op_post(&op, SY_POST_SCALE_ROW, 3, 0, 0);
        one_op_post(&op, SY_POST_BIAS, 4, 0, 0);
        one_op_post(&op, SY_POST_CLIP, SY_NET_NONE, 2, 50);
        op.is_last = i & 2;
        op.pitch_more = 1;
        one_op_run(&op);
        one_op_expect(&op, 0, NUMBERS(2, 2.5, 10.25, 20.25, 6.5, 8.5, 50, 50), 0);
        one_op_close(&op);
    }
}

/* The last of two inputs of one value is the operand: a residual that is the bias too. */
static void an_operand_may_be_an_input_as_well(void **state) {
    (void)state;
    one_op op;
    open_conv(&op, SY_F32);
    one_op_in(&op, SY_F32, NUMBERS(2), NUMBERS(3, 4));
    op.index_in[2] = 3;
    one_op_post(&op, SY_POST_BIAS, 3, 0, 0);
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(4, 5, 14, 24, 6, 7, 34, 44), 0);
    one_op_close(&op);
}

static void operands_that_do_not_fit_are_refused(void **state) {
    (void)state;
    const struct {
        uint32_t kind, dtype;
        one_list dim;
    } rows[] = {
        {SY_POST_BIAS, SY_F32, NUMBERS(3)},
        {SY_POST_BIAS, SY_F64, NUMBERS(2)},
        {SY_POST_SCALE_COL, SY_F32, NUMBERS(1)},
        {SY_POST_SCALE_ROW, SY_F32, NUMBERS(4)},
        {SY_POST_ADD, SY_F32, NUMBERS(2, 2, 1)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one_op op;
        open_conv(&op, SY_F32);
        one_op_in(&op, rows[i].dtype, rows[i].dim, NO_NUMBERS);
        one_op_post(&op, rows[i].kind, 3, 0, 0);
        one_op_refused(&op, SY_INVALID_ARGUMENT, "the operand of a post");
        one_op_close(&op);
    }
}

static void missing_operands_and_unknown_kinds_are_refused(void **state) {
    (void)state;
    one_op op;
    open_conv(&op, SY_F32);
    one_op_post(&op, SY_POST_ADD, 77, 0, 0);
    one_op_refused(&op, SY_INVALID_ARGUMENT, "the operand of a post (kind 2) does not fit");
    op.node.post[0].value = SY_NET_NONE;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "the operand of a post");
    op.node.post[0].kind = 99;
    one_op_refused(&op, SY_UNSUPPORTED, "a post of kind 99");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_what_f64_makes_it),
        cmocka_unit_test(one_operand_serves_a_line),
        cmocka_unit_test(images_have_rows_and_columns),
        cmocka_unit_test(an_operand_may_be_an_input_as_well),
        cmocka_unit_test(operands_that_do_not_fit_are_refused),
        cmocka_unit_test(missing_operands_and_unknown_kinds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
