/* One seeded comparison after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include "tests/unit/bench/compare/alarms.h"

#include "bench/compare/extension.h"

enum { CALIBRATION_RUNS = 6, EXTENSION_RUNS = 2 * (int)SY_EXTENSION_BLOCKS };

const setting alarms_plain[3] = {
    {TAILED(0.005, 0.012), 20, 3, false, 0.15, false},
    {DRIFTING(0.005, 0.012), 60, 3, false, 0.1, false},
    {TAILED(0.005, 0.02), 40, 6, false, 0.1, false},
};
const setting alarms_calibrated[3] = {
    {DRIFTING(0.005, 0.03), 20, 6, true, 0.15, false},
    {DRIFTING(0.005, 0.03), 60, 6, true, 0.1, false},
    {TAILED(0.005, 0.02), 40, 6, true, 0.1, false},
};

static void change_last(sy_intake *intake, int what) {
    sy_entry *last = &intake->entry[intake->count - 1];
    if (what == LOSES_ONE)
        intake->count--;
    if (what == CRASHES_ONE) {
        last->status = SY_ROW_ERROR;
        last->reason = "the worker was killed by signal 11";
        last->has_time = false;
        last->rounds = 0;
    }
}

static void calibrate(const setting *with, uint64_t seed, sy_arena *arena, sy_noise *out) {
    sy_intake intake = {0};
    sy_error err = SY_ERROR_INIT;
    for (uint64_t run = 0; run < CALIBRATION_RUNS; run++)
        rows_simulate(&intake, 0, &with->machine, seed, 100 + run, with->rows, with->rounds, 0.0, -1);
    assert_int_equal(sy_noise_measure(&intake, 0.02, arena, out, &err), SY_OK);
    out->device_name = NULL;
    sy_intake_release(&intake);
}

static double slower_by(int what) {
    return what == SLOWER_ALL || what == SLOWER_ONE ? 0.1 : 0.0;
}

static bool is_planned(const sy_extension *extension, const sy_entry *entry) {
    for (size_t i = 0; i < extension->rows; i++)
        if (extension->row[i].base.key == entry->key)
            return true;
    return false;
}

/* Runs of one round of the rows that are planned. */
static void measure_again(
    rows_pair *pair, const setting *with, uint64_t seed, int what, const sy_extension *extension) {
    for (uint32_t run = 0; run < EXTENSION_RUNS; run++)
        for (uint32_t side = 0; side < 2; side++) {
            size_t before = pair->intake.count, kept = before;
            rows_simulate(&pair->intake, side, &with->machine, seed, 200 + 2 * run + side, with->rows, 1,
                side == 1 ? slower_by(what) : 0.0, what == SLOWER_ONE ? 7 : -1);
            for (size_t i = before; i < pair->intake.count; i++)
                if (is_planned(extension, &pair->intake.entry[i]))
                    pair->intake.entry[kept++] = pair->intake.entry[i];
            pair->intake.count = kept;
        }
}

static void judge(rows_pair *pair, const sy_gate_options *options, sy_gate *out_gate) {
    sy_error err = SY_ERROR_INIT;
    rows_compare(pair, &(sy_comparison_options){.noise = options->noise});
    assert_int_equal(sy_gate_judge(&pair->comparison, NULL, options, &pair->arena, out_gate, &err), SY_OK);
}

static void count(const sy_gate *gate, tally *to) {
    to->trials++;
    to->passed += gate->status == SY_GATE_PASSED;
    to->failed += gate->status == SY_GATE_FAILED;
    to->undecided += gate->status == SY_GATE_UNDECIDED;
    to->decided += (double)gate->decided / (double)gate->gated;
    to->accused += gate->regressed;
}

void alarms_trial(const setting *with, uint64_t seed, int what, tally *to) {
    rows_pair pair = {0};
    sy_noise noise;
    sy_gate gate;
    sy_gate_options options;
    sy_extension extension;
    sy_error err = SY_ERROR_INIT;
    sy_gate_options_init(&options);
    options.threshold[SY_QUANTITY_TIME] = 0.05;
    options.allow_inconclusive = with->allowed;
    options.noise = with->is_calibrated ? &noise : NULL;
    if (with->is_calibrated)
        calibrate(with, seed, &pair.arena, &noise);
    rows_simulate(&pair.intake, 0, &with->machine, seed, 0, with->rows, with->rounds, 0.0, -1);
    rows_simulate(&pair.intake, 1, &with->machine, seed, 1, with->rows, with->rounds, slower_by(what),
        what == SLOWER_ONE ? 7 : -1);
    change_last(&pair.intake, what);
    judge(&pair, &options, &gate);
    if (with->is_extended && gate.status != SY_GATE_PASSED) {
        assert_int_equal(
            sy_extension_plan(&pair.comparison, &gate, &pair.intake, NULL, 0, &pair.arena, &extension, &err),
            SY_OK);
        measure_again(&pair, with, seed, what, &extension);
        judge(&pair, &options, &gate);
        to->extended++;
    }
    count(&gate, to);
    sy_intake_release(&pair.intake);
    sy_arena_release(&pair.arena);
}

tally alarms_trials(const setting *with, int what, uint64_t first, uint64_t trials, uint64_t step) {
    tally found = {0};
    for (uint64_t seed = first; seed < first + trials; seed += step)
        alarms_trial(with, seed, what, &found);
    found.decided /= (double)found.trials;
    return found;
}
