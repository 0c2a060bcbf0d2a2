/* Work, memory and jobs on the stub plugins: the whole way, and each mistake a caller can make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "steelyard/runtime.h"

static const sy_runtime_options stubs = {.size = sizeof stubs, .plugin_path = STUB_FOLDER};

/* A runtime with an open device; torn down by close_all. */
typedef struct session {
    sy_runtime *runtime;
    sy_context *context;
} session;

static void open_all(session *all, const char *device) {
    assert_int_equal(sy_runtime_create(&stubs, &all->runtime, NULL), SY_OK);
    assert_int_equal(sy_context_open(all->runtime, device, &all->context, NULL), SY_OK);
}

static void close_all(session *all) {
    sy_context_close(all->context);
    sy_runtime_destroy(all->runtime);
}

static sy_memory *memory_of(session *all, const void *bytes, uint64_t count) {
    sy_memory *memory = NULL;
    assert_int_equal(sy_memory_create(all->context, count, &memory, NULL), SY_OK);
    if (bytes != NULL)
        assert_int_equal(sy_memory_write(memory, 0, bytes, count, NULL), SY_OK);
    return memory;
}

static void gemm_from_text_to_result(void **state) {
    const float a[6] = {1, 2, 3, 4, 5, 6}, b[3] = {1, 10, 100};
    float d[2] = {0};
    session all;
    sy_work *work = NULL;
    sy_job *job = NULL;
    (void)state;
    open_all(&all, "good:0");
    assert_int_equal(sy_work_create(all.context, "gemm:m=2,n=1,k=3,alpha=2", "auto", &work, NULL), SY_OK);
    assert_string_equal(sy_work_algorithm(work), "naive");
    sy_memory *memory[4] = {
        memory_of(&all, a, sizeof a), memory_of(&all, b, sizeof b), NULL, memory_of(&all, NULL, sizeof d)};
    assert_int_equal(sy_job_create(work, memory, 4, &job, NULL), SY_OK);
    assert_int_equal(sy_job_run(job), SY_OK);
    assert_int_equal(sy_context_sync(all.context, UINT64_MAX, NULL), SY_OK);
    assert_int_equal(sy_memory_read(memory[3], 0, d, sizeof d, NULL), SY_OK);
    assert_true(d[0] == 2 * 321 && d[1] == 2 * 654);
    sy_job_destroy(job);
    for (int i = 0; i < 4; i++)
        sy_memory_destroy(memory[i]);
    sy_work_destroy(work);
    close_all(&all);
}

static void operands_are_described(void **state) {
    session all;
    sy_work *work = NULL;
    sy_operand operand = {.size = sizeof operand};
    (void)state;
    open_all(&all, "good");
    assert_int_equal(sy_work_create(all.context, "gemm:m=2,n=5,k=3", "reference", &work, NULL), SY_OK);
    assert_string_equal(sy_work_algorithm(work), "reference");
    assert_int_equal(sy_work_operand(work, 1, &operand, NULL), SY_OK);
    assert_int_equal(operand.bytes, 60);
    assert_int_equal(operand.is_const, 1);
    assert_int_equal(operand.is_output, 0);
    assert_int_equal(operand.dtype, SY_F32);
    assert_int_equal(operand.dim[operand.rank - 1], 5);
    assert_int_equal(operand.stride[operand.rank - 2], 5);
    assert_int_equal(sy_work_operand(work, 2, &operand, NULL), SY_OK);
    assert_int_equal(operand.is_absent, 1);
    assert_int_equal(operand.bytes, 0);
    assert_int_equal(sy_work_operand(work, 3, &operand, NULL), SY_OK);
    assert_int_equal(operand.is_output, 1);
    assert_int_equal(operand.bytes, 40);
    assert_int_equal(sy_work_operand(work, 4, &operand, NULL), SY_UNAVAILABLE);
    operand = (sy_operand){.size = 8, .rank = 77};
    assert_int_equal(sy_work_operand(work, 0, &operand, NULL), SY_OK);
    assert_int_equal(operand.dtype, SY_F32);
    assert_int_equal(operand.rank, 77); /* beyond the declared size nothing is written */
    sy_work_destroy(work);
    close_all(&all);
}

