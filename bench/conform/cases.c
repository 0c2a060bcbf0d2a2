/* Cases as the product of short lists: awkward extents, variants, types. */
#include "bench/conform/cases.h"

#include <stdio.h>
#include <string.h>

static const char *const gemm_extents[] = {"m=1,n=1,k=1", "m=1,n=17,k=33", "m=2,n=3,k=0", "m=7,n=13,k=5",
    "m=16,n=16,k=16", "m=31,n=33,k=65", "m=14,n=32,k=64", "m=15,n=31,k=1", "m=65,n=63,k=257",
    "m=1,n=515,k=300", "m=8,n=129,k=512", "m=100,n=1,k=77"};
static const char *const gemm_variants[] = {"", ",ta=1", ",tb=1,weights=dynamic", ",batch=3,ta=1,tb=1",
    ",alpha=-2.5,beta=0.5", ",epilogue=bias", ",epilogue=bias_relu,batch=2", ",epilogue=bias_gelu_erf",
    ",epilogue=bias_gelu_tanh", ",epilogue=bias_silu,weights=dynamic", ",epilogue=residual_relu"};
static const char *const float_types[] = {
    "f32", "f64", "bf16", "f16", "f8e4m3", "f8e5m2", "bf16:bf16:f32", "f16:f16:f32"};
static const char *const integer_variants[] = {"", ",ta=1,tb=1", ",batch=3,weights=dynamic"};
static const char *const integer_types[] = {"s8", "u8:s8:s32"};
/* Pairs and results that problems may have besides; those that only kernels take are in kernels.c. */
static const char *const pair_types[] = {"f8e4m3:f8e5m2:f32", "f8e5m2:f8e4m3:bf16", "f8e4m3:f8e4m3:f16",
    "f8e5m2:f8e5m2:f8e4m3", "f16:f16:bf16", "bf16:bf16:f16"};
static const char *const pair_extents[] = {
    "m=2,n=3,k=0", "m=7,n=13,k=5", "m=31,n=33,k=65", "m=8,n=129,k=512"};
static const char *const pair_variants[] = {"", ",weights=dynamic", ",ta=1,tb=1"};
static const char *const dequant_types[] = {"s8:s8:f32:s32", "s8:s8:bf16:s32", "u8:s8:f16:s32"};
static const char *const conv_extents[] = {"n=1,c=1,h=1,w=1,k=1,r=1,s=1",
    "n=2,c=3,h=13,w=11,k=8,r=3,s=3,pad=1", "n=1,c=16,h=14,w=14,k=33,r=1,s=1",
    "n=1,c=3,h=23,w=19,k=17,r=7,s=7,stride=2,pad=3", "n=1,c=8,h=9,w=10,k=6,r=3,s=2,stride=2x1,pad=1x0x2x1",
    "n=2,c=12,h=12,w=12,k=8,r=3,s=3,groups=4,pad=1", "n=1,c=19,h=15,w=17,k=19,r=3,s=3,groups=19,pad=1",
    "n=1,c=16,h=16,w=16,k=16,r=5,s=5,groups=16,stride=2,pad=2", "n=2,c=37,h=13,w=18,k=21,r=3,s=3,pad=1x0x2x1",
    "n=1,c=5,h=20,w=20,k=7,r=3,s=3,dilation=2,pad=2", "n=1,c=32,h=1,w=101,k=24,r=1,s=3,pad=0x1",
    "n=3,c=32,h=7,w=7,k=64,r=1,s=1,stride=2", "n=1,c=4,h=8,w=8,k=8,r=3,s=3,groups=2,dilation=2x1,pad=2x1"};
static const char *const conv_variants[] = {"", ",layout=nhwc", ",layout=nchw",
    ",layout=nhwc,epilogue=bias_relu", ",layout=nchw,epilogue=residual_relu",
    ",epilogue=bias_silu,weights=dynamic", ",math=any,epilogue=bias_relu"};
static const char *const other_cases[] = {"stream:bytes=4096,kind=read", "stream:bytes=1000004,kind=triad",
    "stream:bytes=262144,kind=fill", "peak:flop=1M,dtype=f32", "peak:flop=1M,dtype=f64",
    "peak:flop=1M,dtype=bf16", "peak:flop=1M,dtype=s8"};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* One product of three lists under one op. */
static const struct {
    const char *op;
    const char *const *extent, *const *variant, *const *type;
    size_t extents, variants, types;
    const char *tail;
} groups[] = {{"gemm:", gemm_extents, gemm_variants, float_types, COUNT(gemm_extents), COUNT(gemm_variants),
                  COUNT(float_types), ""},
    {"gemm:", gemm_extents, integer_variants, integer_types, COUNT(gemm_extents), COUNT(integer_variants),
        COUNT(integer_types), ""},
    {"gemm:", gemm_extents, integer_variants, dequant_types, COUNT(gemm_extents), COUNT(integer_variants),
        COUNT(dequant_types), ",epilogue=dequant"},
    {"gemm:", pair_extents, pair_variants, pair_types, COUNT(pair_extents), COUNT(pair_variants),
        COUNT(pair_types), ""},
    {"conv2d:", conv_extents, conv_variants, float_types, COUNT(conv_extents), COUNT(conv_variants),
        COUNT(float_types), ""},
    {"conv2d:", conv_extents, conv_variants, integer_types, COUNT(conv_extents), 3, COUNT(integer_types),
        ""}};

/* Runs of other_cases that belong together. */
static const struct {
    const char *name;
    size_t first, count;
} others[] = {{"stream", 0, 3}, {"peak", 3, 4}};

static size_t group_cases(size_t group) {
    return groups[group].extents * groups[group].variants * groups[group].types;
}

size_t sy_case_count(void) {
    size_t count = COUNT(other_cases);
    for (size_t i = 0; i < COUNT(groups); i++)
        count += group_cases(i);
    return count;
}

void sy_case_text(size_t index, char out_text[SY_CASE_TEXT_MAX]) {
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (index >= group_cases(i)) {
            index -= group_cases(i);
            continue;
        }
        size_t type = index % groups[i].types, rest = index / groups[i].types;
        snprintf(out_text, SY_CASE_TEXT_MAX, "%s%s%s,dtype=%s%s", groups[i].op,
            groups[i].extent[rest / groups[i].variants], groups[i].variant[rest % groups[i].variants],
            groups[i].type[type], groups[i].tail);
        return;
    }
    snprintf(out_text, SY_CASE_TEXT_MAX, "%s", other_cases[index]);
}

size_t sy_case_topic_count(void) {
    size_t count = COUNT(others);
    for (size_t i = 0; i < COUNT(groups); i++)
        count += groups[i].types;
    return count;
}

/* Cases of a group come type by type, so those of one type are `step` apart. */
sy_case_topic sy_case_topic_get(size_t topic) {
    sy_case_topic found = {.step = 1};
    for (size_t i = 0; i < COUNT(groups); i++) {
        if (topic < groups[i].types) {
            snprintf(found.name, sizeof found.name, "%.*s %s", (int)strlen(groups[i].op) - 1, groups[i].op,
                groups[i].type[topic]);
            found.first += topic;
            found.step = groups[i].types;
            found.count = groups[i].extents * groups[i].variants;
            return found;
        }
        topic -= groups[i].types;
        found.first += group_cases(i);
    }
    snprintf(found.name, sizeof found.name, "%s", others[topic].name);
    found.first += others[topic].first;
    found.count = others[topic].count;
    return found;
}
