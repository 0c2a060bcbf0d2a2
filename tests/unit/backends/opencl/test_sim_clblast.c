/* CLBlast as a peer, with a stub of it on the simulated OpenCL library: how it is called, and how it fails.
 */
#include <dlfcn.h>

#include "backends/opencl/clblast.h"
#include "tests/peers/stub_clblast.h"
#include "tests/unit/backends/opencl/sim_world.h"

#define STUB PEER_FOLDER "/clblast.so"

/* The state of the stub that the backend has opened, as new. */
static stub_clblast_state *stub_of(const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(handle);
    stub_clblast_state *state = dlsym(handle, "stub_clblast");
    assert_non_null(state);
    *state = (stub_clblast_state){0};
    dlclose(handle);
    return state;
}

static void open_with(sim_world *w, const char *library, const char *settings) {
    *w = (sim_world){.host.clblast = library};
    sim_open(w, settings);
}

/* The candidate "clblast", whatever it says. */
static sy_status find(sim_world *w, const char *problem, sy_algorithm *out_algorithm) {
    *out_algorithm = (sy_algorithm){.size = sizeof *out_algorithm};
    for (uint32_t i = 0;; i++) {
        w->error = SY_ERROR_INIT;
        sy_status status =
            w->api->work->algorithm(w->device, sim_problem(problem), i, out_algorithm, &w->error);
        if (status == SY_UNAVAILABLE || strcmp(out_algorithm->name, "clblast") == 0)
            return status;
    }
}

/* A plan by the stub, which its warm-up has called once. */
static sy_plan *plan_of(sim_world *w, const char *problem, stub_clblast_state **out_stub) {
    sy_algorithm algorithm;
    sy_plan *plan = NULL;
    assert_int_equal(find(w, problem, &algorithm), SY_OK);
    *out_stub = stub_of(STUB);
    assert_int_equal(
        w->api->work->plan_create(w->device, sim_problem(problem), algorithm.id, &plan, &w->error), SY_OK);
    assert_int_equal((*out_stub)->calls, 1);
    return plan;
}

static void run_plan(sim_world *w, sy_plan *plan, const sy_span *operands, sy_status expected) {
    sy_binding *binding = NULL;
    assert_int_equal(
        w->api->work->binding_create(plan, w->queue, operands, 4, (sy_span){0}, &binding, &w->error), SY_OK);
    assert_int_equal(w->api->work->run(binding), expected);
    w->api->work->binding_destroy(binding);
    w->api->work->plan_destroy(plan);
}

static void a_product_is_told_as_it_lies(void **state) {
    (void)state;
    sim_world w;
    stub_clblast_state *stub = NULL;
    sy_buffer *buffer = NULL;
    open_with(&w, STUB, "");
    sy_plan *plan = plan_of(&w, "gemm:m=3,n=5,k=7,tb=1,alpha=2.5,weights=dynamic", &stub);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 4096, &buffer), SY_OK);
    const sy_span operands[4] = {{buffer, 128, 84}, {buffer, 256, 140}, {0}, {buffer, 1024, 60}};
    run_plan(&w, plan, operands, SY_OK);
    const stub_clblast_call *call = &stub->last;
    assert_int_equal(stub->calls, 2);
    assert_string_equal(call->function, "Sgemm");
    assert_int_equal(call->layout, 101);
    assert_int_equal(call->transpose_a, 111);
    assert_int_equal(call->transpose_b, 112);
    assert_true(call->m == 3 && call->n == 5 && call->k == 7);
    assert_true(call->alpha == 2.5 && call->beta == 0.0);
    assert_true(call->a == buffer->memory && call->b == buffer->memory && call->c == buffer->memory);
    assert_true(call->a_offset == 32 && call->b_offset == 64 && call->c_offset == 256);
    assert_true(call->a_lead == 7 && call->b_lead == 7 && call->c_lead == 5);
    assert_ptr_equal(call->queue, w.queue->handle);
    w.api->memory->free(buffer);
    sim_end(&w);
    assert_int_equal(stub->cleared, 1);
}

