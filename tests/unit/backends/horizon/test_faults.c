/* Every call that can fail does, late failures, limits of waits, memory that runs out; nothing is left. */
#include "tests/unit/backends/horizon/rig.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Dense and padded, so that both ways of handing memory over are gone. */
#define MODEL                                                                                                \
    "bin-sim 1\nmodel net\ninput x f32 2,8\ninput z f32 2,5 aligned=2,8\noutput y f32 2,8 factor=3\n"        \
    "output w f32 2,5 aligned=2,8\n"

static void every_call_of_loading_may_fail(void **state) {
    static const struct {
        const char *function;
        int64_t calls;
    } rows[] = {{"hbDNNInitializeFromDDR", 1}, {"hbDNNGetModelNameList", 1}, {"hbDNNGetModelHandle", 1},
        {"hbDNNGetInputCount", 1}, {"hbDNNGetOutputCount", 1}, {"hbDNNGetInputName", 2},
        {"hbDNNGetOutputName", 2}, {"hbDNNGetInputTensorProperties", 2},
        {"hbDNNGetOutputTensorProperties", 2}};
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int64_t nth = 1; nth <= rows[i].calls; nth++) {
            sy_model *model = (sy_model *)&r;
            sim.fail_call(rows[i].function, nth, -6000015);
            assert_int_not_equal(rig_load(&r, MODEL, &model), SY_OK);
            assert_null(model);
            assert_int_equal(r.error.vendor_code, -6000015);
            rig_expect_words(r.error.text, "(-6000015)");
            assert_int_equal(sim.disarm(), 0);
            assert_int_equal(sim.alive_total(), 0);
        }
    rig_end(&r);
}

static void every_call_of_binding_may_fail(void **state) {
    static const char *const calls[] = {"hbSysAllocCachedMem", "hbSysFlushMem"};
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    const int64_t before = sim.alive("memory");
    for (size_t i = 0; i < 2; i++)
        for (int64_t nth = 1; nth <= 2; nth++) {
            sy_binding *binding = (sy_binding *)&r;
            sim.fail_call(calls[i], nth, -6000130);
            assert_int_equal(
                r.api->model->bind(b.model, r.queue, b.span, b.ports, &binding, &r.error), SY_OUT_OF_MEMORY);
            assert_null(binding);
            assert_int_equal(sim.disarm(), 0);
            assert_int_equal(sim.alive("memory"), before);
        }
    rig_release(&r, &b);
    rig_end(&r);
}

/* A run that cannot be begun says so at once and with the next wait; the one behind it is well. */
static void every_call_of_a_run_may_fail(void **state) {
    static const struct {
        const char *function;
        int64_t nth;
        const char *says;
    } rows[] = {{"hbDNNInfer", 1, "run of a model"}, {"hbDNNWaitTaskDone", 1, "run of a model"},
        {"hbSysFlushMem", 1, "flush of inputs"}, {"hbSysFlushMem", 2, "flush of outputs"},
        {"hbSysFlushMem", 3, "flush of outputs"}};
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sim.fail_call(rows[i].function, rows[i].nth, -6000015);
        assert_int_equal(rig_run(&r, &b), SY_INTERNAL);
        rig_expect_words(r.error.text, rows[i].says);
        assert_int_equal(r.error.vendor_code, -6000015);
        assert_int_equal(sim.disarm(), 0);
        assert_int_equal(sim.alive("task"), 0);
        assert_int_equal(rig_run(&r, &b), SY_OK);
    }
    sim.fail_call("hbSysFlushMem", 1, -6000015);
    assert_int_equal(r.api->memory->fill(r.queue, b.span[0], 1, &r.error), SY_INTERNAL);
    rig_expect_words(r.error.text, "flush of a fill");
    rig_release(&r, &b);
    /* misuse: a wait that failed leaves a task that may not be done */
    r.api->queue->destroy(r.queue);
    r.api->device->close(r.device);
    r.api->destroy(r.backend);
    sim.disarm();
    assert_int_equal(sim.alive_total(), 0);
    sim.configure("");
}

static void a_late_failure_is_told_by_the_wait(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    sim.fail_async("hbDNNInfer", 1, -6000012);
    assert_int_equal(r.api->work->run(b.binding), SY_OK);
    assert_int_equal(r.api->work->run(b.binding), SY_OK); /* finishes the first, whose failure stays noted */
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &r.error), SY_INTERNAL);
    rig_expect_words(r.error.text, "horizon:0: run of a model: the task failed (-6000012)");
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_MAX, &r.error), SY_OK);
    rig_release(&r, &b);
    rig_end(&r);
}

static void a_wait_with_a_limit(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    sim.hold(true);
    assert_int_equal(r.api->work->run(b.binding), SY_OK);
    for (uint64_t ns = 0; ns < 3000000; ns += 1000000) {
        assert_int_equal(r.api->queue->sync(r.queue, ns, &r.error), SY_TIMEOUT);
        rig_expect_words(r.error.text, "not done after");
        assert_int_equal(sim.alive("task"), 1);
    }
    sim.hold(false);
    assert_int_equal(r.api->queue->sync(r.queue, UINT64_C(60000000000), &r.error), SY_OK);
    assert_int_equal(sim.alive("task"), 0);
    rig_release(&r, &b);
    rig_end(&r);
}

