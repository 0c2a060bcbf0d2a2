/* A flat graph of known extents: what is folded, borrowed, renamed; errors, limits, every allocation failing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "runtime/model/passes/specialise.h"
#include "runtime/model/passes/writer.h"
#include "tests/support/net_text.h"

typedef struct net {
    sy_net_arena source, arena;
    sy_net_graph *from, *graph;
    sy_error err;
} net;

static sy_status make(net *this, const char *text, const sy_net_graph *const *inner) {
    this->err = SY_ERROR_INIT;
    this->arena = (sy_net_arena){0};
    this->from = net_text_graph(&this->source, text, inner);
    return sy_net_specialise(this->from, NULL, 0, NULL, &this->arena, &this->graph, &this->err);
}

static void close(net *this) {
    sy_net_arena_release(&this->source);
    sy_net_arena_release(&this->arena);
}

static void refuse(const char *text, sy_status status, const char *words) {
    net this = {0};
    sy_status found = make(&this, text, NULL);
    if (found != status || strstr(this.err.text, words) == NULL)
        fail_msg("%d, '%s' is not in: %s", found, words, this.err.text);
    assert_null(this.graph);
    close(&this);
}

static void constants_are_computed_and_borrowed(void **state) {
    net this = {0};
    (void)state;
    assert_int_equal(make(&this,
                         "in x f32[2,3]\nconst w f32[4] 1 2 3 4\nconst to s64[2] 2 2\n"
                         "node Reshape:13 w to -> r\nnode Transpose:13 r -> t\n"
                         "node Shape:13 x -> s\nconst to1 s64[] 1\nnode Gather:13 s to1 -> g\n"
                         "node Transpose:13 x -> xt\n"
                         "out w\nout r\nout t\nout g\nout xt\n",
                         NULL),
        SY_OK);
    const sy_net_graph *graph = this.graph;
    assert_int_equal(graph->n_node, 1);
    assert_string_equal(graph->node[0].op->name, "Transpose");
    assert_non_null(graph->node[0].state);
    assert_int_equal(graph->value[graph->output[4]].producer, 0);
    net_text_assert_output(graph, 0, "f32[4] 1 2 3 4");
    net_text_assert_output(graph, 1, "f32[2,2] 1 2 3 4");
    net_text_assert_output(graph, 2, "f32[2,2] 1 3 2 4");
    net_text_assert_output(graph, 3, "s64[] 3");
    const void *given = this.from->value[this.from->output[0]].tensor.data;
    assert_ptr_equal(graph->value[graph->output[0]].tensor.data, given);
    assert_ptr_equal(graph->value[graph->output[1]].tensor.data, given);
    for (uint32_t i = 0; i < graph->n_value; i++)
        assert_true(sy_net_is_known(&graph->value[i].tensor));
    close(&this);
}

/* Det computes in memory of its own. */
static void folding_has_memory_on_the_way(void **state) {
    net this = {0};
    (void)state;
    assert_int_equal(make(&this, "const a f32[2,2] 1 2 3 4\nnode Det:11 a -> d\nout d\n", NULL), SY_OK);
    net_text_assert_output(this.graph, 0, "f32[] -2");
    close(&this);
}

/* Of a chain of large constants only the last is kept. */
static void what_was_on_the_way_is_given_back(void **state) {
    net this = {0};
    (void)state;
    assert_int_equal(
        make(&this,
            "const n s64[2] 100 1000\nnode ConstantOfShape:9 n -> a\nnode Transpose:13 a -> b\n"
            "node Transpose:13 b -> c\nin x f32[1000]\nnode Concat:13 c c -> d | axis=0\nout d\nout c\n",
            NULL),
        SY_OK);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < this.graph->n_value; i++) {
        const sy_net_value *value = &this.graph->value[i];
        assert_true(((value->flags & SY_NET_CONST) != 0) == (value->tensor.data != NULL));
        kept += value->tensor.data != NULL;
    }
    assert_int_equal(kept, 2);
    close(&this);
}

static void outputs_have_their_names_and_values_of_their_own(void **state) {
    static const char *const name[] = {"x", "y", "z", "c"};
    net this = {0};
    (void)state;
    const char text[] = "in x f32[2]\nconst c f32[1] 7\nnode Transpose:13 x -> y\nnode Identity:13 y -> z\n"
                        "out x\nout y\nout z\nout c\nout y\n";
    assert_int_equal(make(&this, text, NULL), SY_OK);
    assert_int_equal(this.graph->n_output, 5);
    for (uint32_t i = 0; i < 5; i++) {
        const sy_net_value *value = &this.graph->value[this.graph->output[i]];
        assert_true((value->flags & SY_NET_OUTPUT) != 0);
        assert_true((value->flags & SY_NET_INPUT) == 0);
        assert_string_equal(value->name, i < 4 ? name[i] : "y");
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(this.graph->output[i], this.graph->output[k]);
    }
    close(&this);
}

