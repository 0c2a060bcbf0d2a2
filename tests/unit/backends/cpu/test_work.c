/* The work table: the list of candidates, plans and bindings that are refused, aliases, packed layouts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/dispatch/dispatch.h"
#include "tests/unit/backends/cpu/rig.h"

/* A device with one prepared product D[4,6] = A[4,5] B[5,6] + beta C and its operands. */
typedef struct bench {
    rig r;
    sy_problem_storage storage;
    sy_algorithm algorithm;
    sy_plan *plan;
    sy_buffer *buffer;
    sy_span span[4];
} bench;

static void make_plan(bench *b, const char *text) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, &err), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &b->storage, &err), SY_OK);
    b->algorithm = (sy_algorithm){.size = sizeof b->algorithm};
    assert_int_equal(
        b->r.api->work->algorithm(b->r.device, &b->storage.problem, 0, &b->algorithm, &err), SY_OK);
    assert_int_equal(
        b->r.api->work->plan_create(b->r.device, &b->storage.problem, b->algorithm.id, &b->plan, &err),
        SY_OK);
}

static int open_bench(void **state) {
    static bench b;
    b = (bench){0};
    rig_open(&b.r, "");
    assert_int_equal(b.r.api->memory->alloc(b.r.device, SY_MEMORY_DEVICE, 65536, &b.buffer, NULL), SY_OK);
    make_plan(&b, "gemm:m=4,n=6,k=5,beta=1,weights=dynamic");
    for (uint32_t i = 0; i < 4; i++)
        b.span[i] = (sy_span){.buffer = b.buffer, .offset = 4096 * i, .bytes = 4096};
    *state = &b;
    return 0;
}

static int close_bench(void **state) {
    bench *b = *state;
    b->r.api->work->plan_destroy(b->plan);
    b->r.api->memory->free(b->buffer);
    rig_close(&b->r);
    return 0;
}

static sy_status bind(bench *b, sy_error *err) {
    sy_binding *binding = NULL;
    sy_status status = b->r.api->work->binding_create(b->plan, b->r.queue, b->span, 4,
        (sy_span){.buffer = b->buffer, .offset = 32768, .bytes = 32768}, &binding, err);
    assert_int_equal(binding != NULL, status == SY_OK);
    b->r.api->work->binding_destroy(binding);
    return status;
}

static void expect_refused(bench *b, const char *word) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(bind(b, &err), SY_INVALID_ARGUMENT);
    if (strstr(err.text, word) == NULL)
        print_error("%s\n", err.text);
    assert_non_null(strstr(err.text, word));
}

static void sound_operands_are_bound(void **state) {
    bench *b = *state;
    assert_int_equal(bind(b, NULL), SY_OK);
    b->span[3] = b->span[2]; /* D may be C */
    assert_int_equal(bind(b, NULL), SY_OK);
    b->span[1] = b->span[0]; /* inputs may be the same */
    assert_int_equal(bind(b, NULL), SY_OK);
}

static void too_small_or_crooked_operands(void **state) {
    bench *b = *state;
    b->span[0].bytes = 79;
    expect_refused(b, "operand 0");
    b->span[0].bytes = 80;
    assert_int_equal(bind(b, NULL), SY_OK);
    b->span[1].offset = 4097;
    expect_refused(b, "aligned");
    b->span[1].offset = 4100;
    assert_int_equal(bind(b, NULL), SY_OK);
    b->span[1].offset = UINT64_MAX - 3;
    expect_refused(b, "beyond");
    b->span[1] = (sy_span){0};
    expect_refused(b, "no buffer");
}

static void overlapping_outputs(void **state) {
    bench *b = *state;
    b->span[3].offset = b->span[0].offset;
    expect_refused(b, "overlaps");
    b->span[3].offset = b->span[2].offset + 4;
    expect_refused(b, "overlaps");
}

static void wrong_counts_and_workspaces(void **state) {
    bench *b = *state;
    sy_binding *binding = NULL;
    uint64_t bytes = 0;
    const sy_work_api *work = b->r.api->work;
    assert_int_equal(work->binding_create(b->plan, b->r.queue, b->span, 3, (sy_span){0}, &binding, NULL),
        SY_INVALID_ARGUMENT);
    assert_int_equal(work->plan_workspace(b->plan, &bytes, NULL), SY_OK);
    assert_true(bytes <= b->algorithm.workspace_bytes);
    if (bytes > 0)
        assert_int_equal(
            work->binding_create(b->plan, b->r.queue, b->span, 4,
                (sy_span){.buffer = b->buffer, .offset = 32768, .bytes = bytes - 1}, &binding, NULL),
            SY_INVALID_ARGUMENT);
}

