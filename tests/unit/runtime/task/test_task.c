/* Hostile problems: every check of what crosses the interface, each with a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/task/task.h"

/* A sound gemm with a bias, to be spoilt. */
typedef struct subject {
    sy_tensor tensor[5];
    sy_gemm_attr attr;
    sy_post post[2];
    sy_problem problem;
} subject;

static sy_tensor make_tensor(uint32_t rank, int64_t d0, int64_t d1, int64_t d2) {
    return (sy_tensor){.size = sizeof(sy_tensor),
        .dtype = SY_F32,
        .rank = rank,
        .dim = {d0, d1, d2},
        .stride = {rank == 1 ? 1 : d1 * d2, d2, 1}};
}

static void make(subject *s) {
    *s = (subject){.attr = {.size = sizeof s->attr, .alpha = 1.0},
        .post = {{.kind = SY_POST_BIAS, .operand = 3}, {.kind = SY_POST_RELU, .operand = SY_NO_OPERAND}}};
    s->tensor[0] = make_tensor(3, 2, 4, 5);
    s->tensor[1] = make_tensor(3, 2, 5, 6);
    s->tensor[2] = (sy_tensor){.size = sizeof(sy_tensor), .flags = SY_TENSOR_ABSENT};
    s->tensor[3] = make_tensor(1, 6, 0, 0);
    s->tensor[4] = make_tensor(3, 2, 4, 6);
    s->problem = (sy_problem){.size = sizeof s->problem,
        .op = SY_OP_GEMM,
        .tensor = s->tensor,
        .n_in = 4,
        .n_out = 1,
        .attr = &s->attr,
        .post = s->post,
        .n_post = 2,
        .acc_dtype = SY_F32};
}

static void expect(const subject *s, sy_status wanted) {
    sy_task task;
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_task_read(&s->problem, &task, &err);
    if (status != wanted)
        print_error("%s: %s\n", sy_status_name(status), err.text);
    assert_int_equal(status, wanted);
    assert_int_equal(status != SY_OK, err.text[0] != '\0');
}

static void a_sound_problem_passes(void **state) {
    (void)state;
    subject s;
    make(&s);
    expect(&s, SY_OK);
    assert_int_equal(sy_task_read(NULL, &(sy_task){0}, NULL), SY_INVALID_ARGUMENT);
}

static void numbers_from_the_future(void **state) {
    (void)state;
    subject s;
    make(&s), s.problem.must_understand = 1, expect(&s, SY_UNSUPPORTED);
    make(&s), s.problem.flags = 0x80, expect(&s, SY_UNSUPPORTED);
    make(&s), s.problem.flags = SY_PROBLEM_DETERMINISTIC, expect(&s, SY_OK);
    make(&s), s.problem.math = 77, expect(&s, SY_UNSUPPORTED);
    make(&s), s.problem.op = 4711, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[0].dtype = 10, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[0].dtype = UINT32_MAX, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[0].dtype = 0, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[1].layout = 9, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[1].flags = 0x100, expect(&s, SY_UNSUPPORTED);
    make(&s), s.post[0].kind = 99, expect(&s, SY_UNSUPPORTED);
    make(&s), s.post[0].kind = 0, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[0].stride[1] = -1, expect(&s, SY_UNSUPPORTED);
    make(&s), s.tensor[4].flags = SY_TENSOR_ABSENT, expect(&s, SY_UNSUPPORTED);
}

static void later_ops_are_refused(void **state) {
    (void)state;
    static const uint32_t ops[] = {SY_OP_POOL, SY_OP_SOFTMAX, SY_OP_LSTM};
    subject s;
    for (size_t i = 0; i < 3; i++)
        make(&s), s.problem.op = ops[i], expect(&s, SY_UNSUPPORTED);
}

static void sizes_that_cannot_be(void **state) {
    (void)state;
    subject s;
    make(&s), s.problem.size = 8, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_in = 17, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_in = UINT32_MAX, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_in = 2, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_out = 0, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_out = UINT32_MAX, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.tensor = NULL, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.attr = NULL, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.post = NULL, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.problem.n_post = 9, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[0].size = 12, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[0].rank = 9, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[0].dim[1] = -4, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[0].dim[1] = INT64_MAX, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[0].stride[0] = INT64_MAX, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.post[0].operand = 0, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.post[0].operand = 4, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.post[0].operand = SY_NO_OPERAND, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[3].flags = SY_TENSOR_ABSENT, expect(&s, SY_INVALID_ARGUMENT);
}

static void outputs_must_not_overlap_themselves(void **state) {
    (void)state;
    subject s;
    make(&s), s.tensor[4].stride[2] = 0, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[4].stride[1] = 5, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[4].stride[0] = 23, expect(&s, SY_INVALID_ARGUMENT);
    make(&s), s.tensor[4].stride[0] = 1000, expect(&s, SY_OK);
    make(&s), s.tensor[0].stride[0] = 0, expect(&s, SY_OK); /* inputs may broadcast */
}

/* A host of a later version has longer structs; one of an earlier version shorter ones. */
static void other_sizes_of_structs(void **state) {
    (void)state;
    struct {
        sy_tensor tensor;
        uint64_t later;
    } longer[5];
    subject s;
    sy_task task;
    make(&s);
    for (int i = 0; i < 5; i++) {
        longer[i].tensor = s.tensor[i];
        longer[i].tensor.size = sizeof longer[i];
        longer[i].later = UINT64_MAX;
    }
    s.problem.tensor = &longer[0].tensor;
    assert_int_equal(sy_task_read(&s.problem, &task, NULL), SY_OK);
    assert_int_equal(task.tensor[4].dim[2], 6);
    assert_int_equal(task.tensor[4].size, sizeof(sy_tensor));
    make(&s);
    s.problem.size = offsetof(sy_problem, math);
    s.problem.math = 99;
    assert_int_equal(sy_task_read(&s.problem, &task, NULL), SY_OK);
    assert_int_equal(task.math, SY_MATH_STRICT);
}

static void bytes_and_elements(void **state) {
    (void)state;
    sy_tensor tensor = make_tensor(3, 2, 3, 4);
    assert_int_equal(sy_task_tensor_bytes(&tensor), 96);
    tensor.stride[1] = 10;
    tensor.stride[0] = 100;
    assert_int_equal(sy_task_tensor_bytes(&tensor), (100 + 20 + 3 + 1) * 4);
    assert_int_equal(sy_task_tensor_elements(&tensor), 24);
    tensor.dim[1] = 0;
    assert_int_equal(sy_task_tensor_bytes(&tensor), 0);
    tensor.flags = SY_TENSOR_ABSENT;
    assert_int_equal(sy_task_tensor_elements(&tensor), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_problem_passes),
        cmocka_unit_test(numbers_from_the_future),
        cmocka_unit_test(later_ops_are_refused),
        cmocka_unit_test(sizes_that_cannot_be),
        cmocka_unit_test(outputs_must_not_overlap_themselves),
        cmocka_unit_test(other_sizes_of_structs),
        cmocka_unit_test(bytes_and_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