static void errors_name_the_node(void **state) {
    (void)state;
    refuse("in x f32[2]\nconst i s64[1] 5\nconst w f32[2] 1\nnode Gather:13 w i -> y\nout y\n",
        SY_INVALID_ARGUMENT, "Gather 'Gather 0' (opset 13): index 5");
    refuse("in x f32[2]\nin k s64[1]\nnode TopK:11 x k -> y z\nout y\n", SY_UNSUPPORTED, "has to be known");
    refuse("in x f32[2]\nnode Transpose:13 x -> y | perm=[1]\nout y\n", SY_INVALID_ARGUMENT, "Transpose 0");
    refuse("const s s64[1] 3000000000\nnode ConstantOfShape:9 s -> y\nout y\n", SY_OVERFLOW,
        "constants of more than");
    /* 2 * 8192 * 8192 * 8192 FLOP of constants that are few bytes in a file */
    refuse("const n s64[2] 8192 8192\nnode ConstantOfShape:13 n -> a\nnode MatMul:13 a a -> y\nout y\n",
        SY_OVERFLOW, "constants that take more than 2e+11 FLOP");
    refuse("const s s64[2] 4000000000 4000000000\nnode ConstantOfShape:9 s -> y\nout y\n", SY_OVERFLOW,
        "output 0: a tensor of more than");
    refuse("node Identity:13 b -> a\nnode Identity:13 a -> b\nout b\n", SY_INVALID_ARGUMENT,
        "in none around it");
    refuse("in c bool[]\nnode If:13 c -> y\nout y\n", SY_UNSUPPORTED, "condition has to be known");
    refuse("const c bool[] 1\nnode If:13 c -> y\nout y\n", SY_INVALID_ARGUMENT, "no graph 'then_branch'");
    refuse(
        "const c bool[2] 1\nnode If:13 c -> y\nout y\n", SY_INVALID_ARGUMENT, "condition must be one number");
}

static void what_is_used_before_it_is_made_is_refused(void **state) {
    net this = {.err = SY_ERROR_INIT};
    (void)state;
    this.from = net_text_graph(
        &this.source, "in x f32[2]\nnode Identity:13 x -> a\nnode Identity:13 a -> b\nout b\n", NULL);
    this.from->node[0].in[0] = this.from->node[1].out[0];
    assert_int_equal(sy_net_specialise(this.from, NULL, 0, NULL, &this.arena, &this.graph, &this.err),
        SY_INVALID_ARGUMENT);
    assert_non_null(strstr(this.err.text, "'b' is used before it is made"));
    close(&this);
}

static void too_many_inputs_are_refused(void **state) {
    net this = {.err = SY_ERROR_INIT};
    (void)state;
    this.from = net_text_graph(&this.source, "in x f32[2]\nnode Concat:13 x x -> a | axis=0\nout a\n", NULL);
    this.from->node[0].n_in = SY_NET_MAX_PORTS + 1;
    assert_int_equal(
        sy_net_specialise(this.from, NULL, 0, NULL, &this.arena, &this.graph, &this.err), SY_UNSUPPORTED);
    assert_non_null(strstr(this.err.text, "513 inputs"));
    close(&this);
}

/* A network with branches and loops, for which every allocation fails once. */
static void without_memory_there_is_an_error_and_no_leak(void **state) {
    net this = {0};
    (void)state;
    const sy_net_graph *branch[2], *body[1];
    branch[0] = branch[1] = net_text_graph(&this.source, "node Transpose:13 x -> y\nout y\n", NULL);
    body[0] = net_text_graph(&this.source,
        "in i s64[]\nin c bool[]\nin s f32[2,2]\nnode Transpose:13 s -> t\nnode Identity:13 c -> d\nout "
        "d\nout t\nout t\n",
        NULL);
    const sy_net_graph *inner[3] = {branch[0], branch[1], body[0]};
    this.from = net_text_graph(&this.source,
        "in x f32[2,2]\nconst c bool[] 1\nconst m s64[] 3\nconst n s64[1] 4\nnode ConstantOfShape:9 n -> w\n"
        "node If:13 c -> y || then_branch=$0 else_branch=$1\n"
        "node Loop:13 m c y -> z s || body=$2\nout z\nout s\nout w\n",
        inner);
    for (uint64_t k = 1; k < 1000; k++) {
        this.err = SY_ERROR_INIT;
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_net_specialise(this.from, NULL, 0, NULL, &this.arena, &this.graph, &this.err);
        uint64_t seen = sy_seam_disarm();
        sy_net_arena_release(&this.arena);
        if (seen < k) {
            assert_int_equal(status, SY_OK);
            assert_true(k > 5);
            break;
        }
        assert_int_equal(status, SY_OUT_OF_MEMORY);
        assert_null(this.graph);
        assert_true(this.err.text[0] != '\0');
    }
    close(&this);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_computed_and_borrowed),
        cmocka_unit_test(folding_has_memory_on_the_way),
        cmocka_unit_test(what_was_on_the_way_is_given_back),
        cmocka_unit_test(outputs_have_their_names_and_values_of_their_own),
        cmocka_unit_test(errors_name_the_node),
        cmocka_unit_test(what_is_used_before_it_is_made_is_refused),
        cmocka_unit_test(too_many_inputs_are_refused),
        cmocka_unit_test(without_memory_there_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
