/* What is not written down of CNNL 2: each uncertain number and habit, in either case. */
#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon"
#define GEMM "gemm:m=7,n=13,k=5"
#define CONV "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3,pad=1,layout=nhwc"

static void relu_is_found_whatever_its_number(void **state) {
    (void)state;
    static const char *const settings[] = {"relu=0", "relu=1", "relu=3"};
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, GEMM ",epilogue=bias_relu", "cnnl/matmul+bias+relu");
        world_solve(&w, CONV ",epilogue=bias_relu", "cnnl/conv+relu");
        world_end(&w);
    }
    world w = {0};
    world_open(&w, GENERATION, "relu=7");
    world_refuse(&w, GEMM ",epilogue=bias_relu", "makes CNNL's operation a relu");
    world_solve(&w, GEMM ",epilogue=bias", "cnnl/matmul+bias");
    world_end(&w);
}

static void sums_are_found_whatever_their_number(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "op_add=2;op_sub=0;op_mul=1");
    world_solve(&w, GEMM ",epilogue=bias", "cnnl/matmul+bias");
    world_solve(&w, "stream:bytes=4000,kind=triad", "cnnl/op_tensor");
    world_end(&w);
    world_open(&w, GENERATION, "op_add=9");
    world_refuse(&w, GEMM ",epilogue=bias", "makes CNNL's operation a sum");
    world_refuse(&w, "stream:bytes=4000,kind=triad", "makes CNNL's operation a sum");
    world_end(&w);
}

static void convolutions_find_their_algorithm(void **state) {
    (void)state;
    static const char *const settings[] = {
        "conv_algo=0", "conv_algo=3", "conv_algo=1;wrong_number=0", "conv_algo=2;wrong_number=7"};
    for (size_t i = 0; i < 4; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, CONV, "cnnl/conv");
        world_end(&w);
    }
    world w = {0};
    world_open(&w, GENERATION, "conv_algo=5");
    world_refuse(&w, CONV, "is that of an algorithm");
    world_end(&w);
}

static void attributes_with_other_numbers_are_seen(void **state) {
    (void)state;
    static const char *const settings[] = {"attr_shift=1", "attr_shift=-1", "attr_shift=3"};
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_refuse(&w, GEMM, "tried on the card");
        world_end(&w);
    }
}

static void tf32_is_never_where_it_was_not_asked_for(void **state) {
    (void)state;
    world w = {0};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    world_open(&w, GENERATION, "tf32_default=1");
    assert_false(world_has(&w, GEMM, "cnnl/matmul/tf32", &algorithm));
    assert_false(world_has(&w, CONV, "cnnl/conv/tf32", &algorithm));
    assert_true(world_has(&w, GEMM, "cnnl/matmul", &algorithm));
    assert_int_equal(algorithm.math, SY_MATH_STRICT);
    assert_true(world_has(&w, GEMM ",math=tf32", "cnnl/matmul/tf32", &algorithm));
    assert_int_equal(algorithm.math, SY_MATH_TF32);
    assert_true(world_has(&w, CONV ",math=tf32", "cnnl/conv/tf32", &algorithm));
    assert_int_equal(algorithm.math, SY_MATH_TF32);
    world_solve(&w, GEMM ",math=tf32", "cnnl/matmul/tf32");
    world_solve(&w, CONV ",math=tf32", "cnnl/conv/tf32");
    world_solve(&w, CONV ",math=tf32,dtype=f16", "cnnl/conv");
    world_end(&w);
}

static void int8_is_done_where_a_trial_comes_out_right(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_refuse(&w, GEMM ",dtype=s8", "CNNL has no products of s8 into s32");
    world_refuse(&w, GEMM ",dtype=s8:s8:f32,epilogue=dequant", "CNNL has no products of s8 into f32");
    world_refuse(&w, GEMM ",dtype=s8:s8:f16,epilogue=dequant", "not public");
    world_refuse(&w, CONV ",dtype=s8:s8:f32,epilogue=dequant", "NOT_SUPPORTED");
    world_end(&w);
    world_open(&w, GENERATION, "s8=1;s8_s32=1");
    world_solve(&w, GEMM ",dtype=s8", "cnnl/matmul");
    world_solve(&w, GEMM ",dtype=s8:s8:f32,epilogue=dequant", "cnnl/matmul+scale_row+scale_column");
    world_solve(&w, CONV ",dtype=s8:s8:f32,epilogue=dequant", "cnnl/conv+scale_row+scale_column");
    world_end(&w);
}

