/* Candidates of ways as algorithms; plans, bindings, and conversions by the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/runtime/card/toy.h"

#define WORK sy_card_work_api
#define MEMORY sy_card_memory_api

typedef struct rig {
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_buffer *buffer;
} rig;

static sy_tensor matrix(int64_t rows, int64_t columns) {
    return (sy_tensor){.size = sizeof(sy_tensor),
        .dtype = SY_F32,
        .rank = 3,
        .dim = {1, rows, columns},
        .stride = {rows * columns, columns, 1}};
}

/* D[2,4] = A[2,3] B[3,4]; spans of one buffer, far from each other. */
static sy_tensor tensors[4];
static const sy_gemm_attr attr = {.size = sizeof attr, .alpha = 1.0};
static sy_span spans[4];

static sy_problem problem_of(rig *r) {
    tensors[0] = matrix(2, 3);
    tensors[1] = matrix(3, 4);
    tensors[2] = (sy_tensor){.size = sizeof(sy_tensor), .flags = SY_TENSOR_ABSENT};
    tensors[3] = matrix(2, 4);
    memset(spans, 0, sizeof spans);
    spans[0] = (sy_span){r->buffer, 0, 24};
    spans[1] = (sy_span){r->buffer, 64, 48};
    spans[3] = (sy_span){r->buffer, 128, 32};
    return (sy_problem){.size = sizeof(sy_problem),
        .op = SY_OP_GEMM,
        .tensor = tensors,
        .n_in = 3,
        .n_out = 1,
        .attr = &attr,
        .acc_dtype = SY_F32};
}

static rig begin(void) {
    rig r = {0};
    r.device = toy_begin(&r.backend);
    assert_int_equal(sy_card_queue_api.create(r.device, &r.queue, NULL), SY_OK);
    assert_int_equal(MEMORY.alloc(r.device, SY_MEMORY_DEVICE, 512, &r.buffer, NULL), SY_OK);
    return r;
}

static void end(rig *r) {
    MEMORY.free(r->buffer);
    sy_card_queue_api.destroy(r->queue);
    toy_end(r->backend, r->device);
}

static void test_lists(void **state) {
    static const char *const names[] = {"toy/0", "toy/2", "toy/1", "toy/3"}; /* variants behind the others */
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_error err = SY_ERROR_INIT;
    (void)state;
    rig r = begin();
    sy_problem problem = problem_of(&r);
    toy.candidates = 2, toy.variants = 1;
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(WORK.algorithm(r.device, &problem, i, &algorithm, NULL), SY_OK);
        assert_string_equal(algorithm.name, names[i]);
        assert_int_equal((algorithm.flags & SY_ALGO_VARIANT) != 0, i >= 2);
        assert_int_equal(algorithm.n_layout, 4);
    }
    assert_int_equal(WORK.algorithm(r.device, &problem, 4, &algorithm, &err), SY_UNAVAILABLE);
    problem.math = SY_MATH_ANY; /* another question: the list is asked for again */
    toy.candidates = 0;
    assert_int_equal(WORK.algorithm(r.device, &problem, 0, &algorithm, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "the toy does not feel like it");
    assert_string_equal(algorithm.name, "toy");
    problem.op = SY_OP_PEAK;
    assert_int_equal(WORK.algorithm(r.device, &problem, 0, &algorithm, &err), SY_UNSUPPORTED);
    end(&r);
}

static sy_plan *plan_of(rig *r, const sy_problem *problem) {
    sy_plan *plan = NULL;
    assert_int_equal(WORK.plan_create(r->device, problem, 0, &plan, NULL), SY_OK);
    return plan;
}

static void test_running(void **state) {
    sy_binding *binding = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    rig r = begin();
    sy_problem problem = problem_of(&r);
    sy_span workspace = {r.buffer, 256, 64};
    sy_plan *plan = plan_of(&r, &problem);
    assert_int_equal(WORK.binding_create(plan, r.queue, spans, 4, workspace, &binding, NULL), SY_OK);
    WORK.plan_destroy(plan); /* the binding keeps it */
    assert_int_equal(toy.plans, 1);
    assert_int_equal(WORK.run(binding), SY_OK);
    toy.run_with = TOY_FAILED;
    assert_int_equal(WORK.run(binding), SY_INTERNAL);
    assert_int_equal(toy.runs, 2);
    assert_int_equal(sy_card_queue_api.sync(r.queue, UINT64_MAX, &err), SY_INTERNAL);
    assert_string_equal(err.text, "toy:0: toy: toy says no (7)");
    WORK.binding_destroy(binding);
    WORK.binding_destroy(NULL);
    WORK.plan_destroy(NULL);
    end(&r);
}

static void refuse(rig *r, sy_plan *plan, uint32_t count, sy_span workspace, const char *words) {
    sy_binding *binding = NULL;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(
        WORK.binding_create(plan, r->queue, spans, count, workspace, &binding, &err), SY_INVALID_ARGUMENT);
    assert_null(binding);
    assert_non_null(strstr(err.text, words));
    assert_non_null(strstr(err.text, "toy:0: "));
}

