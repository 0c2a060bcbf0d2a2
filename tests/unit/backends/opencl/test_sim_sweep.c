/* Every call of the library, and every allocation, fails in turn: a clear error or none, and nothing is left
 * over. */
#include "tests/unit/backends/opencl/sim_world.h"

#include <stdlib.h>
#include <unistd.h>

#include "backends/opencl/plan.h"
#include "runtime/base/seam.h"

/* All that a life has; what a failure leaves unmade stays NULL. */
typedef struct life {
    sim_world w;
    sy_buffer *buffer, *pinned;
    sy_event *event;
    sy_timer *timer;
    sy_plan *plan;
    sy_binding *binding;
    uint64_t id;
} life;

static sy_status begin(life *l) {
    sy_host host = {.size = sizeof host, .ctx = &l->w.host, .log = sim_host_log, .option = sim_host_option};
    uint32_t count = 0;
    sy_status status = l->w.api->create(&host, &l->w.backend, &l->w.error);
    if (status == SY_OK)
        status = l->w.api->device->count(l->w.backend, &count, &l->w.error);
    if (status == SY_OK)
        status = l->w.api->device->open(l->w.backend, 0, "", &l->w.device, &l->w.error);
    return status == SY_OK ? l->w.api->queue->create(l->w.device, &l->w.queue, &l->w.error) : status;
}

static sy_status prepare(life *l) {
    const sy_backend_api *api = l->w.api;
    const sy_span operands[4] = {{l->buffer, 0, 1024}, {l->buffer, 1024, 1024}, {0}, {l->buffer, 2048, 1024}};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_status status = api->work->algorithm(l->w.device, sim_problem(SIM_GEMM), 0, &algorithm, &l->w.error);
    if (status == SY_OK)
        status =
            api->work->plan_create(l->w.device, sim_problem(SIM_GEMM), algorithm.id, &l->plan, &l->w.error);
    if (status == SY_OK)
        status = api->work->binding_create(
            l->plan, l->w.queue, operands, 4, (sy_span){0}, &l->binding, &l->w.error);
    if (status == SY_OK)
        status = api->queue->event_create(l->w.device, &l->event, &l->w.error);
    return status == SY_OK ? api->queue->timer_create(l->w.queue, &l->timer, &l->w.error) : status;
}

static sy_status make_memory(life *l) {
    const sy_backend_api *api = l->w.api;
    sy_status status = api->memory->alloc(l->w.device, SY_MEMORY_DEVICE, 4096, &l->buffer, &l->w.error);
    if (status == SY_OK)
        status = api->memory->alloc(l->w.device, SY_MEMORY_PINNED, 4096, &l->pinned, &l->w.error);
    if (status == SY_OK)
        status = api->memory->copy(
            l->w.queue, (sy_span){l->buffer, 0, 2048}, (sy_span){l->pinned, 0, 2048}, &l->w.error);
    return status == SY_OK ? api->memory->fill(l->w.queue, (sy_span){l->buffer, 2048, 64}, 7, &l->w.error)
                           : status;
}

/* A failure of run() has its words in the next sync. */
static sy_status measure(life *l) {
    const sy_backend_api *api = l->w.api;
    double ns = 0.0, resolution_ns = 0.0;
    uint32_t done = 0;
    sy_status status = api->queue->timer_start(l->timer, &l->w.error);
    for (int i = 0; status == SY_OK && i < 3; i++)
        if (api->work->run(l->binding) != SY_OK)
            break;
    if (status == SY_OK)
        status = api->queue->timer_stop(l->timer, &l->w.error);
    if (status == SY_OK)
        status = api->queue->event_record(l->event, l->w.queue, &l->w.error);
    if (status == SY_OK)
        status = api->queue->event_wait(l->w.queue, l->event, &l->w.error);
    if (status == SY_OK)
        status = api->queue->event_query(l->event, &done, &l->w.error);
    if (status == SY_OK)
        status = api->memory->copy(
            l->w.queue, (sy_span){l->pinned, 0, 64}, (sy_span){l->buffer, 2048, 64}, &l->w.error);
    if (status == SY_OK)
        status = api->queue->sync(l->w.queue, UINT64_MAX, &l->w.error);
    return status == SY_OK ? api->queue->timer_read(l->timer, &ns, &resolution_ns, &l->w.error) : status;
}

static void end(life *l) {
    const sy_backend_api *api = l->w.api;
    api->queue->timer_destroy(l->timer);
    api->queue->event_destroy(l->event);
    api->work->binding_destroy(l->binding);
    api->work->plan_destroy(l->plan);
    api->queue->destroy(l->w.queue); /* before the memory that its commands use */
    api->memory->free(l->pinned);
    api->memory->free(l->buffer);
    if (l->w.device != NULL)
        api->device->close(l->w.device);
    if (l->w.backend != NULL)
        api->destroy(l->w.backend);
}

static sy_status live(const char *cache) {
    life l = {.w = {.host = {.library = SIM_PATH, .cache = cache}, .error = SY_ERROR_INIT}};
    l.w.api = ocl_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    sy_status status = begin(&l);
    if (status == SY_OK)
        status = make_memory(&l);
    if (status == SY_OK)
        status = prepare(&l);
    if (status == SY_OK)
        status = measure(&l);
    end(&l);
    if (status != SY_OK)
        sim_expect_words(l.w.error.text, "");
    assert_int_equal(cl_sim_alive_total(), 0);
    return status;
}