static void bf16_is_what_the_library_makes_of_it(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_solve(&w, GEMM ",dtype=bf16", "cnnl/matmul");
    world_solve(&w, CONV ",dtype=bf16", "cnnl/conv");
    world_end(&w);
    world_open(&w, GENERATION, "bf16_dtype=18;bf16_conv=0");
    world_refuse(&w, GEMM ",dtype=bf16", "NOT_SUPPORTED");
    world_refuse(&w, CONV ",dtype=bf16", "NOT_SUPPORTED");
    world_end(&w);
    world_open(&w, GENERATION, "bf16_conv=0");
    world_solve(&w, GEMM ",dtype=bf16", "cnnl/matmul");
    world_refuse(&w, CONV ",dtype=bf16", "NOT_SUPPORTED");
    world_end(&w);
}

static void half_to_f32_is_the_librarys_matter(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_solve(&w, GEMM ",dtype=f16:f16:f32", "cnnl/matmul");
    world_end(&w);
    world_open(&w, GENERATION, "half_f32=0");
    world_refuse(&w, GEMM ",dtype=f16:f16:f32", "NOT_SUPPORTED");
    world_solve(&w, GEMM ",dtype=f16", "cnnl/matmul");
    world_end(&w);
}

static void refusals_of_the_heuristic(void **state) {
    (void)state;
    world w = {0};
    sy_algorithm algorithm = {.size = sizeof algorithm};
    world_open(&w, GENERATION, "heuristic=0");
    world_refuse(&w, GEMM, "knows no algorithm");
    world_end(&w);
    world_open(&w, GENERATION, "heuristic_refusal=zero;half_f32=0");
    world_refuse(&w, GEMM ",dtype=f16:f16:f32", "knows no algorithm");
    world_end(&w);
    world_open(&w, GENERATION, "algos=1");
    assert_false(world_has(&w, GEMM, "cnnl/matmul/1", &algorithm));
    world_end(&w);
    world_open(&w, GENERATION, "algos=3");
    assert_true(world_has(&w, GEMM, "cnnl/matmul/2", &algorithm));
    assert_int_equal(algorithm.flags & SY_ALGO_VARIANT, SY_ALGO_VARIANT);
    assert_int_equal(algorithm.workspace_bytes, 3 * 4096);
    world_solve(&w, GEMM, "cnnl/matmul/2");
    world_end(&w);
}

static void workspaces_of_none_and_of_much(void **state) {
    (void)state;
    static const char *const settings[] = {"workspace=0", "workspace=1M"};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, GEMM ",epilogue=bias_relu", "cnnl/matmul+bias+relu");
        world_solve(&w, GEMM ",batch=3,epilogue=bias", "cnnl/batch_matmul+bias");
        world_solve(&w, CONV ",epilogue=residual_relu", "cnnl/conv+residual+relu");
        world_end(&w);
    }
}

static void posts_are_refused_where_they_would_round_twice(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_refuse(&w, GEMM ",dtype=f16,epilogue=bias", "already rounded to f16");
    world_refuse(&w, CONV ",dtype=f16,epilogue=bias_relu", "already rounded to f16");
    world_refuse(&w, GEMM ",epilogue=bias_gelu_erf", "relu alone");
    world_solve(&w, GEMM ",dtype=f16,epilogue=residual_relu", "cnnl/matmul+relu");
    world_solve(&w, GEMM ",alpha=-2.5,beta=0.5", "cnnl/matmul");
    world_solve(&w, GEMM ",batch=2,beta=1", "cnnl/batch_matmul");
    world_refuse(&w, "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3,layout=nchw", "channels last");
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relu_is_found_whatever_its_number),
        cmocka_unit_test(sums_are_found_whatever_their_number),
        cmocka_unit_test(convolutions_find_their_algorithm),
        cmocka_unit_test(attributes_with_other_numbers_are_seen),
        cmocka_unit_test(tf32_is_never_where_it_was_not_asked_for),
        cmocka_unit_test(int8_is_done_where_a_trial_comes_out_right),
        cmocka_unit_test(bf16_is_what_the_library_makes_of_it),
        cmocka_unit_test(half_to_f32_is_the_librarys_matter),
        cmocka_unit_test(refusals_of_the_heuristic),
        cmocka_unit_test(workspaces_of_none_and_of_much),
        cmocka_unit_test(posts_are_refused_where_they_would_round_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
