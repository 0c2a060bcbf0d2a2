/*
 * The rows. A stack has the numbers of its own text, else those of the row it is like. Lists have commas.
 *
 * blas, blas2, roc, dnn: element types; compute, compute2: compute types; op: transposition; attr: device
 * attributes; lt: attributes of descriptors; status: what the libraries return.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/vendor_sim/cuda_family/family.h"

typedef struct row {
    const char *stack, *like, *text;
} row;

static const row rows[] = {
    {"nvidia", NULL,
        "prop_bytes=1008;attr.units=16;attr.clock=13;attr.memory_clock=36;attr.bus=37;attr.l2=38;attr.ecc=32;"
        "attr.major=75;attr.minor=76;runtime=13000;driver=13000;pci_upper=1;"
        "op.n=0;op.t=1;op.c=2;ct=11;algo=-1,0,1,2,99,100;"
        "blas.f64=1;blas.f32=0;blas.f16=2;blas.bf16=14;blas.s8=3;blas.u8=8;blas.s32=10;blas.f8e4m3=28;"
        "blas.f8e5m2=29;"
        "compute.f16=64;compute.f32=68;compute.f32_pedantic=69;compute.f64=70;compute.s32=72;compute.tf32=77;"
        "blas.uninitialized=1;blas.alloc=3;blas.invalid=7;blas.execution=13;blas.unsupported=15;"
        "lt.compute=0;lt.scale=1;lt.transa=3;lt.transb=4;lt.epilogue=7;lt.bias=8;lt.a_scale=17;lt.b_scale=18;"
        "lt.c_scale=19;lt.d_scale=20;lt.fast=25;lt.bias_type=26;"
        "lt.type=0;lt.order=1;lt.rows=2;lt.cols=3;lt.ld=4;lt.batch=5;lt.stride=6;lt.workspace=1;"
        "lt.align_a=5;lt.align_b=6;lt.align_c=7;lt.align_d=8;lt.algo_bytes=64;"
        "dnn.f32=0;dnn.f64=1;dnn.f16=2;dnn.s8=3;dnn.s32=4;dnn.bf16=9;dnn.f8e4m3=12;dnn.f8e5m2=13;"
        "dnn.nchw=0;dnn.nhwc=1;dnn.cross=1;dnn.convolution=0;dnn.math=0,1,2,3;dnn.fma=3;dnn.default_tf32=1;"
        "dnn.version=91900;dnn.uninitialized=1001;dnn.alloc=4003;dnn.invalid=2000;dnn.unsupported=3000;"
        "dnn.execution=5000"},
    {"corex", "nvidia",
        "prop_bytes=728;runtime=10020;driver=10020;ct=10;blas.f8e4m3=;blas.f8e5m2=;"
        "dnn.math=0,1,2;dnn.fma=;dnn.default_tf32=0;dnn.version=7605;dnn.bf16=;dnn.f8e4m3=;dnn.f8e5m2=;"
        "dnn.uninitialized=1;dnn.alloc=2;dnn.invalid=3;dnn.unsupported=9;dnn.execution=8"},
    {"dtk_cuda", "nvidia",
        "prop_bytes=1032;runtime=12000;driver=12000;blas.f8e4m3=;blas.f8e5m2=;dnn.default_tf32=0;dnn.version="
        "8900;"
        "dnn.uninitialized=1;dnn.alloc=2;dnn.invalid=3;dnn.unsupported=9;dnn.execution=8"},
    {"kunlun", "nvidia", "prop_bytes=1032;runtime=12000;driver=12000;blas.f8e4m3=;blas.f8e5m2="},
    {"ppu", "nvidia", "prop_bytes=1032;runtime=12000;driver=12000;blas.f8e4m3=;blas.f8e5m2="},
    {"musa", "nvidia",
        "prop_bytes=800;attr.units=;attr.clock=;attr.memory_clock=;attr.bus=;attr.l2=;attr.ecc=;attr.major=;"
        "attr.minor=;pci_upper=0;runtime=40300;driver=40300;op.n=111;op.t=112;op.c=113;algo=0,1;"
        "blas.f8e4m3=;blas.f8e5m2=;blas.uninitialized=1;blas.alloc=5;blas.invalid=11;blas.execution=6;"
        "blas.unsupported=2;leaves_error=1;dnn.default_tf32=0;dnn.uninitialized=1;dnn.alloc=2;dnn.invalid=3;"
        "dnn.unsupported=9;dnn.execution=8"},
    {"maca", "nvidia",
        "prop_bytes=800;attr.units=;attr.clock=;attr.memory_clock=;attr.bus=;attr.l2=;attr.ecc=;attr.major=;"
        "attr.minor=;pci_upper=0;runtime=30000;driver=30000;algo=-1,99;f32_is_tf32=1;blas.f8e4m3=;"
        "blas.f8e5m2=;dnn.default_tf32=0;dnn.uninitialized=1;dnn.alloc=2;dnn.invalid=3;dnn.unsupported=9;"
        "dnn.execution=8"},
    {"hpcc", "maca", ""},
    {"rocm", "nvidia",
        "prop_bytes=1472;attr.units=63;attr.clock=5;attr.memory_clock=60;attr.bus=59;attr.l2=19;attr.ecc=0;"
        "attr.major=23;attr.minor=;runtime=60300000;driver=60300000;pci_upper=0;op.n=111;op.t=112;op.c=113;"
        "algo=160;blas.f64=152;blas.f32=151;blas.f16=150;blas.bf16=168;blas.s8=160;blas.u8=161;blas.s32=162;"
        "blas.f8e4m3=;blas.f8e5m2=;compute.f16=150;compute.f32=151;compute.f32_pedantic=;compute.f64=152;"
        "compute.s32=162;compute.tf32=;"
        "blas2.f64=1;blas2.f32=0;blas2.f16=2;blas2.bf16=14;blas2.s8=3;blas2.u8=8;blas2.s32=10;blas2.f8e4m3="
        "28;"
        "blas2.f8e5m2=29;compute2.f16=0;compute2.f32=2;compute2.f32_pedantic=3;compute2.f64=7;compute2.s32=9;"
        "roc.algo=0;blas.uninitialized=1;blas.alloc=2;blas.invalid=3;blas.execution=5;blas.unsupported=7;"
        "roc.uninitialized=1;roc.alloc=5;roc.invalid=11;roc.execution=6;roc.unsupported=2;"
        "lt.compute=;lt.scale=;lt.transa=0;lt.transb=1;lt.epilogue=2;lt.bias=3;lt.bias_type=4;lt.a_scale=5;"
        "lt.b_scale=6;lt.c_scale=7;lt.d_scale=8;lt.fast=;lt.batch=0;lt.stride=1;lt.type=2;lt.order=3;lt.rows="
        "4;"
        "lt.cols=5;lt.ld=6;lt.workspace=1;lt.align_a=;lt.align_b=;lt.align_c=;lt.align_d=;lt.algo_bytes=24;"
        "dnn.f16=0;dnn.f32=1;dnn.s32=2;dnn.s8=3;dnn.bf16=5;dnn.f64=6;dnn.f8e4m3=7;dnn.f8e5m2=8;dnn.cross=0;"
        "dnn.convolution=;dnn.default_tf32=0;dnn.uninitialized=1;dnn.invalid=3;dnn.alloc=4;dnn.execution=7;"
        "dnn.unsupported=8"},
    {"dtk_hip", "rocm", "runtime=50200000;driver=50200000"},
};

static const row *find_row(const char *stack) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].stack, stack) == 0)
            return &rows[i];
    sim_die("no row for the stack %s", stack);
}

/* The text behind "key=", NULL if there is none. */
static const char *find_key(const char *text, const char *key) {
    size_t bytes = strlen(key);
    for (const char *at = text; at != NULL; at = strchr(at, ';')) {
        at += *at == ';';
        if (strncmp(at, key, bytes) == 0 && at[bytes] == '=')
            return at + bytes + 1;
    }
    return NULL;
}

