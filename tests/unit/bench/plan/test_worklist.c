/* From suites to rows: ids, repeats, refusals, algorithms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "bench/cli/cli.h"
#include "bench/plan/worklist.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { SUITES = 3 };

/* A request made of problem strings, and what it borrows. */
typedef struct planning {
    sy_config config;
    sy_suite suite[SUITES];
    sy_suite *suites[SUITES];
    sy_suite_item item[SUITES][16];
    sy_work_target target[2];
    sy_work_request request;
    sy_worklist list;
} planning;

static planning *plan_with(planning *p, const char *const *options) {
    char *arguments[16] = {
        (char *)(uintptr_t) "steelyard", (char *)(uintptr_t) "run", (char *)(uintptr_t) "x"};
    int count = 3;
    for (; *options != NULL; options++)
        arguments[count++] = (char *)(uintptr_t)*options;
    sy_error error = SY_ERROR_INIT;
    memset(p, 0, sizeof *p);
    if (sy_cli_parse(count, arguments, NULL, &p->config, &error) != SY_OK)
        fail_msg("%s", error.text);
    p->target[0] = (sy_work_target){.id = "one:0", .physical_id = "pci:1", .name = "One"};
    p->target[1] = (sy_work_target){.id = "two:0", .physical_id = "pci:2", .name = "Two"};
    for (size_t i = 0; i < SUITES; i++) {
        p->suite[i].name = (char *)(uintptr_t)(i == 0 ? "first" : i == 1 ? "second" : "third");
        p->suite[i].item = p->item[i];
        p->suites[i] = &p->suite[i];
    }
    p->request = (sy_work_request){.config = &p->config,
        .suite = p->suites,
        .suite_count = SUITES,
        .target = p->target,
        .target_count = 1,
        .settings_hash = "0123456789abcdef"};
    return p;
}

static void add(planning *p, size_t suite, const char *problem) {
    sy_suite *s = &p->suite[suite];
    s->item[s->count++] = (sy_suite_item){.problem = (char *)(uintptr_t)problem, .count = 1};
}

static void make(planning *p) {
    sy_error error = SY_ERROR_INIT;
    if (sy_worklist_make(&p->request, &p->list, &error) != SY_OK)
        fail_msg("%s", error.text);
}

static void done(planning *p) {
    sy_worklist_release(&p->list);
    sy_config_release(&p->config);
}

static const char *const PLAIN[] = {NULL};

static void rows_come_in_the_order_of_the_suites(void **state) {
    (void)state;
    planning p;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 0, "copy:bytes=64,kind=h2d");
    add(&p, 1, "gemm:m=3,n=2,k=1");
    make(&p);
    assert_int_equal(p.list.count, 3);
    assert_string_equal(p.list.row[0].problem,
        "gemm:m=1,n=2,k=3,batch=1,ta=0,tb=0,alpha=1,beta=0,epilogue=none,"
        "dtype=f32:f32:f32:f32,math=strict,weights=const");
    assert_int_equal(p.list.row[0].flop, 12);
    assert_int_equal(p.list.row[0].byte, 4 * (3 + 6 + 2));
    assert_string_equal(p.list.row[0].algorithm, "auto");
    assert_int_equal(p.list.row[1].byte, 64);
    assert_ptr_equal(p.list.row[2].origin.suite, &p.suite[1]);
    done(&p);
}

static void an_empty_request_is_an_empty_list(void **state) {
    (void)state;
    planning p;
    plan_with(&p, PLAIN);
    make(&p);
    assert_int_equal(p.list.count, 0);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    p.request.target_count = 0;
    make(&p);
    assert_int_equal(p.list.count, 0);
    done(&p);
}

static void the_same_problem_is_one_row_with_two_origins(void **state) {
    (void)state;
    planning p;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 0, "gemm:k=3,n=2,m=1,beta=0"); /* the same, written otherwise */
    add(&p, 1, "gemm:m=1,n=2,k=3,dtype=f32");
    add(&p, 2, "gemm:m=1,n=2,k=4");
    make(&p);
    assert_int_equal(p.list.count, 2);
    assert_ptr_equal(p.list.row[0].origin.item, &p.item[0][0]);
    assert_int_equal(p.list.row[0].also_count, 2);
    assert_ptr_equal(p.list.row[0].also[0].item, &p.item[0][1]);
    assert_ptr_equal(p.list.row[0].also[1].suite, &p.suite[1]);
    assert_int_equal(p.list.row[1].also_count, 0);
    done(&p);
}