static void the_list_is_ordered_and_ends(void **state) {
    bench *b = *state;
    static const char *const names[] = {"native", "openblas", "blis", "onednn", "reference"};
    for (uint32_t i = 0; i < 7; i++) {
        sy_algorithm algorithm = {.size = sizeof algorithm};
        sy_error err = SY_ERROR_INIT;
        sy_status status = b->r.api->work->algorithm(b->r.device, &b->storage.problem, i, &algorithm, &err);
        assert_true(i >= 5 || status != SY_UNAVAILABLE);
        if (i >= 5) /* variants, and then the end */
            assert_true(status == SY_UNAVAILABLE || (algorithm.flags & SY_ALGO_VARIANT) != 0);
        if (i < 5)
            assert_string_equal(algorithm.name, names[i]);
        if (i == 4)
            assert_true((algorithm.flags & SY_ALGO_REFERENCE) != 0);
    }
}

static void promises_of_determinism(void **state) {
    bench *b = *state;
    static const sy_status wanted[] = {SY_OK, SY_UNSUPPORTED, SY_UNSUPPORTED, SY_UNSUPPORTED, SY_OK};
    b->storage.problem.flags = SY_PROBLEM_DETERMINISTIC;
    for (uint32_t i = 0; i < 5; i++) {
        sy_algorithm algorithm = {.size = sizeof algorithm};
        assert_int_equal(
            b->r.api->work->algorithm(b->r.device, &b->storage.problem, i, &algorithm, NULL), wanted[i]);
    }
}

/* Every op number, known or not, has an answer with words and an end. */
static void any_op_has_an_answer(void **state) {
    bench *b = *state;
    for (uint32_t op = 0; op < 20; op++) {
        sy_problem problem = b->storage.problem;
        problem.op = op;
        uint32_t i = 0;
        for (sy_status status = SY_OK; status != SY_UNAVAILABLE || i == 0; i++) {
            sy_algorithm algorithm = {.size = sizeof algorithm};
            sy_error err = SY_ERROR_INIT;
            status = b->r.api->work->algorithm(b->r.device, &problem, i, &algorithm, &err);
            assert_true(status == SY_OK || err.text[0] != '\0');
            assert_true(status == SY_OK || status == SY_UNSUPPORTED || i > 0);
            assert_true(i < 10);
        }
    }
}

static void an_older_host_gets_only_its_fields(void **state) {
    bench *b = *state;
    struct {
        sy_algorithm algorithm;
    } box;
    memset(&box, 0x77, sizeof box);
    box.algorithm.size = offsetof(sy_algorithm, name);
    assert_int_equal(
        b->r.api->work->algorithm(b->r.device, &b->storage.problem, 0, &box.algorithm, NULL), SY_OK);
    assert_int_equal(box.algorithm.name[0], 0x77);
}

