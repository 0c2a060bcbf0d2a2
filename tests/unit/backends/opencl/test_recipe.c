/* Writing recipes: order, bounds, what does not fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/recipe.h"
#include "steelyard/types.h"

static ocl_recipe recipe; /* large; tests run one after another */

static int clear(void **state) {
    (void)state;
    recipe = (ocl_recipe){0};
    return 0;
}

static void definitions_are_appended(void **state) {
    (void)state;
    ocl_define(&recipe, "#define A %d\n", 3);
    ocl_define(&recipe, "%s", "");
    ocl_define(&recipe, "#define %s\n", "B");
    assert_string_equal(recipe.defines, "#define A 3\n#define B\n");
    assert_int_equal(recipe.defines_length, strlen(recipe.defines));
    assert_int_equal(recipe.failed, 0);
}

static void definitions_that_do_not_fit_are_left_out(void **state) {
    (void)state;
    const int most = (int)sizeof recipe.defines - 1;
    ocl_define(&recipe, "%*s", most - 1, "x");
    ocl_define(&recipe, "%s", "yz");
    assert_int_equal(recipe.failed, 1);
    assert_int_equal(recipe.defines_length, (uint64_t)most - 1);
    assert_int_equal(strlen(recipe.defines), (size_t)most - 1);
    recipe.failed = 0;
    ocl_define(&recipe, "%s", "y"); /* exactly */
    assert_int_equal(recipe.failed, 0);
    assert_int_equal(strlen(recipe.defines), (size_t)most);
    ocl_define(&recipe, "%s", "z");
    assert_int_equal(recipe.failed, 1);
}

static void a_source_is_taken_once(void **state) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    _Static_assert(sizeof names / sizeof names[0] == OCL_SOURCES_MAX, "a name for each source");
    (void)state;
    for (size_t i = 0; i < OCL_SOURCES_MAX; i++) {
        ocl_source(&recipe, names[i]);
        ocl_source(&recipe, "a");
    }
    assert_int_equal(recipe.sources, OCL_SOURCES_MAX);
    for (size_t i = 0; i < OCL_SOURCES_MAX; i++)
        assert_string_equal(recipe.source[i], names[i]);
    assert_int_equal(recipe.failed, 0);
    ocl_source(&recipe, "m");
    assert_int_equal(recipe.failed, 1);
    assert_int_equal(recipe.sources, OCL_SOURCES_MAX);
}

static void arguments_keep_their_order(void **state) {
    (void)state;
    ocl_step *step = ocl_step_add(&recipe, "k");
    ocl_arg_operand(step, 3, SY_F16);
    ocl_arg_scratch(step, 64, 4);
    ocl_arg_int(step, -5);
    ocl_arg_long(step, INT64_MIN);
    ocl_arg_float(step, 0.25);
    ocl_arg_double(step, 1e300);
    ocl_arg_local(step, 1024);
    assert_int_equal(step->args, 7);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(step->arg[i].kind, OCL_ARG_OPERAND + i);
    assert_int_equal(step->arg[0].index, 3);
    assert_int_equal(step->arg[0].bytes, 2);
    assert_int_equal(step->arg[1].index64, 64);
    assert_int_equal(step->arg[1].bytes, 4);
    assert_int_equal(step->arg[2].integer, -5);
    assert_int_equal(step->arg[3].integer, INT64_MIN);
    assert_true(step->arg[4].real == 0.25 && step->arg[5].real == 1e300);
    assert_int_equal(step->arg[6].bytes, 1024);
}

static void too_many_arguments_are_counted(void **state) {
    (void)state;
    ocl_step *step = ocl_step_add(&recipe, "k");
    for (uint32_t i = 0; i < OCL_ARGS_MAX; i++)
        ocl_arg_int(step, i);
    assert_int_equal(step->args, OCL_ARGS_MAX);
    for (int i = 0; i < 3; i++)
        ocl_arg_int(step, 99);
    assert_int_equal(step->args, OCL_ARGS_MAX + 1);
    assert_int_equal(step->arg[OCL_ARGS_MAX - 1].integer, OCL_ARGS_MAX - 1);
}

static void too_many_steps_and_long_names_fail(void **state) {
    (void)state;
    for (uint32_t i = 0; i < OCL_STEPS_MAX; i++)
        assert_ptr_equal(ocl_step_add(&recipe, "k"), &recipe.step[i]);
    assert_int_equal(recipe.failed, 0);
    assert_non_null(ocl_step_add(&recipe, "k"));
    assert_int_equal(recipe.failed, 1);
    assert_int_equal(recipe.steps, OCL_STEPS_MAX);
    recipe = (ocl_recipe){0};
    assert_non_null(ocl_step_add(&recipe, "a_name_of_forty_bytes_which_is_one_too_many"));
    assert_int_equal(recipe.failed, 1);
    assert_int_equal(recipe.steps, 0);
}

static void groups_are_whole(void **state) {
    (void)state;
    ocl_step *step = ocl_step_add(&recipe, "k");
    assert_int_equal(step->dims, 1);
    ocl_step_groups(step, (const uint64_t[3]){3, 5, 1}, (const uint64_t[3]){8, 1, 2});
    assert_int_equal(step->dims, 3);
    assert_int_equal(step->global[0], 24);
    assert_int_equal(step->global[1], 5);
    assert_int_equal(step->global[2], 2);
    assert_true(ocl_step_has_work(step));
    ocl_step_groups(step, (const uint64_t[3]){3, 0, 1}, (const uint64_t[3]){8, 1, 2});
    assert_false(ocl_step_has_work(step));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(definitions_are_appended, clear),
        cmocka_unit_test_setup(definitions_that_do_not_fit_are_left_out, clear),
        cmocka_unit_test_setup(a_source_is_taken_once, clear),
        cmocka_unit_test_setup(arguments_keep_their_order, clear),
        cmocka_unit_test_setup(too_many_arguments_are_counted, clear),
        cmocka_unit_test_setup(too_many_steps_and_long_names_fail, clear),
        cmocka_unit_test_setup(groups_are_whole, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