static void test_operands(void **state) {
    sy_buffer *pinned = NULL;
    (void)state;
    rig r = begin();
    sy_problem problem = problem_of(&r);
    sy_span workspace = {r.buffer, 256, 64}, small = {r.buffer, 256, 63};
    sy_plan *plan = plan_of(&r, &problem);
    assert_int_equal(MEMORY.alloc(r.device, SY_MEMORY_PINNED, 512, &pinned, NULL), SY_OK);
    refuse(&r, plan, 3, workspace, "3 operands, must be 4");
    refuse(&r, plan, 4, small, "workspace must have 64 bytes");
    refuse(&r, plan, 4, (sy_span){0}, "workspace");
    refuse(&r, plan, 4, (sy_span){pinned, 0, 64}, "not in memory of the plan's device");
    spans[0].bytes = 23;
    refuse(&r, plan, 4, workspace, "operand 0 must have 24 bytes");
    spans[0] = (sy_span){pinned, 0, 24};
    refuse(&r, plan, 4, workspace, "operand 0 is not in memory");
    spans[0] = (sy_span){r.buffer, 2, 24};
    refuse(&r, plan, 4, workspace, "operand 0 is at byte 2");
    spans[0] = (sy_span){r.buffer, 144, 24};
    refuse(&r, plan, 4, workspace, "operand 0 overlaps the output");
    spans[0] = (sy_span){r.buffer, 508, 24};
    refuse(&r, plan, 4, workspace, "operand 0 must have 24 bytes in its buffer");
    MEMORY.free(pinned);
    WORK.plan_destroy(plan);
    end(&r);
}

static void test_plans_refused(void **state) {
    sy_plan *plan = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    rig r = begin();
    sy_problem problem = problem_of(&r);
    assert_int_equal(WORK.plan_create(r.device, &problem, 5, &plan, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(
        WORK.plan_create(r.device, &problem, UINT64_C(77) << 16, &plan, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "was not offered"));
    tensors[0].layout = SY_LAYOUT_ANY;
    assert_int_equal(WORK.plan_create(r.device, &problem, 0, &plan, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "tensor 0: the tensor's layout is still open"));
    tensors[0] = matrix(2, 3);
    toy.run_with = SY_CARD_NOT_READY; /* the toy's plan fails after it has made something */
    assert_int_equal(WORK.plan_create(r.device, &problem, 0, &plan, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "toy:0: not this one");
    assert_null(plan);
    end(&r);
}

/* A matrix turned over by the host, through the private layout and back. */
static void test_conversions(void **state) {
    float source[6] = {1, 2, 3, 4, 5, 6}, target[6] = {0};
    sy_tensor pair[2] = {matrix(2, 3), matrix(2, 3)};
    sy_problem problem = {.size = sizeof problem, .op = SY_OP_REORDER, .tensor = pair, .n_in = 1, .n_out = 1};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_binding *binding = NULL;
    sy_plan *plan = NULL;
    (void)state;
    rig r = begin();
    pair[1].layout = SY_CARD_LAYOUT_TRANSPOSED;
    assert_int_equal(WORK.algorithm(r.device, &problem, 0, &algorithm, NULL), SY_OK);
    assert_string_equal(algorithm.name, "host");
    assert_true((algorithm.flags & SY_ALGO_ON_HOST) != 0);
    assert_int_equal(WORK.plan_create(r.device, &problem, algorithm.id, &plan, NULL), SY_OK);
    sy_span operands[2] = {{r.buffer, 0, 24}, {r.buffer, 64, 24}};
    assert_int_equal(WORK.binding_create(plan, r.queue, operands, 2, (sy_span){0}, &binding, NULL), SY_OK);
    memcpy(r.buffer->address, source, sizeof source);
    assert_int_equal(WORK.run(binding), SY_OK);
    memcpy(target, (char *)r.buffer->address + 64, sizeof target);
    const float turned[6] = {1, 4, 2, 5, 3, 6};
    assert_memory_equal(target, turned, sizeof turned);
    toy.fail_at = 1, toy.fail_with = TOY_FAILED;
    assert_int_equal(WORK.run(binding), SY_INTERNAL);
    WORK.binding_destroy(binding);
    WORK.plan_destroy(plan);
    uint64_t bytes = 0;
    assert_int_equal(WORK.layout_bytes(r.device, &pair[1], &bytes, NULL), SY_OK);
    assert_int_equal(bytes, 24);
    pair[1].layout = SY_LAYOUT_PRIVATE | 9;
    assert_int_equal(WORK.layout_bytes(r.device, &pair[1], &bytes, NULL), SY_UNSUPPORTED);
    end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists), cmocka_unit_test(test_running),
        cmocka_unit_test(test_operands), cmocka_unit_test(test_plans_refused),
        cmocka_unit_test(test_conversions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