static void batches_and_types_have_their_functions(void **state) {
    (void)state;
    static const struct {
        const char *problem, *function;
    } rows[] = {{"gemm:m=3,n=5,k=7,batch=4", "SgemmStridedBatched"}, {"gemm:m=3,n=5,k=7,dtype=f64", "Dgemm"},
        {"gemm:m=3,n=5,k=7,batch=4,dtype=f64", "DgemmStridedBatched"},
        {"gemm:m=3,n=5,k=7,dtype=f16:f16:f16:f16", "Hgemm"},
        {"gemm:m=3,n=5,k=7,batch=4,dtype=f16:f16:f16:f16", "HgemmStridedBatched"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sim_world w;
        stub_clblast_state *stub = NULL;
        open_with(&w, STUB, "fp16=1");
        sy_plan *plan = plan_of(&w, rows[i].problem, &stub);
        bool is_batched = strstr(rows[i].problem, "batch") != NULL;
        assert_string_equal(stub->last.function, rows[i].function);
        assert_int_equal(stub->last.batch, is_batched ? 4 : 1);
        assert_int_equal(stub->last.c_stride, is_batched ? 15 : 0);
        assert_true(stub->last.alpha == (strchr(rows[i].function, 'H') != NULL ? 0x3c00 : 1));
        w.api->work->plan_destroy(plan);
        sim_end(&w);
    }
}

static void c_and_the_result_are_one(void **state) {
    (void)state;
    sim_world w;
    sy_algorithm algorithm;
    stub_clblast_state *stub = NULL;
    sy_buffer *buffer = NULL;
    sy_binding *binding = NULL;
    const char *problem = "gemm:m=8,n=8,k=8,beta=0.5";
    open_with(&w, STUB, "");
    assert_int_equal(find(&w, problem, &algorithm), SY_OK);
    assert_true((algorithm.flags & SY_ALGO_IN_PLACE_C) != 0);
    sy_plan *plan = plan_of(&w, problem, &stub);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 4096, &buffer), SY_OK);
    sy_span operands[4] = {{buffer, 0, 256}, {buffer, 256, 256}, {buffer, 512, 256}, {buffer, 1024, 256}};
    assert_int_equal(
        w.api->work->binding_create(plan, w.queue, operands, 4, (sy_span){0}, &binding, &w.error),
        SY_INVALID_ARGUMENT);
    sim_expect_words(w.error.text, "same memory");
    operands[2] = operands[3];
    run_plan(&w, plan, operands, SY_OK);
    assert_true(stub->last.beta == 0.5);
    assert_int_equal(stub->last.c_offset, 256);
    w.api->memory->free(buffer);
    sim_end(&w);
}

static void its_codes_are_told_by_name(void **state) {
    (void)state;
    static const struct {
        int code;
        sy_status status;
        const char *words;
    } rows[] = {{-1016, SY_INTERNAL, "CLBlastInvalidLeadDimA (-1016)"},
        {-2044, SY_INTERNAL, "CLBlastNoDoublePrecision (-2044)"},
        {-4, SY_OUT_OF_MEMORY, "ALLOCATION_FAILURE (-4)"}, {-1900, SY_INTERNAL, "unknown code (-1900)"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sim_world w;
        stub_clblast_state *stub = NULL;
        sy_buffer *buffer = NULL;
        open_with(&w, STUB, "");
        sy_plan *plan = plan_of(&w, SIM_GEMM, &stub);
        stub->fail_from = 2;
        stub->code = rows[i].code;
        assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 4096, &buffer), SY_OK);
        const sy_span operands[4] = {{buffer, 0, 256}, {buffer, 256, 256}, {0}, {buffer, 1024, 256}};
        run_plan(&w, plan, operands, rows[i].status);
        assert_int_equal(sim_sync(&w), rows[i].status);
        sim_expect_words(w.error.text, rows[i].words);
        assert_int_equal(sim_sync(&w), SY_OK);
        w.api->memory->free(buffer);
        sim_end(&w);
    }
}

static void a_plan_fails_as_its_first_product_does(void **state) {
    (void)state;
    sim_world w;
    sy_algorithm algorithm;
    sy_plan *plan = NULL;
    open_with(&w, STUB, "");
    assert_int_equal(find(&w, SIM_GEMM, &algorithm), SY_OK);
    stub_clblast_state *stub = stub_of(STUB);
    stub->fail_from = 1;
    stub->code = -2046;
    assert_int_equal(w.api->work->plan_create(w.device, sim_problem(SIM_GEMM), algorithm.id, &plan, &w.error),
        SY_INTERNAL);
    assert_null(plan);
    sim_expect_words(w.error.text, "CLBlastInvalidLocalMemUsage");
    sim_end(&w);
}

