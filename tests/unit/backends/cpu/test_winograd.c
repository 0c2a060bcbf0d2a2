/* Winograd through the backend's table: by name, inside `native` under math=any, and never unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/cpu/element.h"
#include "kernels/winograd/winograd.h"
#include "runtime/dispatch/dispatch.h"
#include "tests/unit/backends/cpu/rig.h"

/* Large enough that tiles pay on any machine. */
static const char big[] = "conv2d:n=1,c=64,h=28,w=28,k=64,r=3,s=3,pad=1";
static const char small[] = "conv2d:n=2,c=19,h=9,w=11,k=21,r=3,s=3,pad=1x0x2x1";

static int open_best(void **state) {
    static rig r;
    r = (rig){.host = {.isa = NULL}};
    rig_open(&r, "");
    *state = &r;
    return 0;
}

static int close_rig(void **state) {
    rig_close(*state);
    return 0;
}

static double load(const rig_case *c, uint32_t index, int64_t place) {
    return sy_cpu_element_load(SY_F32, c->data[index], place);
}

/* Largest difference of two outputs of the same problem over whole-number data, where direct sums are exact.
 */
static double run_and_compare(rig *r, const char *text, const char *algorithm, sy_algorithm *out_algorithm) {
    sy_error err = SY_ERROR_INIT;
    rig_case got, want;
    if (rig_run(r, text, algorithm, 23, &got, &err) != SY_OK)
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(rig_run(r, text, "reference", 23, &want, &err), SY_OK);
    const sy_tensor *a = &got.plain.tensor[got.plain.problem.n_in];
    const sy_tensor *b = &want.plain.tensor[want.plain.problem.n_in];
    double largest = 0;
    for (int64_t n = 0; n < a->dim[0]; n++)
        for (int64_t k = 0; k < a->dim[1]; k++)
            for (int64_t p = 0; p < a->dim[2]; p++)
                for (int64_t q = 0; q < a->dim[3]; q++) {
                    const int64_t at[4] = {n, k, p, q};
                    int64_t from = 0, to = 0;
                    for (int i = 0; i < 4; i++) {
                        from += at[i] * a->stride[i];
                        to += at[i] * b->stride[i];
                    }
                    double difference =
                        load(&got, got.plain.problem.n_in, from) - load(&want, want.plain.problem.n_in, to);
                    difference = difference < 0 ? -difference : difference;
                    if (!(difference <= largest)) /* NaN too */
                        largest = difference;
                }
    *out_algorithm = got.algorithm;
    rig_release(r, &got);
    rig_release(r, &want);
    return largest;
}

static void named_ones_do_their_part(void **state) {
    static const char *const names[] = {"winograd2", "winograd4"};
    static const char *const variants[] = {"", ",layout=nhwc", ",layout=nchw",
        ",layout=nhwc,epilogue=bias_relu", ",layout=nchw,epilogue=residual_relu", ",weights=dynamic",
        ",math=any", ",layout=nchw,weights=dynamic"};
    char text[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < sizeof variants / sizeof variants[0]; j++) {
            sy_algorithm algorithm;
            snprintf(text, sizeof text, "%s%s", small, variants[j]);
            const double error = run_and_compare(*state, text, names[i], &algorithm);
            const int64_t pad[4] = {1, 0, 2, 1};
            const double factor = sy_winograd_bound_factor(i == 0 ? 2 : 4, 19, pad);
            assert_true(algorithm.bound_factor == factor);
            assert_int_equal(algorithm.math, SY_MATH_STRICT);
            assert_true(algorithm.flop_ratio > 0.2 && algorithm.flop_ratio != 1.0);
            assert_true(error <= 8 * factor * 0x1p-24 * 9 * 19 * 9); /* |x| and |w| at most 3 sqrt(9 * 19) */
        }
}

static void candidates_of(rig *r, const char *text, sy_candidates *out_candidates) {
    sy_spec spec;
    sy_problem_storage storage;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(
        sy_dispatch_candidates(r->api, r->device, &storage.problem, out_candidates, NULL), SY_OK);
}

