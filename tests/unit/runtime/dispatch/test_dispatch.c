/* Candidates with every kind of refusal, and the choice among them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/dispatch/dispatch.h"
#include "tests/plugins/host.h"
#include "tests/unit/runtime/dispatch/fake.h"

/* A gemm whose layouts are given, its B constant. */
typedef struct gemm_problem {
    sy_problem problem;
    sy_tensor tensor[4];
    sy_gemm_attr attr;
} gemm_problem;

static void fill_gemm(gemm_problem *gemm) {
    *gemm = (gemm_problem){.attr = {.size = sizeof gemm->attr, .alpha = 1.0}};
    for (int i = 0; i < 4; i++)
        gemm->tensor[i] = (sy_tensor){
            .size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 3, .dim = {1, 2, 2}, .stride = {4, 2, 1}};
    gemm->tensor[1].flags = SY_TENSOR_CONST;
    gemm->tensor[2] = (sy_tensor){.size = sizeof(sy_tensor), .flags = SY_TENSOR_ABSENT};
    gemm->problem = (sy_problem){.size = sizeof gemm->problem,
        .op = SY_OP_GEMM,
        .tensor = gemm->tensor,
        .n_in = 3,
        .n_out = 1,
        .attr = &gemm->attr,
        .acc_dtype = SY_F32,
        .math = SY_MATH_STRICT};
}

/* Candidates of a script for the gemm above, as bent by `flags` and `math`. */
static sy_status ask(
    fake_script *script, uint32_t math, uint32_t flags, sy_candidates *candidates, sy_error *err) {
    gemm_problem gemm;
    fill_gemm(&gemm);
    gemm.problem.math = math;
    gemm.problem.flags = flags;
    return sy_dispatch_candidates(&fake_api, fake_device(script), &gemm.problem, candidates, err);
}

static const fake_row every_kind[] = {
    {SY_UNSUPPORTED, "no bf16 on this CPU", {.name = "native"}},
    {SY_UNSUPPORTED, NULL, {.name = "silent"}},
    {SY_OK, NULL, {.name = "wide", .math = SY_MATH_TF32}},
    {SY_OK, NULL, {.name = "untold", .math = SY_MATH_UNKNOWN}},
    {SY_OK, NULL, {.name = "odd_math", .math = 77}},
    {SY_OK, NULL, {.name = "reference", .flags = SY_ALGO_REFERENCE | SY_ALGO_DETERMINISTIC}},
    {SY_OK, NULL, {.name = "host", .flags = SY_ALGO_ON_HOST}},
    {SY_OK, NULL, {.name = "liar", .n_layout = 3}},
    {SY_OK, NULL, {.name = "greedy", .n_layout = 4, .layout = {SY_LAYOUT_PRIVATE | 1}}},
    {SY_OK, NULL, {.name = "open", .n_layout = 4, .layout = {0, SY_LAYOUT_ANY}}},
    {SY_OK, NULL, {.name = "unknown", .n_layout = 4, .layout = {0, 4}}},
    {SY_OK, NULL, {.name = "nan", .flop_ratio = NAN}},
    {SY_OK, NULL, {.name = "negative", .flop_ratio = -1.0}},
    {SY_OK, NULL, {.name = "first", .n_layout = 4, .layout = {0, SY_LAYOUT_PRIVATE | 9}}},
    {SY_OK, NULL, {.name = "second", .flags = SY_ALGO_DETERMINISTIC, .flop_ratio = 0.5}},
    {SY_OK, NULL, {.name = "loose", .bound_factor = 2.5}},
    {SY_OK, NULL, {.name = "tighter", .bound_factor = 0.5}},
    {SY_OK, NULL, {.name = "boundless", .bound_factor = INFINITY}},
};
enum { KINDS = sizeof every_kind / sizeof every_kind[0] };

