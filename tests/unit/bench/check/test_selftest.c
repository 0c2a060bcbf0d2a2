/* Every fault that the check claims to see is seen; no honest result is accused. */
#include "bench/check/selftest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/slow.h"

/* One problem under one way of checking. verified: the check must have the power it wants; -1: either way. */
typedef struct trial {
    const char *problem;
    uint32_t data, level;
    uint64_t budget_ns;
    int seeds, verified;
} trial;

static sy_data_block *blocks[4];

static const sy_data_block *block_of(uint32_t data) {
    if (blocks[data] == NULL)
        assert_int_equal(sy_data_block_create(data, 1, &blocks[data], NULL), SY_OK);
    return blocks[data];
}

static int release_blocks(void **state) {
    (void)state;
    for (size_t i = 0; i < 4; i++)
        sy_data_block_destroy(blocks[i]);
    return 0;
}

static void run_one(const trial *at) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    if (sy_spec_parse(at->problem, NULL, &spec, &err) != SY_OK)
        fail_msg("%s: %s", at->problem, err.text);
    sy_check_self_test_report report = {0};
    const char *more = getenv("STEELYARD_TEST_RUNS"); /* for a longer search than every build can afford */
    int seeds = more != NULL ? atoi(more) : slow_step(SLOW_ADDRESS, 2) > 1 ? 1 : at->seeds;
    for (int seed = 1; seed <= seeds; seed++) {
        sy_status status = sy_check_self_test(
            &spec, block_of(at->data), (uint64_t)seed, at->level, at->budget_ns, &report, &err);
        if (status != SY_OK)
            fail_msg("%s: %s", at->problem, err.text);
        if (at->verified >= 0 && report.verified != (at->verified > 0))
            fail_msg("%s: verified is %d", at->problem, report.verified);
    }
    print_message("%s: %u honest, %u accused, %u faults, %u missed, %u weak, verified %d\n", at->problem,
        report.honest, report.accused, report.faults, report.missed, report.weak, report.verified);
    if (report.accused != 0 || report.missed != 0)
        fail_msg("%s", report.first);
    assert_true(report.faults > 0);
}