static const sy_candidate *named(const sy_candidates *candidates, const char *name) {
    uint32_t index = 0;
    for (uint32_t i = 0; i < candidates->count; i++)
        if (strcmp(candidates->candidate[i].algorithm.name, name) == 0)
            index = i;
    assert_string_equal(candidates->candidate[index].algorithm.name, name);
    return &candidates->candidate[index];
}

/* "on request" keeps a candidate from auto and from all. */
static void strict_takes_them_by_name_alone(void **state) {
    static sy_candidates candidates;
    uint32_t index = 99;
    candidates_of(*state, big, &candidates);
    assert_int_equal(named(&candidates, "winograd4")->on_request, 1);
    assert_int_equal(named(&candidates, "winograd2")->on_request, 1);
    assert_int_equal(named(&candidates, "winograd4")->status, SY_OK);
    assert_true(named(&candidates, "native")->algorithm.flop_ratio == 1.0);
    assert_true(named(&candidates, "native")->algorithm.bound_factor == 1.0);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, NULL), SY_OK);
    assert_string_equal(candidates.candidate[index].algorithm.name, "native");
    assert_int_equal(sy_dispatch_choose(&candidates, "winograd4", &index, NULL), SY_OK);
}

static void any_lets_native_use_tiles(void **state) {
    static sy_candidates candidates;
    char text[256];
    sy_algorithm algorithm;
    snprintf(text, sizeof text, "%s,math=any", big);
    candidates_of(*state, text, &candidates);
    assert_int_equal(named(&candidates, "winograd4")->on_request, 0);
    assert_true(named(&candidates, "native")->algorithm.flop_ratio < 0.5);
    assert_true(named(&candidates, "native")->algorithm.bound_factor > 1.0);
    const double error = run_and_compare(*state, text, "native", &algorithm);
    assert_true(error > 0); /* direct sums would be exact */
    assert_true(error < 8 * algorithm.bound_factor * 0x1p-24 * 9 * 64 * 9);
}

static void any_leaves_the_rest_direct(void **state) {
    static const char *const texts[] = {"conv2d:n=1,c=64,h=28,w=28,k=64,r=3,s=3,stride=2,pad=1,math=any",
        "conv2d:n=1,c=64,h=28,w=28,k=64,r=1,s=1,math=any", "conv2d:n=1,c=3,h=28,w=28,k=64,r=3,s=3,math=any",
        "conv2d:n=1,c=64,h=28,w=28,k=64,r=3,s=3,pad=1,groups=64,math=any"};
    static sy_candidates candidates;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        candidates_of(*state, texts[i], &candidates);
        assert_int_equal(named(&candidates, "native")->status, SY_OK);
        assert_true(named(&candidates, "native")->algorithm.flop_ratio == 1.0);
        assert_int_equal(named(&candidates, "winograd4")->status, SY_UNSUPPORTED);
        assert_non_null(strstr(named(&candidates, "winograd4")->reason, "Winograd takes"));
    }
}

/* Weights transformed for one tile are refused by the other and by direct sums. */
static void packed_forms_do_not_mix(void **state) {
    static sy_candidates candidates;
    rig *r = *state;
    sy_spec spec;
    sy_problem_storage storage;
    candidates_of(r, small, &candidates);
    const sy_algorithm *four = &named(&candidates, "winograd4")->algorithm;
    assert_int_equal(sy_spec_parse(small, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(sy_dispatch_resolve(&storage, four, &(uint32_t){0}, NULL), SY_OK);
    static const char *const others[] = {"winograd2", "native"};
    for (int i = 0; i < 2; i++) {
        sy_error err = SY_ERROR_INIT;
        sy_plan *plan = NULL;
        assert_int_equal(r->api->work->plan_create(r->device, &storage.problem,
                             named(&candidates, others[i])->algorithm.id, &plan, &err),
            SY_INVALID_ARGUMENT);
        assert_non_null(strstr(err.text, "packed as"));
        assert_null(plan);
    }
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, open_best, close_rig)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_RIG(named_ones_do_their_part),
        WITH_RIG(strict_takes_them_by_name_alone),
        WITH_RIG(any_lets_native_use_tiles),
        WITH_RIG(any_leaves_the_rest_direct),
        WITH_RIG(packed_forms_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