static void each_refusal_has_its_reason(void **state) {
    static const struct {
        const char *name;
        sy_status status;
        const char *words;
    } expected[KINDS] = {
        {"native", SY_UNSUPPORTED, "no bf16 on this CPU"},
        {"silent", SY_UNSUPPORTED, "unsupported"},
        {"wide", SY_UNSUPPORTED, "delivers math=tf32, the problem allows strict"},
        {"untold", SY_UNSUPPORTED, "math=unknown"},
        {"odd_math", SY_UNSUPPORTED, "math="},
        {"reference", SY_OK, ""},
        {"host", SY_OK, ""},
        {"liar", SY_INTERNAL, "number of layouts"},
        {"greedy", SY_INTERNAL, "layout is given"},
        {"open", SY_INTERNAL, "leaves a layout open"},
        {"unknown", SY_INTERNAL, "does not exist"},
        {"nan", SY_INTERNAL, "impossible share"},
        {"negative", SY_INTERNAL, "impossible share"},
        {"first", SY_OK, ""},
        {"second", SY_OK, ""},
        {"loose", SY_OK, ""},
        {"tighter", SY_INTERNAL, "impossible bound"},
        {"boundless", SY_INTERNAL, "impossible bound"},
    };
    fake_script script = {.rows = every_kind, .count = KINDS};
    sy_candidates candidates;
    (void)state;
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, NULL), SY_OK);
    assert_int_equal(candidates.count, KINDS);
    for (uint32_t i = 0; i < KINDS; i++) {
        const sy_candidate *candidate = &candidates.candidate[i];
        assert_string_equal(candidate->algorithm.name, expected[i].name);
        if (candidate->status != expected[i].status || strstr(candidate->reason, expected[i].words) == NULL)
            fail_msg("%s: %d, \"%s\"", expected[i].name, candidate->status, candidate->reason);
        assert_true((candidate->status == SY_OK) == (candidate->reason[0] == '\0'));
    }
    assert_true(candidates.candidate[13].algorithm.flop_ratio == 1.0);
    assert_true(candidates.candidate[14].algorithm.flop_ratio == 0.5);
    assert_int_equal(candidates.candidate[14].algorithm.n_layout, 4);
    assert_int_equal(candidates.candidate[5].on_request, 1);
    assert_int_equal(candidates.candidate[6].on_request, 1);
    assert_int_equal(candidates.candidate[13].on_request, 0);
    assert_true(candidates.candidate[13].algorithm.bound_factor == 1.0);
    assert_int_equal(candidates.candidate[15].on_request, 1);
}

static void math_any_lets_wide_ones_in(void **state) {
    fake_script script = {.rows = every_kind, .count = KINDS};
    sy_candidates candidates;
    (void)state;
    assert_int_equal(ask(&script, SY_MATH_ANY, 0, &candidates, NULL), SY_OK);
    assert_int_equal(candidates.candidate[2].status, SY_OK);
    assert_int_equal(candidates.candidate[3].status, SY_OK);
    assert_int_equal(candidates.candidate[4].status, SY_UNSUPPORTED);
    assert_int_equal(candidates.candidate[15].on_request, 0);
}

static void determinism_is_asked_for(void **state) {
    fake_script script = {.rows = every_kind, .count = KINDS};
    sy_candidates candidates;
    (void)state;
    assert_int_equal(ask(&script, SY_MATH_STRICT, SY_PROBLEM_DETERMINISTIC, &candidates, NULL), SY_OK);
    assert_string_equal(candidates.candidate[13].reason, "not deterministic");
    assert_int_equal(candidates.candidate[14].status, SY_OK);
    assert_int_equal(candidates.candidate[5].status, SY_OK);
}

static void auto_takes_the_first_usable(void **state) {
    fake_script script = {.rows = every_kind, .count = KINDS};
    sy_candidates candidates;
    uint32_t index = 99;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, NULL), SY_OK);
    assert_int_equal(index, 13);
    assert_int_equal(sy_dispatch_choose(&candidates, "second", &index, NULL), SY_OK);
    assert_int_equal(index, 14);
}

static void reference_only_by_name(void **state) {
    fake_script script = {.rows = every_kind, .count = 7};
    sy_candidates candidates;
    sy_error err = SY_ERROR_INIT;
    uint32_t index = 99;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, &err), SY_UNSUPPORTED);
    assert_int_equal(index, 0);
    assert_non_null(strstr(err.text, "native: no bf16 on this CPU; silent: unsupported"));
    assert_non_null(strstr(err.text, "reference: only by name"));
    assert_int_equal(sy_dispatch_choose(&candidates, "reference", &index, &err), SY_OK);
    assert_int_equal(index, 5);
    assert_int_equal(sy_dispatch_choose(&candidates, "host", &index, &err), SY_OK);
    assert_int_equal(index, 6);
}