static void run_all(const trial *trials, size_t count) {
    for (size_t i = 0; i < count; i++)
        run_one(&trials[i]);
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define U SY_DATA_UNIFORM, SY_CHECK_FULL, 0
#define S SY_DATA_UNIFORM, SY_CHECK_SAMPLE, 100000
#define L SY_DATA_UNIFORM, SY_CHECK_FULL, 100000 /* as a large problem is checked */

static void small_gemms_of_every_type(void **state) {
    (void)state;
    const trial trials[] = {{"gemm:m=64,n=64,k=300", U, 2, 1}, {"gemm:m=64,n=64,k=300,dtype=f64", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=bf16", U, 2, 1}, {"gemm:m=64,n=64,k=300,dtype=f16", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=f16:f16:f16:f16", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=f8e4m3", U, 2, 1}, {"gemm:m=64,n=64,k=300,dtype=f8e5m2", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=f8e4m3:f8e5m2:f8e4m3", U, 2, -1},
        {"gemm:m=64,n=64,k=300,dtype=f8e5m2:f8e5m2:f8e5m2", U, 2, -1},
        {"gemm:m=64,n=64,k=300,dtype=s8", U, 2, 1}, {"gemm:m=64,n=64,k=300,dtype=u8", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=s8:s8:f16:s32,epilogue=dequant", U, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=u8:s8:bf16:s32,epilogue=dequant", U, 2, 1},
        {"gemm:m=64,n=64,k=300,math=tf32", U, 2, 1}, {"gemm:m=64,n=64,k=300,math=hf32", U, 2, 1}};
    run_all(trials, COUNT(trials));
}

static void epilogues_scalars_and_batches(void **state) {
    (void)state;
    const trial trials[] = {{"gemm:m=33,n=47,k=129,epilogue=bias", U, 2, 1},
        {"gemm:m=33,n=47,k=129,epilogue=bias_relu,dtype=bf16", U, 2, 1},
        {"gemm:m=33,n=47,k=129,epilogue=bias_gelu_erf,dtype=f16", U, 2, 1},
        {"gemm:m=33,n=47,k=129,epilogue=bias_gelu_tanh", U, 2, 1},
        {"gemm:m=33,n=47,k=129,epilogue=bias_silu,dtype=bf16", U, 2, 1},
        {"gemm:m=33,n=47,k=129,epilogue=residual_relu,dtype=f16", U, 2, 1},
        {"gemm:m=33,n=47,k=129,alpha=0.5,beta=-1.25,dtype=bf16", U, 2, 1},
        {"gemm:m=33,n=47,k=129,batch=5,alpha=-3,beta=0.1,ta=1,tb=1", U, 2, 1},
        {"gemm:m=33,n=47,k=129,beta=1,dtype=s8", U, 2, 1}, {"gemm:m=1,n=100,k=1000,dtype=bf16", U, 2, 1},
        {"gemm:m=100,n=1,k=1000", U, 2, 1}, {"gemm:m=1,n=1,k=77", U, 2, -1}, {"gemm:m=40,n=40,k=1", U, 2, -1},
        {"gemm:m=17,n=19,k=3", U, 2, -1}};
    run_all(trials, COUNT(trials));
}

static void other_data(void **state) {
    (void)state;
    const trial trials[] = {{"gemm:m=64,n=64,k=300", SY_DATA_NORMAL, SY_CHECK_FULL, 0, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=f8e4m3:f8e4m3:f8e4m3", SY_DATA_NORMAL, SY_CHECK_FULL, 0, 2, -1},
        {"gemm:m=64,n=64,k=300,dtype=s8", SY_DATA_NORMAL, SY_CHECK_FULL, 0, 2, 1},
        {"gemm:m=64,n=64,k=300", SY_DATA_INTEGER, SY_CHECK_FULL, 0, 2, 1},
        {"gemm:m=64,n=64,k=300,dtype=bf16", SY_DATA_INTEGER, SY_CHECK_FULL, 0, 2, 1},
        {"gemm:m=32,n=32,k=3000,dtype=f16:f16:f16:f16", SY_DATA_INTEGER, SY_CHECK_FULL, 0, 2, -1},
        {"gemm:m=64,n=64,k=300,dtype=u8", SY_DATA_INTEGER, SY_CHECK_FULL, 0, 2, 1}};
    run_all(trials, COUNT(trials));
}

static void long_sums(void **state) {
    (void)state;
    const trial trials[] = {{"gemm:m=4,n=64,k=28672", U, 2, 1}, {"gemm:m=4,n=64,k=28672,dtype=bf16", U, 2, 1},
        {"gemm:m=4,n=64,k=28672,dtype=f16:f16:f16:f16", U, 2, -1},
        {"gemm:m=4,n=64,k=28672,dtype=f8e4m3", U, 2, 1}, {"gemm:m=4,n=64,k=28672,dtype=s8", U, 2, 1},
        {"gemm:m=2,n=12,k=500000", U, 1, -1}, {"gemm:m=2,n=12,k=500000,dtype=f16", U, 1, -1},
        {"gemm:m=2,n=12,k=500000,dtype=bf16", U, 1, -1}, {"gemm:m=2,n=12,k=500000,dtype=s8", U, 1, -1},
        {"gemm:m=2,n=12,k=500000,dtype=f16:f16:f16:f16", U, 1, -1}};
    run_all(trials, COUNT(trials));
}

static void convolutions(void **state) {
    (void)state;
    const trial trials[] = {{"conv2d:n=2,c=8,h=13,w=11,k=24,r=3,s=3,pad=1", U, 2, 1},
        {"conv2d:n=2,c=8,h=13,w=11,k=24,r=3,s=3,pad=1,epilogue=bias_relu,dtype=bf16", U, 2, 1},
        {"conv2d:n=1,c=32,h=9,w=9,k=32,r=3,s=3,pad=1,groups=32,dtype=f16", U, 2, -1},
        {"conv2d:n=2,c=12,h=15,w=10,k=8,r=5,s=3,stride=2x1,pad=1x2x0x1,dilation=2x1,groups=2", U, 2, 1},
        {"conv2d:n=3,c=8,h=7,w=7,k=16,r=1,s=1,dtype=s8:s8:f16:s32,epilogue=dequant", U, 2, 1},
        {"conv2d:n=1,c=16,h=9,w=9,k=16,r=3,s=3,pad=1,dtype=s8", U, 2, 1}};
    run_all(trials, COUNT(trials));
}

static void checked_like_large_ones(void **state) {
    (void)state;
    const trial trials[] = {{"gemm:m=130,n=170,k=80", L, 2, 1}, {"gemm:m=130,n=170,k=80,dtype=bf16", L, 2, 1},
        {"gemm:m=200,n=260,k=150,dtype=f16", L, 2, 1}, {"gemm:m=130,n=170,k=80,dtype=s8", L, 2, 1},
        {"gemm:m=130,n=170,k=80,dtype=f8e4m3:f8e4m3:f8e4m3", L, 2, -1},
        {"gemm:m=130,n=170,k=80,dtype=f8e5m2:f8e5m2:f8e5m2", L, 2, -1},
        {"gemm:m=130,n=170,k=80,dtype=f64", L, 2, 1}, {"gemm:m=200,n=260,k=150,math=tf32", L, 2, 1},
        {"gemm:m=130,n=130,k=80,epilogue=bias,dtype=bf16", L, 2, 1},
        {"gemm:m=130,n=130,k=80,epilogue=bias_relu", L, 2, -1},
        {"gemm:m=130,n=130,k=80,epilogue=bias_gelu_erf,dtype=f16", L, 2, -1},
        {"gemm:m=130,n=130,k=80,epilogue=residual_relu,dtype=bf16", L, 2, -1},
        {"gemm:m=130,n=130,k=80,dtype=s8:s8:f16:s32,epilogue=dequant", L, 2, 1},
        {"gemm:m=50,n=70,k=80,batch=7,alpha=0.5,beta=2", L, 2, 1},
        {"gemm:m=130,n=130,k=80,dtype=s8,beta=1", L, 2, 1}, {"gemm:m=200,n=200,k=150", S, 3, -1},
        {"gemm:m=40,n=50,k=50,batch=30,dtype=bf16", S, 3, -1},
        {"conv2d:n=1,c=16,h=28,w=28,k=32,r=3,s=3,pad=1", L, 2, 1},
        {"conv2d:n=6,c=16,h=14,w=15,k=32,r=3,s=3,pad=1,dtype=f16", L, 2, 1},
        {"conv2d:n=6,c=16,h=14,w=15,k=32,r=3,s=3,pad=1,epilogue=bias,dtype=bf16", L, 2, 1},
        {"conv2d:n=6,c=16,h=14,w=15,k=32,r=3,s=3,pad=1,epilogue=bias_relu", L, 2, -1},
        {"conv2d:n=4,c=16,h=14,w=15,k=64,r=3,s=3,pad=1,groups=2", L, 2, 1},
        {"conv2d:n=6,c=16,h=14,w=15,k=32,r=3,s=3,pad=1,dtype=s8", L, 2, 1},
        {"conv2d:n=2,c=32,h=14,w=15,k=32,r=1,s=1,dtype=s8:s8:f16:s32,epilogue=dequant", L, 2, 1}};
    run_all(trials, COUNT(trials));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_gemms_of_every_type),
        cmocka_unit_test(epilogues_scalars_and_batches), cmocka_unit_test(other_data),
        cmocka_unit_test(long_sums), cmocka_unit_test(convolutions),
        cmocka_unit_test(checked_like_large_ones)};
    return cmocka_run_group_tests(tests, NULL, release_blocks);
}
