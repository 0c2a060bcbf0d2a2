/* CNNL 1.26 with a CNRT 6.0: other names, sums by the type on chip, int8 with a position. */
#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon_1"
#define GEMM "gemm:m=7,n=13,k=5"
#define CONV "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3,pad=1,layout=nhwc"

static void products_and_convolutions(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    assert_string_equal(w.reported, "cnrt 6.0.2; cnnl 1.26.6; cndev 3.8.2; ");
    sy_device_info info = {.size = sizeof info};
    assert_int_equal(w.on.api->device->info(w.on.device, &info, NULL), SY_OK);
    assert_true((info.dtypes & SY_DTYPE_BIT(SY_S8)) != 0);
    world_solve(&w, GEMM, "cnnl/matmul");
    world_solve(&w, GEMM ",ta=1,tb=1,dtype=bf16", "cnnl/matmul");
    world_solve(&w, GEMM ",batch=3,epilogue=bias_relu", "cnnl/batch_matmul+bias+relu");
    world_solve(&w, "gemm:m=2,n=2,k=4096,dtype=f16", "cnnl/matmul");
    world_solve(&w, CONV ",epilogue=bias_relu", "cnnl/conv+relu");
    world_solve(&w, CONV ",dtype=f16", "cnnl/conv");
    world_solve(&w, "stream:bytes=4000,kind=triad", "cnnl/op_tensor");
    world_end(&w);
}

static void int8_has_results_in_f32(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_solve(&w, GEMM ",dtype=s8:s8:f32,epilogue=dequant", "cnnl/matmul+scale_row+scale_column");
    world_refuse(&w, GEMM ",dtype=s8", "no products of s8 into s32");
    world_refuse(&w, GEMM ",dtype=s8:s8:f16,epilogue=dequant", "not public");
    world_refuse(&w, CONV ",dtype=s8", "no convolutions of s8 into s32");
    world_solve(&w, "conv2d:n=2,c=4,h=6,w=5,k=8,r=3,s=3,layout=nhwc,dtype=s8:s8:f32,epilogue=dequant",
        "cnnl/conv+scale_row+scale_column");
    world_end(&w);
    world_open(&w, GENERATION, "s8=0;op_mul=9");
    world_refuse(&w, CONV ",dtype=s8:s8:f32,epilogue=dequant", "NOT_SUPPORTED");
    world_refuse(&w, GEMM ",dtype=s8:s8:f32,epilogue=dequant", "no products of s8 into f32");
    world_end(&w);
    world_open(&w, GENERATION, "op_mul=9");
    world_refuse(&w, GEMM ",dtype=s8:s8:f32,epilogue=dequant", "makes CNNL's operation a product");
    world_end(&w);
}

/* The library names the algorithm for a preference that is thought to be 0. */
static void the_algorithm_is_asked_for_or_tried(void **state) {
    (void)state;
    static const char *const settings[] = {
        "conv_algo=9", "conv_preference=2;conv_algo=2", "conv_preference=2;conv_algo=0"};
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        world_solve(&w, CONV, "cnnl/conv");
        world_end(&w);
    }
    world w = {0};
    world_open(&w, GENERATION, "conv_preference=2;conv_algo=9");
    world_refuse(&w, CONV, "is that of an algorithm");
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_and_convolutions),
        cmocka_unit_test(int8_has_results_in_f32),
        cmocka_unit_test(the_algorithm_is_asked_for_or_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
