/* CNNL 1.4: 32-bit extents, no bf16, no TF32 switch of convolutions. */
#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon_early"
#define GEMM "gemm:m=7,n=13,k=5"
#define CONV "conv2d:n=1,c=4,h=6,w=5,k=8,r=3,s=3,pad=1,layout=nhwc"

/* Without a switch f32 is left alone for certain only on a card that has no tf32. */
static void convolutions_without_a_switch(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "model=mlu370");
    world_solve(&w, CONV, "cnnl/conv");
    world_end(&w);
    world_open(&w, GENERATION, "model=mlu590;tf32_default=1");
    world_refuse(&w, CONV, "this CNNL has no switch for convolutions (math=tf32 takes it)");
    world_solve(&w, CONV ",math=tf32", "cnnl/conv/tf32");
    world_solve(&w, CONV ",dtype=f16", "cnnl/conv");
    world_end(&w);
    world_open(&w, GENERATION, "model=mlu590;tf32_default=0");
    world_refuse(&w, CONV, "whether f32 is rounded to tf32 is unknown");
    world_end(&w);
    world_open(&w, GENERATION, "model=mlu370;old_attributes=1");
    world_refuse(&w, CONV, "the card may have tf32");
    world_solve(&w, GEMM, "cnnl/matmul");
    world_end(&w);
}

static void extents_of_32_bits(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "model=mlu370");
    world_solve(&w, GEMM ",batch=2", "cnnl/batch_matmul");
    world_refuse(&w, "gemm:m=30000,n=8,k=30000", "an extent beyond 32 bits");
    world_end(&w);
}

static void bf16_is_not_there(void **state) {
    (void)state;
    world w = {0};
    world_open(&w, GENERATION, "");
    world_refuse(&w, GEMM ",dtype=bf16", "NOT_SUPPORTED");
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolutions_without_a_switch),
        cmocka_unit_test(extents_of_32_bits),
        cmocka_unit_test(bf16_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
