/* MaxUnpool: where values go, and indices that lead nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/one_op.h"

static void open_unpool(one_op *op, one_list index) {
    one_op_open(op, "MaxUnpool", 11);
    one_op_in(op, SY_F32, NUMBERS(1, 1, 2, 2), NUMBERS(1, 2, 3, 4));
    one_op_in(op, SY_S64, NUMBERS(1, 1, 2, 2), index);
    one_op_ints(op, "kernel_shape", NUMBERS(2, 2));
    one_op_ints(op, "strides", NUMBERS(2, 2));
}

static void values_go_where_they_came_from(void **state) {
    (void)state;
    one_op op;
    open_unpool(&op, NUMBERS(5, 7, 8, 15));
    one_op_run(&op);
    one_op_shape(&op, 0, NUMBERS(1, 1, 4, 4));
    one_op_expect(&op, 0, NUMBERS(0, 0, 0, 0, 0, 1, 0, 2, 3, 0, 0, 0, 0, 0, 0, 4), 0);
    one_op_close(&op);
}

/* Indices count in what the window makes; a larger output only has more zeros. */
static void an_output_may_be_larger(void **state) {
    (void)state;
    one_op op;
    open_unpool(&op, NUMBERS(0, 3, 12, 15));
    one_op_in(&op, SY_S64, NUMBERS(4), NUMBERS(1, 1, 4, 5));
    one_op_run(&op);
    one_op_expect(&op, 0, NUMBERS(1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4, 0), 0);
    ((int64_t *)op.in[2].data)[3] = 3;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "has 3, must be at least 4 (dimension 3)");
    ((int64_t *)op.in[2].data)[1] = 2;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "output_shape (input 2) does not fit");
    op.in[2].data = NULL;
    one_op_refused(&op, SY_UNAVAILABLE, "input 2 decides extents");
    one_op_close(&op);
}

static void indices_outside_are_refused(void **state) {
    (void)state;
    const double bad[] = {-1, 16, 9007199254740992.0};
    for (size_t i = 0; i < 3; i++) {
        one_op op;
        open_unpool(&op, NUMBERS(0, 3, 12, bad[i]));
        one_op_refused(&op, SY_INVALID_ARGUMENT, "(input 1) is outside");
        one_op_close(&op);
    }
}

static void indices_have_their_type_and_shape(void **state) {
    (void)state;
    one_op op;
    open_unpool(&op, NUMBERS(0, 3, 12, 15));
    op.in[1].dim[3] = 1;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "must be s64 of the shape of input 0");
    op.in[1].dim[3] = 2;
    op.in[1].dtype = SY_S32;
    one_op_refused(&op, SY_INVALID_ARGUMENT, "must be s64 of the shape of input 0");
    op.in[1].dtype = SY_S64;
    one_op_ints(&op, "pads", NUMBERS(3, 0, 3, 0));
    one_op_refused(&op, SY_INVALID_ARGUMENT, "output dimension 2 would be -2");
    one_op_close(&op);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_go_where_they_came_from),
        cmocka_unit_test(an_output_may_be_larger),
        cmocka_unit_test(indices_outside_are_refused),
        cmocka_unit_test(indices_have_their_type_and_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
