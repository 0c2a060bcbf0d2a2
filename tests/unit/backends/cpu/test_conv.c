/* conv2d through the backend's table against naive loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "tests/support/slow.h"
#include "tests/unit/backends/cpu/rig.h"

static double at4(const rig_case *c, uint32_t index, int64_t i, int64_t j, int64_t k, int64_t l) {
    const sy_tensor *t = &c->plain.tensor[index];
    return sy_cpu_element_load(
        t->dtype, c->data[index], i * t->stride[0] + j * t->stride[1] + k * t->stride[2] + l * t->stride[3]);
}

static double sum_window(const rig_case *c, const int64_t at[4]) {
    const sy_conv_attr *attr = c->plain.problem.attr;
    const sy_tensor *x = &c->plain.tensor[0], *w = &c->plain.tensor[1];
    int64_t first = at[1] / (w->dim[0] / attr->groups) * w->dim[1];
    double sum = 0.0;
    for (int64_t i = 0; i < w->dim[1]; i++)
        for (int64_t r = 0; r < w->dim[2]; r++)
            for (int64_t s = 0; s < w->dim[3]; s++) {
                int64_t row = at[2] * attr->stride[0] + r * attr->dilation[0] - attr->pad_lo[0];
                int64_t column = at[3] * attr->stride[1] + s * attr->dilation[1] - attr->pad_lo[1];
                if (row >= 0 && row < x->dim[2] && column >= 0 && column < x->dim[3])
                    sum += at4(c, 0, at[0], first + i, row, column) * at4(c, 1, at[1], i, r, s);
            }
    return sum;
}

static void expect_pixel(const rig_case *c, const int64_t at[4], double tolerance) {
    const sy_problem *problem = &c->plain.problem;
    const sy_tensor *y = &c->plain.tensor[problem->n_in];
    double value = sum_window(c, at);
    int64_t place = 0;
    for (uint32_t i = 0; i < problem->n_post; i++)
        value = rig_post(&problem->post[i], value, rig_operand(c, &problem->post[i], at));
    for (int i = 0; i < 4; i++)
        place += at[i] * y->stride[i];
    rig_expect(c, place, value, tolerance);
}

static void check(rig *r, const char *text, const char *algorithm, double tolerance) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    int64_t at[4];
    sy_status status = rig_run(r, text, algorithm, 23, &c, &err);
    if (status != SY_OK)
        print_error("%s: %s\n", text, err.text);
    assert_int_equal(status, SY_OK);
    const int64_t *dim = c.plain.tensor[c.plain.problem.n_in].dim;
    for (at[0] = 0; at[0] < dim[0]; at[0]++)
        for (at[1] = 0; at[1] < dim[1]; at[1]++)
            for (at[2] = 0; at[2] < dim[2]; at[2]++)
                for (at[3] = 0; at[3] < dim[3]; at[3]++)
                    expect_pixel(&c, at, tolerance);
    rig_release(r, &c);
}

static void open_rig(void **state, const char *isa, const char *params) {
    static rig r;
    r = (rig){.host = {.isa = isa}};
    rig_open(&r, params);
    *state = &r;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

static int open_best(void **state) {
    open_rig(state, NULL, "");
    return 0;
}

static int open_generic(void **state) {
    open_rig(state, "generic", "threads=1");
    return 0;
}

static const char *const shapes[] = {
    "n=1,c=1,h=1,w=1,k=1,r=1,s=1",
    "n=2,c=8,h=5,w=7,k=13,r=1,s=1",
    "n=1,c=5,h=9,w=8,k=7,r=3,s=3,pad=1",
    "n=1,c=3,h=23,w=21,k=17,r=7,s=7,stride=2,pad=3",
    "n=2,c=4,h=10,w=11,k=6,r=3,s=2,stride=2x1,pad=1x0x2x1,dilation=2x1",
    "n=1,c=12,h=9,w=9,k=12,r=3,s=3,pad=1,groups=12",
    "n=1,c=12,h=9,w=9,k=24,r=3,s=3,pad=1,groups=4",
    "n=1,c=16,h=9,w=17,k=16,r=5,s=5,pad=2,groups=16,stride=2",
    "n=1,c=33,h=13,w=6,k=65,r=3,s=3,pad=1",
};

static void run_shapes(rig *r, const char *algorithm, const char *dtype) {
    static const char *const layouts[] = {"any", "nhwc", "nchw"}, *const weights[] = {"const", "dynamic"};
    char text[256];
    const size_t step = (size_t)slow_step(SLOW_THREAD | SLOW_EMULATOR, 5);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t j = i % step; j < 6; j += step) {
            snprintf(text, sizeof text, "conv2d:%s,layout=%s,weights=%s,dtype=%s", shapes[i], layouts[j % 3],
                weights[j / 3], dtype);
            check(r, text, algorithm, 0.0);
        }
}

static void native_f32(void **state) {
    run_shapes(*state, "native", "f32");
}

static void native_other_types(void **state) {
    run_shapes(*state, "native", "f64");
    run_shapes(*state, "native", "bf16:bf16:f32");
    run_shapes(*state, "native", "f16");
    run_shapes(*state, "native", "s8");
}

static void reference_does_all(void **state) {
    run_shapes(*state, "reference", "f32");
    run_shapes(*state, "reference", "s8");
    check(*state, "conv2d:n=2,c=5,h=6,w=7,k=9,r=3,s=3,epilogue=bias_silu,dtype=f64", "reference", 1e-13);
    check(*state, "conv2d:n=2,c=5,h=6,w=7,k=9,r=3,s=3,epilogue=residual_relu,layout=nchw", "reference", 0.0);
}

static void epilogues_with(rig *r, const char *algorithm, const char *shape, double tolerance) {
    static const char *const epilogue[] = {
        "bias", "bias_relu", "bias_gelu_erf", "bias_gelu_tanh", "bias_silu", "residual_relu"};
    char text[256];
    for (size_t i = 0; i < sizeof epilogue / sizeof epilogue[0]; i++) {
        snprintf(text, sizeof text, "conv2d:%s,epilogue=%s", shape, epilogue[i]);
        check(r, text, algorithm, tolerance);
    }
}

static void native_epilogues(void **state) {
    epilogues_with(*state, "native", "n=2,c=5,h=6,w=7,k=19,r=3,s=3,layout=nhwc", 1e-5);
    epilogues_with(*state, "native", "n=2,c=5,h=6,w=7,k=19,r=3,s=3,layout=nchw", 1e-5);
    epilogues_with(*state, "native", "n=2,c=8,h=6,w=7,k=8,r=3,s=3,groups=8,layout=any", 1e-5);
    check(*state, "conv2d:n=2,c=5,h=6,w=7,k=9,r=3,s=3,dtype=s8:s8:f32:s32,epilogue=dequant", "native", 1e-6);
}

static void openblas_does_pointwise(void **state) {
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    sy_status status = rig_run(*state, "conv2d:n=1,c=4,h=3,w=3,k=4,r=1,s=1", "openblas", 1, &c, &err);
    rig_release(*state, &c);
    if (status == SY_UNSUPPORTED && strstr(err.text, "openblas") != NULL)
        skip();
    epilogues_with(*state, "openblas", "n=2,c=8,h=5,w=7,k=13,r=1,s=1", 1e-5);
    check(*state, "conv2d:n=2,c=8,h=5,w=7,k=13,r=1,s=1,layout=nhwc,dtype=f64", "openblas", 0.0);
}

static void openblas_refuses_the_rest(void **state) {
    static const char *const texts[] = {
        "conv2d:n=1,c=4,h=5,w=5,k=4,r=3,s=3",
        "conv2d:n=1,c=4,h=5,w=5,k=4,r=1,s=1,stride=2",
        "conv2d:n=1,c=4,h=5,w=5,k=4,r=1,s=1,layout=nchw",
        "conv2d:n=1,c=4,h=5,w=5,k=4,r=1,s=1,groups=2",
        "conv2d:n=1,c=4,h=5,w=5,k=4,r=1,s=1,dtype=s8",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        sy_error err = SY_ERROR_INIT;
        rig_case c;
        assert_int_equal(rig_run(*state, texts[i], "openblas", 1, &c, &err), SY_UNSUPPORTED);
        assert_non_null(strstr(err.text, "openblas: "));
        rig_release(*state, &c);
    }
}

/* No residual after groups: 2.6 adds the wrong elements then. */
static void onednn_in_both_layouts(void **state) {
    static const char *const peers[] = {"n=2,c=8,h=9,w=7,k=13,r=3,s=3,pad=1",
        "n=1,c=3,h=9,w=9,k=16,r=3,s=3,stride=2", "n=2,c=16,h=5,w=5,k=16,r=3,s=3,pad=1,groups=16",
        "n=1,c=8,h=9,w=9,k=8,r=3,s=3,dilation=2,groups=2"};
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    sy_status status =
        rig_run(*state, "conv2d:n=1,c=4,h=3,w=3,k=4,r=1,s=1,layout=nhwc", "onednn", 1, &c, &err);
    rig_release(*state, &c);
    if (status == SY_UNSUPPORTED && strstr(err.text, "onednn") != NULL)
        skip();
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        static const char *const forms[] = {"layout=nhwc,epilogue=bias_silu", "layout=nchw",
            "layout=nchw,weights=dynamic,epilogue=bias_gelu_erf", "layout=nhwc,epilogue=residual_relu",
            "layout=nchw,weights=dynamic,epilogue=residual_relu"};
        for (size_t j = 0; j < (i < 2 ? 5 : 3); j++) {
            char text[160];
            snprintf(text, sizeof text, "conv2d:%s,%s", peers[i], forms[j]);
            check(*state, text, "onednn", 1e-5);
        }
    }
}