static void named_ones_say_no_or_are_unknown(void **state) {
    fake_script script = {.rows = every_kind, .count = KINDS};
    sy_candidates candidates;
    sy_error err = SY_ERROR_INIT;
    uint32_t index;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    assert_int_equal(sy_dispatch_choose(&candidates, "native", &index, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "native: no bf16 on this CPU");
    assert_int_equal(sy_dispatch_choose(&candidates, "nothing", &index, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "there are: auto, native, silent"));
    assert_int_equal(sy_dispatch_choose(&candidates, "", &index, &err), SY_INVALID_ARGUMENT);
}

static void same_name_twice_takes_the_usable(void **state) {
    static const fake_row rows[] = {
        {SY_UNSUPPORTED, "no", {.name = "x"}}, {SY_OK, NULL, {.name = "x", .id = 5}}};
    fake_script script = {.rows = rows, .count = 2};
    sy_candidates candidates;
    uint32_t index;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    assert_int_equal(sy_dispatch_choose(&candidates, "x", &index, NULL), SY_OK);
    assert_int_equal(index, 1);
}

static const fake_row with_variants[] = {{SY_UNSUPPORTED, "no", {.name = "peer"}},
    {SY_OK, NULL, {.name = "own"}}, {SY_OK, NULL, {.name = "host", .flags = SY_ALGO_ON_HOST}},
    {SY_OK, NULL, {.name = "reference", .flags = SY_ALGO_REFERENCE}},
    {SY_OK, NULL, {.name = "own/k64", .flags = SY_ALGO_VARIANT}},
    {SY_UNSUPPORTED, "too small", {.name = "own/k128", .flags = SY_ALGO_VARIANT}},
    {SY_OK, NULL, {.name = "own/k256", .flags = SY_ALGO_VARIANT}},
    {SY_OK, NULL, {.name = "own/loose", .flags = SY_ALGO_VARIANT, .bound_factor = 2.0}}};

static void variants_are_for_names_and_tuning(void **state) {
    fake_script script = {.rows = with_variants, .count = 8};
    sy_candidates candidates;
    sy_error err = SY_ERROR_INIT;
    uint32_t index = 99;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    static const bool is_tunable[] = {false, true, false, false, true, false, true, false};
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(candidates.candidate[i].is_tunable, is_tunable[i]);
    assert_int_equal(candidates.candidate[4].on_request, 1);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, NULL), SY_OK);
    assert_int_equal(index, 1);
    assert_int_equal(sy_dispatch_choose(&candidates, "own/k256", &index, NULL), SY_OK);
    assert_int_equal(index, 6);
    assert_int_equal(sy_dispatch_choose(&candidates, "own/k1", &index, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "auto, peer, own, host, reference; and 4 variants such as own/loose"));
    script.rows = &with_variants[2];
    script.count = 5;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, &err), SY_UNSUPPORTED);
    assert_string_equal(err.text, "host: only by name; reference: only by name");
}

static void auto_goes_by_what_tuning_found(void **state) {
    fake_script script = {.rows = with_variants, .count = 8};
    static const struct {
        const char *policy, *tuned;
        uint32_t index;
        bool is_tuned;
    } rows[] = {{"auto", "own/k256", 6, true}, {"auto", "own/k64", 4, true}, {"auto", "own", 1, true},
        {"auto", "own/k128", 1, false}, {"auto", "peer", 1, false}, {"auto", "reference", 1, false},
        {"auto", "host", 1, false}, {"auto", "gone", 1, false}, {"auto", "own/loose", 1, false},
        {"auto", "", 1, false}, {"auto", NULL, 1, false}, {"own", "own/k256", 1, false},
        {"reference", "own/k256", 3, false}};
    sy_candidates candidates;
    (void)state;
    ask(&script, SY_MATH_STRICT, 0, &candidates, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t index = 99;
        bool is_tuned = true;
        assert_int_equal(
            sy_dispatch_choose_tuned(&candidates, rows[i].policy, rows[i].tuned, &index, &is_tuned, NULL),
            SY_OK);
        assert_int_equal(index, rows[i].index);
        assert_int_equal(is_tuned, rows[i].is_tuned);
    }
}

static void no_candidates_at_all(void **state) {
    fake_script script = {.rows = every_kind, .count = 0};
    sy_candidates candidates;
    sy_error err = SY_ERROR_INIT;
    uint32_t index;
    (void)state;
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, NULL), SY_OK);
    assert_int_equal(candidates.count, 0);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "no algorithm"));
    assert_int_equal(sy_dispatch_choose(&candidates, "x", &index, &err), SY_INVALID_ARGUMENT);
}

