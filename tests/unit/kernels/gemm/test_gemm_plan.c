/* What sy_gemm_plan_init refuses and lays out, batches, and that numbers agree with the public headers. */
#include "kernels/gemm/gemm.h"
#include "steelyard/problem.h"
#include "steelyard/types.h"
#include "tests/unit/kernels/gemm/elements.h"

/* Kernels do not include the public headers, so the numbers are written twice: here they meet. */
static const uint32_t pairs[][2] = {{SY_ELEMENT_F64, SY_F64}, {SY_ELEMENT_F32, SY_F32},
    {SY_ELEMENT_F16, SY_F16}, {SY_ELEMENT_BF16, SY_BF16}, {SY_ELEMENT_F8E4M3, SY_F8E4M3},
    {SY_ELEMENT_F8E5M2, SY_F8E5M2}, {SY_ELEMENT_S8, SY_S8}, {SY_ELEMENT_U8, SY_U8}, {SY_ELEMENT_S32, SY_S32},
    {SY_KERNEL_POST_BIAS, SY_POST_BIAS}, {SY_KERNEL_POST_ADD, SY_POST_ADD},
    {SY_KERNEL_POST_RELU, SY_POST_RELU}, {SY_KERNEL_POST_CLIP, SY_POST_CLIP},
    {SY_KERNEL_POST_SILU, SY_POST_SILU}, {SY_KERNEL_POST_GELU_ERF, SY_POST_GELU_ERF},
    {SY_KERNEL_POST_GELU_TANH, SY_POST_GELU_TANH}, {SY_KERNEL_POST_SCALE_ROW, SY_POST_SCALE_ROW},
    {SY_KERNEL_POST_SCALE_COL, SY_POST_SCALE_COL}, {SY_KERNEL_POST_REQUANT, SY_POST_REQUANT},
    {SY_KERNEL_POST_SIGMOID, SY_POST_SIGMOID}, {SY_KERNEL_POST_TANH, SY_POST_TANH},
    {SY_KERNEL_MAX_POSTS, SY_MAX_POSTS}};

static void numbers_agree_with_public_headers(void **unused) {
    (void)unused;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        assert_int_equal(pairs[i][0], pairs[i][1]);
}

static sy_gemm_desc good(void) {
    return (sy_gemm_desc){.dtype_a = SY_ELEMENT_F32,
        .dtype_b = SY_ELEMENT_F32,
        .dtype_c = SY_ELEMENT_F32,
        .dtype_d = SY_ELEMENT_F32,
        .m = 100,
        .n = 200,
        .k = 300,
        .a_stride = {300, 1},
        .b_stride = {200, 1},
        .c_stride = {200, 1},
        .d_stride = {200, 1},
        .alpha = 1};
}

static void refuse(const sy_gemm_desc *desc, int parts, const char *words) {
    sy_gemm_plan plan;
    memset(&plan, 1, sizeof(plan));
    const char *why = sy_gemm_plan_init(desc, parts, &plan);
    assert_non_null(why);
    if (!strstr(why, words))
        fail_msg("\"%s\" does not say \"%s\"", why, words);
    assert_int_equal(plan.steps, 0);
    assert_int_equal(plan.workspace_bytes, 0);
}

static void plan_says_why_not(void **unused) {
    (void)unused;
    sy_gemm_desc desc = good();
    refuse(&desc, 0, "threads");
    desc.m = -1;
    refuse(&desc, 1, "negative extent");
    desc = good(), desc.n = INT64_C(1) << 31;
    refuse(&desc, 1, "exceeds");
    desc = good(), desc.b_stride[1] = -1;
    refuse(&desc, 1, "negative stride");
    desc = good(), desc.dtype_a = SY_ELEMENT_F64;
    refuse(&desc, 1, "go together");
    desc = good(), desc.dtype_b = SY_ELEMENT_S32;
    refuse(&desc, 1, "go together");
    desc = good(), desc.dtype_a = 1000;
    refuse(&desc, 1, "go together");
    desc = good(), desc.dtype_d = SY_ELEMENT_S8;
    refuse(&desc, 1, "result");
    desc = good(), desc.dtype_c = SY_ELEMENT_F64, desc.beta = 1;
    refuse(&desc, 1, "type of C");
    desc = good(), desc.isa = SY_ISA_COUNT;
    refuse(&desc, 1, "instruction set");
    desc = good(), desc.n_post = 9;
    refuse(&desc, 1, "more than 8");
    desc = good(), desc.n_post = 1;
    refuse(&desc, 1, "unknown post");
    desc.post[0].kind = SY_KERNEL_POST_BIAS;
    refuse(&desc, 1, "unknown type");
    desc.post[0].dtype = SY_ELEMENT_F64;
    refuse(&desc, 1, "f64 beside f32");
    desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_ADD, .dtype = SY_ELEMENT_F32, .stride = {-1, 0}};
    refuse(&desc, 1, "negative stride");
    desc = good(), desc.dtype_c = SY_ELEMENT_F64;
    sy_gemm_plan plan;
    assert_null(sy_gemm_plan_init(&desc, 1, &plan)); /* C is not read: its type does not matter */
    desc = good(), desc.n = desc.k = INT32_MAX, desc.flags = SY_GEMM_B_CONST;
    const char *why = sy_gemm_plan_init(&desc, 1, &plan);
    assert_true(why ? plan.steps == 0 : plan.weights_bytes >= SIZE_MAX / 4 / 16);
}