static void without_memory_the_first_run_compiles(void **state) {
    (void)state;
    sim_world w;
    sy_algorithm algorithm;
    sy_plan *plan = NULL;
    open_with(&w, STUB, "");
    assert_int_equal(find(&w, SIM_GEMM, &algorithm), SY_OK);
    stub_clblast_state *stub = stub_of(STUB);
    cl_sim_fail("clCreateBuffer", 3, -4);
    assert_int_equal(
        w.api->work->plan_create(w.device, sim_problem(SIM_GEMM), algorithm.id, &plan, &w.error), SY_OK);
    assert_int_equal(stub->calls, 0);
    w.api->work->plan_destroy(plan);
    sim_end(&w);
}

/* With a timer running, a command of ours goes before the library's. */
static void timers_begin_with_a_marker(void **state) {
    (void)state;
    sim_world w;
    stub_clblast_state *stub = NULL;
    sy_buffer *buffer = NULL;
    sy_timer *timer = NULL;
    double ns = -1.0, resolution = 0.0;
    open_with(&w, STUB, "");
    sy_plan *plan = plan_of(&w, SIM_GEMM, &stub);
    assert_int_equal(sim_alloc(&w, SY_MEMORY_DEVICE, 4096, &buffer), SY_OK);
    assert_int_equal(w.api->queue->timer_create(w.queue, &timer, NULL), SY_OK);
    assert_int_equal(w.api->queue->timer_start(timer, NULL), SY_OK);
    const sy_span operands[4] = {{buffer, 0, 256}, {buffer, 256, 256}, {0}, {buffer, 1024, 256}};
    uint64_t markers = cl_sim_calls("clEnqueueMarkerWithWaitList");
    run_plan(&w, plan, operands, SY_OK);
    assert_int_equal(cl_sim_calls("clEnqueueMarkerWithWaitList"), markers + 1);
    assert_int_equal(w.api->queue->timer_stop(timer, NULL), SY_OK);
    assert_int_equal(sim_sync(&w), SY_OK);
    assert_int_equal(w.api->queue->timer_read(timer, &ns, &resolution, NULL), SY_OK);
    assert_true(ns >= 0.0);
    w.api->queue->timer_destroy(timer);
    w.api->memory->free(buffer);
    sim_end(&w);
}

static void libraries_that_cannot_be_used_say_why(void **state) {
    (void)state;
    static const struct {
        const char *path, *words;
    } rows[] = {{"/nowhere/libclblast.so", "STEELYARD_CLBLAST"},
        {PEER_FOLDER "/clblast_lacking.so", "CLBlastSgemmStridedBatched"}, {SIM_1_2_PATH, "CLBlastSgemm"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sim_world w;
        sy_algorithm algorithm;
        open_with(&w, rows[i].path, "");
        for (int again = 0; again < 2; again++) {
            assert_int_equal(find(&w, SIM_GEMM, &algorithm), SY_UNSUPPORTED);
            sim_expect_words(w.error.text, rows[i].words);
        }
        sim_end(&w);
    }
}

/* A real one, if there is any, is linked to the loader, not to the simulated library. */
static void a_library_of_another_opencl_is_refused(void **state) {
    (void)state;
    sim_world w;
    sy_algorithm algorithm;
    void *real = dlopen("libclblast.so.1", RTLD_NOW | RTLD_LOCAL);
    if (real == NULL)
        skip();
    open_with(&w, "libclblast.so.1", "");
    assert_int_equal(find(&w, SIM_GEMM, &algorithm), SY_UNSUPPORTED);
    sim_expect_words(w.error.text, "another OpenCL library");
    sim_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_is_told_as_it_lies),
        cmocka_unit_test(batches_and_types_have_their_functions),
        cmocka_unit_test(c_and_the_result_are_one),
        cmocka_unit_test(its_codes_are_told_by_name),
        cmocka_unit_test(a_plan_fails_as_its_first_product_does),
        cmocka_unit_test(without_memory_the_first_run_compiles),
        cmocka_unit_test(timers_begin_with_a_marker),
        cmocka_unit_test(libraries_that_cannot_be_used_say_why),
        cmocka_unit_test(a_library_of_another_opencl_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
