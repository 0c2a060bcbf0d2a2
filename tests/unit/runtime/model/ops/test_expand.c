/* Expand and Tile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text repeated[] = {
    {"Expand", 8, NULL, {"T[2,1] 1 0", "@s64[2] 2 3"}, {"T[2,3] 1 1 1 0 0 0"}, 0, NULL},
    {"Expand", 13, NULL, {"T[3] 1 0 1", "@s64[2] 2 1"}, {"T[2,3] 1 0 1 1 0 1"}, 0, NULL},
    {"Expand", 13, NULL, {"T[] 1", "@s64[1] 3"}, {"T[3] 1 1 1"}, 0, NULL},
    {"Expand", 13, NULL, {"T[2] 1 0", "@s64[0]"}, {"T[2] 1 0"}, 0, NULL},
    {"Expand", 13, NULL, {"T[1] 1", "@s64[2] 0 2"}, {"T[0,2]"}, 0, NULL},
    {"Tile", 6, NULL, {"T[2] 1 0", "@s64[1] 3"}, {"T[6] 1 0 1 0 1 0"}, 0, NULL},
    {"Tile", 13, NULL, {"T[1,2] 1 0", "@s64[2] 2 2"}, {"T[2,4] 1 0 1 0 1 0 1 0"}, 0, NULL},
    {"Tile", 13, NULL, {"T[2] 1 0", "@s64[1] 0"}, {"T[0]"}, 0, NULL},
    {"Tile", 13, NULL, {"T[] 1", "@s64[0]"}, {"T[] 1"}, 0, NULL},
};

static const op_text refused[] = {
    {"Expand", 13, NULL, {"f32[3]", "@s64[1] 2"}, {NULL}, SY_INVALID_ARGUMENT, "do not broadcast"},
    {"Expand", 13, NULL, {"f32[3]", "@s64[1] -1"}, {NULL}, SY_INVALID_ARGUMENT, "is -1"},
    {"Expand", 13, NULL, {"f32[1]", "@s64[9] 1"}, {NULL}, SY_UNSUPPORTED, "at most 8"},
    {"Expand", 13, NULL, {"f32[1]", "@s64[2] 1000000 10000000"}, {NULL}, SY_OVERFLOW, "too large"},
    {"Expand", 13, NULL, {"f32[1]", "s64[1] 2"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"Tile", 13, NULL, {"f32[2]", "@s64[2] 1 1"}, {NULL}, SY_INVALID_ARGUMENT, "2 repeats"},
    {"Tile", 13, NULL, {"f32[2]", "@s64[1] 9223372036854775807"}, {NULL}, SY_OVERFLOW, "countable"},
    {"Tile", 13, NULL, {"f32[2]", "@s64[1] -1"}, {NULL}, SY_INVALID_ARGUMENT, "is -1"},
};

static void the_same_again(void **state) {
    (void)state;
    op_text_try_types(repeated, sizeof repeated / sizeof repeated[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_again),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