/* The plugin wants B packed in its own way: the job has it converted, and looks at the caller's no more. */
static void constant_operands_are_prepared(void **state) {
    const float a[2] = {1, 10}, b[6] = {1, 2, 3, 4, 5, 6}, other[6] = {0};
    float d[3] = {0};
    session all;
    sy_work *work = NULL;
    sy_job *job = NULL;
    sy_operand operand = {.size = sizeof operand};
    (void)state;
    open_all(&all, "packs");
    assert_int_equal(sy_work_create(all.context, "gemm:m=1,n=3,k=2", "auto", &work, NULL), SY_OK);
    assert_int_equal(sy_work_operand(work, 1, &operand, NULL), SY_OK);
    assert_int_equal(operand.bytes, sizeof b); /* the caller's own layout, without the padding */
    sy_memory *memory[4] = {
        memory_of(&all, a, sizeof a), memory_of(&all, b, sizeof b), NULL, memory_of(&all, NULL, sizeof d)};
    assert_int_equal(sy_job_create(work, memory, 4, &job, NULL), SY_OK);
    assert_int_equal(sy_memory_write(memory[1], 0, other, sizeof other, NULL), SY_OK);
    assert_int_equal(sy_job_run(job), SY_OK);
    assert_int_equal(sy_memory_read(memory[3], 0, d, sizeof d, NULL), SY_OK);
    assert_true(d[0] == 41 && d[1] == 52 && d[2] == 63);
    sy_job_destroy(job);
    for (int i = 0; i < 4; i++)
        sy_memory_destroy(memory[i]);
    sy_work_destroy(work);
    close_all(&all);
}

static void private_activations_are_refused(void **state) {
    session all;
    sy_work *work = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_tensor tensor[2] = {
        {.size = sizeof(sy_tensor), .dtype = SY_F32, .layout = SY_LAYOUT_ANY, .rank = 3, .dim = {1, 2, 2}},
        {.size = sizeof(sy_tensor), .dtype = SY_F32, .layout = SY_LAYOUT_ANY, .rank = 3, .dim = {1, 2, 2}}};
    sy_problem problem = {
        .size = sizeof problem, .op = SY_OP_REORDER, .tensor = tensor, .n_in = 1, .n_out = 1};
    (void)state;
    open_all(&all, "packs");
    assert_int_equal(sy_work_create_from_problem(all.context, &problem, "auto", &work, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "naive wants operand 0 in a layout of its own"));
    assert_null(work);
    close_all(&all);
}

static void handmade_problem_is_copied(void **state) {
    const float x[4] = {1, 2, 3, 4};
    float y[4] = {0};
    session all;
    sy_work *work = NULL;
    sy_job *job = NULL;
    sy_tensor tensor[2] = {
        {.size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 2, .dim = {2, 2}, .stride = {2, 1}},
        {.size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 2, .dim = {2, 2}, .stride = {1, 2}}};
    sy_problem problem = {
        .size = sizeof problem, .op = SY_OP_REORDER, .tensor = tensor, .n_in = 1, .n_out = 1};
    (void)state;
    open_all(&all, "good");
    assert_int_equal(sy_work_create_from_problem(all.context, &problem, "auto", &work, NULL), SY_OK);
    memset(tensor, 0xff, sizeof tensor);
    sy_memory *memory[2] = {memory_of(&all, x, sizeof x), memory_of(&all, NULL, sizeof y)};
    assert_int_equal(sy_job_create(work, memory, 2, &job, NULL), SY_OK);
    assert_int_equal(sy_job_run(job), SY_OK);
    assert_int_equal(sy_memory_read(memory[1], 0, y, sizeof y, NULL), SY_OK);
    assert_true(y[0] == 1 && y[1] == 3 && y[2] == 2 && y[3] == 4);
    sy_job_destroy(job);
    sy_memory_destroy(memory[0]);
    sy_memory_destroy(memory[1]);
    sy_work_destroy(work);
    close_all(&all);
}

