/* Plans and bindings of the simulated device: what is refused, what its faults do to a process. */
#include "tests/unit/backends/sim/world.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static sy_problem_storage storage;

static const sy_problem *problem_of(const char *text) {
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    return &storage.problem;
}

static void one_algorithm_a_problem_and_its_variants(void **state) {
    (void)state;
    world w = open_world("");
    sy_algorithm algorithm = {.size = sizeof algorithm};
    const sy_problem *problem = problem_of("gemm:m=2,n=3,k=4");
    assert_int_equal(w.api->work->algorithm(w.device, problem, 0, &algorithm, NULL), SY_OK);
    assert_string_equal(algorithm.name, "reference-loops");
    assert_int_equal(algorithm.math, SY_MATH_STRICT);
    static const char *const variant[] = {
        "reference-loops/t16", "reference-loops/t32", "reference-loops/t64", "reference-loops/t128"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(w.api->work->algorithm(w.device, problem, i + 1, &algorithm, NULL), SY_OK);
        assert_string_equal(algorithm.name, variant[i]);
        assert_true((algorithm.flags & SY_ALGO_VARIANT) != 0);
    }
    assert_int_equal(w.api->work->algorithm(w.device, problem, 5, &algorithm, NULL), SY_UNAVAILABLE);
    problem = problem_of("stream:bytes=4K,kind=triad");
    assert_int_equal(w.api->work->algorithm(w.device, problem, 0, &algorithm, NULL), SY_OK);
    assert_int_equal(w.api->work->algorithm(w.device, problem, 1, &algorithm, NULL), SY_UNAVAILABLE);
    close_world(&w);
}

/* Simulated time of a launch by candidate `index`. */
static double launch_ns(world *w, const char *text, uint32_t index) {
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_plan *plan = NULL;
    const sy_problem *problem = problem_of(text);
    assert_int_equal(w->api->work->algorithm(w->device, problem, index, &algorithm, NULL), SY_OK);
    assert_int_equal(w->api->work->plan_create(w->device, problem, algorithm.id, &plan, NULL), SY_OK);
    double ns = plan->load.work_ns;
    w->api->work->plan_destroy(plan);
    return ns;
}

static void a_variant_has_its_speed_by_the_shape(void **state) {
    (void)state;
    world w = open_world("");
    static const struct {
        const char *problem;
        double factor[5];
    } rows[] = {{"gemm:m=512,n=512,k=512", {1.0, 1.125, 0.9375, 0.84375, 0.796875}},
        {"gemm:m=192,n=192,k=512", {1.0, 1.125, 0.9375, 0.84375, 0.796875 * 16 / 9}},
        {"gemm:m=1,n=32,k=512", {1.0, 1.125 * 16, 0.9375 * 32, 0.84375 * 128, 0.796875 * 512}}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint32_t j = 1; j < 5; j++)
            assert_true(fabs(launch_ns(&w, rows[i].problem, j) / launch_ns(&w, rows[i].problem, 0) -
                             rows[i].factor[j]) < 1e-9 * rows[i].factor[j]);
    close_world(&w);
}

static void expect_refusal(world *w, const char *says) {
    sy_error error = SY_ERROR_INIT;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_plan *plan = (sy_plan *)w;
    assert_int_equal(
        w->api->work->algorithm(w->device, &storage.problem, 0, &algorithm, &error), SY_UNSUPPORTED);
    if (strstr(error.text, says) == NULL)
        fail_msg("should say '%s', says '%s'", says, error.text);
    assert_string_equal(algorithm.name, "reference-loops");
    assert_int_equal(w->api->work->plan_create(w->device, &storage.problem, 1, &plan, NULL), SY_UNSUPPORTED);
    assert_null(plan);
}

static void what_is_not_done_is_refused_with_a_reason(void **state) {
    (void)state;
    world w = open_world("");
    problem_of("gemm:m=2,n=3,k=4");
    storage.problem.must_understand = 1;
    expect_refusal(&w, "fields that this backend does not know");
    problem_of("gemm:m=2,n=3,k=4");
    storage.problem.op = 4711;
    expect_refusal(&w, "op 4711 is not done");
    problem_of("gemm:m=2,n=3,k=4");
    storage.tensor[1].dtype = 99;
    expect_refusal(&w, "tensor 1 has unknown type 99");
    problem_of("gemm:m=2,n=3,k=4");
    storage.tensor[0].rank = 5;
    expect_refusal(&w, "tensor 0 has rank 5");
    problem_of("gemm:m=2,n=3,k=4");
    storage.tensor[1].layout = SY_LAYOUT_PRIVATE | 1;
    expect_refusal(&w, "private layout");
    problem_of("gemm:m=2,n=3,k=4");
    storage.problem.n_out = 2;
    expect_refusal(&w, "2 outputs");
    problem_of("conv2d:n=1,c=1,h=4,w=4,k=1,r=3,s=3");
    storage.attr.conv.spatial = 3;
    expect_refusal(&w, "2 spatial dimensions");
    problem_of("conv2d:n=1,c=1,h=4,w=4,k=1,r=3,s=3");
    storage.attr.conv.transposed = 1;
    expect_refusal(&w, "no transposed");
    problem_of("gemm:m=2,n=3,k=4,epilogue=bias");
    storage.post[0].kind = 1000;
    expect_refusal(&w, "post 1000 is not done");
    close_world(&w);
}

