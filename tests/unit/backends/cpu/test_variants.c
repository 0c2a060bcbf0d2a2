/* Variants of gemm and conv: what is listed behind the ordinary candidates, its names and ids, and that each
 * is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/conv_variants.h"
#include "backends/cpu/gemm_variants.h"
#include "runtime/dispatch/dispatch.h"
#include "tests/support/slow.h"
#include "tests/unit/backends/cpu/rig.h"

static const char *const problems[] = {"gemm:m=61,n=83,k=300", "gemm:m=61,n=83,k=300,weights=dynamic",
    "gemm:m=1,n=130,k=257", "gemm:m=1,n=130,k=257,weights=dynamic", "gemm:m=5,n=7,k=700,ta=1,tb=1",
    "gemm:m=40,n=48,k=64,batch=6", "gemm:m=33,n=49,k=130,dtype=s8",
    "gemm:m=33,n=49,k=130,dtype=bf16:bf16:f32", "gemm:m=97,n=31,k=64,dtype=f64", "gemm:m=4,n=4,k=4",
    "conv2d:n=2,c=70,h=15,w=33,k=37,r=3,s=3,pad=1,layout=nhwc",
    "conv2d:n=2,c=70,h=15,w=33,k=37,r=3,s=3,pad=1,layout=nchw,weights=dynamic,epilogue=bias_relu",
    "conv2d:n=1,c=40,h=14,w=14,k=50,r=1,s=1,layout=nhwc", "conv2d:n=1,c=3,h=40,w=40,k=24,r=3,s=3,layout=nchw",
    "conv2d:n=1,c=24,h=28,w=28,k=24,r=3,s=3,groups=24,pad=1,layout=nhwc",
    "conv2d:n=1,c=33,h=9,w=20,k=20,r=3,s=3,layout=nhwc,dtype=s8",
    "conv2d:n=1,c=33,h=9,w=20,k=20,r=3,s=3,layout=nchw,dtype=bf16:bf16:f32",
    "conv2d:n=2,c=33,h=9,w=20,k=20,r=1,s=1,layout=nhwc,dtype=f64",
    "conv2d:n=1,c=64,h=28,w=28,k=64,r=3,s=3,pad=1,math=any"};
enum { PROBLEMS = sizeof problems / sizeof problems[0] };

static void list(rig *r, const char *text, sy_candidates *out_candidates) {
    static sy_problem_storage storage;
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(
        sy_dispatch_candidates(r->api, r->device, &storage.problem, out_candidates, NULL), SY_OK);
}

static bool is_variant(const sy_candidate *candidate) {
    return (candidate->algorithm.flags & SY_ALGO_VARIANT) != 0;
}

static rig *open_rig(const char *params) {
    static rig r;
    r = (rig){.host = {.openblas = "/nowhere/libopenblas.so"}};
    rig_open(&r, params);
    return &r;
}

static void they_stand_behind_all_others_with_names_of_their_own(void **state) {
    (void)state;
    static sy_candidates candidates, again;
    rig *r = open_rig("");
    size_t seen = 0;
    for (size_t p = 0; p < PROBLEMS; p++) {
        uint32_t variants = 0;
        list(r, problems[p], &candidates);
        list(r, problems[p], &again);
        assert_memory_equal(&candidates, &again, sizeof candidates);
        for (uint32_t i = 0; i < candidates.count; i++) {
            const sy_candidate *candidate = &candidates.candidate[i];
            assert_true(is_variant(candidate) || variants == 0);
            if (!is_variant(candidate))
                continue;
            variants++;
            assert_int_equal(candidate->status, SY_OK);
            assert_true(candidate->is_tunable && candidate->on_request);
            assert_int_equal(strncmp(candidate->algorithm.name, "native/", 7), 0);
            assert_int_equal(candidate->algorithm.id >> 8, variants);
            for (uint32_t j = 0; j < i; j++)
                assert_string_not_equal(candidates.candidate[j].algorithm.name, candidate->algorithm.name);
        }
        const bool is_gemm = problems[p][0] == 'g';
        assert_true(variants <= (is_gemm ? SY_CPU_GEMM_VARIANTS_MAX : SY_CPU_CONV_VARIANTS_MAX));
        seen += variants;
    }
    assert_true(seen >= 3 * PROBLEMS);
    rig_close(r);
}

/* Small whole numbers: the result is exact whatever the order of the sums. */
static void expect_right(rig_case *c, const char *text) {
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    const uint32_t last = c->plain.problem.n_in;
    const sy_tensor *d = &c->plain.tensor[last];
    rig_case ordinary;
    sy_error err = SY_ERROR_INIT;
    rig *r = open_rig("");
    if (rig_run(r, text, "reference", 1, &ordinary, &err) != SY_OK)
        fail_msg("%s", err.text);
    size_t bytes = sy_dtype_size(d->dtype);
    for (uint32_t i = 0; i < d->rank; i++)
        bytes *= (size_t)d->dim[i];
    assert_memory_equal(c->data[last], ordinary.data[last], bytes);
    rig_release(r, &ordinary);
    rig_close(r);
}

