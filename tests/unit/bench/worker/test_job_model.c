/* Networks in a worker with a made-up face: inputs, slots, instances on threads, errors; extents that are
 * bound. */
#include "bench/worker/job_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/tensor/npy.h"
#include "runtime/base/error.h"

enum { WIDTH = 6 };

/* y = 2 x; fails in run number fails_at (from 1). */
typedef struct fake {
    atomic_ullong runs, entered, left, instances;
    uint64_t fails_at;
    bool cannot_enter;
} fake;

static sy_status fake_port(void *model, uint32_t index, sy_network_port *out_port, sy_error *err) {
    (void)model;
    if (index > 1)
        return sy_error_set(err, SY_UNAVAILABLE, "two ports");
    *out_port = (sy_network_port){.size = sizeof *out_port,
        .is_output = index,
        .dtype = SY_F32,
        .rank = 2,
        .dim = {1, WIDTH},
        .name = index == 0 ? "x" : "y"};
    return SY_OK;
}

static sy_status fake_info(void *model, sy_compiled_info *out_info, sy_error *err) {
    (void)model, (void)err;
    *out_info = (sy_compiled_info){.size = sizeof *out_info, .steps = 2, .device_steps = 1, .host_steps = 1};
    return SY_OK;
}

static sy_status fake_step(void *model, uint32_t index, sy_compiled_step *out_step, sy_error *err) {
    static const char *const ops[] = {"Mul", "Odd"};
    (void)model;
    if (index > 1)
        return sy_error_set(err, SY_UNAVAILABLE, "two steps");
    *out_step = (sy_compiled_step){
        .size = sizeof *out_step, .is_host = index, .node = "n", .op = ops[index], .algorithm = "a"};
    return SY_OK;
}

static sy_status fake_create(void *model, void **out_instance, sy_error *err) {
    fake *f = model;
    (void)err;
    atomic_fetch_add(&f->instances, 1);
    *out_instance = f;
    return SY_OK;
}

static void fake_destroy(void *instance) {
    atomic_fetch_sub(&((fake *)instance)->instances, 1);
}

static sy_status fake_enter(void *model, sy_error *err) {
    fake *f = model;
    if (f->cannot_enter)
        return sy_error_set(err, SY_LOST, "no way in");
    atomic_fetch_add(&f->entered, 1);
    return SY_OK;
}

static void fake_leave(void *model) {
    atomic_fetch_add(&((fake *)model)->left, 1);
}

static sy_status fake_run(
    void *instance, const void *const *in, uint32_t n_in, void *const *out, uint32_t n_out, sy_error *err) {
    fake *f = instance;
    if (n_in != 1 || n_out != 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "one in, one out");
    if (atomic_fetch_add(&f->runs, 1) + 1 == f->fails_at)
        return sy_error_set(err, SY_LOST, "it broke");
    for (int i = 0; i < WIDTH; i++)
        ((float *)out[0])[i] = 2.0f * ((const float *)in[0])[i];
    return SY_OK;
}

static sy_status fake_times(void *instance, sy_instance_times *out_times, sy_error *err) {
    static const uint64_t begin_ns[] = {5, 9}, ns[] = {3, 1};
    (void)instance, (void)err;
    *out_times = (sy_instance_times){.size = sizeof *out_times,
        .n_step = 2,
        .in_ns = 1,
        .compute_ns = 2,
        .out_ns = 3,
        .step_begin_ns = begin_ns,
        .step_ns = ns};
    return SY_OK;
}

static sy_status fake_profile(void *instance, bool is_on, sy_error *err) {
    (void)instance, (void)is_on, (void)err;
    return SY_OK;
}

static void fake_close(void *model) {
    assert_int_equal(0, atomic_load(&((fake *)model)->instances));
}

static const sy_model_face face = {.port = fake_port,
    .info = fake_info,
    .step = fake_step,
    .instance_create = fake_create,
    .instance_destroy = fake_destroy,
    .enter = fake_enter,
    .leave = fake_leave,
    .run = fake_run,
    .times = fake_times,
    .profile = fake_profile,
    .close = fake_close};

