/* Names taken apart, and rows added up to passes of a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "bench/totals/item.h"
#include "bench/totals/totals.h"
#include "runtime/base/seam.h"

#define GEMM "gemm:m=8,n=8,k=8,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,"
#define F32 "dtype=f32:f32:f32:f32,math=strict,weights=const"
#define BF16 "dtype=bf16:bf16:bf16:f32,math=strict,weights=const"
#define CONV(n, h, r)                                                                                        \
    "conv2d:n=" n ",c=8,h=" h ",w=8,k=8,r=" r                                                                \
    ",s=3,stride=1x1,pad=1x1x1x1,dilation=1x1,groups=1,layout=any,"                                          \
    "epilogue=none," F32

static void names_are_taken_apart(void **state) {
    (void)state;
    static const struct {
        const char *name, *phase, *model, *layer, *found;
        uint64_t tokens;
    } rows[] = {
        {"qwen3-8b.decode.t8.qkv", "decode", "qwen3-8b", "qkv", "decode", 8},
        {"ernie-4.5-0.3b.prefill.t512.o", NULL, "ernie-4.5-0.3b", "o", "prefill", 512},
        {"bert-large.b8.s384.ffn1", "encode", "bert-large.b8.s384", "ffn1", "encode", 3072},
        {"resnet50.layer1.0.conv2", NULL, "resnet50", "layer1.0.conv2", "encode", SY_NO_COUNT},
        {"mobilenetv2.b1.dw", NULL, "mobilenetv2", "b1.dw", "encode", SY_NO_COUNT},
        {"x.decode.t0.qkv", "decode", "x", "decode.t0.qkv", "decode", SY_NO_COUNT},
        {"x.decode.t99999999999.q", NULL, "x", "decode.t99999999999.q", "encode", SY_NO_COUNT},
        {"x.decode.t8", NULL, "x", "decode.t8", "encode", SY_NO_COUNT},
        {"plain", NULL, NULL, NULL, NULL, 0},
        {".layer", NULL, NULL, NULL, NULL, 0},
        {"model.", NULL, NULL, NULL, NULL, 0},
        {"m.decode.t8.", NULL, NULL, NULL, NULL, 0},
        {"", NULL, NULL, NULL, NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_item item;
        bool is_item = sy_item_parse(rows[i].name, rows[i].phase, &item);
        assert_int_equal(is_item, rows[i].model != NULL);
        if (!is_item)
            continue;
        assert_int_equal(item.model_bytes, strlen(rows[i].model));
        assert_memory_equal(item.name, rows[i].model, item.model_bytes);
        assert_string_equal(item.layer, rows[i].layer);
        assert_string_equal(item.phase, rows[i].found);
        assert_true(item.tokens == rows[i].tokens);
    }
}

/* A row of `count` launches of `ns` each, +- 10 ns; status 0: no time. */
static sy_row make_row(const char *name, const char *problem, uint64_t count, double ns) {
    sy_row row;
    sy_row_init(&row);
    row.request.device = "cpu";
    row.request.algorithm = "auto";
    row.key.problem = problem;
    row.key.data = "uniform";
    row.key.cache = "weights";
    row.origin.name = name;
    row.origin.count = count;
    row.status = SY_ROW_OK;
    row.time.headline = SY_HEADLINE_HOST;
    row.time.host.median_ns = ns;
    row.time.host.ci95_ns[0] = ns - 10.0;
    row.time.host.ci95_ns[1] = ns + 10.0;
    row.rate.flop = 1000;
    return row;
}

static sy_total_list compute(
    const sy_row *rows, size_t count, const char *const *names, size_t n_names, sy_arena *arena) {
    sy_total_list totals;
    sy_totals_request request = {.rows = rows, .n_rows = count, .names = names, .n_names = n_names};
    assert_int_equal(sy_totals_compute(&request, arena, &totals, NULL), SY_OK);
    return totals;
}

static void a_decode_step_is_added_up(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[] = {make_row("m.decode.t8.qkv", GEMM F32, 3, 1000.0),
        make_row("m.decode.t8.o", GEMM F32, 2, 500.0), make_row("free", GEMM F32, 1, 1.0),
        make_row(NULL, GEMM F32, 1, 1.0)};
    rows[1].status = SY_ROW_UNSTABLE;
    sy_total_list totals = compute(rows, 4, NULL, 0, &arena);
    assert_int_equal(totals.count, 1);
    const sy_total *total = &totals.item[0];
    assert_string_equal(total->model, "m");
    assert_string_equal(total->phase, "decode");
    assert_string_equal(total->unit, "tokens/s");
    assert_string_equal(total->dtype, "f32:f32:f32:f32");
    assert_string_equal(total->math, "strict");
    assert_int_equal(total->rows, 2);
    assert_int_equal(total->unstable, 1);
    assert_true(total->ns == 4000.0);
    assert_true(total->ci95_ns[0] == 3950.0 && total->ci95_ns[1] == 4050.0);
    assert_true(total->per_s == 8.0 / 4000.0 * 1e9);
    assert_int_equal(total->flop, 5000);
    assert_int_equal(total->missing.count, 0);
    assert_string_equal(total->share.item[0].layer, "qkv");
    assert_true(total->share.item[0].fraction == 0.75);
    sy_arena_release(&arena);
}