static void each_gives_the_right_result_by_its_name(void **state) {
    (void)state;
    static sy_candidates candidates;
    static rig own;
    const uint32_t step = (uint32_t)slow_step(SLOW_THREAD | SLOW_EMULATOR, 5);
    for (uint32_t p = 0; p < PROBLEMS; p++) {
        own = (rig){.host = {.openblas = "/nowhere/libopenblas.so"}};
        rig_open(&own, "");
        list(&own, problems[p], &candidates);
        for (uint32_t i = p % step; i < candidates.count; i += step) {
            rig_case c;
            sy_error err = SY_ERROR_INIT;
            if (!is_variant(&candidates.candidate[i]))
                continue;
            const char *name = candidates.candidate[i].algorithm.name;
            if (rig_run(&own, problems[p], name, 1, &c, &err) != SY_OK)
                fail_msg("%s by %s: %s", problems[p], name, err.text);
            assert_string_equal(c.algorithm.name, name);
            expect_right(&c, problems[p]);
            rig_release(&own, &c);
        }
        rig_close(&own);
    }
}

static void expect_no_plan(const char *text) {
    static sy_candidates candidates;
    static sy_problem_storage storage;
    sy_spec spec;
    rig *r = open_rig("");
    list(r, text, &candidates);
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    uint64_t native = candidates.candidate[0].algorithm.id, last = 0, peer = 0;
    for (uint32_t i = 0; i < candidates.count; i++) {
        const sy_algorithm *algorithm = &candidates.candidate[i].algorithm;
        last = is_variant(&candidates.candidate[i]) ? algorithm->id : last;
        peer = strcmp(algorithm->name, "reference") == 0 ? algorithm->id : peer;
    }
    const uint64_t bad[] = {last + 256, native + (UINT64_C(255) << 8), native + (UINT64_C(256) << 8),
        native + (UINT64_C(1) << 40), peer + 256, 256, UINT64_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_plan *plan = NULL;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(
            r->api->work->plan_create(r->device, &storage.problem, bad[i], &plan, &err), SY_INVALID_ARGUMENT);
        assert_null(plan);
        assert_true(err.text[0] != '\0');
    }
    sy_plan *plan = NULL;
    assert_int_equal(r->api->work->plan_create(r->device, &storage.problem, last, &plan, NULL), SY_OK);
    r->api->work->plan_destroy(plan);
    rig_close(r);
}

static void what_was_not_offered_is_no_plan(void **state) {
    (void)state;
    expect_no_plan("gemm:m=61,n=83,k=300,weights=dynamic");
    expect_no_plan("conv2d:n=1,c=24,h=13,w=33,k=24,r=3,s=3,layout=nhwc,weights=dynamic");
}

static void empty_and_refused_problems_have_none(void **state) {
    (void)state;
    static sy_candidates candidates;
    rig *r = open_rig("");
    static const char *const none[] = {"gemm:m=3,n=4,k=0", "stream:bytes=4K,kind=triad",
        "gemm:m=8,n=8,k=8,dtype=f16:f16:f16:f16", "conv2d:n=1,c=3,h=4,w=4,k=4,r=3,s=3,dtype=f16:f16:f16:f16"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        list(r, none[i], &candidates);
        assert_true(candidates.count > 0);
        for (uint32_t j = 0; j < candidates.count; j++)
            assert_false(is_variant(&candidates.candidate[j]));
    }
    rig_close(r);
}

/* A step is refused, never bent: every listed setting is what the plan then has. */
static void settings_are_followed_and_spelled(void **state) {
    (void)state;
    sy_gemm_desc desc = {.dtype_a = SY_ELEMENT_F32,
        .dtype_b = SY_ELEMENT_F32,
        .dtype_d = SY_ELEMENT_F32,
        .m = 300,
        .n = 500,
        .k = 900,
        .a_stride = {900, 1},
        .b_stride = {500, 1},
        .d_stride = {500, 1},
        .alpha = 1};
    bool has_split = false, has_depth = false;
    for (uint32_t number = 1;; number++) {
        sy_gemm_tuning tuning;
        sy_gemm_plan plan;
        char name[SY_CPU_GEMM_VARIANT_NAME_MAX], wanted[64];
        if (!sy_cpu_gemm_variant(&desc, 6, number, &tuning, name))
            break;
        sy_gemm_desc tuned = desc;
        tuned.tuning = tuning;
        assert_null(sy_gemm_plan_init(&tuned, 6, &plan));
        if (tuning.parts_m > 0) {
            assert_true(plan.parts_m == tuning.parts_m && plan.parts_n == tuning.parts_n);
            snprintf(wanted, sizeof wanted, "/t%dx%d", plan.parts_m, plan.parts_n);
            assert_non_null(strstr(name, wanted));
            has_split = true;
        }
        if (tuning.block_units > 0) {
            assert_int_equal(plan.block_units, tuning.block_units);
            snprintf(wanted, sizeof wanted, "/u%lld", (long long)plan.block_units);
            assert_non_null(strstr(name, wanted));
            has_depth = true;
        }
        if (tuning.block_n > 0)
            assert_int_equal(plan.block_n, tuning.block_n);
    }
    assert_true(has_split && has_depth);
    sy_gemm_tuning tuning;
    char name[SY_CPU_GEMM_VARIANT_NAME_MAX];
    assert_false(sy_cpu_gemm_variant(&desc, 6, 0, &tuning, name));
    assert_false(sy_cpu_gemm_variant(&desc, 6, SY_CPU_GEMM_VARIANTS_MAX + 1, &tuning, name));
    desc.dtype_a = 99;
    assert_false(sy_cpu_gemm_variant(&desc, 6, 1, &tuning, name));
}