/* The nth call fails with this code, for every n there is. */
static void sweep(int32_t code, const char *settings) {
    uint64_t failed = 0;
    cl_sim_configure(settings);
    for (uint64_t nth = 1;; nth++) {
        cl_sim_fail(NULL, nth, code);
        sy_status status = live(NULL);
        failed += status != SY_OK;
        if (cl_sim_disarm() > 0) {
            assert_int_equal(status, SY_OK); /* nothing has failed */
            break;
        }
    }
    assert_true(failed > 30);
}

static void every_call_that_fails_is_told_and_leaves_nothing(void **state) {
    (void)state;
    sweep(CL_OUT_OF_HOST_MEMORY, "type=cpu");
    sweep(CL_OUT_OF_RESOURCES, "type=cpu;unified=1");
    sweep(CL_INVALID_COMMAND_QUEUE, "type=cpu");
    sweep(CL_BUILD_PROGRAM_FAILURE, "type=cpu;version=120");
    sweep(-9999, "type=cpu");
}

/* The device is lost at the nth command. */
static void every_loss_is_told_and_leaves_nothing(void **state) {
    (void)state;
    char settings[64];
    sy_status status = SY_LOST;
    for (int nth = 0; status != SY_OK; nth++) {
        snprintf(settings, sizeof settings, "type=cpu;lost=%d", nth);
        cl_sim_configure(settings);
        status = live(NULL);
        assert_true(status == SY_OK || status == SY_LOST);
        assert_true(nth < 100);
    }
}

static void remove_below(const char *folder) {
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s/opencl", folder);
    assert_int_equal(system(command), 0);
}

/* The same of the host's memory and files; programs are kept in `folder`, from one life to the next or not.
 */
static void sweep_host(const char *folder, bool keeps_programs) {
    uint64_t failed = 0;
    bool was_reached = true;
    for (uint64_t k = 1; was_reached; k++) {
        if (!keeps_programs)
            remove_below(folder);
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_FILE, k);
        failed += live(folder) != SY_OK;
        was_reached = sy_seam_disarm() >= k;
    }
    assert_true(failed > 5);
}

static void every_allocation_that_fails_is_told_and_leaves_nothing(void **state) {
    (void)state;
    char folder[64] = "/tmp/steelyard-sim-XXXXXX";
    assert_non_null(mkdtemp(folder));
    cl_sim_configure("type=cpu;unified=1");
    sweep_host(folder, false);
    sweep_host(folder, true);
    remove_below(folder);
    assert_int_equal(rmdir(folder), 0);
}

/* One program serves all, even while no plan uses it. */
static void a_thousand_plans_leave_nothing(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    for (int i = 0; i < 1000; i++) {
        sim_work work = sim_work_make(&w);
        sy_plan *other = NULL;
        assert_int_equal(sim_plan(&w, SIM_GEMM, &other), SY_OK);
        for (int run = 0; run < 3; run++)
            assert_int_equal(w.api->work->run(work.binding), SY_OK);
        if (i % 7 == 0)
            assert_int_equal(sim_sync(&w), SY_OK);
        sim_work_free(&w, &work);
        w.api->work->plan_destroy(other);
        assert_int_equal(cl_sim_alive(CL_SIM_KERNEL), 0);
        assert_int_equal(cl_sim_alive(CL_SIM_BUFFER), 0);
        assert_true(cl_sim_alive(CL_SIM_EVENT) <= OCL_PENDING_MAX);
    }
    assert_int_equal(cl_sim_made(CL_SIM_PROGRAM), 1);
    assert_int_equal(sim_sync(&w), SY_OK);
    sim_end(&w);
}

/* Programs of plans that are gone are kept for a while, but not all. */
static void a_thousand_programs_are_not_kept(void **state) {
    (void)state;
    sim_world w = {0};
    static ocl_recipe recipe;
    static sy_task task;
    sim_open(&w, "");
    for (int i = 0; i < 1000; i++) {
        sy_plan *plan = NULL;
        recipe = (ocl_recipe){.name = "test"};
        ocl_define(&recipe, "#define N %d\n__kernel void k(int a) {}\n", i);
        ocl_step_groups(
            ocl_step_add(&recipe, "k"), (const uint64_t[3]){1, 1, 1}, (const uint64_t[3]){1, 1, 1});
        assert_int_equal(ocl_plan_create(w.device, &task, &recipe, &plan, &w.error), SY_OK);
        ocl_plan_release(plan);
    }
    assert_int_equal(cl_sim_made(CL_SIM_PROGRAM), 1000);
    assert_true(cl_sim_alive(CL_SIM_PROGRAM) <= 100);
    sim_end(&w);
}

static void a_thousand_runs_of_a_plan_leave_nothing(void **state) {
    (void)state;
    sim_world w = {0};
    sim_open(&w, "");
    sim_work work = sim_work_make(&w);
    uint64_t alive = cl_sim_alive_total();
    for (int i = 0; i < 1000; i++) {
        sy_binding *binding = NULL;
        assert_int_equal(sim_bind(&w, work.plan, work.buffer, &binding), SY_OK);
        assert_int_equal(w.api->work->run(binding), SY_OK);
        assert_int_equal(w.api->work->run(work.binding), SY_OK);
        w.api->work->binding_destroy(binding);
    }
    assert_int_equal(sim_sync(&w), SY_OK);
    assert_int_equal(cl_sim_alive_total(), alive);
    sim_work_free(&w, &work);
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_call_that_fails_is_told_and_leaves_nothing),
        cmocka_unit_test(every_loss_is_told_and_leaves_nothing),
        cmocka_unit_test(every_allocation_that_fails_is_told_and_leaves_nothing),
        cmocka_unit_test(a_thousand_plans_leave_nothing), cmocka_unit_test(a_thousand_programs_are_not_kept),
        cmocka_unit_test(a_thousand_runs_of_a_plan_leave_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
