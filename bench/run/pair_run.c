/* Two blocks of rows, of which one works at a time. */
#include "bench/run/pair_run.h"

#include "bench/run/block.h"
#include "bench/run/order.h"
#include "bench/run/pair.h"
#include "bench/run/silicon.h"
#include "runtime/base/seam.h"

/* What one side learned of a device that both are on: when it was at work, and that it is gone. */
static void share(sy_block side[2]) {
    bool is_one = side[0].target == side[1].target;
    bool is_gone = side[0].device_gone || side[1].device_gone;
    if (is_one)
        side[0].device_gone = side[1].device_gone = is_gone;
    if (!is_one && !sy_silicon_is_same(side[0].target, side[1].target))
        return;
    size_t later = side[1].last_visit_ns > side[0].last_visit_ns;
    side[1 - later].last_visit_ns = side[later].last_visit_ns;
}

static sy_status visit_pair(sy_block side[2], size_t index, uint64_t round, size_t place, size_t *out_side) {
    sy_status status = SY_OK;
    for (size_t turn = 0; status == SY_OK && turn < SY_PAIR_VISITS; turn++) {
        *out_side = sy_pair_turn(turn);
        status = sy_block_visit(&side[*out_side], index, round + turn / 2, place);
        share(side);
    }
    return status;
}

static sy_status run_rounds(sy_block side[2], uint64_t rounds, size_t *out_side) {
    sy_status status = SY_OK;
    sy_block *a = &side[0];
    for (uint64_t round = 0; status == SY_OK && round < rounds; round += SY_PAIR_ROUNDS) {
        sy_order_shuffle(&a->random, a->order, a->count);
        for (size_t place = 0; status == SY_OK && place < a->count && sy_block_has_time(a, round); place++)
            status = visit_pair(side, a->order[place], round, place, out_side);
    }
    return status;
}

static sy_status begin(sy_block side[2], size_t *out_side) {
    *out_side = 0;
    sy_status status = sy_block_begin(&side[0]);
    share(side);
    if (status == SY_OK) {
        *out_side = 1;
        status = sy_block_begin(&side[1]);
        share(side);
    }
    side[0].energy_ns = side[1].energy_ns = side[0].energy_ns + side[1].energy_ns;
    return status;
}

/* Both sides are finished, whatever came before; the side where it came knows its text. */
static sy_status run_sides(sy_block side[2], sy_error *err) {
    size_t at = 0;
    sy_error reason[2] = {SY_ERROR_INIT, SY_ERROR_INIT};
    sy_status status = begin(side, &at);
    if (status == SY_OK)
        status = run_rounds(side, side[0].schedule->shared.config->rounds, &at);
    bool is_ended = status != SY_OK;
    sy_status first = sy_block_end(&side[0], status, &reason[0]);
    share(side);
    sy_status second = sy_block_end(&side[1], status, &reason[1]);
    if (!is_ended)
        at = first == SY_OK;
    status = at == 0 ? first : second;
    return status == SY_OK ? SY_OK : sy_error_set(err, status, "%s", sy_error_text(&reason[at], status));
}

sy_status sy_pair_run(sy_schedule *schedule, const size_t *rows, size_t count, sy_error *err) {
    size_t *others = sy_mem_calloc(count, sizeof *others);
    if (others == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu pairs", count);
    for (size_t i = 0; i < count; i++)
        others[i] = schedule->list->row[rows[i]].pair.other;
    sy_block side[2] = {{.schedule = schedule, .visits_each = SY_PAIR_VISITS},
        {.schedule = schedule, .visits_each = SY_PAIR_VISITS}};
    side[0].target_index = schedule->list->row[rows[0]].target;
    side[1].target_index = schedule->list->row[others[0]].target;
    sy_status status = sy_block_open(&side[0], rows, count, err);
    if (status == SY_OK)
        status = sy_block_open(&side[1], others, count, err);
    if (status == SY_OK)
        status = run_sides(side, err);
    sy_block_close(&side[0]);
    sy_block_close(&side[1]);
    sy_mem_free(others);
    return status;
}