static void an_open_layout_or_algorithm_is_a_mistake(void **state) {
    (void)state;
    world w = open_world("");
    sy_plan *plan = NULL;
    problem_of("conv2d:n=1,c=1,h=4,w=4,k=1,r=3,s=3,layout=any");
    assert_int_equal(
        w.api->work->plan_create(w.device, &storage.problem, 1, &plan, NULL), SY_INVALID_ARGUMENT);
    problem_of("gemm:m=2,n=3,k=4");
    assert_int_equal(
        w.api->work->plan_create(w.device, &storage.problem, 2, &plan, NULL), SY_INVALID_ARGUMENT);
    close_world(&w);
}

static void operands_must_fit(void **state) {
    (void)state;
    world w = open_world("");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, "gemm:m=2,n=2,k=2,dtype=f32");
    const sy_span good = span_of(x, 0, 4);
    const struct {
        sy_span a;
        const char *says;
    } rows[] = {{{0}, "operand 0 needs 16 bytes"}, {span_of(x, 0, 3), "operand 0 needs 16 bytes"},
        {span_of(x, 13, 4), "operand 0 needs 16 bytes"}, {{x, UINT64_MAX, 16}, "operand 0 needs 16 bytes"},
        {{w.pinned, 0, 16}, "operand 0 is not in device memory"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_error error = SY_ERROR_INIT;
        sy_binding *binding = (sy_binding *)&w;
        sy_span operands[] = {rows[i].a, good, {0}, span_of(x, 8, 4)};
        assert_int_equal(
            w.api->work->binding_create(plan, w.queue, operands, 4, (sy_span){0}, &binding, &error),
            SY_INVALID_ARGUMENT);
        assert_null(binding);
        assert_non_null(strstr(error.text, rows[i].says));
    }
    sy_binding *binding = NULL;
    assert_int_equal(w.api->work->binding_create(plan, w.queue, &good, 1, (sy_span){0}, &binding, NULL),
        SY_INVALID_ARGUMENT);
    w.api->work->binding_destroy(NULL);
    w.api->work->plan_destroy(plan);
    w.api->work->plan_destroy(NULL);
    w.api->memory->free(x);
    close_world(&w);
}

/* Run one launch of 2 FLOP in a child; how the child ended, as waitpid tells. */
static int end_of_child(const char *params) {
    pid_t child = fork();
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        alarm(1); /* ends the one that hangs */
        world w = open_world(params);
        sy_buffer *x = device_memory(&w, 64);
        sy_plan *plan = plan_of(&w, "gemm:m=1,n=1,k=1,dtype=f32");
        sy_binding *binding =
            bind(&w, plan, (sy_span[]){span_of(x, 0, 1), span_of(x, 1, 1), {0}, span_of(x, 2, 1)}, 4);
        _exit(w.api->work->run(binding) == SY_OK ? 42 : 43);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void faults_end_a_process_as_named(void **state) {
    (void)state;
    int crash = end_of_child("fault=crash,fault_flop=2"), abort_ = end_of_child("fault=abort,fault_flop=2");
    int exit_ = end_of_child("fault=exit,fault_flop=2"), hang = end_of_child("fault=hang,fault_flop=2");
    assert_true(WIFSIGNALED(crash) && WTERMSIG(crash) == SIGSEGV);
    assert_true(WIFSIGNALED(abort_) && WTERMSIG(abort_) == SIGABRT);
    assert_true(WIFEXITED(exit_) && WEXITSTATUS(exit_) == 3);
    assert_true(WIFSIGNALED(hang) && WTERMSIG(hang) == SIGALRM);
    int other = end_of_child("fault=crash,fault_flop=3");
    assert_true(WIFEXITED(other) && WEXITSTATUS(other) == 42); /* another plan's fault */
}

static void a_wrong_result_is_wrong_in_one_element(void **state) {
    (void)state;
    world w = open_world("fault=wrong,fault_flop=8");
    sy_buffer *x = device_memory(&w, 64);
    sy_plan *plan = plan_of(&w, "gemm:m=2,n=2,k=1,dtype=f32");
    float out[4];
    put(&w, span_of(x, 0, 4), (float[]){1, 2, 3, 4});
    sy_binding *binding =
        bind(&w, plan, (sy_span[]){span_of(x, 0, 2), span_of(x, 2, 2), {0}, span_of(x, 4, 4)}, 4);
    assert_int_equal(w.api->work->run(binding), SY_OK);
    get(&w, span_of(x, 4, 4), out);
    assert_true(out[0] != 3.0f && out[1] == 4.0f && out[2] == 6.0f && out[3] == 8.0f);
    w.api->work->binding_destroy(binding);
    w.api->work->plan_destroy(plan);
    w.api->memory->free(x);
    close_world(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_algorithm_a_problem_and_its_variants),
        cmocka_unit_test(a_variant_has_its_speed_by_the_shape),
        cmocka_unit_test(what_is_not_done_is_refused_with_a_reason),
        cmocka_unit_test(an_open_layout_or_algorithm_is_a_mistake), cmocka_unit_test(operands_must_fit),
        cmocka_unit_test(faults_end_a_process_as_named),
        cmocka_unit_test(a_wrong_result_is_wrong_in_one_element)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