typedef struct rig {
    fake model;
    sy_job_device on;
    sy_model_job job;
    json_t *request;
} rig;

static sy_status prepare(rig *r, uint32_t instances, uint64_t sets, sy_error *err) {
    sy_model_side side = {.face = &face, .model = &r->model};
    const sy_model_wish wish = {.instances = instances, .sets = sets, .request = r->request};
    r->on = (sy_job_device){.clock = sy_clock_host()};
    return sy_model_job_prepare(&r->job, &r->on, &side, &wish, err);
}

static int open_rig(void **state) {
    rig *r = calloc(1, sizeof *r);
    r->request = json_pack("{s:i,s:s}", "data", 0, "seed", "7");
    *state = r;
    return 0;
}

static int close_rig(void **state) {
    rig *r = *state;
    sy_model_job_release(&r->job);
    assert_int_equal(atomic_load(&r->model.entered), atomic_load(&r->model.left));
    json_decref(r->request);
    free(r);
    return 0;
}

static sy_traffic_settings settings_of(const rig *r, uint64_t queries) {
    return (sy_traffic_settings){.scenario = SY_SCENARIO_SINGLE_STREAM,
        .instances = r->job.instances,
        .batch = 1,
        .query_samples = 1,
        .sets = r->job.sets,
        .seed = 3,
        .min_queries = queries};
}

static sy_status run_traffic(rig *r, uint64_t queries, sy_traffic_log *out_log, sy_error *err) {
    sy_traffic_settings settings = settings_of(r, queries);
    sy_traffic_world world = sy_model_job_world(&r->job);
    sy_model_job_begin(&r->job, 3, 0);
    return sy_traffic_run(&settings, &world, out_log, err);
}

static void inputs_come_from_the_seed(void **state) {
    rig *r = *state, *other = NULL;
    open_rig((void **)&other);
    assert_int_equal(SY_OK, prepare(r, 1, 3, NULL));
    assert_int_equal(SY_OK, prepare(other, 2, 3, NULL));
    for (size_t set = 0; set < 3; set++)
        assert_memory_equal(r->job.input[set][0], other->job.input[set][0], WIDTH * sizeof(float));
    assert_memory_not_equal(r->job.input[0][0], r->job.input[1][0], WIDTH * sizeof(float));
    close_rig((void **)&other);
}

static void check_slots(const rig *r) {
    for (uint32_t i = 0; i < r->job.instances; i++)
        for (size_t j = 0; j < SY_MODEL_SLOTS; j++) {
            const sy_model_slot *slot = &r->job.instance[i].slot[j];
            const float *x = r->job.input[slot->set][0], *y = slot->out[0];
            for (int k = 0; slot->is_written && k < WIDTH; k++)
                assert_true(y[k] == 2.0f * x[k]);
        }
}

static void slots_keep_runs_of_the_whole_phase(void **state) {
    rig *r = *state;
    sy_traffic_log log;
    uint64_t late = 0;
    assert_int_equal(SY_OK, prepare(r, 1, 4, NULL));
    for (int i = 0; i < 50; i++) {
        assert_int_equal(SY_OK, run_traffic(r, 100, &log, NULL));
        assert_int_equal(100, log.count);
        check_slots(r);
        for (size_t j = 0; j < SY_MODEL_SLOTS; j++) {
            assert_true(r->job.instance[0].slot[j].is_written);
            late += r->job.instance[0].slot[j].number >= 50;
        }
        sy_traffic_log_release(&log);
        r->job.instance[0].random.word[0] += (uint64_t)i;
    }
    assert_true(late > 30 && late < 170); /* half of 200, by the same seed with a shift */
}