static void a_missing_row_makes_it_null_and_is_named(void **state) {
    (void)state;
    static const uint32_t bad[] = {SY_ROW_WRONG, SY_ROW_SUSPECT, SY_ROW_SKIPPED, SY_ROW_ERROR};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sy_arena arena = {0};
        sy_row rows[] = {make_row("m.prefill.t8.qkv", GEMM F32, 3, 1000.0),
            make_row("m.prefill.t8.o", GEMM F32, 2, 500.0)};
        rows[0].status = bad[i];
        sy_total_list totals = compute(rows, 2, NULL, 0, &arena);
        assert_int_equal(totals.count, 1);
        assert_true(
            isnan(totals.item[0].ns) && isnan(totals.item[0].per_s) && isnan(totals.item[0].ci95_ns[0]));
        assert_int_equal(totals.item[0].missing.count, 1);
        assert_string_equal(totals.item[0].missing.item[0], "m.prefill.t8.qkv");
        assert_int_equal(totals.item[0].share.count, 0);
        sy_arena_release(&arena);
    }
}

static void what_was_not_asked_for_is_missing_too(void **state) {
    (void)state;
    sy_arena arena = {0};
    const char *const names[] = {
        "m.decode.t8.qkv", "m.decode.t8.o", "m.decode.t1.o", "n.decode.t8.o", NULL, "x"};
    sy_row rows[] = {make_row("m.decode.t8.qkv", GEMM F32, 3, 1000.0)};
    sy_total_list totals = compute(rows, 1, names, 6, &arena);
    assert_int_equal(totals.count, 1);
    assert_int_equal(totals.item[0].rows, 2);
    assert_int_equal(totals.item[0].missing.count, 1);
    assert_string_equal(totals.item[0].missing.item[0], "m.decode.t8.o");
    assert_true(isnan(totals.item[0].ns));
    sy_arena_release(&arena);
}

static void networks_count_images(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[] = {make_row("net.conv1", CONV("4", "8", "3"), 1, 1000.0),
        make_row("net.fc", GEMM F32, 1, 1000.0), make_row("seq.conv1", CONV("1", "1", "1"), 2, 500.0),
        make_row("shapes.a", CONV("1", "8", "3"), 1, 1.0), make_row("shapes.b", CONV("2", "8", "3"), 1, 1.0),
        make_row("gemms.a", GEMM F32, 1, 1.0), make_row("smoke.conv", CONV("1", "8", "3"), 1, 1.0),
        make_row("smoke.gemm", GEMM F32, 1, 1.0), make_row("any.conv", CONV("1", "8", "3"), 1, 1.0),
        make_row("any.read", "stream:bytes=64,kind=read", 1, 1.0)};
    rows[1].origin.phase = "encode";
    sy_total_list totals = compute(rows, 10, NULL, 0, &arena);
    assert_int_equal(totals.count, 2);
    assert_string_equal(totals.item[0].model, "net");
    assert_string_equal(totals.item[0].unit, "images/s");
    assert_int_equal(totals.item[0].images, 4);
    assert_string_equal(totals.item[0].ops, "gemm+conv2d");
    assert_string_equal(totals.item[1].ops, "conv2d");
    assert_true(totals.item[0].per_s == 4.0 / 2000.0 * 1e9);
    assert_string_equal(totals.item[1].unit, "passes/s");
    assert_true(totals.item[1].tokens == SY_NO_COUNT);
    sy_arena_release(&arena);
}

static void types_are_apart_unless_layers_have_their_own(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row twice[] = {make_row("m.decode.t8.qkv", GEMM F32, 1, 100.0),
        make_row("m.decode.t8.qkv", GEMM BF16, 1, 50.0), make_row("m.decode.t8.o", GEMM F32, 1, 100.0),
        make_row("m.decode.t8.o", GEMM BF16, 1, 50.0)};
    sy_total_list totals = compute(twice, 4, NULL, 0, &arena);
    assert_int_equal(totals.count, 2);
    assert_true(totals.item[0].ns == 200.0 && totals.item[1].ns == 100.0);
    assert_string_equal(totals.item[1].dtype, "bf16:bf16:bf16:f32");
    sy_row mixed[] = {
        make_row("m.decode.t8.qkv", GEMM F32, 1, 100.0), make_row("m.decode.t8.o", GEMM BF16, 1, 50.0)};
    totals = compute(mixed, 2, NULL, 0, &arena);
    assert_int_equal(totals.count, 1);
    assert_string_equal(totals.item[0].dtype, "mixed");
    assert_string_equal(totals.item[0].math, "strict");
    sy_arena_release(&arena);
}