static const char *find_value(const char *key) {
    char own[SIM_NAME_MAX];
    snprintf(own, sizeof own, "row.%s", key);
    const char *value = sim_text(SIM_NO_DEVICE, own, NULL);
    for (const row *one = find_row(SIM_STACK); value == NULL && one != NULL;) {
        value = find_key(one->text, key);
        one = one->like != NULL ? find_row(one->like) : NULL;
    }
    return value;
}

int64_t family_number(const char *key) {
    const char *value = find_value(key);
    char *end;
    int64_t number = value != NULL ? strtoll(value, &end, 0) : 0;
    return value == NULL || end == value ? FAMILY_ABSENT : number;
}

bool family_has(const char *key, int64_t number) {
    const char *at = find_value(key);
    for (char *end; at != NULL; at = *end == ',' ? end + 1 : NULL) {
        int64_t one = strtoll(at, &end, 0);
        if (end != at && one == number)
            return true;
    }
    return false;
}

uint32_t family_dtype(const char *table, int64_t number) {
    for (uint32_t dtype = 1; dtype < SY_DTYPE_COUNT; dtype++) {
        char key[SIM_NAME_MAX];
        snprintf(key, sizeof key, "%s.%s", table, sy_dtype_name(dtype));
        if (family_number(key) == number)
            return dtype;
    }
    return SY_DTYPE_NONE;
}
