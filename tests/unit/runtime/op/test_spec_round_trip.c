/* Problem strings and specs stand for each other: random specs, short forms, defaults, foreign locales. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"
#include "steelyard/spec.h"

/* Types that go together, as written. */
static const char *const type_texts[] = {"f64", "f32", "f16", "f16:f16:f32", "f16:f16:bf16:f16", "bf16",
    "bf16:bf16:f16:f32", "f8e4m3", "f8e5m2", "f8e4m3:f8e5m2:f8e4m3", "f8e5m2:f8e4m3:f16:f32"};
static const char *const integer_texts[] = {
    "s8", "u8", "int8", "u8:s8:s32", "s8:s8:f16:s32", "u8:s8:bf16", "s8:s8:f32:s32"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t pick(sy_random *random, int64_t least, int64_t most) {
    return least + (int64_t)sy_random_below(random, (uint64_t)(most - least + 1));
}

/* Extents of every size, most of them small. */
static int64_t pick_extent(sy_random *random) {
    return pick(random, 1, INT64_C(1) << pick(random, 0, 14));
}

/* A finite double of any exponent that f16 sums allow, or a round one. */
static double pick_scalar(sy_random *random) {
    static const double round[] = {0.0, 1.0, -1.0, 0.5, 2.0, 0.1, 1e-7, 65504.0};
    if (sy_random_below(random, 2) == 0)
        return round[sy_random_below(random, COUNT(round))];
    return (sy_random_unit(random) - 0.5) * 1e4;
}

/* Write random types into the spec by parsing them in a string of the same op. */
static void pick_types(sy_random *random, sy_spec *spec) {
    char text[128];
    sy_spec typed;
    bool is_integer = sy_random_below(random, 3) == 0;
    const char *types = is_integer ? integer_texts[sy_random_below(random, COUNT(integer_texts))]
                                   : type_texts[sy_random_below(random, COUNT(type_texts))];
    bool is_dequant = is_integer && (strchr(types, 'f') != NULL);
    snprintf(
        text, sizeof text, "gemm:m=1,n=1,k=1,epilogue=%s,dtype=%s", is_dequant ? "dequant" : "none", types);
    assert_int_equal(sy_spec_parse(text, NULL, &typed, NULL), SY_OK);
    spec->dtype_a = typed.dtype_a;
    spec->dtype_b = typed.dtype_b;
    spec->dtype_c = typed.dtype_c;
    spec->dtype_acc = typed.dtype_acc;
    spec->epilogue = typed.epilogue;
    if (!is_integer)
        spec->epilogue = (uint32_t)pick(random, SY_EPILOGUE_NONE, SY_EPILOGUE_RESIDUAL_RELU);
}

static void pick_gemm(sy_random *random, sy_spec *spec) {
    sy_spec_gemm *gemm = &spec->u.gemm;
    *gemm = (sy_spec_gemm){.m = pick_extent(random),
        .n = pick_extent(random),
        .k = pick_extent(random) - 1,
        .batch = pick_extent(random),
        .ta = (uint32_t)pick(random, 0, 1),
        .tb = (uint32_t)pick(random, 0, 1),
        .alpha = spec->dtype_acc == SY_S32 ? 1.0 : pick_scalar(random),
        .beta = spec->dtype_acc == SY_S32 ? 0.0 : pick_scalar(random)};
    if (spec->dtype_acc == SY_S32 && spec->epilogue == SY_EPILOGUE_NONE)
        gemm->beta = (double)pick(random, 0, 1);
}

static void pick_conv(sy_random *random, sy_spec *spec) {
    sy_spec_conv *conv = &spec->u.conv;
    conv->groups = pick(random, 1, 64);
    conv->n = pick(random, 1, 64);
    conv->c = conv->groups * pick(random, 1, 32);
    conv->k = conv->groups * pick(random, 1, 32);
    conv->r = pick(random, 1, 7);
    conv->s = pick(random, 1, 7);
    for (size_t i = 0; i < 2; i++) {
        conv->stride[i] = pick(random, 1, 4);
        conv->dilation[i] = pick(random, 1, 3);
    }
    for (size_t i = 0; i < 4; i++)
        conv->pad[i] = pick(random, 0, 3);
    conv->h = conv->dilation[0] * (conv->r - 1) + pick(random, 1, 300);
    conv->w = conv->dilation[1] * (conv->s - 1) + pick(random, 1, 300);
    conv->layout = (uint32_t)pick(random, SY_IMAGE_ANY, SY_IMAGE_NCHW);
}

static void pick_spec(sy_random *random, sy_spec *spec) {
    memset(spec, 0, sizeof *spec);
    spec->op = (uint32_t)pick(random, SY_SPEC_GEMM, SY_SPEC_PEAK);
    if (spec->op == SY_SPEC_GEMM || spec->op == SY_SPEC_CONV2D) {
        pick_types(random, spec);
        spec->math = (uint32_t)pick(random, SY_MATH_STRICT, SY_MATH_ANY);
        spec->weights = (uint32_t)pick(random, SY_WEIGHTS_CONST, SY_WEIGHTS_DYNAMIC);
    }
    uint64_t size = sy_random_next(random) >> pick(random, 2, 60);
    switch (spec->op) {
    case SY_SPEC_GEMM: pick_gemm(random, spec); break;
    case SY_SPEC_CONV2D: pick_conv(random, spec); break;
    case SY_SPEC_COPY:
        spec->u.copy.bytes = size + 1;
        spec->u.copy.kind = (uint32_t)pick(random, SY_COPY_H2D, SY_COPY_P2P);
        spec->u.copy.pinned = (uint32_t)pick(random, 0, 1);
        break;
    case SY_SPEC_STREAM:
        spec->u.stream.bytes = (size / 16 + 1) * 4;
        spec->u.stream.kind = (uint32_t)pick(random, SY_STREAM_READ, SY_STREAM_FILL);
        break;
    default:
        spec->u.peak.flop = size + 1;
        spec->dtype_a = spec->dtype_b = SY_BF16;
        spec->dtype_c = spec->dtype_acc = SY_F32;
        break;
    }
}

/* Print, parse: the same bytes. Print again: the same text. */
static void check_round_trip(const sy_spec *spec) {
    char text[SY_SPEC_TEXT_MAX], again[SY_SPEC_TEXT_MAX];
    sy_spec parsed;
    sy_error err = SY_ERROR_INIT;
    if (sy_spec_print(spec, text, sizeof text, &err) != SY_OK)
        fail_msg("print: %s", err.text);
    if (sy_spec_parse(text, NULL, &parsed, &err) != SY_OK)
        fail_msg("parse '%s': %s", text, err.text);
    if (memcmp(&parsed, spec, sizeof parsed) != 0)
        fail_msg("'%s' is another spec", text);
    assert_int_equal(sy_spec_print(&parsed, again, sizeof again, NULL), SY_OK);
    assert_string_equal(text, again);
}

static void random_specs_round_trip(void **state) {
    sy_random random;
    sy_spec spec;
    (void)state;
    sy_random_seed(&random, 20260101, 1);
    for (int i = 0; i < 6000; i++) {
        pick_spec(&random, &spec);
        check_round_trip(&spec);
    }
}

/* What is written, and its canonical form. */
static const struct {
    const char *text, *canonical;
} forms[] = {
    {"gemm:m=1,n=2,k=3",
        "gemm:m=1,n=2,k=3,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,dtype=f32:f32:f32:f32,math=strict,"
        "weights=const"},
    {"gemm:weights=dynamic,k=3,math=tf32,n=2,dtype=int8,m=1,beta=1",
        "gemm:m=1,n=2,k=3,batch=1,ta=0,tb=0,alpha=1,beta=1,epilogue=none,dtype=s8:s8:s32:s32,math=tf32,"
        "weights=dynamic"},
    {"gemm:m=+7,n=02,k=0,alpha=.5,beta=1e-1,dtype=f16:f16:f32",
        "gemm:m=7,n=2,k=0,batch=1,ta=0,tb=0,alpha=0.5,beta=0.1,epilogue=none,dtype=f16:f16:f32:f32,"
        "math=strict,weights=const"},
    {"conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,pad=1",
        "conv2d:n=1,c=64,h=56,w=56,k=64,r=3,s=3,stride=1x1,pad=1x1x1x1,dilation=1x1,groups=1,layout=any,"
        "epilogue=none,dtype=f32:f32:f32:f32,math=strict,weights=const"},
    {"conv2d:n=2,c=8,h=9,w=9,k=8,r=3,s=2,stride=2x1,pad=1x0,dilation=1x2,groups=8,layout=nhwc,dtype=u8",
        "conv2d:n=2,c=8,h=9,w=9,k=8,r=3,s=2,stride=2x1,pad=1x0x1x0,dilation=1x2,groups=8,layout=nhwc,"
        "epilogue=none,dtype=u8:s8:s32:s32,math=strict,weights=const"},
    {"conv2d:n=1,c=1,h=5,w=5,k=1,r=1,s=1,pad=1x2x3x4,dtype=f8e4m3",
        "conv2d:n=1,c=1,h=5,w=5,k=1,r=1,s=1,stride=1x1,pad=1x2x3x4,dilation=1x1,groups=1,layout=any,"
        "epilogue=none,dtype=f8e4m3:f8e4m3:bf16:f32,math=strict,weights=const"},
    {"copy:bytes=64M,kind=h2d", "copy:bytes=67108864,kind=h2d,pinned=1"},
    {"copy:kind=p2p,pinned=0,bytes=1", "copy:bytes=1,kind=p2p,pinned=0"},
    {"stream:bytes=1G,kind=triad", "stream:bytes=1073741824,kind=triad"},
    {"peak:flop=2T,dtype=bf16", "peak:flop=2000000000000,dtype=bf16:bf16:f32:f32"},
    {"peak:flop=1k,dtype=s8", "peak:flop=1000,dtype=s8:s8:s32:s32"},
};

static void short_forms_become_canonical(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        sy_spec spec;
        char text[SY_SPEC_TEXT_MAX];
        sy_error err = SY_ERROR_INIT;
        if (sy_spec_parse(forms[i].text, NULL, &spec, &err) != SY_OK)
            fail_msg("'%s': %s", forms[i].text, err.text);
        assert_int_equal(sy_spec_print(&spec, text, sizeof text, NULL), SY_OK);
        assert_string_equal(text, forms[i].canonical);
        check_round_trip(&spec);
    }
}