/* A 3 x 3 layer of 64 channels over 30 x 50 pixels. */
static sy_conv_desc layer(bool is_by_plane) {
    sy_conv_desc desc = {.dtype_x = SY_ELEMENT_F32,
        .dtype_w = SY_ELEMENT_F32,
        .dtype_y = SY_ELEMENT_F32,
        .flags = SY_CONV_W_CONST,
        .n = 1,
        .c = 64,
        .h = 30,
        .w = 50,
        .k = 64,
        .r = 3,
        .s = 3,
        .groups = 1,
        .stride = {1, 1},
        .dilation = {1, 1},
        .pad = {1, 1, 1, 1},
        .w_stride = {576, 9, 3, 1}};
    const int64_t channels[4] = {96000, 1, 3200, 64}, planes[4] = {96000, 1500, 50, 1};
    memcpy(desc.x_stride, is_by_plane ? planes : channels, sizeof planes);
    memcpy(desc.y_stride, is_by_plane ? planes : channels, sizeof planes);
    return desc;
}

static void expect_letter(const char *name, char letter, int64_t value, bool *out_has) {
    char wanted[32];
    if (value == 0)
        return;
    snprintf(wanted, sizeof wanted, "/%c%lld", letter, (long long)value);
    assert_non_null(strstr(name, wanted));
    *out_has = true;
}

static void settings_of_conv_are_followed_and_spelled(void **state) {
    (void)state;
    bool has_band = false, has_depth = false, has_panels = false, has_threads = false, has_way = false;
    for (int is_by_plane = 0; is_by_plane < 2; is_by_plane++) {
        sy_conv_desc desc = layer(is_by_plane);
        for (uint32_t number = 1;; number++) {
            sy_conv_plan plan;
            char name[SY_CPU_CONV_VARIANT_NAME_MAX];
            if (!sy_cpu_conv_variant(&desc, 6, true, number, &desc.tuning, name))
                break;
            const sy_conv_tuning *tuning = &desc.tuning;
            assert_null(sy_conv_plan_init(&desc, 6, &plan));
            assert_true(tuning->path == 0 || strstr(name, is_by_plane ? "/cols" : "/rows"));
            has_way = has_way || tuning->path != 0;
            expect_letter(name, 'b', tuning->band_pixels, &has_band);
            expect_letter(name, 'u', tuning->block_units, &has_depth);
            expect_letter(name, 'p', tuning->panels, &has_panels); /* there may be one panel alone */
            expect_letter(name, 't', tuning->parts, &has_threads);
        }
    }
    assert_true(has_way && has_band && has_depth && has_threads);
}

static void conv_has_lists_that_end(void **state) {
    (void)state;
    sy_conv_desc desc = layer(false);
    sy_conv_tuning tuning;
    sy_conv_plan model, first;
    char name[SY_CPU_CONV_VARIANT_NAME_MAX];
    assert_false(sy_cpu_conv_variant(&desc, 6, true, 0, &tuning, name));
    assert_false(sy_cpu_conv_variant(&desc, 6, true, SY_CPU_CONV_VARIANTS_MAX + 1, &tuning, name));
    assert_null(sy_conv_plan_init(&desc, 6, &model));
    assert_true(sy_cpu_conv_variant(&desc, 6, false, 1, &desc.tuning, name));
    assert_string_equal(name, "/direct");
    assert_null(sy_conv_plan_init(&desc, 6, &first));
    assert_true(first.path == model.path && first.bands == model.bands && first.parts == model.parts);
    desc.tuning = (sy_conv_tuning){0};
    desc.h = 0;
    desc.pad[0] = desc.pad[2] = 0;
    assert_false(sy_cpu_conv_variant(&desc, 6, true, 1, &tuning, name));
    desc.dtype_x = 99;
    assert_false(sy_cpu_conv_variant(&desc, 6, false, 1, &tuning, name));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(they_stand_behind_all_others_with_names_of_their_own),
        cmocka_unit_test(each_gives_the_right_result_by_its_name),
        cmocka_unit_test(what_was_not_offered_is_no_plan),
        cmocka_unit_test(empty_and_refused_problems_have_none),
        cmocka_unit_test(settings_are_followed_and_spelled),
        cmocka_unit_test(settings_of_conv_are_followed_and_spelled),
        cmocka_unit_test(conv_has_lists_that_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
