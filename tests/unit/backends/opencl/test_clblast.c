/* Products as CLBlast is told of them; its interface as its own header declares it; the real library, if it
 * is there. */
#include "backends/opencl/clblast.h"

#include <math.h>

#include "tests/support/slow.h"
#include "tests/unit/backends/opencl/solve.h"
#include "tests/unit/backends/opencl/tasks.h"

/* Types of the functions that are called, against those of the header. Enumerations are unsigned there. */
#if __has_include(<clblast_c.h>)
#include <clblast_c.h>
#define SAME(ours, theirs)                                                                                   \
    _Static_assert(                                                                                          \
        __builtin_types_compatible_p(__typeof__(*((ocl_clblast *)NULL)->call.ours), __typeof__(theirs)),     \
        #theirs)
SAME(sgemm, CLBlastSgemm);
SAME(dgemm, CLBlastDgemm);
SAME(hgemm, CLBlastHgemm);
SAME(sgemm_batched, CLBlastSgemmStridedBatched);
SAME(dgemm_batched, CLBlastDgemmStridedBatched);
SAME(hgemm_batched, CLBlastHgemmStridedBatched);
_Static_assert((int)OCL_CLBLAST_ROW_MAJOR == (int)CLBlastLayoutRowMajor, "layout");
_Static_assert((int)OCL_CLBLAST_AS_IS == (int)CLBlastTransposeNo, "transpose");
_Static_assert((int)OCL_CLBLAST_TRANSPOSED == (int)CLBlastTransposeYes, "transpose");
#endif

static sy_status read(const sy_task *task, ocl_clblast_product *out, sy_error *err) {
    return ocl_clblast_read(&traits_of_gpu, task, out, err);
}

static void strides_become_leading_dimensions(void **state) {
    (void)state;
    sy_task task;
    ocl_clblast_product p;
    task_of("gemm:m=3,n=5,k=7,batch=2,ta=1,weights=dynamic,alpha=-2", &task);
    assert_int_equal(read(&task, &p, NULL), SY_OK);
    assert_int_equal(p.a.transpose, OCL_CLBLAST_TRANSPOSED);
    assert_int_equal(p.b.transpose, OCL_CLBLAST_AS_IS);
    assert_true(p.a.lead == 3 && p.b.lead == 5 && p.d.lead == 5);
    assert_true(p.a.stride == 21 && p.b.stride == 35 && p.d.stride == 15);
    assert_true(p.batch == 2 && p.alpha == -2.0 && p.beta == 0.0);
    task.tensor[0].stride[2] = 10; /* rows of the transposed A further apart */
    task.tensor[3].stride[1] = 9;
    assert_int_equal(read(&task, &p, NULL), SY_OK);
    assert_true(p.a.lead == 10 && p.d.lead == 9);
}

/* Extents of 1 have any stride; the library still wants rows that do not overlap. */
static void single_rows_and_columns_have_a_leading_dimension(void **state) {
    (void)state;
    sy_task task;
    ocl_clblast_product p;
    task_of("gemm:m=1,n=5,k=7", &task);
    task.tensor[0].stride[1] = 0;
    task.tensor[3].stride[1] = 1;
    assert_int_equal(read(&task, &p, NULL), SY_OK);
    assert_true(p.a.lead == 7 && p.d.lead == 5);
    task_of("gemm:m=3,n=1,k=7", &task);
    assert_int_equal(read(&task, &p, NULL), SY_OK);
    assert_true(p.b.lead == 1 && p.b.transpose == OCL_CLBLAST_AS_IS && p.d.lead == 1);
}

static void refused(const char *problem, const char *words) {
    sy_task task;
    ocl_clblast_product p;
    task_of(problem, &task);
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, words);
}

static void what_it_cannot_do_is_refused(void **state) {
    (void)state;
    refused("gemm:m=3,n=5,k=7,dtype=f16", "summed in f16, not in f32");
    refused("gemm:m=3,n=5,k=7,dtype=bf16", "bf16");
    refused("gemm:m=3,n=5,k=7,dtype=f16:f16:f32", "throughout");
    refused("gemm:m=3,n=5,k=7,dtype=s8", "f32, f64 or f16");
    refused("gemm:m=3,n=5,k=7,epilogue=bias", "nothing can follow");
    refused("gemm:m=3,n=5,k=0", "at least 1");
}

static void what_the_device_lacks_is_refused(void **state) {
    (void)state;
    sy_task task;
    ocl_clblast_product p;
    ocl_traits traits = traits_of_gpu;
    traits.fp16 = traits.fp64 = false;
    task_of("gemm:m=3,n=5,k=7,dtype=f64", &task);
    world_refused(ocl_clblast_read(&traits, &task, &p, err), SY_UNSUPPORTED, "no arithmetic");
    task_of("gemm:m=3,n=5,k=7,dtype=f16:f16:f16:f16", &task);
    world_refused(ocl_clblast_read(&traits, &task, &p, err), SY_UNSUPPORTED, "no arithmetic");
    assert_int_equal(read(&task, &p, NULL), SY_OK);
}