static void defaults_yield_to_the_string(void **state) {
    const sy_spec_defaults defaults = {
        .dtype = "bf16", .math = SY_MATH_TF32, .weights = SY_WEIGHTS_DYNAMIC, .layout = SY_IMAGE_NCHW};
    sy_spec spec;
    (void)state;
    assert_int_equal(sy_spec_parse("conv2d:n=1,c=1,h=1,w=1,k=1,r=1,s=1", &defaults, &spec, NULL), SY_OK);
    assert_int_equal(spec.dtype_a, SY_BF16);
    assert_int_equal(spec.math, SY_MATH_TF32);
    assert_int_equal(spec.weights, SY_WEIGHTS_DYNAMIC);
    assert_int_equal(spec.u.conv.layout, SY_IMAGE_NCHW);
    assert_int_equal(
        sy_spec_parse("conv2d:n=1,c=1,h=1,w=1,k=1,r=1,s=1,dtype=f32,math=any,weights=const,layout=any",
            &defaults, &spec, NULL),
        SY_OK);
    assert_int_equal(spec.dtype_a, SY_F32);
    assert_int_equal(spec.math, SY_MATH_ANY);
    assert_int_equal(spec.weights, SY_WEIGHTS_CONST);
    assert_int_equal(spec.u.conv.layout, SY_IMAGE_ANY);
    assert_int_equal(sy_spec_parse("copy:bytes=4,kind=d2d", &defaults, &spec, NULL), SY_OK);
    assert_int_equal(spec.dtype_a, 0);
    assert_int_equal(spec.math, 0);
}

