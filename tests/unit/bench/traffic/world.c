/* Virtual time. */
#include "tests/unit/bench/traffic/world.h"

#include "runtime/base/error.h"

static uint64_t now(void *ctx) {
    return ((world *)ctx)->now_ns;
}

static sy_status submit(void *ctx, const sy_traffic_work *work, sy_error *err) {
    world *w = ctx;
    uint64_t busy = 0;
    if (w->fails_at > 0 && w->runs + 1 == w->fails_at)
        return sy_error_set(err, SY_LOST, "the device is gone");
    if (w->busy[work->instance])
        return sy_error_set(err, SY_INTERNAL, "instance %u is busy", work->instance);
    uint64_t takes_ns = w->run_ns + work->samples * w->sample_ns;
    if (w->repeated_ns > 0 && w->last_set[work->instance] == work->set + 1)
        takes_ns = w->repeated_ns;
    w->last_set[work->instance] = work->set + 1;
    if (w->runs < WORLD_RUNS) {
        w->work[w->runs] = *work;
        w->given_ns[w->runs] = w->now_ns;
    }
    w->runs++;
    w->busy[work->instance] = true;
    w->done[work->instance] = (sy_traffic_done){.instance = work->instance,
        .begin_ns = w->now_ns,
        .end_ns = w->now_ns + takes_ns,
        .in_ns = takes_ns / 10,
        .compute_ns = takes_ns - 2 * (takes_ns / 10),
        .out_ns = takes_ns / 10};
    for (int i = 0; i < WORLD_INSTANCES; i++)
        busy += w->busy[i];
    w->most_busy = busy > w->most_busy ? busy : w->most_busy;
    return SY_OK;
}

static sy_status wait_for(
    void *ctx, uint64_t until_ns, sy_traffic_done *out_done, bool *out_is_done, sy_error *err) {
    world *w = ctx;
    int first = -1;
    for (int i = 0; i < WORLD_INSTANCES; i++)
        if (w->busy[i] && (first < 0 || w->done[i].end_ns < w->done[first].end_ns))
            first = i;
    *out_is_done = first >= 0 && w->done[first].end_ns <= until_ns;
    if (first < 0 && until_ns == UINT64_MAX)
        return sy_error_set(err, SY_INTERNAL, "nobody works, and nothing is due");
    uint64_t next_ns = *out_is_done ? w->done[first].end_ns : until_ns;
    w->now_ns = next_ns > w->now_ns ? next_ns : w->now_ns;
    if (*out_is_done) {
        *out_done = w->done[first];
        w->busy[first] = false;
    }
    return SY_OK;
}

static bool is_cancelled(void *ctx) {
    world *w = ctx;
    return w->is_cancelled_at > 0 && w->runs >= w->is_cancelled_at;
}

sy_traffic_world world_of(world *w) {
    return (sy_traffic_world){
        .ctx = w, .now_ns = now, .submit = submit, .wait = wait_for, .is_cancelled = is_cancelled};
}

sy_traffic_settings world_settings(uint32_t scenario) {
    return (sy_traffic_settings){
        .scenario = scenario, .instances = 1, .batch = 1, .query_samples = 1, .sets = 4, .seed = 1};
}
