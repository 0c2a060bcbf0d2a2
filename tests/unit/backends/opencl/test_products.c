/* Products by the families for cards, in numbers, on whatever device there is, taken for a card. */
#include <math.h>

#include "tests/support/slow.h"
#include "tests/unit/backends/opencl/products.h"

/* A problem, parameters, and how odd operands lie. */
typedef struct row {
    const ocl_family *family;
    const char *parameters, *problem;
    int64_t gap;
    uint64_t offset;
} row;

static const row rows[] = {
    /* both sides in local memory, two buffers; sizes around the tile's */
    {&ocl_tile, "m32n32k8r4x4v4l3b2u4s1", "gemm:m=31,n=33,k=65,batch=2,weights=dynamic", 0, 0},
    {&ocl_tile, "m32n32k8r4x4v4l3b2u4s1", "gemm:m=64,n=32,k=7,alpha=-2,beta=3,epilogue=bias_relu", 4, 4},
    {&ocl_tile, "m32n32k8r4x4v4l3b2u4s1", "gemm:m=5,n=68,k=24,ta=1,tb=1,weights=dynamic", 1, 3},
    /* one buffer, more work-items than vectors, scalars */
    {&ocl_tile, "m16n16k4r1x2v1l3b1u2s1", "gemm:m=17,n=15,k=9,epilogue=residual_relu", 3, 1},
    /* one side in local memory, none; parts of k */
    {&ocl_tile, "m16n32k8r2x4v2l1b2u2s3", "gemm:m=20,n=37,k=50,tb=1,weights=dynamic,epilogue=bias", 0, 1},
    {&ocl_tile, "m16n32k8r4x8v4l2b1u2s1", "gemm:m=33,n=40,k=33,dtype=f16", 0, 0},
    {&ocl_tile, "m8n16k8r4x4v4l0b1u1s2", "gemm:m=9,n=20,k=41,dtype=bf16:bf16:f32,weights=dynamic", 0, 0},
    {&ocl_tile, "m8n16k8r2x8v8l0b1u1s1", "gemm:m=20,n=24,k=40,tb=1,weights=dynamic", 8, 1},
    {&ocl_tile, "m16n16k8r4x4v2l3b2u4s1", "gemm:m=18,n=17,k=20,dtype=f64,ta=1", 2, 2},
    {&ocl_tile, "m32n16k32r4x4v4l3b2u4s1", "gemm:m=33,n=20,k=70,dtype=s8", 0, 0},
    {&ocl_tile, "m16n32k16r2x4v2l0b1u1s2",
        "gemm:m=17,n=36,k=38,dtype=u8:s8:f32:s32,epilogue=dequant,weights=dynamic", 2, 1},
    /* nothing to sum */
    {&ocl_tile, "m16n16k8r2x2v2l3b2u4s1", "gemm:m=3,n=5,k=0,alpha=2,beta=-1", 0, 0},
    {&ocl_tile, "m16n16k8r2x2v2l3b2u4s4", "gemm:m=3,n=5,k=0", 0, 0},
    /* convolutions: channels last and first, panels and weights as they lie, borders, groups, one tap */
    {&ocl_tile, "m32n16k8r4x4v4l3b2u4s1",
        "conv2d:n=2,c=8,h=7,w=6,k=20,r=3,s=3,pad=1,layout=nhwc,epilogue=bias_relu", 0, 0},
    {&ocl_tile, "m16n32k8r2x4v4l3b1u4s2",
        "conv2d:n=2,c=5,h=9,w=8,k=17,r=5,s=3,stride=2x1,pad=3x0x2x1,layout=nchw", 0, 1},
    {&ocl_tile, "m16n16k8r2x2v2l3b2u4s1",
        "conv2d:n=1,c=6,h=10,w=9,k=7,r=3,s=3,dilation=2x1,pad=2x1,layout=nhwc,weights=dynamic,epilogue="
        "residual_relu",
        0, 0},
    {&ocl_tile, "m16n16k8r2x4v4l0b1u1s1",
        "conv2d:n=2,c=12,h=6,w=5,k=8,r=3,s=3,groups=2,pad=1,layout=nchw,weights=dynamic", 0, 1},
    {&ocl_tile, "m16n16k8r4x4v4l0b1u1s1",
        "conv2d:n=1,c=16,h=6,w=5,k=8,r=3,s=2,groups=2,pad=1,layout=nhwc,dtype=f16", 0, 0},
    {&ocl_tile, "m16n16k16r2x4v4l3b2u4s1",
        "conv2d:n=3,c=16,h=5,w=5,k=32,r=1,s=1,stride=2,layout=nhwc,dtype=s8", 0, 0},
    {&ocl_tile, "m16n16k8r2x4v4l3b2u4s1",
        "conv2d:n=2,c=9,h=4,w=5,k=17,r=1,s=1,layout=nchw,epilogue=bias_relu", 0, 0},
    /* few rows: columns side by side, and k side by side; few columns */
    {&ocl_skinny, "x8y4v4j2s1", "gemm:m=7,n=67,k=37,weights=dynamic,epilogue=bias_relu", 0, 0},
    {&ocl_skinny, "x8y4v4j1s3", "gemm:m=1,n=64,k=130,batch=2,weights=dynamic", 4, 4},
    {&ocl_skinny, "x2y8v4j2s1", "gemm:m=8,n=19,k=68,tb=1,epilogue=bias", 0, 0},
    {&ocl_skinny, "x4y1v2j3s2", "gemm:m=3,n=33,k=50,tb=1,alpha=3,beta=-1,dtype=bf16:bf16:f32", 1, 1},
    {&ocl_skinny, "x16y2v2j1s1", "gemm:m=43,n=1,k=29,ta=1,epilogue=residual_relu", 0, 1},
    {&ocl_skinny, "x4y8v4j1s2", "gemm:m=70,n=5,k=64,epilogue=bias,dtype=f16", 0, 0},
    {&ocl_skinny, "x4y4v4j1s1", "gemm:m=2,n=40,k=70,dtype=s8", 0, 0},
    {&ocl_skinny, "x4y4v4j2s2", "gemm:m=4,n=21,k=64,tb=1,dtype=u8:s8:s32,weights=dynamic", 0, 1},
    {&ocl_skinny, "x4y4v2j1s1", "gemm:m=6,n=12,k=0,beta=2,dtype=f64", 0, 0},
    {&ocl_skinny, "x8y4v4j1s1", "conv2d:n=1,c=16,h=2,w=2,k=40,r=1,s=1,layout=nhwc,epilogue=bias_relu", 0, 0},
    {&ocl_skinny, "x8y4v2j1s1",
        "conv2d:n=1,c=6,h=3,w=3,k=20,r=3,s=3,stride=2,pad=1,layout=nhwc,weights=dynamic", 0, 0},
};

