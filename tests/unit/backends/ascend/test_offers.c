/* What is offered for which problem on which card, and with which words it is refused. What is not known of
 * the real libraries is there in both cases. */
#include "tests/unit/backends/ascend/rig.h"

typedef struct row {
    const char *world, *problem, *algorithm, *words; /* words NULL: it is usable */
} row;

static void expect_rows(const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rig r;
        rig_open(&r, "ascend", rows[i].world);
        rig_expect(&r, rows[i].problem, rows[i].algorithm, rows[i].words);
        rig_end(&r);
    }
}

#define ROWS(...)                                                                                            \
    const row rows[] = {__VA_ARGS__};                                                                        \
    (void)state;                                                                                             \
    expect_rows(rows, sizeof rows / sizeof rows[0])

#define GEMM "gemm:m=16,n=16,k=16"
#define CONV "conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3"

static void types_of_products(void **state) {
    ROWS({"", GEMM, "aclnnMm", NULL}, {"", GEMM ",dtype=bf16", "aclnnMatmul", NULL},
        {"", GEMM ",batch=3", "aclnnBatchMatMul", NULL},
        {"", GEMM ",dtype=f64", "aclnnMm", "no products of f64"},
        {"", GEMM ",dtype=f16:f16:bf16", "aclnnMm", "into bf16"},
        {"soc=Ascend310P3", GEMM, "aclnnMm", "Ascend310P3 rounds f32 to f16"},
        {"soc=Ascend310P3", GEMM ",dtype=f16", "aclnnMm", NULL},
        {"soc=Ascend310P3", GEMM ",dtype=bf16", "aclnnMm", "has no bf16"},
        {"soc=Ascend910A", GEMM ",math=any", "aclnnMatmul", "Ascend910A rounds f32 to f16"},
        {"soc=Ascend310B4", GEMM ",dtype=f16", "aclnnMm", "not for Ascend310B4"});
}

/* Results in f32 of 16 bits, gaps between rows: versions differ, and are asked. */
static void what_is_uncertain_is_asked(void **state) {
    ROWS({"wide_out=1", GEMM ",dtype=f16:f16:f32", "aclnnMm", NULL},
        {"wide_out=0", GEMM ",dtype=f16:f16:f32", "aclnnMm", "(161002)"},
        {"quant_910a=1;soc=Ascend910A", GEMM ",dtype=s8", "aclnnQuantMatmulV4", "(161002)"},
        {"quant_910a=0;soc=Ascend910A", GEMM ",dtype=s8", "aclnnQuantMatmulV4", "not on Ascend910A"},
        {"unrepeatable=all;wide_out=0", GEMM ",dtype=f16:f16:f32", "aclnnMm", "(161002)"});
}

/* f32 is rounded only where it is asked for; it then comes first and says so. */
static void hf32_is_off_unless_asked_for(void **state) {
    rig r;
    sy_algorithm algorithm;
    (void)state;
    rig_open(&r, "ascend", "");
    assert_int_equal(rig_candidate(&r, GEMM, "aclnnMm/hf32", &algorithm), SY_UNAVAILABLE);
    assert_int_equal(rig_candidate(&r, CONV, "aclnnConvolution/hf32", &algorithm), SY_UNAVAILABLE);
    assert_int_equal(rig_candidate(&r, GEMM, "aclnnMm", &algorithm), SY_OK);
    assert_int_equal(algorithm.math, SY_MATH_STRICT);
    assert_int_equal(algorithm.flags, 0);
    assert_int_equal(rig_candidate(&r, CONV, "aclnnConvolution", &algorithm), SY_OK);
    assert_int_equal(algorithm.math, SY_MATH_STRICT);
    assert_int_equal(algorithm.flags, SY_ALGO_DETERMINISTIC | SY_ALGO_REORDERS_INSIDE);
    assert_int_equal(rig_candidate(&r, GEMM ",math=hf32", "aclnnMm/hf32", &algorithm), SY_OK);
    assert_int_equal(algorithm.math, SY_MATH_HF32);
    assert_int_equal(rig_candidate(&r, CONV ",math=any", "aclnnConvolution/hf32", &algorithm), SY_OK);
    assert_int_equal(algorithm.math, SY_MATH_HF32);
    assert_int_equal(
        rig_candidate(&r, GEMM ",math=any,dtype=f16", "aclnnMm/hf32", &algorithm), SY_UNAVAILABLE);
    rig_end(&r);
}

static void what_follows_a_product(void **state) {
    ROWS({"", GEMM ",epilogue=bias", "aclnnAddmm", NULL}, {"", GEMM ",beta=0.5", "aclnnAddmm", NULL},
        {"", GEMM ",alpha=2", "aclnnAddmm", NULL}, {"", GEMM ",epilogue=bias", "aclnnMm", "a product alone"},
        {"", GEMM ",epilogue=bias_relu", "aclnnAddmm", "no activation"},
        {"", GEMM ",beta=1,epilogue=bias", "aclnnAddmm", "one thing is added"},
        {"", GEMM ",dtype=f16,epilogue=bias", "aclnnAddmm",
            "the bias must be of the output's type f16, it is f32"},
        {"", GEMM ",batch=2,beta=1", "aclnnAddmm", "one matrix, not a batch of 2"},
        {"wide_add=0", GEMM ",dtype=f16,beta=1", "aclnnAddmm", "(161002)"});
}