/* The largest string is within SY_SPEC_TEXT_MAX; one byte less than needed is refused. */
static void largest_text_fits(void **state) {
    const char *text = "conv2d:n=1,c=1,h=1152921504606846976,w=1,k=1,r=1,s=1,stride=4611686018427387904,"
                       "pad=0x1152921504606846976x0x1152921504606846976,dilation=4611686018427387904,"
                       "groups=1,layout=nhwc,epilogue=bias_gelu_tanh,dtype=f8e4m3:f8e4m3:f8e4m3,math=bf16x3,"
                       "weights=dynamic";
    sy_spec spec;
    char printed[SY_SPEC_TEXT_MAX];
    sy_error err = SY_ERROR_INIT;
    (void)state;
    if (sy_spec_parse(text, NULL, &spec, &err) != SY_OK)
        fail_msg("%s", err.text);
    check_round_trip(&spec);
    assert_int_equal(sy_spec_print(&spec, printed, sizeof printed, NULL), SY_OK);
    size_t length = strlen(printed);
    assert_int_equal(sy_spec_print(&spec, printed, length, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(printed, "");
    assert_non_null(strstr(err.text, "room for"));
    assert_int_equal(sy_spec_print(&spec, printed, length + 1, NULL), SY_OK);
    assert_int_equal(sy_spec_print(&spec, NULL, 0, NULL), SY_INVALID_ARGUMENT);
}

/* Turn on a locale with a decimal comma: an installed one, else one compiled into `folder`. */
static const char *use_comma_locale(const char *folder) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    char command[256];
    for (size_t i = 0; i < COUNT(names); i++)
        if (setlocale(LC_ALL, names[i]) != NULL)
            return names[i];
    snprintf(command, sizeof command, "localedef -f UTF-8 -i de_DE %s/de_DE.UTF-8 2>/dev/null", folder);
    if (system(command) != 0)
        return NULL;
    setenv("LOCPATH", folder, 1);
    return setlocale(LC_ALL, "de_DE.UTF-8");
}

/* A locale whose decimal sign is a comma must change nothing. */
static void decimal_comma_changes_nothing(void **state) {
    char folder[] = "/tmp/steelyard-locale-XXXXXX", command[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *found = use_comma_locale(folder);
    if (found != NULL) {
        assert_string_equal(localeconv()->decimal_point, ",");
        short_forms_become_canonical(NULL);
        random_specs_round_trip(NULL);
        setlocale(LC_ALL, "C");
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    if (found == NULL) {
        print_message("no locale with a decimal comma, and none can be compiled (package locales)\n");
        skip();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_specs_round_trip),
        cmocka_unit_test(short_forms_become_canonical),
        cmocka_unit_test(defaults_yield_to_the_string),
        cmocka_unit_test(largest_text_fits),
        cmocka_unit_test(decimal_comma_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
