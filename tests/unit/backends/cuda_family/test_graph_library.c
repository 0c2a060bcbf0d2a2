/* Graphs and the engines for them, asked of a real cuDNN without a device: what an H100 would be offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cuda_family/graph_numbers.h"
#include "steelyard/spec.h"
#include "tests/unit/backends/cuda_family/graph_library.h"

static cf_dnn_api api;

enum { TF32 = 1, NHWC = 2, NEEDS_COMPILER = 4, NONE = 8 };

/* least: engines that there must be. cores: 1 all have tensor cores, 0 none, -1 either. */
typedef struct expected {
    const char *problem;
    uint32_t flags, least;
    int cores;
} expected;

static void read_problem(const char *problem, bool is_nhwc, sy_task *task, sy_card_convolution *conv) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_error err = SY_ERROR_INIT;
    uint32_t layout[SY_MAX_TENSORS] = {0};
    memset(task, 0, sizeof *task);
    sy_status status = sy_spec_parse(problem, NULL, &spec, &err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, &err);
    if (status == SY_OK)
        status = sy_task_read(&storage.problem, task, &err);
    if (status == SY_OK) {
        for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
            layout[i] = task->tensor[i].layout;
        status = sy_card_convolution_want(task, is_nhwc, layout, &err);
    }
    if (status == SY_OK)
        status = sy_card_convolution_read(task, conv, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", problem, err.text);
    assert_int_equal(status, SY_OK);
    conv->is_nhwc = is_nhwc;
}

/* What there is, for whoever has to change what is expected. */
static void print_choices(const expected *want, const cf_graph_choices *choices) {
    printf("%s%s:", want->problem, (want->flags & NHWC) != 0 ? " nhwc" : " nchw");
    for (uint32_t i = 0; i < choices->count; i++)
        printf(" %lld%s%s", (long long)choices->at[i].engine,
            (choices->at[i].notes & 1u << CF_GRAPH_TENSOR_CORE) != 0 ? "t" : "",
            (choices->at[i].behavior & 1u << CF_GRAPH_RUNTIME_COMPILATION) != 0 ? "c" : "");
    printf("\n");
}

/* Engines whose kernels are there already are planned. */
static void plan_all(const cf_graph *graph, const cf_graph_choices *choices) {
    for (uint32_t i = 0; i < choices->count; i++) {
        void *plan = NULL;
        uint64_t bytes = 0;
        if ((choices->at[i].behavior & 1u << CF_GRAPH_RUNTIME_COMPILATION) != 0)
            continue;
        int code = cf_graph_plan(graph, &choices->at[i], &plan, &bytes);
        assert_int_equal(code, 0);
        assert_int_equal(bytes, choices->at[i].workspace_bytes);
        assert_int_equal(graph->api->BackendDestroyDescriptor(plan), 0);
    }
}

static void check(const expected *want) {
    sy_task task;
    sy_card_convolution conv;
    cf_graph_choices choices = {.count = 0};
    cf_graph graph = {.api = &api, .row = cf_stack_cuda.dnn, .alignment = CF_GRAPH_ALIGNMENT};
    bool is_nhwc = (want->flags & NHWC) != 0, is_there = true;
    char last[256] = "";
    read_problem(want->problem, is_nhwc, &task, &conv);
    int code = cf_graph_make(&graph, &conv, &task);
    if (code == 0)
        code = cf_graph_ask(&graph, conv.x_dtype == SY_F32, (want->flags & TF32) != 0, &choices);
    api.GetLastErrorString(last, sizeof last);
    if (code >= 2000 && code < 3000)
        print_error("%s: %s: %d: %s\n", want->problem, graph.what, code, last);
    /* 2xxx: a number or a type that is wrong. */
    assert_false(code >= 2000 && code < 3000);
    if ((want->flags & NEEDS_COMPILER) != 0)
        is_there = graph_library_compiles();
    print_choices(want, &choices);
    if ((want->flags & NONE) != 0)
        assert_int_equal(choices.count, 0);
    else if (is_there)
        assert_true(choices.count >= want->least);
    for (uint32_t i = 0; i < choices.count; i++)
        if (want->cores >= 0)
            assert_int_equal(choices.at[i].notes >> CF_GRAPH_TENSOR_CORE & 1u, want->cores);
    plan_all(&graph, &choices);
    cf_graph_choices_free(&graph, &choices);
    cf_graph_free(&graph);
    assert_int_equal(graph_library_alive(), 0);
}