static void ids_are_distinct_and_stay(void **state) {
    (void)state;
    static const char *const repeats[] = {"--repeat-process", "3", NULL};
    planning p, again;
    plan_with(&p, repeats);
    p.request.target_count = 2;
    plan_with(&again, repeats);
    again.request.target_count = 2;
    static const char *const problems[] = {"gemm:m=1,n=2,k=3", "gemm:m=1,n=2,k=3,dtype=bf16",
        "gemm:m=2,n=1,k=3", "gemm:m=1,n=2,k=3,beta=1", "conv2d:n=1,c=1,h=4,w=4,k=1,r=3,s=3",
        "stream:bytes=64,kind=read"};
    for (size_t i = 0; i < 6; i++)
        add(&p, 0, problems[i]);
    for (size_t i = 6; i-- > 0;)
        add(&again, 1, problems[i]); /* another suite, another order */
    make(&p);
    make(&again);
    assert_int_equal(p.list.count, 6 * 2 * 3);
    assert_int_equal(again.list.count, p.list.count);
    for (size_t i = 0; i < p.list.count; i++) {
        size_t same = 0, there = 0;
        for (size_t j = 0; j < p.list.count; j++) {
            same += strcmp(p.list.row[i].id, p.list.row[j].id) == 0 ? 1 : 0;
            there += strcmp(p.list.row[i].id, again.list.row[j].id) == 0 ? 1 : 0;
        }
        assert_int_equal(strlen(p.list.row[i].id), 16);
        assert_true(same == 1 && there == 1);
    }
    assert_string_equal(p.list.row[0].key_hash, p.list.row[1].key_hash); /* processes share the key */
    done(&p);
    done(&again);
}

/* The first row's id under other circumstances. */
static void expect_other_id(const planning *p, const char *id, const char *what) {
    if (strcmp(p->list.row[0].id, id) == 0)
        fail_msg("%s does not change the id", what);
}

static void ids_depend_on_all_that_matters(void **state) {
    (void)state;
    char id[SY_ROW_ID_MAX];
    planning p;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    make(&p);
    snprintf(id, sizeof id, "%s", p.list.row[0].id);
    done(&p);
    static const char *const options[][3] = {{"--data", "normal", NULL}, {"--cache", "hot", NULL},
        {"--launch", "graph", NULL}, {"--algorithm", "fast", NULL}, {"--dtype", "bf16", NULL},
        {"--math", "any", NULL}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        plan_with(&p, options[i]);
        add(&p, 0, "gemm:m=1,n=2,k=3");
        make(&p);
        expect_other_id(&p, id, options[i][0]);
        done(&p);
    }
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    p.request.settings_hash = "fedcba9876543210";
    make(&p);
    expect_other_id(&p, id, "another settings' hash");
    sy_worklist_release(&p.list);
    p.request.settings_hash = "0123456789abcdef";
    p.target[0].physical_id = "pci:9";
    make(&p);
    expect_other_id(&p, id, "another card");
    done(&p);
}

static void a_malformed_problem_ends_the_planning(void **state) {
    (void)state;
    planning p;
    sy_error error = SY_ERROR_INIT;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 1, "gemm:m=0,n=2,k=3");
    assert_int_equal(sy_worklist_make(&p.request, &p.list, &error), SY_INVALID_ARGUMENT);
    assert_string_equal(error.text, "second, gemm:m=0,n=2,k=3: gemm: m is 0, must be at least 1");
    assert_null(p.list.row);
    assert_int_equal(p.list.count, 0);
    p.item[1][0].name = (char *)(uintptr_t) "layer.7";
    assert_int_equal(sy_worklist_make(&p.request, &p.list, &error), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(error.text, "second, layer.7: "));
    done(&p);
}

static void a_type_that_cannot_be_is_a_refused_row(void **state) {
    (void)state;
    static const char *const odd[] = {"--dtype", "f64:s8:f32", "--algorithm", "all", NULL};
    planning p;
    plan_with(&p, odd);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    make(&p);
    assert_int_equal(p.list.count, 1);
    assert_int_equal(p.list.row[0].refused, SY_UNSUPPORTED);
    assert_true(p.list.row[0].reason[0] != '\0');
    assert_true(p.list.row[0].id[0] != '\0');
    done(&p);
}

static void the_suites_hint_is_taken_unless_the_user_says(void **state) {
    (void)state;
    static const char *const said[] = {"--dtype", "f16", NULL};
    planning p;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    p.item[0][0].dtype_hint[0] = SY_BF16;
    p.item[0][0].dtype_hint_count = 1;
    make(&p);
    assert_int_equal(p.list.row[0].spec.dtype_a, SY_BF16);
    done(&p);
    plan_with(&p, said);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    p.item[0][0].dtype_hint[0] = SY_BF16;
    p.item[0][0].dtype_hint_count = 1;
    make(&p);
    assert_int_equal(p.list.row[0].spec.dtype_a, SY_F16);
    done(&p);
}

/* Device 0 has a good and a refusing one, device 1 none; nothing for problems with k = 7. */
static sy_status tell(
    void *ctx, size_t target, const char *problem, uint32_t index, char out_name[64], sy_error *err) {
    (*(size_t *)ctx)++;
    if (strstr(problem, "k=13") != NULL)
        return sy_error_set(err, SY_LOST, "gone while asked");
    if (target == 1 || strstr(problem, "k=7") != NULL || index > 1)
        return SY_UNAVAILABLE;
    snprintf(out_name, 64, "%s", index == 0 ? "good" : "picky");
    return index == 0 ? SY_OK : sy_error_set(err, SY_UNSUPPORTED, "k is odd");
}

