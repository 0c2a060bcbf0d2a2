/* If, Loop and Scan written out: branches, rounds, captures, what cannot be told beforehand, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/model/passes/specialise.h"
#include "tests/support/net_text.h"

#define GRAPHS 4u

typedef struct net {
    sy_net_arena source, arena;
    const sy_net_graph *inner[GRAPHS];
    sy_net_graph *graph;
    sy_error err;
} net;

/* Texts of the inner graphs, then of the network. */
static sy_status make(net *this, const char *const inner[GRAPHS], const char *text) {
    *this = (net){.err = SY_ERROR_INIT};
    for (uint32_t i = 0; i < GRAPHS && inner[i] != NULL; i++)
        this->inner[i] = net_text_graph(&this->source, inner[i], this->inner);
    sy_net_graph *from = net_text_graph(&this->source, text, this->inner);
    return sy_net_specialise(from, NULL, 0, NULL, &this->arena, &this->graph, &this->err);
}

static void close(net *this) {
    sy_net_arena_release(&this->source);
    sy_net_arena_release(&this->arena);
}

static void open(net *this, const char *const inner[GRAPHS], const char *text) {
    if (make(this, inner, text) != SY_OK)
        fail_msg("%s", this->err.text);
}

static void refuse(const char *const inner[GRAPHS], const char *text, sy_status status, const char *words) {
    net this;
    sy_status found = make(&this, inner, text);
    if (found != status || strstr(this.err.text, words) == NULL)
        fail_msg("%d, '%s' is not in: %s", found, words, this.err.text);
    assert_null(this.graph);
    close(&this);
}

/* Each round appends the number of the round and hands on what it has; one piece a round is the round's
 * number. */
static const char append[] = "in i s64[]\nin c bool[]\nin s s64[?]\nconst axis s64[1] 0\n"
                             "node Unsqueeze:13 i axis -> u\nnode Concat:13 s u -> t | axis=0\n"
                             "node Identity:13 c -> d\nout d\nout t\nout i\n";

static void the_branch_of_the_condition_is_taken(void **state) {
    static const char *const inner[GRAPHS] = {
        "const a f32[1] 1\nnode Concat:13 a w -> y | axis=0\nout y\n", "const b f32[1] 2\nout b\n"};
    net this;
    (void)state;
    open(&this, inner,
        "const w f32[1] 5\nconst c bool[] 1\nnode If:13 c -> y || then_branch=$0 else_branch=$1\nout y\n");
    net_text_assert_output(this.graph, 0, "f32[2] 1 5");
    assert_string_equal(this.graph->value[this.graph->output[0]].name, "y");
    close(&this);
    open(&this, inner,
        "const w f32[1] 5\nconst c bool[1] 0\nnode If:13 c -> y || then_branch=$0 else_branch=$1\nout y\n");
    net_text_assert_output(this.graph, 0, "f32[1] 2");
    close(&this);
    /* Of values known at run time the nodes stay, named after where they come from. */
    open(&this, inner,
        "in w f32[1]\nconst c bool[] 1\nnode If:13 c -> y || then_branch=$0 else_branch=$1\nout y\n");
    assert_int_equal(this.graph->n_node, 1);
    assert_string_equal(this.graph->node[0].name, "If 0/Concat 0");
    close(&this);
}

static void captures_reach_through_several_graphs(void **state) {
    static const char *const inner[GRAPHS] = {"node Concat:13 w v -> y | axis=0\nout y\n",
        "const v f32[1] 6\nconst c bool[] 1\nnode If:13 c -> y || then_branch=$0 else_branch=$0\nout y\n"};
    net this;
    (void)state;
    open(&this, inner,
        "const w f32[1] 5\nconst c bool[] 1\nnode If:13 c -> y || then_branch=$1 else_branch=$1\nout y\n");
    net_text_assert_output(this.graph, 0, "f32[2] 5 6");
    close(&this);
    refuse(inner, "const c bool[] 1\nnode If:13 c -> y || then_branch=$0 else_branch=$1\nout y\n",
        SY_INVALID_ARGUMENT, "'w' is used in a graph but is in none around it");
}

static void rounds_are_written_out(void **state) {
    static const char *const inner[GRAPHS] = {append};
    net this;
    (void)state;
    open(&this, inner,
        "const m s64[] 3\nconst c bool[] 1\nconst s s64[1] 9\nnode Loop:13 m c s -> t k || body=$0\nout "
        "t\nout k\n");
    net_text_assert_output(this.graph, 0, "s64[4] 9 0 1 2");
    net_text_assert_output(this.graph, 1, "s64[3] 0 1 2");
    close(&this);
    open(
        &this, inner, "const m s64[] 300\nin s s64[1]\nnode Loop:13 m - s -> t k || body=$0\nout t\nout k\n");
    assert_int_equal(this.graph->n_node, 300);
    assert_string_equal(this.graph->node[299].name, "Loop 0/299/Concat 1");
    assert_int_equal(this.graph->value[this.graph->output[0]].tensor.dim[0], 301);
    assert_int_equal(this.graph->value[this.graph->output[1]].tensor.dim[0], 300);
    assert_int_equal(((const int64_t *)this.graph->value[this.graph->output[1]].tensor.data)[299], 299);
    close(&this);
}