#define SHAPE "conv2d:n=8,c=64,h=56,w=56,k=64,r=3,s=3,pad=1"

static void plain_convolutions(void **state) {
    static const expected all[] = {{SHAPE ",dtype=f32", 0, 3, 0}, {SHAPE ",dtype=f32", NHWC, 3, 0},
        {SHAPE ",dtype=f32", TF32, 8, 1}, {SHAPE ",dtype=f32", TF32 | NHWC, 8, 1},
        {SHAPE ",dtype=f16", NHWC, 8, -1}, {SHAPE ",dtype=f16", 0, 8, -1}, {SHAPE ",dtype=bf16", NHWC, 8, -1},
        {SHAPE ",dtype=f64", 0, 2, 0}, {SHAPE ",dtype=f64", NHWC, 2, 0},
        {SHAPE ",dtype=f16:f16:f32", NHWC | NEEDS_COMPILER, 2, -1},
        {SHAPE ",dtype=s8", NHWC | NEEDS_COMPILER, 1, 1},
        {SHAPE ",dtype=f8e4m3", NHWC | NEEDS_COMPILER, 1, 1}, {SHAPE ",dtype=s8", NONE, 0, -1},
        {SHAPE ",groups=64,dtype=f16", NHWC, 2, -1}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check(&all[i]);
}

static void awkward_shapes(void **state) {
    static const expected all[] = {
        {"conv2d:n=1,c=3,h=17,w=19,k=5,r=3,s=2,stride=2x1,pad=1x0x2x3,dilation=1x2,dtype=f32", NHWC, 1, 0},
        {"conv2d:n=1,c=3,h=17,w=19,k=5,r=3,s=2,stride=2x1,pad=1x0x2x3,dilation=1x2,dtype=f32", 0, 1, 0},
        {"conv2d:n=2,c=6,h=9,w=9,k=4,r=3,s=3,pad=1,groups=2,dtype=f16", NHWC, 1, -1},
        {"conv2d:n=1,c=1,h=1,w=1,k=1,r=1,s=1,dtype=f16", NHWC, 1, -1},
        {"conv2d:n=1,c=3,h=224,w=224,k=64,r=7,s=7,stride=2,pad=3,dtype=f16", NHWC, 1, -1}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check(&all[i]);
}

static void epilogues(void **state) {
    static const char *const names[] = {
        "bias", "bias_relu", "bias_gelu_erf", "bias_gelu_tanh", "bias_silu", "residual_relu"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char problem[200];
        bool is_fixed = i < 2; /* kernels that are there */
        snprintf(problem, sizeof problem, SHAPE ",dtype=f32,epilogue=%s", names[i]);
        check(&(expected){problem, NHWC | (is_fixed ? 0u : NEEDS_COMPILER), 1, 0});
        check(&(expected){problem, NHWC | TF32 | (is_fixed ? 0u : NEEDS_COMPILER), 1, 1});
        check(&(expected){problem, is_fixed ? 0u : NONE, 1, 0});
        snprintf(problem, sizeof problem, SHAPE ",dtype=f16,epilogue=%s", names[i]);
        check(&(expected){problem, NHWC | NEEDS_COMPILER, 1, -1});
        snprintf(problem, sizeof problem, SHAPE ",dtype=f8e4m3:f8e4m3:f16,epilogue=%s", names[i]);
        check(&(expected){problem, NHWC | NEEDS_COMPILER, 1, 1});
    }
    check(&(expected){SHAPE ",dtype=f64,epilogue=bias", 0, 1, 0});
    check(&(expected){SHAPE ",dtype=s8:s8:f16,epilogue=dequant", NHWC | NEEDS_COMPILER, 1, 1});
    check(&(expected){SHAPE ",dtype=s8:s8:f32,epilogue=dequant", NHWC | NEEDS_COMPILER, 1, 1});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_convolutions), cmocka_unit_test(awkward_shapes), cmocka_unit_test(epilogues)};
    if (!graph_library_open(&api))
        return 77;
    print_message("cuDNN %ld\n", graph_library_version());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