static void instances_have_threads_of_their_own(void **state) {
    rig *r = *state;
    sy_traffic_log log;
    assert_int_equal(SY_OK, prepare(r, 3, 2, NULL));
    assert_int_equal(SY_OK, run_traffic(r, 300, &log, NULL));
    assert_true(log.count >= 300);
    uint64_t runs = log.runs;
    assert_int_equal(runs, atomic_load(&r->model.runs));
    for (size_t i = 0; i < log.count; i++)
        assert_int_equal(6, log.query[i].in_ns + log.query[i].compute_ns + log.query[i].out_ns);
    check_slots(r);
    sy_traffic_log_release(&log);
    assert_int_equal(SY_OK, sy_model_job_warm(&r->job, 0, NULL));
    assert_int_equal(runs + 6, atomic_load(&r->model.runs));
    assert_int_equal(SY_OK, sy_model_job_sweep(&r->job, 4, NULL));
    assert_int_equal(runs + 6 + 12, atomic_load(&r->model.runs));
}

static void a_run_that_fails_ends_the_phase(void **state) {
    rig *r = *state;
    for (uint32_t instances = 1; instances < 4; instances += 2) {
        sy_error error = SY_ERROR_INIT;
        sy_traffic_log log;
        assert_int_equal(SY_OK, prepare(r, instances, 2, NULL));
        atomic_store(&r->model.runs, 0);
        r->model.fails_at = 20;
        assert_int_equal(SY_LOST, run_traffic(r, 100, &log, &error));
        assert_string_equal("it broke", error.text);
        sy_traffic_log_release(&log);
        sy_model_job_release(&r->job);
    }
}

static void a_thread_that_cannot_enter_says_so(void **state) {
    rig *r = *state;
    sy_error error = SY_ERROR_INIT;
    r->model.cannot_enter = true;
    assert_int_equal(SY_OK, prepare(r, 2, 1, NULL));
    assert_int_equal(SY_LOST, sy_model_job_warm(&r->job, 0, &error));
    assert_string_equal("no way in", error.text);
}

static void steps_are_told_and_timed(void **state) {
    rig *r = *state;
    json_t *reply = json_object();
    assert_int_equal(SY_OK, prepare(r, 1, 1, NULL));
    sy_model_job_put(&r->job, reply);
    const json_t *ops = json_object_get(reply, "host_ops");
    assert_int_equal(1, json_array_size(ops));
    assert_string_equal("Odd", json_string_value(json_array_get(ops, 0)));
    assert_int_equal(2, json_array_size(json_object_get(reply, "ports")));
    assert_int_equal(SY_OK, sy_model_job_profile(&r->job, 3, reply, NULL));
    const json_t *steps = json_object_get(reply, "steps");
    assert_int_equal(2, json_array_size(steps));
    assert_true(json_real_value(json_object_get(json_array_get(steps, 0), "ns")) == 3.0);
    assert_int_equal(9, json_integer_value(json_object_get(json_array_get(steps, 1), "begin_ns")));
    assert_int_equal(3, json_integer_value(json_object_get(reply, "runs")));
    json_decref(reply);
}

/* A file with an input, and what is said of it. */
static void refuse_file(rig *r, const char *name, const sy_host_tensor *tensor, const char *says) {
    char path[200];
    sy_error error = SY_ERROR_INIT;
    snprintf(path, sizeof path, "/tmp/steelyard-%d-%s", (int)getpid(), name);
    if (tensor != NULL)
        assert_int_equal(SY_OK, sy_npy_write(path, tensor, NULL));
    json_object_set_new(r->request, "inputs", json_pack("[{s:s}]", "path", path));
    sy_status status = prepare(r, 1, 1, &error);
    unlink(path);
    if (says == NULL) {
        assert_int_equal(SY_OK, status);
        assert_memory_equal(tensor->data, r->job.input[0][0], tensor->bytes);
    } else {
        assert_int_equal(SY_INVALID_ARGUMENT, status);
        assert_non_null(strstr(error.text, says));
    }
    sy_model_job_release(&r->job);
}