static void no_round_hands_on_what_there_was(void **state) {
    static const char *const inner[GRAPHS] = {append};
    static const char *const text[] = {"const m s64[] 0\nconst c bool[] 1\n",
        "const m s64[] -5\nconst c bool[] 1\n", "const m s64[] 3\nconst c bool[] 0\n"};
    char all[256];
    net this;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        snprintf(all, sizeof all, "%sconst s s64[1] 9\nnode Loop:13 m c s -> t k || body=$0\nout t\nout k\n",
            text[i]);
        open(&this, inner, all);
        net_text_assert_output(this.graph, 0, "s64[1] 9");
        net_text_assert_output(this.graph, 1, "s64[0]");
        close(&this);
    }
}

/* The condition after a round is an element of a list: true, true, false. */
static void a_constant_condition_ends_the_loop(void **state) {
    static const char *const inner[GRAPHS] = {
        "in i s64[]\nin c bool[]\nconst list bool[3] 1 1 0\nnode Gather:13 list i -> d\nout d\nout i\n"};
    net this;
    (void)state;
    open(&this, inner, "const c bool[] 1\nnode Loop:13 - c -> k || body=$0\nout k\n");
    net_text_assert_output(this.graph, 0, "s64[3] 0 1 2");
    close(&this);
    open(&this, inner, "const m s64[] 2\nconst c bool[] 1\nnode Loop:13 m c -> k || body=$0\nout k\n");
    net_text_assert_output(this.graph, 0, "s64[2] 0 1");
    close(&this);
    open(&this, inner,
        "const m s64[] 3\nnode Loop:13 m - -> k || body=$0\nout k\n"); /* no condition: three rounds */
    net_text_assert_output(this.graph, 0, "s64[3] 0 1 2");
    close(&this);
}

static void loops_that_cannot_be_told_are_refused(void **state) {
    static const char *const inner[GRAPHS] = {append,
        "in i s64[]\nin c bool[]\nnode Identity:13 c -> d\nout d\n", "in i s64[]\nin c bool[]\nout q\n",
        "in i s64[]\nin c bool[]\nnode Identity:13 x -> y\nnode Identity:13 c -> d\nout d\nout y\n"};
    (void)state;
    refuse(inner, "in m s64[]\nin s s64[1]\nnode Loop:13 m - s -> t k || body=$0\nout t\n", SY_UNSUPPORTED,
        "Loop 'Loop 0': the trip count has to be known");
    refuse(inner, "in c bool[]\nin s s64[1]\nnode Loop:13 - c s -> t k || body=$0\nout t\n", SY_UNSUPPORTED,
        "condition has to be known");
    refuse(inner, "const m s64[] 9223372036854775807\nnode Loop:13 m - -> || body=$1\n", SY_UNSUPPORTED,
        "more than 262144");
    refuse(inner, "node Loop:13 - - -> || body=$1\n", SY_UNSUPPORTED, "more than 262144");
    refuse(inner, "const m s64[] 1\nin q bool[]\nconst c bool[] 1\nnode Loop:13 m c -> || body=$2\n",
        SY_UNSUPPORTED, "condition has to be known");
    refuse(inner, "const m s64[] 1\nnode Loop:13 m - -> t || body=$0\nout t\n", SY_INVALID_ARGUMENT,
        "must have 2");
    refuse(inner, "const m s64[] 1\nin s s64[1]\nnode Loop:13 m - s -> t k j || body=$0\nout t\n",
        SY_INVALID_ARGUMENT, "3 outputs, its body makes 2");
    refuse(inner, "const m s64[2] 1\nnode Loop:13 m - -> || body=$1\n", SY_INVALID_ARGUMENT,
        "must be one number");
    refuse(inner, "const m s64[] 0\nin x f32[2]\nnode Loop:13 m - -> k || body=$3\nout k\n",
        SY_INVALID_ARGUMENT, "unknown type");
    refuse(inner, "const m s64[] 0\nnode Loop:13 m - -> k\nout k\n", SY_INVALID_ARGUMENT, "no graph 'body'");
}