static void plan_of_nothing_has_no_steps(void **unused) {
    (void)unused;
    sy_gemm_plan plan;
    sy_gemm_desc desc = good();
    desc.m = 0;
    assert_null(sy_gemm_plan_init(&desc, 4, &plan));
    assert_int_equal(plan.steps, 0);
    desc = good(), desc.n = 0, desc.flags = SY_GEMM_B_CONST;
    assert_null(sy_gemm_plan_init(&desc, 4, &plan));
    assert_int_equal(plan.steps, 0);
    assert_int_equal(plan.weights_bytes, 0);
}

static void plan_uses_the_threads_it_can(void **unused) {
    (void)unused;
    sy_gemm_plan plan;
    sy_gemm_desc desc = good();
    desc.flags = SY_GEMM_B_CONST;
    desc.n = desc.k = 4096;
    for (desc.m = 1; desc.m <= 8; desc.m *= 2) {
        assert_null(sy_gemm_plan_init(&desc, 2, &plan));
        assert_int_equal(plan.parts, 2);
        assert_int_equal(plan.steps, 1);
    }
    const size_t weights = plan.weights_bytes;
    desc.m = 500;
    assert_null(sy_gemm_plan_init(&desc, 7, &plan));
    assert_int_equal(plan.weights_bytes, weights);
    desc.m = desc.n = desc.k = 4;
    assert_null(sy_gemm_plan_init(&desc, 7, &plan));
    assert_int_equal(plan.parts, 1);
}

/* Rows of A at a power of two from one another fight for the same lines of a cache, unless they are few. */
static void rows_that_collide_are_packed(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        sy_gemm_plan plan;
        sy_gemm_desc desc = good();
        desc.isa = isas[s];
        desc.flags = SY_GEMM_B_CONST;
        desc.k = 1000;
        desc.a_stride[0] = 1000;
        assert_null(sy_gemm_plan_init(&desc, 1, &plan));
        const bool is_bare = plan.is_bare;
        desc.k = desc.a_stride[0] = 3072; /* 12 KiB */
        assert_null(sy_gemm_plan_init(&desc, 1, &plan));
        const bool is_collided = plan.is_bare;
        desc.m = 4;
        assert_null(sy_gemm_plan_init(&desc, 1, &plan));
        assert_true(
            plan.is_bare == is_bare && (!is_collided || (isas[s] & SY_ISA_LEVEL_MASK) == SY_ISA_GENERIC));
    }
}

static void batch_moves_every_operand(void **unused) {
    (void)unused;
    sy_gemm_plan plan;
    sy_gemm_desc desc = good();
    desc.n_post = 2;
    desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_ADD, .dtype = SY_ELEMENT_BF16, .stride = {200, 1}};
    desc.post[1] = (sy_kernel_post){.kind = SY_KERNEL_POST_RELU};
    assert_null(sy_gemm_plan_init(&desc, 1, &plan));
    unsigned char memory[1000];
    const sy_gemm_args args = {.a = memory,
        .b = memory + 1,
        .c = memory + 2,
        .d = memory + 3,
        .post_operand = {memory + 4},
        .workspace = memory + 5};
    const sy_gemm_batch batch = {.a = 10, .b = 0, .c = 3, .d = 4, .post = {5, 6}};
    const sy_gemm_args second = sy_gemm_batch_args(&plan, &args, &batch, 2);
    assert_ptr_equal(second.a, memory + 80);
    assert_ptr_equal(second.b, memory + 1);
    assert_ptr_equal(second.c, memory + 2 + 24);
    assert_ptr_equal(second.d, memory + 3 + 32);
    assert_ptr_equal(second.post_operand[0], memory + 4 + 20);
    assert_null(second.post_operand[1]);
    assert_ptr_equal(second.workspace, memory + 5);
    plan.desc.flags = SY_GEMM_B_CONST;
    const sy_gemm_batch packed = {.b = 7};
    assert_ptr_equal(sy_gemm_batch_args(&plan, &args, &packed, 3).b, memory + 1 + 21);
}

static void names_and_sizes_are_told(void **unused) {
    (void)unused;
    assert_string_equal(sy_isa_name(SY_ISA_GENERIC), "generic");
    assert_string_equal(sy_isa_name(SY_ISA_AVX512), "avx512");
    assert_string_equal(sy_isa_name(SY_ISA_COUNT), "?");
    assert_true(sy_isa_is_built(SY_ISA_GENERIC));
    assert_false(sy_isa_is_built(SY_ISA_COUNT));
    static const size_t bytes[] = {0, 8, 4, 2, 2, 1, 1, 1, 1, 4, 0};
    for (uint32_t dtype = 0; dtype < 11; dtype++)
        assert_int_equal(sy_element_bytes(dtype), bytes[dtype]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_agree_with_public_headers),
        cmocka_unit_test(plan_says_why_not), cmocka_unit_test(plan_of_nothing_has_no_steps),
        cmocka_unit_test(plan_uses_the_threads_it_can), cmocka_unit_test(rows_that_collide_are_packed),
        cmocka_unit_test(batch_moves_every_operand), cmocka_unit_test(names_and_sizes_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