static void every_element_is_right(void **state) {
    world w = {0};
    (void)state;
    world_open(&w, "family=gpu");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i += (size_t)slow_step(SLOW_ADDRESS, 5)) {
        product p;
        char what[256];
        product_open(&p, rows[i].problem, rows[i].gap);
        p.offset = rows[i].offset;
        snprintf(what, sizeof what, "%s/%s: %s", rows[i].family->name, rows[i].parameters, rows[i].problem);
        if (p.task.acc_dtype != SY_F64 || w.device->traits.fp64) {
            product_run(&p, &w, rows[i].family, rows[i].parameters);
            product_check(&p, what);
        }
        product_close(&p);
    }
    world_close(&w);
}

/* Without local memory and for a processor, as the family would choose. */
static void the_familys_own_choice_is_right(void **state) {
    static const char *const params[] = {"family=gpu,local=0", "family=gpu,dot8=0", "family=cpu"};
    static const char *const problems[] = {
        "gemm:m=33,n=31,k=40,dtype=s8,weights=dynamic", "gemm:m=8,n=36,k=33,ta=1"};
    (void)state;
    for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
        world w = {0};
        world_open(&w, params[i]);
        for (size_t j = 0; j < sizeof problems / sizeof problems[0]; j++) {
            product p;
            product_open(&p, problems[j], 0);
            product_run(&p, &w, j == 0 ? &ocl_tile : &ocl_skinny, "");
            product_check(&p, problems[j]);
            product_close(&p);
        }
        world_close(&w);
    }
}

/* D that lies column by column is the mirrored product; so are its C, and vectors along it. */
static void results_may_lie_column_by_column(void **state) {
    world w = {0};
    product p;
    (void)state;
    world_open(&w, "family=gpu");
    product_open(&p, "gemm:m=36,n=19,k=21,beta=2,epilogue=bias_relu,weights=dynamic", 0);
    for (uint32_t tensor = 2; tensor <= p.task.n_in; tensor += p.task.n_in - 2) {
        p.task.tensor[tensor].stride[1] = 1;
        p.task.tensor[tensor].stride[2] = 36;
    }
    product_run(&p, &w, &ocl_tile, "m16n32k8r2x4v4l3b2u4s1");
    product_check(&p, "column by column");
    product_close(&p);
    world_close(&w);
}

/* NaN and infinity stay where they belong: what fills up tiles does not meet them. */
static void what_is_no_number_stays_in_its_row(void **state) {
    static const struct {
        const ocl_family *family;
        const char *parameters, *problem;
    } cases[] = {{&ocl_tile, "m16n16k8r2x4v4l3b2u4s1", "gemm:m=19,n=18,k=11,weights=dynamic"},
        {&ocl_skinny, "x4y4v4j1s1", "gemm:m=5,n=18,k=11,weights=dynamic"}};
    world w = {0};
    (void)state;
    world_open(&w, "family=gpu");
    for (size_t i = 0; i < 2; i++) {
        product p;
        product_open(&p, cases[i].problem, 0);
        product_put(&p, 0, 10, (double)NAN);          /* the last k of row 0 */
        product_put(&p, 0, 4 * 11, (double)INFINITY); /* the first k of row 4 */
        for (int64_t col = 0; col < 18; col++)
            product_put(&p, 1, col, col % 2 != 0 ? 1.0 : -2.0);
        product_run(&p, &w, cases[i].family, cases[i].parameters);
        product_check(&p, cases[i].problem);
        product_close(&p);
    }
    world_close(&w);
}

/* An input of stride 0 is one value for all. */
static void inputs_may_be_broadcast(void **state) {
    world w = {0};
    product p;
    (void)state;
    world_open(&w, "family=gpu");
    product_open(&p, "gemm:m=18,n=20,k=9,batch=3,weights=dynamic", 0);
    p.task.tensor[0].stride[0] = 0;
    p.task.tensor[1].stride[2] = 0;
    product_run(&p, &w, &ocl_tile, "m16n16k8r2x4v4l3b2u4s1");
    product_check(&p, "broadcast");
    product_close(&p);
    world_close(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_is_right),
        cmocka_unit_test(the_familys_own_choice_is_right),
        cmocka_unit_test(results_may_lie_column_by_column),
        cmocka_unit_test(what_is_no_number_stays_in_its_row),
        cmocka_unit_test(inputs_may_be_broadcast),
    };
    return world_exists() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