static void repeats_are_taken_together(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[] = {make_row("m.decode.t8.qkv", GEMM F32, 1, 100.0),
        make_row("m.decode.t8.qkv", GEMM F32, 1, 200.0), make_row("m.decode.t8.qkv", GEMM F32, 1, 300.0)};
    rows[1].process = 1;
    rows[2].status = SY_ROW_ERROR;
    sy_total_list totals = compute(rows, 3, NULL, 0, &arena);
    assert_int_equal(totals.count, 1);
    assert_true(totals.item[0].ns == 150.0);
    assert_true(totals.item[0].ci95_ns[0] == 90.0 && totals.item[0].ci95_ns[1] == 210.0);
    rows[1].time.host.ci95_ns[0] = NAN;
    totals = compute(rows, 2, NULL, 0, &arena);
    assert_true(isnan(totals.item[0].ci95_ns[0]) && totals.item[0].ns == 150.0);
    sy_arena_release(&arena);
}

static void devices_and_modes_are_apart(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[5];
    for (size_t i = 0; i < 5; i++)
        rows[i] = make_row("m.decode.t8.qkv", GEMM F32, 1, 100.0);
    rows[1].request.device = "cuda:0";
    rows[2].request.algorithm = "native";
    rows[3].key.cache = "hot";
    rows[4].subject.simulated = SY_TRI_YES;
    sy_total_list totals = compute(rows, 5, NULL, 0, &arena);
    assert_int_equal(totals.count, 5);
    assert_int_equal(totals.item[4].simulated, SY_TRI_YES);
    sy_arena_release(&arena);
}

static void flop_that_does_not_fit_is_absent(void **state) {
    (void)state;
    sy_arena arena = {0};
    sy_row rows[] = {make_row("m.decode.t8.qkv", GEMM F32, 1000000000, 100.0)};
    rows[0].rate.flop = UINT64_C(1) << 62;
    sy_total_list totals = compute(rows, 1, NULL, 0, &arena);
    assert_true(totals.item[0].flop == SY_NO_COUNT && isnan(totals.item[0].flop_per_s));
    totals = compute(rows, 0, NULL, 0, &arena);
    assert_int_equal(totals.count, 0);
    sy_arena_release(&arena);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const char *const names[] = {"m.decode.t8.x"};
    sy_row rows[] = {
        make_row("m.decode.t8.qkv", GEMM F32, 1, 100.0), make_row("net.c", CONV("1", "8", "3"), 1, 1.0)};
    sy_totals_request request = {.rows = rows, .n_rows = 2, .names = names, .n_names = 1};
    sy_status status = SY_OUT_OF_MEMORY;
    uint64_t k = 0;
    while (status != SY_OK && ++k < 500) {
        sy_arena arena = {0};
        sy_total_list totals;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        status = sy_totals_compute(&request, &arena, &totals, NULL);
        sy_seam_disarm();
        assert_true(status == SY_OK || totals.count == 0);
        sy_arena_release(&arena);
    }
    assert_true(k > 4 && k < 500);
}

static void a_shared_problem_counts_in_every_place(void **state) {
    (void)state;
    sy_row rows[2] = {
        make_row("m.decode.t8.qkv", GEMM F32, 2, 100.0), make_row("m.decode.t8.o", GEMM BF16, 1, 50.0)};
    sy_row_origin also[2] = {
        {.name = "m.decode.t8.down", .count = 3}, {.name = "m.prefill.t8.down", .count = 5}};
    sy_arena arena = {0};
    rows[1].key.problem = GEMM F32;
    rows[0].also.item = also;
    rows[0].also.count = 2;
    sy_total_list totals = compute(rows, 2, NULL, 0, &arena);
    assert_int_equal(totals.count, 2);
    assert_true(totals.item[0].ns == 2 * 100.0 + 3 * 100.0 + 50.0);
    assert_true(totals.item[1].ns == 5 * 100.0);
    sy_arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(a_decode_step_is_added_up),
        cmocka_unit_test(a_missing_row_makes_it_null_and_is_named),
        cmocka_unit_test(what_was_not_asked_for_is_missing_too),
        cmocka_unit_test(networks_count_images),
        cmocka_unit_test(types_are_apart_unless_layers_have_their_own),
        cmocka_unit_test(repeats_are_taken_together),
        cmocka_unit_test(devices_and_modes_are_apart),
        cmocka_unit_test(flop_that_does_not_fit_is_absent),
        cmocka_unit_test(a_shared_problem_counts_in_every_place),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