static void plans_want_resolved_layouts_and_their_own_id(void **state) {
    bench *b = *state;
    sy_plan *plan = NULL;
    sy_error err = SY_ERROR_INIT;
    const sy_work_api *work = b->r.api->work;
    const sy_problem *problem = &b->storage.problem;
    assert_int_equal(work->plan_create(b->r.device, problem, 0, &plan, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(work->plan_create(b->r.device, problem, 9999, &plan, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(
        work->plan_create(b->r.device, problem, b->algorithm.id + 1, &plan, &err), SY_INVALID_ARGUMENT);
    b->storage.tensor[1].layout = SY_LAYOUT_ANY;
    assert_int_equal(
        work->plan_create(b->r.device, problem, b->algorithm.id, &plan, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "open"));
    b->storage.tensor[1].layout = SY_LAYOUT_PRIVATE | 77;
    assert_int_equal(
        work->plan_create(b->r.device, problem, b->algorithm.id, &plan, &err), SY_INVALID_ARGUMENT);
    assert_null(plan);
}

static uint32_t offered_layout(bench *b, const char *text) {
    sy_spec spec;
    sy_problem_storage storage;
    sy_algorithm algorithm = {.size = sizeof algorithm};
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(b->r.api->work->algorithm(b->r.device, &storage.problem, 0, &algorithm, NULL), SY_OK);
    return algorithm.layout[1];
}

/* Packed weights are shared by products that differ in m alone, and by nothing else. */
static void packed_layouts_are_told_apart(void **state) {
    bench *b = *state;
    uint32_t one = offered_layout(b, "gemm:m=64,n=96,k=80");
    assert_true((one & SY_LAYOUT_PRIVATE) != 0);
    assert_int_equal(offered_layout(b, "gemm:m=64,n=96,k=80"), one);
    assert_int_equal(offered_layout(b, "gemm:m=128,n=96,k=80,epilogue=bias"), one);
    assert_int_not_equal(offered_layout(b, "gemm:m=64,n=96,k=81"), one);
    assert_int_not_equal(offered_layout(b, "gemm:m=64,n=95,k=80"), one);
    assert_int_not_equal(offered_layout(b, "gemm:m=64,n=96,k=80,dtype=f64"), one);
    uint32_t conv = offered_layout(b, "conv2d:n=1,c=16,h=8,w=8,k=16,r=3,s=3,pad=1");
    assert_true((conv & SY_LAYOUT_PRIVATE) != 0);
    assert_int_equal(offered_layout(b, "conv2d:n=2,c=16,h=9,w=8,k=16,r=3,s=3,pad=1"), conv);
    assert_int_not_equal(offered_layout(b, "conv2d:n=1,c=16,h=8,w=8,k=16,r=3,s=3,pad=1,groups=2"), conv);
    sy_tensor tensor = {.size = sizeof tensor, .dtype = SY_F32, .layout = one, .rank = 3, .dim = {2, 80, 96}};
    uint64_t two_bytes = 0, one_bytes = 0;
    assert_int_equal(b->r.api->work->layout_bytes(b->r.device, &tensor, &two_bytes, NULL), SY_OK);
    tensor.dim[0] = 1;
    assert_int_equal(b->r.api->work->layout_bytes(b->r.device, &tensor, &one_bytes, NULL), SY_OK);
    assert_true(one_bytes >= 80 * 96 * 4 && two_bytes == 2 * one_bytes);
    tensor.dim[2] = 97;
    assert_int_equal(
        b->r.api->work->layout_bytes(b->r.device, &tensor, &one_bytes, NULL), SY_INVALID_ARGUMENT);
    tensor.layout = SY_LAYOUT_ANY;
    assert_int_equal(
        b->r.api->work->layout_bytes(b->r.device, &tensor, &one_bytes, NULL), SY_INVALID_ARGUMENT);
}

/* B packed for one product must not be read by another: here k and n are exchanged. */
static void foreign_packing_is_refused(void **state) {
    bench *b = *state;
    sy_error err = SY_ERROR_INIT;
    sy_plan *plan = NULL;
    uint32_t other = offered_layout(b, "gemm:m=4,n=5,k=6");
    b->storage.tensor[1].layout = other;
    b->storage.tensor[1].flags = SY_TENSOR_CONST;
    assert_int_equal(
        b->r.api->work->plan_create(b->r.device, &b->storage.problem, b->algorithm.id, &plan, &err),
        SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "other extents"));
    uint32_t narrow = offered_layout(b, "gemm:m=4,n=6,k=5,dtype=bf16:bf16:f32");
    b->storage.tensor[1].layout = narrow;
    assert_int_equal(
        b->r.api->work->plan_create(b->r.device, &b->storage.problem, b->algorithm.id, &plan, &err),
        SY_INVALID_ARGUMENT);
}

/* Each peer says why it is not there, every time, and the others go on. */
static void peers_that_are_not_there(void **state) {
    (void)state;
    static rig r;
    static const char *const names[] = {"openblas", "blis", "onednn"};
    sy_error err = SY_ERROR_INIT;
    rig_case c;
    r = (rig){
        .host = {
            .openblas = "/nowhere/openblas.so", .blis = "/nowhere/blis.so", .onednn = "/nowhere/onednn.so"}};
    rig_open(&r, "");
    for (size_t i = 0; i < 6; i++) {
        char path[64];
        snprintf(path, sizeof path, "/nowhere/%s.so", names[i / 2]);
        assert_int_equal(rig_run(&r, "gemm:m=4,n=4,k=4", names[i / 2], 1, &c, &err), SY_UNSUPPORTED);
        assert_non_null(strstr(err.text, path));
        rig_release(&r, &c);
    }
    assert_int_equal(r.host.libraries, 0);
    assert_int_equal(rig_run(&r, "gemm:m=4,n=4,k=4", "reference", 1, &c, &err), SY_OK);
    rig_release(&r, &c);
    rig_close(&r);
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void) {
    const struct CMUnitTest tests[] = {
        OPENED(sound_operands_are_bound),
        OPENED(too_small_or_crooked_operands),
        OPENED(overlapping_outputs),
        OPENED(wrong_counts_and_workspaces),
        OPENED(the_list_is_ordered_and_ends),
        OPENED(promises_of_determinism),
        OPENED(any_op_has_an_answer),
        OPENED(an_older_host_gets_only_its_fields),
        OPENED(plans_want_resolved_layouts_and_their_own_id),
        OPENED(packed_layouts_are_told_apart),
        OPENED(foreign_packing_is_refused),
        cmocka_unit_test(peers_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