static void files_have_to_fit(void **state) {
    rig *r = *state;
    sy_host_tensor good = {.dtype = SY_F32, .rank = 2, .dim = {1, WIDTH}}, flat = {.dtype = SY_F32};
    sy_host_tensor whole = {.dtype = SY_S64, .rank = 2, .dim = {1, WIDTH}};
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&good, NULL));
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&flat, NULL));
    assert_int_equal(SY_OK, sy_host_tensor_alloc(&whole, NULL));
    ((float *)good.data)[2] = 42.0f;
    refuse_file(r, "good.npy", &good, NULL);
    refuse_file(r, "flat.npy", &flat, "it is f32 scalar, input 'x' wants f32 1x6");
    refuse_file(r, "whole.npy", &whole, "it is s64 1x6");
    refuse_file(r, "none.npy", NULL, "no such file");
    refuse_file(r, "odd.bin", NULL, "ends in .npy");
    json_object_set_new(r->request, "inputs", json_pack("[{},{}]"));
    sy_error error = SY_ERROR_INIT;
    assert_int_equal(SY_INVALID_ARGUMENT, prepare(r, 1, 1, &error));
    assert_non_null(strstr(error.text, "2 files given, the model has 1 input"));
    sy_host_tensor_release(&good);
    sy_host_tensor_release(&flat);
    sy_host_tensor_release(&whole);
}

static void ranges_name_inputs(void **state) {
    rig *r = *state;
    sy_error error = SY_ERROR_INIT;
    json_object_set_new(
        r->request, "ranges", json_pack("[{s:s,s:f,s:f}]", "name", "*", "low", 3.0, "high", 4.0));
    assert_int_equal(SY_OK, prepare(r, 1, 1, &error));
    for (int i = 0; i < WIDTH; i++)
        assert_true(((float *)r->job.input[0][0])[i] >= 3.0f && ((float *)r->job.input[0][0])[i] <= 4.0f);
    sy_model_job_release(&r->job);
    json_object_set_new(r->request, "ranges", json_pack("[{s:s}]", "name", "z"));
    assert_int_equal(SY_INVALID_ARGUMENT, prepare(r, 1, 1, &error));
    assert_non_null(strstr(error.text, "no input 'z'"));
}

static void extents_are_bound_by_batch_symbol_and_name(void **state) {
    (void)state;
    const sy_network_bind binds[] = {
        {.name = "length", .dim = {128}}, {.name = "mask", .rank = 2, .dim = {3, 9}}};
    const sy_model_request request = {.bind = binds, .n_bind = 2, .batch = 4};
    sy_network_port ids = {
        .rank = 2, .dim = {-1, -1}, .name = "ids", .dim_name = {"batch", "length", "", "", "", "", "", ""}};
    sy_network_port mask = ids, scalar = {.rank = 0, .name = "s"};
    sy_error error = SY_ERROR_INIT;
    int64_t dim[SY_MAX_RANK];
    assert_int_equal(SY_OK, sy_model_bind_extents(&request, &ids, dim, NULL));
    assert_true(dim[0] == 4 && dim[1] == 128);
    mask.name = "mask";
    assert_int_equal(SY_OK, sy_model_bind_extents(&request, &mask, dim, NULL));
    assert_true(dim[0] == 3 && dim[1] == 9);
    mask.rank = 3;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_model_bind_extents(&request, &mask, dim, &error));
    assert_string_equal("input 'mask' has 3 extents, --bind gives 2", error.text);
    assert_int_equal(SY_OK, sy_model_bind_extents(&request, &scalar, dim, NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(inputs_come_from_the_seed),
        TEST(slots_keep_runs_of_the_whole_phase),
        TEST(instances_have_threads_of_their_own),
        TEST(a_run_that_fails_ends_the_phase),
        TEST(a_thread_that_cannot_enter_says_so),
        TEST(steps_are_told_and_timed),
        TEST(files_have_to_fit),
        TEST(ranges_name_inputs),
        cmocka_unit_test(extents_are_bound_by_batch_symbol_and_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