enum { N1 = 2, C1 = 6, W1 = 11, K1 = 4, S1 = 3, GROUPS1 = 2, Q1 = 6 };

/* Signals [n, c, w]: no problem string has them, so the problem is made by hand. */
static void run_signal(rig *r, uint32_t index, const float *x, const float *w, float *y) {
    sy_tensor tensor[3] = {{.size = sizeof(sy_tensor),
                               .dtype = SY_F32,
                               .rank = 3,
                               .dim = {N1, C1, W1},
                               .stride = {C1 * W1, W1, 1}},
        {.size = sizeof(sy_tensor),
            .dtype = SY_F32,
            .rank = 3,
            .dim = {K1, C1 / GROUPS1, S1},
            .stride = {C1 / GROUPS1 * S1, S1, 1}},
        {.size = sizeof(sy_tensor),
            .dtype = SY_F32,
            .rank = 3,
            .dim = {N1, K1, Q1},
            .stride = {K1 * Q1, Q1, 1}}};
    sy_conv_attr attr = {.size = sizeof attr,
        .groups = GROUPS1,
        .spatial = 1,
        .stride = {2},
        .dilation = {1},
        .pad_lo = {1},
        .pad_hi = {1}};
    sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_CONV,
        .tensor = tensor,
        .n_in = 2,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32};
    const sy_work_api *work = r->api->work;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    sy_buffer *buffer[3], *scratch = NULL;
    uint64_t bytes = 0;
    void *const memory[3] = {(void *)(uintptr_t)x, (void *)(uintptr_t)w, y};
    static const uint64_t size[3] = {N1 * C1 * W1 * 4, K1 * C1 / GROUPS1 * S1 * 4, N1 * K1 * Q1 * 4};
    sy_span span[3];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(r->api->memory->import(r->device, memory[i], size[i], &buffer[i], NULL), SY_OK);
        span[i] = (sy_span){.buffer = buffer[i], .bytes = size[i]};
    }
    assert_int_equal(work->algorithm(r->device, &problem, index, &algorithm, NULL), SY_OK);
    assert_int_equal(work->plan_create(r->device, &problem, algorithm.id, &plan, NULL), SY_OK);
    assert_int_equal(work->plan_workspace(plan, &bytes, NULL), SY_OK);
    r->api->memory->alloc(r->device, SY_MEMORY_DEVICE, bytes + 1, &scratch, NULL);
    assert_int_equal(
        work->binding_create(plan, r->queue, span, 3, (sy_span){scratch, 0, bytes}, &binding, NULL), SY_OK);
    assert_int_equal(work->run(binding), SY_OK);
    work->binding_destroy(binding);
    work->plan_destroy(plan);
    r->api->memory->free(scratch);
    for (int i = 0; i < 3; i++)
        r->api->memory->free(buffer[i]);
}