static void bad_problems_are_refused(void **state) {
    const uint32_t tiny = 2;
    const sy_problem rows[] = {
        {.size = 4},
        {.size = sizeof(sy_problem), .n_in = UINT32_MAX, .n_out = 1},
        {.size = sizeof(sy_problem), .n_in = 1, .n_out = SY_MAX_TENSORS},
        {.size = sizeof(sy_problem), .n_post = SY_MAX_POSTS + 1},
        {.size = sizeof(sy_problem), .tensor = &(sy_tensor){0}, .attr = &tiny},
    };
    session all;
    sy_work *work = NULL;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    open_all(&all, "good");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            sy_work_create_from_problem(all.context, &rows[i], "auto", &work, &err), SY_INVALID_ARGUMENT);
        assert_null(work);
    }
    assert_int_equal(
        sy_work_create(all.context, "gemm:m=0,n=1,k=1", "auto", &work, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(
        sy_work_create(all.context, "gemm:m=1,n=1,k=1", "fast", &work, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "naive"));
    assert_int_equal(
        sy_work_create(all.context, "gemm:m=1,n=1,k=1,dtype=bf16", "auto", &work, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "naive: f32"));
    assert_null(work);
    close_all(&all);
}

static void bad_operands_are_refused(void **state) {
    session all;
    sy_context *other = NULL;
    sy_work *work = NULL;
    sy_job *job = NULL;
    sy_error err = SY_ERROR_INIT;
    sy_memory *small = NULL, *elsewhere = NULL;
    (void)state;
    open_all(&all, "good");
    assert_int_equal(sy_context_open(all.runtime, "good", &other, NULL), SY_OK);
    assert_int_equal(sy_memory_create(other, 16, &elsewhere, NULL), SY_OK);
    assert_int_equal(sy_memory_create(all.context, 15, &small, NULL), SY_OK);
    assert_int_equal(sy_work_create(all.context, "gemm:m=2,n=2,k=2", "auto", &work, NULL), SY_OK);
    sy_memory *good = memory_of(&all, NULL, 16);
    struct {
        sy_memory *memory[4];
        uint32_t count;
        const char *words;
    } rows[] = {
        {{good, good, NULL, good}, 3, "3 operands, the problem has 4"},
        {{good, NULL, NULL, good}, 4, "operand 1: no memory"},
        {{good, good, good, good}, 4, "operand 2: the problem has none"},
        {{small, good, NULL, good}, 4, "operand 0: memory of 15 bytes, needs 16"},
        {{good, good, NULL, elsewhere}, 4, "operand 3: memory of another context"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(sy_job_create(work, rows[i].memory, rows[i].count, &job, &err), SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, rows[i].words));
        assert_null(job);
    }
    sy_memory_destroy(good);
    sy_memory_destroy(small);
    sy_memory_destroy(elsewhere);
    sy_work_destroy(work);
    sy_context_close(other);
    close_all(&all);
}

static void memory_has_ends(void **state) {
    unsigned char bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8}, back[4] = {0};
    session all;
    sy_memory *memory = NULL;
    (void)state;
    open_all(&all, "good");
    assert_int_equal(sy_memory_create(all.context, 0, &memory, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_memory_create(all.context, UINT64_MAX, &memory, NULL), SY_OUT_OF_MEMORY);
    assert_null(memory);
    memory = memory_of(&all, bytes, 8);
    assert_int_equal(sy_memory_read(memory, 4, back, 4, NULL), SY_OK);
    assert_memory_equal(back, bytes + 4, 4);
    assert_int_equal(sy_memory_read(memory, 5, back, 4, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_memory_write(memory, UINT64_MAX, back, 4, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_memory_write(memory, 8, back, 0, NULL), SY_OK);
    sy_memory_destroy(memory);
    close_all(&all);
}

/* Every allocation of the whole way fails once: a status, nothing lost, and the next try works. */
static sy_status whole_way(void) {
    sy_runtime *runtime = NULL;
    sy_context *context = NULL;
    sy_work *work = NULL;
    sy_memory *memory = NULL;
    sy_job *job = NULL;
    sy_status status = sy_runtime_create(&stubs, &runtime, NULL);
    if (status == SY_OK)
        status = sy_context_open(runtime, "good", &context, NULL);
    if (status == SY_OK)
        status = sy_work_create(context, "gemm:m=2,n=2,k=2", "auto", &work, NULL);
    if (status == SY_OK)
        status = sy_memory_create(context, 16, &memory, NULL);
    if (status == SY_OK)
        status = sy_job_create(work, (sy_memory *[]){memory, memory, NULL, memory}, 4, &job, NULL);
    sy_job_destroy(job);
    sy_memory_destroy(memory);
    sy_work_destroy(work);
    sy_context_close(context);
    sy_runtime_destroy(runtime);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    sy_seam_arm(SY_SEAM_ALLOC, UINT64_MAX);
    assert_int_equal(whole_way(), SY_OK);
    uint64_t calls = sy_seam_disarm();
    uint32_t failed = 0;
    for (uint64_t k = 1; k <= calls; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        failed += whole_way() != SY_OK;
        sy_seam_disarm();
    }
    assert_true(failed > 5);
    assert_int_equal(whole_way(), SY_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_from_text_to_result),
        cmocka_unit_test(operands_are_described),
        cmocka_unit_test(constant_operands_are_prepared),
        cmocka_unit_test(private_activations_are_refused),
        cmocka_unit_test(handmade_problem_is_copied),
        cmocka_unit_test(bad_problems_are_refused),
        cmocka_unit_test(bad_operands_are_refused),
        cmocka_unit_test(memory_has_ends),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