/* What is under way when its binding, or the queue, goes is waited for. */
static void ends_while_it_runs(void **state) {
    rig r;
    sy_queue *other = NULL;
    sy_binding *second = NULL;
    (void)state;
    rig_open(&r, "horizon", "delay_us=2000");
    rig_bound b = rig_bind(&r, MODEL);
    assert_int_equal(r.api->work->run(b.binding), SY_OK);
    r.api->work->binding_destroy(b.binding);
    assert_int_equal(sim.alive("task"), 0);
    assert_int_equal(r.api->queue->create(r.device, &other, &r.error), SY_OK);
    assert_int_equal(r.api->model->bind(b.model, other, b.span, b.ports, &second, &r.error), SY_OK);
    b.binding = second;
    rig_release(&r, &b);
    r.api->queue->destroy(other);
    rig_end(&r);
}

static void more_tasks_than_there_may_be(void **state) {
    enum { MOST = 32 };
    rig r;
    sy_queue *queue[MOST + 1];
    sy_buffer *output[MOST + 1];
    sy_binding *binding[MOST + 1];
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, "bin-sim 1\nmodel net\ninput x f32 16\noutput y f32 16\n");
    sim.hold(true);
    for (int i = 0; i <= MOST; i++) {
        output[i] = rig_memory(&r, 64);
        const sy_span span[2] = {b.span[0], {output[i], 0, 64}};
        assert_int_equal(r.api->queue->create(r.device, &queue[i], &r.error), SY_OK);
        assert_int_equal(r.api->model->bind(b.model, queue[i], span, 2, &binding[i], &r.error), SY_OK);
        assert_int_equal(r.api->work->run(binding[i]), i < MOST ? SY_OK : SY_OUT_OF_MEMORY);
    }
    sim.hold(false);
    assert_int_equal(r.api->queue->sync(queue[MOST], UINT64_MAX, &r.error), SY_OUT_OF_MEMORY);
    rig_expect_words(r.error.text, "more tasks than there may be");
    for (int i = 0; i <= MOST; i++) {
        r.api->work->binding_destroy(binding[i]);
        r.api->memory->free(output[i]);
        r.api->queue->destroy(queue[i]);
    }
    rig_release(&r, &b);
    rig_end(&r);
}

static void memory_runs_out(void **state) {
    rig r;
    sy_buffer *buffer = (sy_buffer *)&r;
    (void)state;
    rig_open(&r, "horizon", "memory=64K");
    assert_int_equal(
        r.api->memory->alloc(r.device, SY_MEMORY_DEVICE, 1 << 20, &buffer, &r.error), SY_OUT_OF_MEMORY);
    assert_null(buffer);
    rig_expect_words(r.error.text, "1048576 bytes wanted");
    assert_int_equal(r.api->memory->alloc(r.device, SY_MEMORY_DEVICE, UINT64_C(1) << 33, &buffer, &r.error),
        SY_OUT_OF_MEMORY);
    assert_int_equal(
        r.api->memory->alloc(r.device, SY_MEMORY_DEVICE, UINT64_MAX, &buffer, &r.error), SY_OUT_OF_MEMORY);
    rig_bound b = rig_bind(&r, MODEL);
    rig_release(&r, &b);
    rig_end(&r);
}

/* Of the host: every allocation fails once. */
static void the_host_has_no_memory(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "horizon", "");
    rig_bound b = rig_bind(&r, MODEL);
    for (uint64_t k = 1; k <= 4; k++) {
        sy_binding *binding = (sy_binding *)&r;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(
            r.api->model->bind(b.model, r.queue, b.span, b.ports, &binding, &r.error), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(binding);
    }
    for (uint64_t k = 1; k <= 2; k++) {
        sy_model *model = (sy_model *)&r;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(rig_load(&r, MODEL, &model), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(model);
    }
    for (uint32_t kind = SY_MEMORY_DEVICE; kind <= SY_MEMORY_PINNED; kind++) {
        sy_buffer *buffer = (sy_buffer *)&r;
        sy_seam_arm(SY_SEAM_ALLOC, 1);
        assert_int_equal(r.api->memory->alloc(r.device, kind, 64, &buffer, &r.error), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(buffer);
    }
    rig_release(&r, &b);
    rig_end(&r);
}

static void a_thousand_loads_leave_nothing(void **state) {
    rig r;
    (void)state;
    rig_open(&r, "horizon", "memory=1M");
    for (int i = 0; i < 1000; i++) {
        rig_bound b = rig_bind(&r, MODEL);
        assert_int_equal(rig_run(&r, &b), SY_OK);
        rig_release(&r, &b);
    }
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_of_loading_may_fail),
        cmocka_unit_test(every_call_of_binding_may_fail), cmocka_unit_test(every_call_of_a_run_may_fail),
        cmocka_unit_test(a_late_failure_is_told_by_the_wait), cmocka_unit_test(a_wait_with_a_limit),
        cmocka_unit_test(ends_while_it_runs), cmocka_unit_test(more_tasks_than_there_may_be),
        cmocka_unit_test(memory_runs_out), cmocka_unit_test(the_host_has_no_memory),
        cmocka_unit_test(a_thousand_loads_leave_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