static void other_strides_are_refused(void **state) {
    (void)state;
    sy_task good, task;
    ocl_clblast_product p;
    task_of("gemm:m=3,n=5,k=7,beta=1", &good);
    assert_int_equal(read(&good, &p, NULL), SY_OK);
    task = good, task.tensor[0].stride[2] = 2, task.tensor[0].stride[1] = 20;
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, "row-major or transposed");
    task = good, task.tensor[1].stride[1] = 4; /* rows overlap */
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, "row-major or transposed");
    task = good, task.tensor[3].stride[1] = 1, task.tensor[3].stride[2] = 3;
    task.tensor[2] = task.tensor[3];
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, "the result row-major");
    task = good, task.tensor[2].stride[1] = 6;
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, "C must be");
    task = good, task.tensor[2].dtype = SY_F64;
    world_refused(read(&task, &p, err), SY_UNSUPPORTED, "C must be");
    task = good, task.tensor[1].dim[1] = 6;
    world_refused(read(&task, &p, err), SY_INVALID_ARGUMENT, "B[batch,k,n]");
    task = good, task.tensor[1].layout = SY_LAYOUT_PRIVATE | 1;
    world_refused(read(&task, &p, err), SY_INVALID_ARGUMENT, "tensor 1 is not strided");
}

static void codes_have_names(void **state) {
    (void)state;
    assert_string_equal(ocl_clblast_code_name(-1014), "CLBlastInvalidLeadDimC");
    assert_string_equal(ocl_clblast_code_name(-2039), "CLBlastUnexpectedError");
    assert_string_equal(ocl_clblast_code_name(-5), "CL_OUT_OF_RESOURCES");
    assert_string_equal(ocl_clblast_code_name(-9999), "unknown code");
}

enum { M = 7, N = 33, K = 19, BATCH = 2, A = BATCH * M * K, B = BATCH * K * N, D = BATCH * M * N };

static float a[A], b[B], c[D], d[D];

/* D = 2 A B^T - C of whole numbers. */
static void expect_product(void) {
    for (int i = 0; i < D; i++) {
        int batch = i / (M * N), row = i / N % M, column = i % N;
        float sum = 0.0f;
        for (int k = 0; k < K; k++)
            sum += a[(batch * M + row) * K + k] * b[(batch * N + column) * K + k];
        assert_float_equal(d[i], 2.0f * sum - c[i], 0.0);
    }
}

static void multiply(world *w) {
    sy_task task;
    task_of("gemm:m=7,n=33,k=19,batch=2,tb=1,alpha=2,beta=-1,weights=dynamic", &task);
    sy_buffer *memory[3] = {world_alloc(w, SY_MEMORY_DEVICE, sizeof a),
        world_alloc(w, SY_MEMORY_DEVICE, sizeof b), world_alloc(w, SY_MEMORY_DEVICE, sizeof c)};
    const sy_span span[4] = {world_span(memory[0], 0, sizeof a), world_span(memory[1], 0, sizeof b),
        world_span(memory[2], 0, sizeof c), world_span(memory[2], 0, sizeof c)};
    const sy_problem problem = {.size = sizeof problem,
        .op = SY_OP_GEMM,
        .tensor = task.tensor,
        .n_in = 3,
        .n_out = 1,
        .attr = &task.attr.gemm,
        .acc_dtype = SY_F32};
    world_put(w, span[0], a);
    world_put(w, span[1], b);
    world_put(w, span[2], c);
    solve(w, &problem, "clblast", span);
    world_get(w, span[3], d);
    for (int i = 0; i < 3; i++)
        w->api->memory->free(memory[i]);
}

/* Not with the address sanitizer: the library compiles its programs for a minute, and none of that is ours.
 */
static void the_real_library_multiplies(void **state) {
    (void)state;
    world w = {0};
    if (!world_exists() || slow_step(SLOW_ADDRESS, 2) > 1)
        skip();
    world_open(&w, "");
    bool is_there = ocl_clblast_open(w.device, NULL) == SY_OK;
    for (int i = 0; i < A; i++)
        a[i] = (float)(i % 11 - 5);
    for (int i = 0; i < B; i++)
        b[i] = (float)(i % 7 - 3);
    for (int i = 0; i < D; i++)
        c[i] = (float)(i % 13);
    if (is_there)
        multiply(&w);
    world_close(&w);
    if (!is_there)
        skip();
    expect_product();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strides_become_leading_dimensions),
        cmocka_unit_test(single_rows_and_columns_have_a_leading_dimension),
        cmocka_unit_test(what_it_cannot_do_is_refused),
        cmocka_unit_test(what_the_device_lacks_is_refused),
        cmocka_unit_test(other_strides_are_refused),
        cmocka_unit_test(codes_have_names),
        cmocka_unit_test(the_real_library_multiplies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