static float signal_at(const float *x, const float *w, int n, int k, int q) {
    float sum = 0.0f;
    int first = k / (K1 / GROUPS1) * (C1 / GROUPS1);
    for (int c = 0; c < C1 / GROUPS1; c++)
        for (int s = 0; s < S1; s++) {
            int at = q * 2 + s - 1;
            if (at >= 0 && at < W1)
                sum += x[(n * C1 + first + c) * W1 + at] * w[(k * (C1 / GROUPS1) + c) * S1 + s];
        }
    return sum;
}

/* Whether candidate `index` for convolutions has that name; past the end none has. */
static bool is_named(rig *r, uint32_t index, const char *name) {
    const sy_problem problem = {.size = sizeof problem, .op = SY_OP_CONV};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    r->api->work->algorithm(r->device, &problem, index, &algorithm, NULL);
    return strcmp(algorithm.name, name) == 0;
}

static void one_spatial_dimension(void **state) {
    uint32_t ran = 0;
    static float x[N1 * C1 * W1], w[K1 * C1 / GROUPS1 * S1], y[N1 * K1 * Q1];
    for (int i = 0; i < N1 * C1 * W1; i++)
        x[i] = (float)(i * 7 % 11 - 5);
    for (int i = 0; i < K1 * C1 / GROUPS1 * S1; i++)
        w[i] = (float)(i * 5 % 7 - 3);
    for (uint32_t index = 0; index < 16; index++) {
        if (!is_named(*state, index, "native") && !is_named(*state, index, "reference"))
            continue;
        ran++;
        memset(y, 0xff, sizeof y);
        run_signal(*state, index, x, w, y);
        for (int i = 0; i < N1 * K1 * Q1; i++)
            assert_true(y[i] == signal_at(x, w, i / Q1 / K1, i / Q1 % K1, i % Q1));
    }
    assert_int_equal(ran, 2);
}

#define WITH(test, setup) cmocka_unit_test_setup_teardown(test, setup, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH(native_f32, open_best),
        WITH(native_f32, open_generic),
        WITH(native_other_types, open_best),
        WITH(native_epilogues, open_best),
        WITH(reference_does_all, open_best),
        WITH(one_spatial_dimension, open_best),
        WITH(one_spatial_dimension, open_generic),
        WITH(openblas_does_pointwise, open_best),
        WITH(openblas_refuses_the_rest, open_best),
        WITH(onednn_in_both_layouts, open_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
