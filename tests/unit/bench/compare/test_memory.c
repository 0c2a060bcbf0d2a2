/* Every allocation of a comparison fails once: an error comes back, and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <string.h>

#include "runtime/base/seam.h"
#include "tests/unit/bench/compare/rows.h"

/* Everything from joined rows to a verdict. */
static sy_status judge_all(const sy_intake *intake, sy_error *err) {
    sy_arena arena = {0};
    sy_join join;
    sy_comparison comparison;
    sy_conditions conditions;
    sy_gate gate;
    const sy_rank *ranks;
    sy_gate_options options;
    const sy_comparison_options how = {0};
    sy_gate_options_init(&options);
    options.threshold[SY_QUANTITY_TIME] = 0.05;
    options.allow_missing = "none";
    sy_status status = sy_join_over_time(intake, 2, &arena, &join, err);
    if (status == SY_OK)
        status = sy_comparison_make(&join, &how, &arena, &comparison, err);
    if (status == SY_OK)
        status = sy_conditions_compare(intake, &join, 1, &arena, &conditions, err);
    if (status == SY_OK)
        status = sy_gate_judge(&comparison, &conditions, &options, &arena, &gate, err);
    if (status == SY_OK)
        status = sy_rank_columns(&comparison, &arena, &ranks, err);
    sy_arena_release(&arena);
    return status;
}

static sy_status measure_noise(const sy_intake *intake, sy_error *err) {
    sy_arena arena = {0};
    sy_noise noise, back;
    sy_text text = {0};
    sy_status status = sy_noise_measure(intake, 0.02, &arena, &noise, err);
    if (status == SY_OK)
        status = sy_noise_write(&noise, &text) ? SY_OK : SY_OUT_OF_MEMORY;
    if (status == SY_OK)
        status = sy_noise_read(text.data, text.length, &arena, &back, err);
    sy_text_release(&text);
    sy_arena_release(&arena);
    return status;
}

static sy_status join_across(const sy_intake *intake, sy_error *err) {
    sy_arena arena = {0};
    sy_join join;
    sy_status status =
        sy_join_across(intake, &(sy_across){.base = "cpu", .by_card = true}, &arena, &join, err);
    sy_arena_release(&arena);
    return status;
}

/* Two runs a side, a row that the other side lacks, two devices. */
static void fill(sy_intake *intake) {
    const rows_machine machine = {.low = 0.01, .high = 0.02};
    for (uint32_t side = 0; side < 2; side++)
        for (uint64_t run = 0; run < 2; run++)
            rows_simulate(intake, side, &machine, 1, 2 * side + run, 120 - side, 3, 0.0, -1);
    rows_spec other = rows_plain(0);
    other.device = other.device_name = "other";
    rows_take(intake, 0, &other);
}

static void fail_each_in_turn(sy_status (*work)(const sy_intake *, sy_error *)) {
    sy_intake intake = {0};
    sy_error err = SY_ERROR_INIT;
    uint64_t k = 1;
    sy_status status = SY_INTERNAL;
    fill(&intake);
    for (; status != SY_OK && k < 2000; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = work(&intake, &err);
        uint64_t seen = sy_seam_disarm();
        if (seen < k)
            break;
        /* a reason may be lost for want of memory, never a verdict: then the work is done all the same */
        assert_true(status == SY_OUT_OF_MEMORY || status == SY_OK);
        status = SY_INTERNAL;
    }
    assert_int_equal(status, SY_OK);
    assert_true(k > 5);
    sy_intake_release(&intake);
}

static void verdicts_survive_a_lack_of_memory(void **state) {
    (void)state;
    fail_each_in_turn(judge_all);
}

static void noise_survives_a_lack_of_memory(void **state) {
    (void)state;
    fail_each_in_turn(measure_noise);
}

static void columns_survive_a_lack_of_memory(void **state) {
    (void)state;
    fail_each_in_turn(join_across);
}

static void taking_in_survives_a_lack_of_memory(void **state) {
    (void)state;
    sy_row row;
    sy_environment environment;
    sy_row_init(&row);
    sy_environment_init(&environment);
    environment.host.name = "lab";
    row.key_hash = row.id = "0123456789abcdef";
    row.key.problem = "gemm:m=1,dtype=f32,math=strict";
    row.origin.suite = "made";
    for (uint64_t k = 1; k < 100; k++) {
        sy_intake intake = {0};
        sy_error err = SY_ERROR_INIT;
        uint32_t run;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_intake_run(&intake, 0, "run", &environment, &run, &err);
        if (status == SY_OK)
            status = sy_intake_row(&intake, run, &row, &err);
        bool is_spared = sy_seam_disarm() < k;
        assert_int_equal(status, is_spared ? SY_OK : SY_OUT_OF_MEMORY);
        sy_intake_release(&intake);
        if (is_spared)
            return;
    }
    fail();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_survive_a_lack_of_memory),
        cmocka_unit_test(noise_survives_a_lack_of_memory),
        cmocka_unit_test(columns_survive_a_lack_of_memory),
        cmocka_unit_test(taking_in_survives_a_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