static void all_algorithms_are_rows_also_those_that_say_no(void **state) {
    (void)state;
    static const char *const all[] = {"--algorithm", "all", NULL};
    size_t asked = 0;
    planning p;
    plan_with(&p, all);
    p.request.candidates = tell;
    p.request.ctx = &asked;
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 0, "copy:bytes=64,kind=h2d");
    make(&p);
    assert_int_equal(p.list.count, 3);
    assert_string_equal(p.list.row[0].algorithm, "good");
    assert_int_equal(p.list.row[0].refused, SY_OK);
    assert_string_equal(p.list.row[0].reason, "");
    assert_string_equal(p.list.row[1].algorithm, "picky");
    assert_int_equal(p.list.row[1].refused, SY_UNSUPPORTED);
    assert_string_equal(p.list.row[1].reason, "k is odd");
    assert_string_equal(p.list.row[2].algorithm, "auto"); /* copies have no algorithms */
    assert_int_equal(asked, 3);
    done(&p);
}

static void a_problem_without_candidates_does_not_vanish(void **state) {
    (void)state;
    static const char *const all[] = {"--algorithm", "all", "--repeat-process", "2", NULL};
    size_t asked = 0;
    planning p;
    plan_with(&p, all);
    p.request.candidates = tell;
    p.request.ctx = &asked;
    p.request.target_count = 2;
    add(&p, 0, "gemm:m=1,n=2,k=7");
    make(&p);
    assert_int_equal(p.list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(p.list.row[i].algorithm, "auto");
        assert_int_equal(p.list.row[i].refused, SY_OK);
        assert_int_equal(p.list.row[i].target, i / 2);
        assert_int_equal(p.list.row[i].process, i % 2);
    }
    done(&p);
}

static void a_device_lost_while_asked_ends_the_planning(void **state) {
    (void)state;
    static const char *const all[] = {"--algorithm", "all", NULL};
    size_t asked = 0;
    sy_error error = SY_ERROR_INIT;
    planning p;
    plan_with(&p, all);
    p.request.candidates = tell;
    p.request.ctx = &asked;
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 0, "gemm:m=1,n=2,k=13");
    assert_int_equal(sy_worklist_make(&p.request, &p.list, &error), SY_LOST);
    assert_string_equal(error.text, "gone while asked");
    assert_int_equal(p.list.count, 0);
    done(&p);
}

static void named_algorithms_are_rows_unasked(void **state) {
    (void)state;
    static const char *const two[] = {"--algorithm", "native,openblas", NULL};
    planning p;
    plan_with(&p, two);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    make(&p);
    assert_int_equal(p.list.count, 2);
    assert_string_equal(p.list.row[0].algorithm, "native");
    assert_string_equal(p.list.row[1].algorithm, "openblas");
    done(&p);
}

static void many_rows_find_their_twins(void **state) {
    (void)state;
    enum { MANY = 3000 };
    static char text[MANY][48];
    static sy_suite_item items[2 * MANY];
    planning p;
    plan_with(&p, PLAIN);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(text[i], sizeof text[i], "gemm:m=%zu,n=2,k=3", i + 1);
        items[i] = items[i + MANY] = (sy_suite_item){.problem = text[i], .count = 1};
    }
    p.suite[0].item = items;
    p.suite[0].count = 2 * MANY;
    make(&p);
    assert_int_equal(p.list.count, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(p.list.row[i].also_count, 1);
    done(&p);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    planning p;
    uint64_t k = 1;
    plan_with(&p, PLAIN);
    add(&p, 0, "gemm:m=1,n=2,k=3");
    add(&p, 1, "gemm:m=1,n=2,k=3");
    add(&p, 1, "gemm:m=1,n=2,k=4");
    for (;; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_worklist_make(&p.request, &p.list, NULL);
        uint64_t seen = sy_seam_disarm();
        if (seen < k)
            break;
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        assert_null(p.list.row);
    }
    assert_true(k >= 4);
    done(&p);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_come_in_the_order_of_the_suites),
        cmocka_unit_test(an_empty_request_is_an_empty_list),
        cmocka_unit_test(the_same_problem_is_one_row_with_two_origins),
        cmocka_unit_test(ids_are_distinct_and_stay), cmocka_unit_test(ids_depend_on_all_that_matters),
        cmocka_unit_test(a_malformed_problem_ends_the_planning),
        cmocka_unit_test(a_type_that_cannot_be_is_a_refused_row),
        cmocka_unit_test(the_suites_hint_is_taken_unless_the_user_says),
        cmocka_unit_test(all_algorithms_are_rows_also_those_that_say_no),
        cmocka_unit_test(a_problem_without_candidates_does_not_vanish),
        cmocka_unit_test(a_device_lost_while_asked_ends_the_planning),
        cmocka_unit_test(named_algorithms_are_rows_unasked), cmocka_unit_test(many_rows_find_their_twins),
        cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