static void products_of_bytes(void **state) {
    ROWS({"", GEMM ",dtype=s8", "aclnnQuantMatmulV4", NULL},
        {"", GEMM ",dtype=s8", "aclnnQuantMatmulV3", NULL},
        {"", GEMM ",dtype=s8:s8:f16,epilogue=dequant", "aclnnQuantMatmulV4", NULL},
        {"", GEMM ",dtype=s8:s8:bf16,epilogue=dequant", "aclnnQuantMatmulV4", NULL},
        {"", GEMM ",dtype=s8:s8:f32,epilogue=dequant", "aclnnQuantMatmulV4", "not into f32"},
        {"", GEMM ",dtype=s8:s8:f16,epilogue=dequant", "aclnnQuantMatmulV3", "no scales by row"},
        {"", GEMM ",dtype=u8:s8:s32", "aclnnQuantMatmulV4", "no products of u8 and s8"},
        {"soc=Ascend310P3", GEMM ",dtype=s8", "aclnnQuantMatmulV4", "Ascend310P3 gives no s32 of s8"},
        {"soc=Ascend310P3", GEMM ",dtype=s8:s8:f16,epilogue=dequant", "aclnnQuantMatmulV4", "cut to 10 bits"},
        {"soc=Ascend310B4", GEMM ",dtype=s8", "aclnnQuantMatmulV4", "no quantised products"});
}

static void convolutions(void **state) {
    ROWS({"", CONV ",pad=1", "aclnnConvolution", NULL},
        {"", CONV ",dtype=bf16,groups=2", "aclnnConvolution", NULL},
        {"", CONV ",layout=nhwc", "aclnnConvolution", "do not lie channels first"},
        {"", CONV ",epilogue=bias", "aclnnConvolution", NULL},
        {"", CONV ",epilogue=bias_relu", "aclnnConvolution", "a bias, and nothing else"},
        {"", CONV ",dtype=f16,epilogue=bias", "aclnnConvolution", "the images' type f16, it is f32"},
        {"", CONV ",dtype=s8", "aclnnConvolution", "no convolutions of s8"},
        {"pad4=1", CONV ",pad=0x0x1x1", "aclnnConvolution", NULL},
        {"pad4=1;pad4_order=lrtb", CONV ",pad=0x0x1x1", "aclnnConvolution", NULL},
        {"pad4=0", CONV ",pad=0x0x1x1", "aclnnConvolution", "(161002)"},
        {"pad4=1", CONV ",pad=0x1x1x0", "aclnnConvolution", "order of four paddings"},
        {"soc=Ascend910A", CONV ",dtype=f16", "aclnnConvolution", "not for Ascend910A"},
        {"soc=Ascend310P3", CONV ",dtype=f16", "aclnnConvolution", NULL},
        {"soc=Ascend310P3", CONV, "aclnnConvolution", "rounds f32 to f16"});
}

static void memory_rates(void **state) {
    ROWS({"", "stream:kind=triad,bytes=4096", "aclnnAdd", NULL},
        {"", "stream:kind=read,bytes=4096", "aclnnAdd", "triad and copies alone"});
}

/* The first time with new tensors is long: planning tells how long, once. */
static void first_times_are_told_apart(void **state) {
    rig r;
    sy_plan *plan = NULL;
    uint64_t ns[2] = {0};
    (void)state;
    rig_open(&r, "ascend", "jit_us=20000");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rig_plan(&r, GEMM, "aclnnMm", &plan), SY_OK);
        assert_int_equal(sy_card_work_api.plan_compile(plan, &ns[i], &r.error), SY_OK);
        sy_card_work_api.plan_destroy(plan);
    }
    assert_true(ns[0] > 10000000 && ns[1] < ns[0] / 2);
    rig_end(&r);
}

/* Packages of kernels that are not installed are told when it is planned. */
static void kernels_may_be_missing(void **state) {
    static const char *const worlds[][2] = {{"opp=missing", "ASCEND_OPP_PATH is not set"},
        {"kernels=missing", "no kernel for this chip"},
        {"kernels=package", "kernels for this chip is not installed"}};
    (void)state;
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
        rig r;
        sy_plan *plan = NULL;
        rig_open(&r, "ascend", worlds[i][0]);
        assert_int_equal(rig_plan(&r, GEMM, "aclnnMm", &plan), SY_UNSUPPORTED);
        assert_null(plan);
        rig_expect_words(r.error.text, worlds[i][1]);
        rig_end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(types_of_products),
        cmocka_unit_test(what_is_uncertain_is_asked), cmocka_unit_test(hf32_is_off_unless_asked_for),
        cmocka_unit_test(what_follows_a_product), cmocka_unit_test(products_of_bytes),
        cmocka_unit_test(convolutions), cmocka_unit_test(memory_rates),
        cmocka_unit_test(first_times_are_told_apart), cmocka_unit_test(kernels_may_be_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