static void misbehaviour_is_an_error(void **state) {
    static const fake_row endless = {SY_OK, NULL, {.name = "again"}};
    static const fake_row lost[] = {
        {SY_OK, NULL, {.name = "fine"}}, {SY_LOST, "driver is gone", {.name = "x"}}};
    static const fake_row no_status = {-5, NULL, {.name = "x"}};
    static const fake_row new_status = {1000, NULL, {.name = "x"}};
    fake_script script = {.rows = &endless, .count = 1, .is_endless = 1};
    sy_candidates candidates;
    sy_error err = SY_ERROR_INIT;
    (void)state;
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, &err), SY_INTERNAL);
    assert_non_null(strstr(err.text, "more than 64"));
    assert_int_equal(candidates.count, 0);
    script = (fake_script){.rows = lost, .count = 2};
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, &err), SY_LOST);
    assert_string_equal(err.text, "fake: candidate 1: driver is gone");
    assert_int_equal(candidates.count, 0);
    script = (fake_script){.rows = &no_status, .count = 1};
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, &err), SY_INTERNAL);
    script = (fake_script){.rows = &new_status, .count = 1};
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, &err), SY_INTERNAL);
}

static void exactly_as_many_as_fit(void **state) {
    fake_row rows[SY_MAX_CANDIDATES];
    fake_script script = {.rows = rows, .count = SY_MAX_CANDIDATES};
    sy_candidates candidates;
    (void)state;
    for (uint32_t i = 0; i < SY_MAX_CANDIDATES; i++)
        rows[i] = (fake_row){SY_OK, NULL, {.id = i}};
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, NULL), SY_OK);
    assert_int_equal(candidates.count, SY_MAX_CANDIDATES);
    assert_string_equal(candidates.candidate[63].algorithm.name, "candidate 63");
}

static void endless_name_is_cut(void **state) {
    fake_row row = {SY_OK, NULL, {.name = "x"}};
    fake_script script = {.rows = &row, .count = 1};
    sy_candidates candidates;
    (void)state;
    memset(row.algorithm.name, 'n', sizeof row.algorithm.name);
    assert_int_equal(ask(&script, SY_MATH_STRICT, 0, &candidates, NULL), SY_OK);
    assert_int_equal(strlen(candidates.candidate[0].algorithm.name), 63);
}

static void too_many_tensors(void **state) {
    fake_script script = {.rows = every_kind, .count = 1};
    sy_candidates candidates;
    sy_problem problem = {.size = sizeof problem, .n_in = UINT32_MAX, .n_out = 2};
    (void)state;
    assert_int_equal(sy_dispatch_candidates(&fake_api, fake_device(&script), &problem, &candidates, NULL),
        SY_INVALID_ARGUMENT);
}

/* A plugin older than the problem says so by itself, and dispatch passes it on. */
static void newer_problems_are_refused_by_the_plugin(void **state) {
    static const sy_backend_api api = {.size = sizeof api, .name = "host", .work = &host_work};
    sy_candidates candidates;
    gemm_problem gemm;
    sy_error err = SY_ERROR_INIT;
    uint32_t index;
    (void)state;
    fill_gemm(&gemm);
    assert_int_equal(sy_dispatch_candidates(&api, NULL, &gemm.problem, &candidates, NULL), SY_OK);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, NULL), SY_OK);
    gemm.problem.must_understand = UINT64_C(1) << 63;
    assert_int_equal(sy_dispatch_candidates(&api, NULL, &gemm.problem, &candidates, NULL), SY_OK);
    assert_int_equal(sy_dispatch_choose(&candidates, "auto", &index, &err), SY_UNSUPPORTED);
    assert_non_null(strstr(err.text, "naive: the problem uses something newer than this plugin"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_refusal_has_its_reason),
        cmocka_unit_test(math_any_lets_wide_ones_in),
        cmocka_unit_test(determinism_is_asked_for),
        cmocka_unit_test(auto_takes_the_first_usable),
        cmocka_unit_test(reference_only_by_name),
        cmocka_unit_test(named_ones_say_no_or_are_unknown),
        cmocka_unit_test(same_name_twice_takes_the_usable),
        cmocka_unit_test(variants_are_for_names_and_tuning),
        cmocka_unit_test(auto_goes_by_what_tuning_found),
        cmocka_unit_test(no_candidates_at_all),
        cmocka_unit_test(misbehaviour_is_an_error),
        cmocka_unit_test(exactly_as_many_as_fit),
        cmocka_unit_test(endless_name_is_cut),
        cmocka_unit_test(too_many_tensors),
        cmocka_unit_test(newer_problems_are_refused_by_the_plugin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