static void slices_are_scanned(void **state) {
    static const char *const inner[GRAPHS] = {
        "in s f32[1]\nin x f32[?]\nnode Concat:13 s x -> t | axis=0\nconst b s64[1] -1\nconst e "
        "s64[1] 9\nnode Slice:13 t b e -> u\nout u\nout x\n"};
    net this;
    (void)state;
    open(&this, inner,
        "const s f32[1] 7\nconst x f32[2,3] 1 2 3 4 5 6\n"
        "node Scan:9 s x -> t k | num_scan_inputs=1 | body=$0\nout t\nout k\n");
    net_text_assert_output(this.graph, 0, "f32[1] 6");
    net_text_assert_output(this.graph, 1, "f32[2,3] 1 2 3 4 5 6");
    close(&this);
    open(&this, inner,
        "const s f32[1] 7\nconst x f32[2,3] 1 2 3 4 5 6\n"
        "node Scan:11 s x -> t k | num_scan_inputs=1 scan_input_axes=[-1] scan_input_directions=[1] "
        "scan_output_axes=[1] scan_output_directions=[1] | body=$0\nout t\nout k\n");
    net_text_assert_output(this.graph, 0, "f32[1] 4");
    net_text_assert_output(this.graph, 1, "f32[2,3] 1 2 3 4 5 6");
    close(&this);
    open(&this, inner,
        "in s f32[1]\nin x f32[2,3]\nnode Scan:9 s x -> t - | num_scan_inputs=1 | body=$0\nout t\n");
    assert_string_equal(this.graph->node[0].name, "Scan 0/0/slice");
    close(&this);
}

static void scans_that_make_no_sense_are_refused(void **state) {
    static const char *const inner[GRAPHS] = {
        "in s f32[1]\nin x f32[?]\nout s\nout x\n", "in x f32[1]\nin y f32[1]\nout x\n"};
    (void)state;
    refuse(inner, "in s f32[1]\nin x f32[2,3]\nnode Scan:9 s x -> t || body=$0\nout t\n", SY_INVALID_ARGUMENT,
        "num_scan_inputs is 0");
    refuse(inner, "in s f32[1]\nin x f32[2,3]\nnode Scan:9 s x -> t | num_scan_inputs=3 | body=$0\nout t\n",
        SY_INVALID_ARGUMENT, "num_scan_inputs is 3");
    refuse(inner,
        "in s f32[1]\nin x f32[2,3]\nnode Scan:9 s x -> t | num_scan_inputs=1 scan_input_axes=[2] | "
        "body=$0\nout t\n",
        SY_INVALID_ARGUMENT, "axis 2 of input 1");
    refuse(inner, "in s f32[2]\nin x f32[3]\nnode Scan:9 s x -> t | num_scan_inputs=2 | body=$1\nout t\n",
        SY_INVALID_ARGUMENT, "inputs of 2 and of 3 slices");
    refuse(inner,
        "in s f32[1]\nin x f32[2,3]\nnode Scan:9 s x -> t k j | num_scan_inputs=1 | body=$0\nout t\n",
        SY_INVALID_ARGUMENT, "3 outputs");
    refuse(inner, "in x f32[2,3]\nnode Scan:9 - x -> t k | num_scan_inputs=2 | body=$0\nout t\n",
        SY_INVALID_ARGUMENT, "an input is left out");
}

/* Each graph holds the one before it in a branch of its own. */
static void depth_is_limited(void **state) {
    (void)state;
    for (uint32_t depth = 60; depth < 80; depth += 10) {
        net this = {.err = SY_ERROR_INIT};
        const sy_net_graph *inner[1] = {net_text_graph(&this.source, "const a f32[1] 1\nout a\n", NULL)};
        const char text[] = "const c bool[] 1\nnode If:13 c -> y || then_branch=$0 else_branch=$0\nout y\n";
        for (uint32_t i = 1; i < depth; i++)
            inner[0] = net_text_graph(&this.source, text, inner);
        sy_net_graph *from = net_text_graph(&this.source, text, inner);
        sy_status status = sy_net_specialise(from, NULL, 0, NULL, &this.arena, &this.graph, &this.err);
        assert_int_equal(status, depth == 60 ? SY_OK : SY_UNSUPPORTED);
        if (depth == 60)
            net_text_assert_output(this.graph, 0, "f32[1] 1");
        else
            assert_non_null(strstr(this.err.text, "depth of more than 64"));
        close(&this);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_branch_of_the_condition_is_taken),
        cmocka_unit_test(captures_reach_through_several_graphs),
        cmocka_unit_test(rounds_are_written_out),
        cmocka_unit_test(no_round_hands_on_what_there_was),
        cmocka_unit_test(a_constant_condition_ends_the_loop),
        cmocka_unit_test(loops_that_cannot_be_told_are_refused),
        cmocka_unit_test(slices_are_scanned),
        cmocka_unit_test(scans_that_make_no_sense_are_refused),
        cmocka_unit_test(depth_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
